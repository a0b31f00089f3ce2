from dataclasses import replace

import pytest

from survey.reports.facts import taken_back
from survey.waves import Approval, WaveDetails

FIRST = "440983001001"


def item(report, number: int) -> str:
    return next(found.text for found in report.disclosure if found.number == number)


def test_there_are_eleven_items_and_none_is_empty(world) -> None:
    for empty in (world, replace(world, wave=replace(world.wave, details=WaveDetails()))):
        items = empty.report(FIRST).disclosure
        assert [found.number for found in items] == list(range(1, 12))
        assert all(found.text.strip() and found.heading for found in items)


def test_the_items_are_filled_from_the_wave(world) -> None:
    report = world.report(FIRST)
    assert item(report, 1) == "结构化问卷调查：入户访问、受邀网上填答。"
    assert "青河区文明办" in item(report, 2)
    assert "区级财政" in item(report, 2)
    assert "城市社区居民问卷（urban-community，1.0版）" in item(report, 3)
    assert "18岁以上" in item(report, 4)
    assert "抽样框" in item(report, 5)
    assert item(report, 6).startswith("入户访问1,211份、受邀网上填答379份。")
    assert item(report, 7) == "2026年8月3日至2026年8月30日；数据导入：2026年9月2日。"
    assert item(report, 8).startswith("本地区96份，全部1,590份答卷。 总体指标95%置信区间的半宽为")
    assert "设计效应1.20" in item(report, 8)
    assert "未加权" in item(report, 9)
    assert "回访" in item(report, 10)
    assert "夜班" in item(report, 11)


def test_what_is_missing_says_so(world) -> None:
    bare = replace(world, wave=replace(world.wave, details=WaveDetails(), mode_counts={})).report(FIRST)
    for number in (1, 2, 4, 5, 6, 7, 10, 11):
        assert "（缺）" in item(bare, number)
    assert all(value == "（缺）" for _, value in bare.marks)
    assert "（缺）" in bare.explanations[1][1]


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({}, ("批准文号", "青统制〔2026〕7号")),
        ({"approval": Approval.FILED, "approval_no": "备12"}, ("备案文号", "备12")),
        (
            {"approval": Approval.NOT_STATISTICAL, "approval_ground": "内部评估"},
            ("批准文号", "无（不属于统计调查项目，依据：内部评估）"),
        ),
        ({"approval": Approval.FILED, "approval_no": ""}, ("备案文号", "（缺）")),
    ],
)
def test_the_legal_standing_is_printed_as_it_is(world, changes, mark) -> None:
    marks = world.with_details(**changes).report(FIRST).marks
    assert mark in marks
    assert [label for label, _ in marks if label != mark[0]] == ["表号", "制定机关", "有效期限"]


def test_no_precision_is_claimed_for_a_self_chosen_sample(world) -> None:
    report = world.without_intervals().report(FIRST)
    assert item(report, 8).endswith("非概率样本：不声称任何精度。")
    assert "非概率样本" in item(report, 5)
    assert item(report, 9) == "未加权。"


def test_the_size_of_a_suppressed_area_is_not_told(world) -> None:
    report = world.suppressing(FIRST).report(FIRST)
    assert item(report, 8).startswith("全部1,590份答卷。")
    assert ("本地区答卷", "样本不足") in report.facts


def test_answers_taken_back_are_told_of_the_whole_alone_and_few_are_not_counted(world) -> None:
    def told(answers: int | None, area: str | None = None) -> str:
        taken = None if answers is None else taken_back(answers)
        return item(replace(world, wave=replace(world.wave, taken_back=taken)).report(area), 8)

    assert "本人撤回的答卷有1,010份或更多" in told(1012)
    assert told(10) == told(11) == told(19) != told(20), "whoever looks twice sees no single one"
    assert "本人撤回的答卷不到10份" in told(9)
    assert told(0) == told(1) == told(9)
    assert "撤回" not in told(None)
    assert "撤回" not in told(1012, FIRST)


def test_headline_and_honesty_items_are_quoted_with_the_words_of_the_wave(world) -> None:
    wordings = world.with_details(placeholders={"campaign": "巩固工作"}).report(FIRST).wordings
    assert [wording.labels for wording in wordings] == [
        "知晓率", "支持率", "参与率", "总体满意率", "被授意率", "入户宣传触达率",
    ]  # fmt: skip
    assert wordings[0].question == "关于知晓率,您怎么看巩固工作?"
    assert wordings[0].options.startswith("1 非常满意 / 2 比较满意")
    assert wordings[0].note == "不要提示"
    assert world.report(FIRST).wordings[0].question == "关于知晓率,您怎么看创建工作?"


def test_the_digests_are_printed_whole(world) -> None:
    run = world.run
    values = [value for _, value in world.report(FIRST).provenance]
    for digest in (run.digest, run.frame_digest, run.answers_digest, run.instrument_fingerprint, run.code_version):
        assert digest in values


def test_the_run_digest_changes_with_every_part(world) -> None:
    digests = {
        replace(world.run, **{name: "other"}).digest
        for name in ("design", "seed", "code_version", "instrument_fingerprint", "frame_digest", "answers_digest")
    }
    assert len(digests | {world.run.digest}) == 7
