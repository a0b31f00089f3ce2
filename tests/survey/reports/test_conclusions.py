from dataclasses import replace

import pytest

from analysis.publication import Reliability
from survey.waves import WaveState

FIRST = "440983001001"


def text(sentences: tuple[str, ...]) -> str:
    return "\n".join(sentences)


def test_a_firm_rate_may_be_quoted_with_its_interval_and_its_verdict(world) -> None:
    allowed = world.report(FIRST).allowed
    assert len(allowed) == 4
    assert allowed[0] == "知晓率约为88%，95%置信区间81%–94%。"
    assert allowed[3].endswith("；明显高于目标80%。")


def test_no_difference_is_neither_reached_nor_missed(world) -> None:
    assert "知晓率与目标看不出差别：不能说已经达到，也不能说没有达到。" in world.report(FIRST).not_allowed


def test_what_needs_care_is_not_among_the_conclusions(world) -> None:
    marked = world.changing(
        lambda e: replace(e, reliability=Reliability.WITH_CARE), code="IND_AWARE", area=FIRST
    ).report(FIRST)
    assert "知晓率" not in text(marked.allowed)
    assert "知晓率标为慎用" in text(marked.not_allowed)


def test_a_wide_interval_is_named(world) -> None:
    wide = world.changing(lambda e: replace(e, low=0.7, high=0.95), code="IND_AWARE", area=FIRST).report(FIRST)
    assert "知晓率的区间宽达25个百分点" in text(wide.not_allowed)


def test_nothing_follows_from_what_is_suppressed(world) -> None:
    report = world.suppressing(FIRST).report(FIRST)
    assert report.allowed == ("本报告的数据不足以对总体指标下结论。",)
    assert "等9项样本不足" in text(report.not_allowed)


@pytest.mark.parametrize("area", [None, FIRST])
def test_ranking_and_subtracting_waves_are_always_refused(world, area) -> None:
    refused = text(world.report(area).not_allowed)
    assert "排名次" in refused
    assert "其他轮次直接相减" in refused
    assert "区间只反映抽样误差" in refused


def test_a_self_chosen_sample_speaks_for_itself_only(world) -> None:
    report = world.without_intervals().report(FIRST)
    assert "不能推断到全体居民" in text(report.not_allowed)
    assert "区间只反映抽样误差" not in text(report.not_allowed)
    assert report.allowed == ("本报告的数据不足以对总体指标下结论。",)


def test_the_assumed_design_the_coached_and_the_fictitious_are_named(world) -> None:
    assert "设计为假定" in text(world.report(FIRST).not_allowed)
    assert "设计为假定" not in text(world.with_design("systematic").report(FIRST).not_allowed)
    assert "被告知过怎么回答" in text(world.with_coaching(0.1, area=FIRST).report(FIRST).not_allowed)
    assert "虚构" in world.with_details(fictitious=True).report(FIRST).not_allowed[0]


def test_a_range_is_no_number(world) -> None:
    refused = text(world.report("440983001006").not_allowed)
    assert "知晓率、社会治安满意率只显示范围" in refused
    assert "知晓率标为慎用" not in refused


def test_conclusions_do_not_depend_on_the_state(world) -> None:
    draft = replace(world, wave=replace(world.wave, state=WaveState.CLOSED))
    assert draft.report(FIRST).allowed == world.report(FIRST).allowed
