"""The section 与上一轮相比, as a report of the sixteen communities and the page of the wave have it."""

from dataclasses import replace

import pytest

from analysis.publication import ChangeFinding, NotCompared
from questionnaires.definition import IndicatorSet
from survey.reports.changes import ChangesSection
from survey.runs import ASSUMED_SRS, DRAWN
from tests.survey.reports.conftest import World
from tests.survey.reports.earlier_wave import with_earlier_wave

FIRST = "440983001001"


@pytest.fixture(scope="module")
def since(world: World) -> World:
    return with_earlier_wave(world)


def section(world: World, area: str | None = FIRST, language: str = "zh_Hans") -> ChangesSection:
    found = world.report(area, language).changes
    assert found is not None
    return found


def changing(world: World, **changes: object) -> World:
    assert world.comparison is not None
    return replace(world, comparison=replace(world.comparison, **changes))  # type: ignore[arg-type]


def test_a_wave_without_one_before_it_has_no_section(world: World) -> None:
    assert world.report(FIRST).changes is None
    assert world.report(None).changes is None


def test_each_rate_has_both_figures_and_words_that_fit(since: World) -> None:
    found = section(since)
    assert found.heading == "与上一轮相比"
    assert found.intro == ("上一轮是“2026年第二季度居民调查”（2026年4月2日至2026年4月28日）。",)
    assert [line.name for line in found.lines] == ["知晓率", "支持率", "参与率", "总体满意率"]
    changes = {c.indicator: c for c in since.comparison.changes if c.area == FIRST}  # type: ignore[union-attr]
    lines = {line.name: line for line in (*found.lines, *found.more)}
    assert "被授意率" not in lines
    for indicator in since.questionnaire.indicators:
        if indicator.code not in changes:
            continue
        line, change = lines[indicator.label.zh_Hans], changes[indicator.code]
        assert ("上升" in line.words) is (change.finding is ChangeFinding.ROSE), line
        assert ("下降" in line.words) is (change.finding is ChangeFinding.FELL), line
        assert line.moved is (change.finding in (ChangeFinding.ROSE, ChangeFinding.FELL))
        assert "." not in line.words + line.before + line.now  # a community: whole points


def test_the_whole_names_what_moved_in_a_community_beside_the_headline_rates(since: World) -> None:
    """The whole, and a community's headline rates, may hide that its roads got much worse."""
    found = section(since, None)
    domains = {i.code: i.label.zh_Hans for i in since.questionnaire.indicators if i.set is IndicatorSet.DOMAIN}
    words = {ChangeFinding.ROSE: "上升", ChangeFinding.FELL: "下降"}
    expected: dict[str, set[str]] = {}
    for change in since.comparison.changes:  # type: ignore[union-attr]
        if change.area and change.indicator in domains and change.finding in words:
            expected.setdefault(change.area, set()).add(domains[change.indicator] + words[change.finding])
    communities = {area.code for area in since.areas if area.level == "community"}
    assert {part.code: set(part.words.split("、")) for part in found.moves} == {
        code: told for code, told in expected.items() if code in communities
    }
    assert [part.code for part in found.moves] == sorted(part.code for part in found.moves)
    assert len(found.moves) > 3
    assert section(since).moves == ()


def test_of_the_whole_one_decimal_and_its_communities_in_whole_points(since: World) -> None:
    found = section(since, None)
    assert all("." in line.before and "." in line.now for line in found.lines)
    assert [part.name for part in found.parts] == [
        area.name for area in sorted(since.areas, key=lambda area: area.code) if area.level == "community"
    ]
    assert found.columns == ("知晓率", "支持率", "参与率", "总体满意率")
    for part in found.parts:
        assert len(part.cells) == 4
        assert not any("." in figures for _, figures in part.cells)


def test_suppressed_and_ranged_communities_show_no_number(since: World) -> None:
    """The fourth community is suppressed in every rate, the sixth shows a range where nearly all agree."""
    parts = section(since, None).parts
    assert parts[3].cells == (("不能比较", "样本不足"),) * 4
    assert parts[5].cells[0] == ("不能比较", "只有范围")
    alone = section(since, "440983001004")
    assert alone.intro[-1] == "不能与上一轮比较：有一轮样本不足，没有数字。"
    assert (alone.lines, alone.more, alone.parts, alone.notes) == ((), (), (), ())


def test_one_reason_for_all_is_said_once(since: World) -> None:
    assert since.comparison is not None
    rows = tuple(
        replace(c, finding=None, difference=None, low=None, high=None, p_value=None, reason=NotCompared.NON_PROBABILITY)
        for c in since.comparison.changes
    )
    found = section(changing(since, changes=rows), None)
    assert found.intro[-1] == "不能与上一轮比较：有一轮是非概率样本。"
    assert (found.lines, found.parts) == ((), ())
    refused = "\n".join(changing(since, changes=rows).report(None).not_allowed)
    assert "不能与其他轮次直接相减" in refused


def test_the_rest_in_one_sentence(since: World) -> None:
    found = section(since)
    assert found.summary.startswith(f"其余{len(found.more)}项：")
    assert found.summary.count("上升") <= 1
    moved = [line.name for line in found.more if "上升" in line.words]
    assert all(name in found.summary for name in moved[:2])


def test_what_was_done_stands_beside_and_claims_nothing(since: World, world: World) -> None:
    found = section(since)
    assert [line.done for line in found.lines] == ["入户宣传320户", "院落会3场", "", ""]
    assert "不说明它有效果" in found.notes[-1]
    whole = section(since, None)
    assert whole.lines[0].done == "入户宣传2,560户（8个社区）"  # every second of 16 communities
    assert whole.parts[0].done == "入户宣传320户；院落会3场"
    assert whole.parts[1].done == ""
    without = section(with_earlier_wave(world, work=False), None)
    assert not without.has_done
    assert not without.parts_have_done
    assert not any("效果" in note for note in without.notes)


def test_an_assumed_design_of_the_earlier_wave_is_said(since: World) -> None:
    assert since.comparison is not None
    assert since.run.design == ASSUMED_SRS
    assert "设计为假定" not in " ".join(section(since).intro)  # of this wave it stands on the face of the report
    drawn = since.drawn()
    assert "上一轮的设计为假定" in " ".join(section(drawn).intro)
    both = changing(drawn, run=replace(since.comparison.run, design=DRAWN))
    assert "假定" not in " ".join(section(both).intro)


def test_the_conclusions_send_the_reader_to_the_comparison(since: World, world: World) -> None:
    refused = "\n".join(since.report(FIRST).not_allowed)
    assert "只有“与上一轮相比”里写明上升或下降的" in refused
    assert "不能与其他轮次直接相减" not in refused
    assert "不能与其他轮次直接相减" in "\n".join(world.report(FIRST).not_allowed)
