"""What a report says of a drawn sample, and of the open link beside it."""

from dataclasses import replace

import pytest

from analysis.fieldwork.dispositions import Disposition, DispositionClass
from analysis.publication import Subset
from analysis.sampling.sample_design import Method, SampleDesign, Size, Stage, StageUnit
from survey.reports.document import ReportDocument
from survey.reports.rates import OPEN_LINK
from survey.reports.rendering import render_html
from survey.reports.sample_words import design_words, field_rates, response_words, weighting_words
from survey.reports.wording import speaker
from survey.sampling.sample_designs import canonical
from survey.waves import SeedSource, WaveDetails

FIRST, SECOND = "440983001001", "440983001002"
CHINESE = speaker("zh_Hans")


def item(report: ReportDocument, number: int) -> str:
    return report.disclosure[number - 1].text


def test_rates_plain_and_weighted_by_hand() -> None:
    """East 50 of 100 answer, 1 of 4 drawn; west 10 of 50, 1 of 2. Plain 60/150; weighted (200 + 20) / (400 + 100)."""
    counts = {
        ("east", Disposition.COMPLETE): 50,
        ("east", Disposition.REFUSED_PERSON): 50,
        ("west", Disposition.COMPLETE): 10,
        ("west", Disposition.AWAY): 40,
    }

    weights = {
        ("east", DispositionClass.COMPLETE): 200.0,
        ("east", DispositionClass.REFUSAL): 200.0,
        ("west", DispositionClass.COMPLETE): 20.0,
        ("west", DispositionClass.NON_CONTACT): 80.0,
    }

    found = field_rates(counts, weights)

    assert found is not None
    assert (found.cases, found.plain.rr1, found.weighted.rr1) == (150, 0.4, 0.44)
    only = field_rates(counts, weights, {"west"})
    assert only is not None
    assert (only.cases, only.plain.rr1, only.weighted.rr1) == (50, 0.2, 0.2)


def test_rates_of_few_cases_are_not_printed() -> None:
    assert field_rates({("east", Disposition.COMPLETE): 9}, {}) is None
    assert field_rates({}, {}) is None


def test_a_drawn_wave_prints_its_response_rates_in_place_of_a_reason(world) -> None:
    """99 of 180 (200 less 20 vacant) answer: RR1 .55; e = 140 / 160, so RR3 = 99 / (140 + .875 × 40)."""
    report = world.with_details(no_response_rate="").drawn().report()

    terms = dict(report.explanations)["应答率"]
    assert "RR1 55.0%，RR3 56.6%" in terms
    assert "e=0.88" in terms
    assert "3,200个样本户" in terms
    assert ("应答率", "RR1 55.0%，RR3 56.6%") in report.facts
    assert not report.missing


def test_a_community_adds_its_own(world) -> None:
    terms = dict(world.drawn().report(FIRST).explanations)["应答率"]

    assert "3,200个样本户" in terms
    assert terms.endswith("本地区200个样本户：RR1 55.0%，RR3 56.6%。")
    facts = dict(world.drawn().report(FIRST).facts)
    assert (facts["本地区应答率"], facts["全轮应答率"]) == ("RR1 55.0%，RR3 56.6%", "RR1 55.0%，RR3 56.6%")
    assert "应答率" not in facts


def test_a_community_whose_respondents_may_not_be_known_has_no_rate_of_its_own(world) -> None:
    hidden = world.drawn().suppressing(FIRST)

    report = hidden.report(FIRST)
    assert "本地区" not in dict(report.explanations)["应答率"]
    facts = dict(report.facts)
    assert (facts["本地区应答率"], facts["全轮应答率"]) == ("不列出，以保护人数过少的群体", "RR1 55.0%，RR3 56.6%")


def test_while_the_wave_is_open_its_log_is_still_to_tell(world) -> None:
    drawn = world.drawn()
    report = replace(drawn, wave=replace(drawn.wave, dispositions={})).report()

    assert "调查结束后由入户记录算出" in dict(report.explanations)["应答率"]
    assert response_words(None, "没有入户", CHINESE, drawn=False) == "没有入户"
    assert response_words(None, "", CHINESE, drawn=False) == ""


def test_the_design_says_how_it_was_drawn_and_weighted(world) -> None:
    report = world.drawn().report()

    assert "每个社区200户" in item(report, 5)
    assert "非公开抽签" in item(report, 5)
    assert "15个社区调整到成年居民总数，1个没有总数" in item(report, 9)
    assert "Kish）1.23，最大权重是平均权重的4.0倍" in item(report, 9)
    assert "没有答卷" not in item(report, 9)
    assert report.labels == ("非公开抽签",)
    known = dict(report.provenance)
    assert (known["抽样摘要"], known["抽取所用抽样框摘要"]) == ("4c" * 32, "5b" * 32)


def test_a_public_draw_and_communities_without_answers_are_said(world) -> None:
    report = world.drawn(public=True, unanswered=2, to_total=14).report()

    assert report.labels == ()
    assert "（公开抽签）" in item(report, 5)
    assert "2个社区没有答卷" in item(report, 9)


def test_a_drawn_community_without_answers_keeps_its_row_and_is_named(world) -> None:
    silent = world.drawn(unanswered=1, unanswered_areas=(FIRST,))
    silent = replace(silent, estimates=tuple(e for e in silent.estimates if e.area != FIRST))

    report = silent.report()

    for section in report.parts:
        first, *others = section.table.rows
        assert (first.name, first.rate, first.words, first.figures) == ("双山社区", "—", "没有答卷", None)
        assert len(others) == 15
        assert all(row.words != "没有答卷" for row in others)
    assert "1个社区没有答卷（双山社区）" in item(report, 9)
    assert "1个社区没有答卷，" in item(silent.report("440983001002"), 9)


def test_the_first_page_says_in_one_line_how_it_was_drawn(world) -> None:
    report = world.drawn(per_community=20, communities=3, cases=60).with_open_link(None, n=117).report()

    assert report.design == "系统抽样：每个社区20户，3个社区共60户；非公开抽签；公开链接和纸质问卷的117份答卷另列"
    assert world.drawn(public=True).report().design.endswith("；公开抽签")
    assert world.report().design == ""
    assert "系统抽样" in render_html(world.drawn().report())


def test_a_frame_is_named_once_where_draw_and_run_have_the_same(world) -> None:
    same = world.drawn(frame_digest=world.run.frame_digest)

    assert [value for _, value in same.report().provenance].count(world.run.frame_digest) == 1


@pytest.mark.parametrize("area", [None, FIRST])
def test_the_open_link_is_a_section_of_its_own(world, area) -> None:
    before, after = world.report(area), world.with_open_link(area).report(area)

    (section,) = after.apart
    assert section.name == OPEN_LINK
    assert "非概率样本" in section.heading
    assert [row.name for row in section.table.rows] == ["知晓率", "总体满意率"]
    assert section.table.rows[0].rate.startswith("40")
    assert section.table.rows[0].figures is not None
    assert section.table.rows[0].figures.interval == "—"
    assert "不并入样本" in item(after, 5)
    assert before.apart == ()
    assert [s.table for s in after.headline] == [s.table for s in before.headline]
    assert (after.details, after.parts, after.allowed, after.facts) == (
        before.details,
        before.parts,
        before.allowed,
        before.facts,
    )


def test_an_area_with_open_answers_alone_is_no_row_among_the_areas(world) -> None:
    alone = replace(world, estimates=tuple(row for row in world.estimates if row.area != SECOND))

    report = alone.with_open_link(SECOND).report()

    assert [[row.name for row in section.table.rows] for section in report.parts] == [
        [row.name for row in section.table.rows] for section in alone.report().parts
    ]


def test_a_wave_with_an_open_link_alone_claims_nothing(world) -> None:
    opened = world.with_design(None).with_open_link(None)
    rows = tuple(row for row in opened.estimates if row.subset is Subset.OPEN_LINK)
    wave = replace(opened.wave, responses=0, mode_counts={}, details=WaveDetails())

    report = replace(opened, estimates=rows, wave=wave).report()

    assert (report.headline, report.details, report.parts) == ((), (), ())
    assert len(report.apart) == 1
    assert report.labels == ("非概率样本",)


def test_who_made_the_seed_is_said(world) -> None:
    assert "种子由人工给定（非公开抽签）。" in item(world.drawn().report(), 5)
    made = world.drawn(seed_source=SeedSource.MACHINE).report()
    assert "种子由服务器随机产生（非公开抽签）。" in item(made, 5)
    assert made.labels == ("非公开抽签",)


def test_a_report_names_the_version_of_its_weights(world) -> None:
    drawn = world.drawn(weights_version=7, weights_version_digest="ab" * 32)

    report = drawn.report()
    text = render_html(report)

    assert "权重：第7版，校验码abababababababab。" in weighting_words(drawn.run, CHINESE)
    assert "社区调整系数" not in weighting_words(drawn.run, CHINESE)
    assert "第7版" in text
    assert "ab" * 32 in text
    assert "权重版本" not in render_html(world.drawn().report())


def test_a_draw_in_stages_is_told_stage_by_stage(world) -> None:
    grids = Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=4, size=Size.UNITS)
    dwellings = Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC, take=20)
    design = canonical(SampleDesign(stages=(grids, dwellings)))

    run = world.drawn(per_community=None, sample_design=design).run

    assert "抽 4 个网格" in design_words(run, CHINESE)
    assert "每个抽中的网格里" in design_words(run, CHINESE)
    assert "按样本户与完成户的权重之比调整" in weighting_words(run, CHINESE)
