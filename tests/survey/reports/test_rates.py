import re
from dataclasses import replace

import pytest

from analysis.publication import Base, PublishedEstimate, Reason, Reliability, Subset
from survey.reports.rates import RatesSection, compose_rates
from survey.reports.tables import Row, Table

FIRST = "440983001001"  # 双山社区
SUPPRESSED = "440983001004"  # 西门社区
RANGED = "440983001006"  # 北桥社区, everyone aware
SMALL = "440983002002"  # 建设社区, 24 respondents


def sections(world, area=None, language="zh_Hans") -> dict[str, RatesSection]:
    found = next((candidate for candidate in world.areas if candidate.code == area), None)
    composed = compose_rates(
        questionnaire=world.questionnaire,
        area=found,
        areas=world.areas,
        estimates=world.estimates,
        run=world.run,
        language=language,
    )
    return {section.name: section for section in composed}


def cells(table: Table, row: Row) -> dict[str, str]:
    figures = dict(zip(table.figures, row.figures, strict=True)) if row.figures else {}
    return {"比例": row.rate, "说明": row.words} | figures


def rows(table: Table) -> dict[str, dict[str, str]]:
    return {row.name: cells(table, row) for row in table.rows}


def drawings(section: RatesSection) -> dict[str, str]:
    return {row.name: str(row.drawing) for row in section.table.rows}


def title(drawing: str) -> str:
    return re.findall(r"<title>(.*?)</title>", drawing)[0]


def test_a_community_shows_headline_domains_and_honesty_in_whole_percents(world) -> None:
    found = sections(world, FIRST)
    assert list(found) == ["headline", "domain", "honesty"]
    aware = rows(found["headline"].table)["知晓率"]
    assert (aware["比例"], aware["人数"], aware["有效 比例"], aware["有效 人数"]) == ("88%", "96", "91%", "91")
    assert (aware["说不清"], aware["拒答"], aware["未作答"]) == ("3%", "1%", "0%")
    assert aware["说明"] == "≈ 与目标90%看不出差别"
    printed = "".join(
        cell for section in found.values() for row in rows(section.table).values() for cell in row.values()
    )
    assert not re.search(r"\d\.\d", printed)


def test_the_whole_may_have_a_decimal_its_communities_not(world) -> None:
    found = sections(world)
    assert rows(found["headline"].table)["知晓率"]["比例"] == "93.0%"
    assert rows(found["areas-ind-aware"].table)["双山社区"]["比例"] == "88%"


def test_areas_stand_in_the_order_of_their_codes_whatever_their_rates(world) -> None:
    shuffled = replace(world, estimates=tuple(reversed(world.estimates)), areas=tuple(reversed(world.areas)))
    for name in ("areas-ind-aware", "areas-ind-sat-overall"):
        section = sections(shuffled)[name]
        communities = [area.name for area in sorted(world.areas, key=lambda a: a.code) if area.name.endswith("社区")]
        assert [row.name for row in section.table.rows] == communities
        assert all(title(row.drawing).startswith(row.name) for row in section.table.rows if row.figures)
        assert any("不是名次" in note for note in section.notes)


def test_only_areas_of_the_level_of_the_run_are_listed(world) -> None:
    street = next(area for area in world.areas if area.level == "street")
    extra = tuple(replace(e, area=street.code) for e in world.estimates if e.area == FIRST)
    found = sections(replace(world, estimates=world.estimates + extra))
    assert street.name not in rows(found["areas-ind-aware"].table)


def test_areas_of_one_name_are_told_apart_by_code(world) -> None:
    found = sections(world.renaming("440983002001", "双山社区"))
    names = [row.name for row in found["areas-ind-aware"].table.rows]
    assert f"双山社区 {FIRST}" in names
    assert "双山社区 440983002001" in names


def test_a_suppressed_area_has_words_and_neither_number_nor_drawing(world) -> None:
    section = sections(world)["areas-ind-aware"]
    row = next(row for row in section.table.rows if row.name == "西门社区")
    assert row.words.startswith("样本不足")
    assert (row.rate, row.figures, row.drawing) == ("—", None, "")


def test_an_unanimous_group_is_a_range_without_interval_or_band(world) -> None:
    row = rows(sections(world)["areas-ind-aware"].table)["北桥社区"]
    assert (row["比例"], row["95%置信区间"], row["说明"]) == ("90%–100%", "—", "只显示范围")
    assert row["有效 比例"] == "90%–100%"


def test_with_care_is_said_and_never_banded(world) -> None:
    marked = world.changing(lambda e: replace(e, reliability=Reliability.WITH_CARE), code="IND_SAT_OVERALL", area=FIRST)
    section = sections(marked, FIRST)["headline"]
    assert rows(section.table)["总体满意率"]["说明"] == "○ 慎用 · 目标80%"
    assert "明显高于" not in title(drawings(section)["总体满意率"])


def test_bands_are_words_with_a_sign(world) -> None:
    section = sections(world, FIRST)["headline"]
    assert rows(section.table)["总体满意率"]["说明"] == "▲ 明显高于目标80%"
    assert title(drawings(section)["总体满意率"]).endswith("▲ 明显高于目标80%")
    by_area = sections(world)["areas-ind-sat-overall"]
    assert rows(by_area.table)["双山社区"]["说明"] == "▲ 明显高于目标"
    assert by_area.notes[0] == "目标80%。"


def test_a_pooled_interval_says_so(world) -> None:
    section = sections(world)["areas-ind-aware"]
    assert rows(section.table)["胜利社区"]["95%置信区间"].endswith("†")
    assert "† 区间用同一设计的各地区合并的设计效应算出。" in section.notes
    assert not any(note.startswith("†") for note in sections(world, FIRST)["headline"].notes)


def test_the_assumed_design_is_printed(world) -> None:
    assert any(note.startswith("设计为假定") for note in sections(world, FIRST)["headline"].notes)
    drawn = sections(world.with_design("systematic"), FIRST)["headline"].notes
    assert not any("设计为假定" in note for note in drawn)


def test_a_self_chosen_sample_has_points_without_intervals(world) -> None:
    section = sections(world.without_intervals(), FIRST)["headline"]
    assert {row["95%置信区间"] for row in rows(section.table).values()} == {"—"}
    assert [entry.words for entry in section.legend] == ["只有估计值，没有区间", "目标"]
    assert any("非概率样本" in note for note in section.notes)
    assert {name: row["说明"] for name, row in rows(section.table).items()} == {
        "知晓率": "目标90%", "支持率": "", "参与率": "", "总体满意率": "目标80%",
    }  # fmt: skip


def test_a_warning_does_not_point_to_rates_that_are_kept_back(world) -> None:
    coached = world.with_coaching(0.09)
    without = [e for e in coached.estimates if e.subset is Subset.NOT_COACHED]
    kept_back = {id(e): replace(e, published=False, reason=Reason.TOO_FEW, n=None, proportion=None) for e in without}

    aware = {key: e for key, e in kept_back.items() if e.indicator == "IND_AWARE"}

    some = replace(coached, estimates=[aware.get(id(e), e) for e in coached.estimates])
    found = sections(some, None)
    assert "去掉这些人后的比例只有一部分能列出" in found["headline"].warnings[0]
    table = rows(found["not-coached"].table)
    assert "样本不足" not in str(table)
    assert found["not-coached"].table.rows[0].words == "不列出：与上面的比例相减，会说出少数人是怎么答的"
    assert "没有列出的" in found["not-coached"].notes[0]

    none = replace(coached, estimates=[kept_back.get(id(e), e) for e in coached.estimates])
    found = sections(none, None)
    assert "not-coached" not in found
    assert "去掉这些人后的比例不列出" in found["headline"].warnings[0]
    assert "对照" not in found["headline"].warnings[0]


def test_few_who_were_told_what_to_say_are_a_range_that_says_why(world) -> None:
    def as_range(estimate: PublishedEstimate) -> PublishedEstimate:
        return replace(estimate, shown_range=(0.05, 0.2))

    section = sections(world.with_coaching(0.06, area=FIRST).changing(as_range, code="IND_COACHING", area=FIRST), FIRST)
    assert section["honesty"].table.rows[0].rate == "5%–20%"
    assert "6%" not in str(section["honesty"].table)
    assert any("免得有人去找" in note for note in section["honesty"].notes)
    assert section["headline"].warnings[0].startswith("5%–20%的有效回答者")


def test_no_coaching_rate_of_an_area_under_thirty(world) -> None:
    row = rows(sections(world, SMALL)["honesty"].table)["被授意率"]
    assert row["说明"].startswith("样本不足")
    assert set(row) == {"比例", "说明"}
    assert rows(sections(world, SMALL)["honesty"].table)["入户宣传触达率"]["比例"] != "—"
    coached = world.with_coaching(0.5, area=SMALL, n=29)
    assert not any("建设社区" in warning for warning in sections(coached)["headline"].warnings)
    assert not sections(coached, SMALL)["headline"].warnings


@pytest.mark.parametrize(("rate", "n", "warned"), [(0.04, 200, False), (0.05, 40, False), (0.05, 60, True)])
def test_the_coaching_warning_needs_five_percent_and_three_cases(world, rate: float, n: int, warned: bool) -> None:
    found = sections(world.with_coaching(rate, area=FIRST, n=n), FIRST)
    assert bool(found["headline"].warnings) is warned
    assert ("not-coached" in found) is warned


def test_the_warning_comes_with_the_rates_of_the_others(world) -> None:
    found = sections(world.with_coaching(0.09), None)
    assert "9.0%" in found["headline"].warnings[0]
    assert rows(found["not-coached"].table)["知晓率"]["比例"] == "83.0%"
    assert list(found)[:2] == ["headline", "not-coached"]


def test_the_whole_names_the_warned_areas_by_code(world) -> None:
    calm = replace(world, estimates=tuple(e for e in world.estimates if e.indicator != "IND_COACHING"))
    found = sections(calm.with_coaching(0.2, area="440983002001").with_coaching(0.1, area=FIRST))
    assert found["headline"].warnings[-1].endswith("双山社区、人民社区。")


def test_the_marks_are_explained_once_and_only_those_in_use(world) -> None:
    found = sections(world, FIRST)
    assert [entry.words for entry in found["headline"].legend] == ["估计值和95%置信区间", "目标"]
    assert not any(section.legend for name, section in found.items() if name != "headline")
    of_the_whole = [entry.words for entry in sections(world)["headline"].legend]
    assert of_the_whole == ["估计值和95%置信区间", "慎用：人数少或区间宽", "只显示范围", "目标"]


def test_without_estimates_there_are_no_sections(world) -> None:
    assert sections(replace(world, estimates=())) == {}


def test_the_coaching_rate_is_drawn_on_the_valid_base_and_says_so(world) -> None:
    def valid_is_seven(e: PublishedEstimate) -> PublishedEstimate:
        return replace(e, proportion=0.07) if e.base is Base.VALID else e

    section = sections(world.changing(valid_is_seven, code="IND_COACHING", area=FIRST), FIRST)["honesty"]
    row = rows(section.table)["被授意率"]
    assert (row["比例"], row["有效 比例"]) == ("1%", "7%")
    assert row["说明"].startswith("有效回答7% (")
    assert title(drawings(section)["被授意率"]).startswith("被授意率 7% (")


def test_names_are_escaped_in_drawings(world) -> None:
    section = sections(world.renaming(FIRST, "<script>alert(1)</script>"))["areas-ind-aware"]
    drawn = drawings(section)["<script>alert(1)</script>"]
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn


def test_recognising_what_does_not_exist_stands_with_the_honesty_rates_and_says_what_it_is(world) -> None:
    reach = "IND_OUTREACH_REACH"
    assert "误认率" not in "".join(sections(world)["honesty"].notes)
    indicators = tuple(replace(i, code="IND_DECOY") if i.code == reach else i for i in world.questionnaire.indicators)
    estimates = tuple(replace(e, indicator="IND_DECOY") if e.indicator == reach else e for e in world.estimates)
    questionnaire = replace(world.questionnaire, indicators=indicators)
    section = sections(replace(world, questionnaire=questionnaire, estimates=estimates))["honesty"]
    assert len(section.table.rows) == 2
    assert "知晓率要对照它来看" in "".join(section.notes)
