from dataclasses import replace

import pytest

from survey.waves import WaveDetails, WaveState, missing_for_publication

FIRST = "440983001001"


def in_state(world, state: WaveState):
    return replace(world, wave=replace(world.wave, state=state))


def test_a_published_complete_wave_is_no_draft(world) -> None:
    report = world.report(FIRST)
    assert (report.draft, report.watermark, report.missing) == (False, "", ())
    assert report.title == "双山社区居民调查报告"
    assert report.created == world.run.at


@pytest.mark.parametrize("state", [state for state in WaveState if state is not WaveState.PUBLISHED])
def test_before_publication_it_is_a_draft(world, state) -> None:
    report = in_state(world, state).report(FIRST)
    assert (report.draft, report.watermark, report.missing) == (True, "草稿", ())


def test_a_draft_lists_everything_that_is_missing(world) -> None:
    report = replace(world, wave=replace(world.wave, details=WaveDetails())).report(FIRST)
    assert report.watermark == "草稿"
    assert len(report.missing) == len(missing_for_publication(WaveDetails())) > 10
    assert "批准、备案或不属于统计调查项目" in report.missing


def test_invented_data_are_marked_even_when_published(world) -> None:
    assert world.with_details(fictitious=True).report(FIRST).watermark == "虚构数据"
    both = in_state(world.with_details(fictitious=True), WaveState.CLOSED)
    assert both.report(FIRST).watermark == "草稿 · 虚构数据"


def test_the_design_is_on_the_first_page(world) -> None:
    assert world.report(FIRST).labels == ("设计为假定",)
    assert world.with_design(None).report(FIRST).labels == ("非概率样本",)
    assert world.with_design("systematic").report(FIRST).labels == ()
    assert world.with_details(fictitious=True).report(FIRST).labels == ("虚构数据", "设计为假定")


def test_the_whole_is_named_after_the_top_of_the_frame(world) -> None:
    assert world.report().title == "青河区居民调查报告"
    topless = replace(world, areas=tuple(replace(area, parent=None) for area in world.areas[1:]))
    assert topless.report().title == "全部地区居民调查报告"


def test_respondents_are_those_of_the_area(world) -> None:
    assert ("本地区答卷", "96份") in world.report(FIRST).facts
    assert ("答卷", "1,590份") in world.report().facts


def test_the_terms_are_explained_and_the_missing_response_rate_has_its_reason(world) -> None:
    explanations = dict(world.report(FIRST).explanations)
    assert explanations["置信区间"].count("。") == 2
    assert "95%" in explanations["置信区间"]
    assert "入户记录尚未录入" in explanations["应答率"]


def test_header_and_footer_stay_short(world) -> None:
    report = replace(world, wave=replace(world.wave, name="很" * 300)).renaming(FIRST, "长" * 300).report(FIRST)
    assert len(report.footer) < 60
    assert len(report.header) < 60
    assert world.run.digest[:12] in report.footer


def test_the_same_facts_make_the_same_document(world) -> None:
    assert world.report(FIRST) == world.report(FIRST)


def test_coaching_puts_the_other_rates_before_the_conclusions(world) -> None:
    report = world.with_coaching(0.2, area=FIRST).report(FIRST)
    assert [section.name for section in report.headline] == ["headline", "not-coached"]
    assert [section.name for section in report.details] == ["domain", "honesty"]
    assert report.parts == ()
