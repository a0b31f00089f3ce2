"""The fieldwork monitor: what it shows while a wave is open, and after; to whom, and that it ranks nobody."""

from datetime import datetime, timedelta

import pytest

from analysis.fieldwork import refusal_contrasts
from analysis.fieldwork.dispositions import Outcome
from survey.keys import KeyRing
from survey.roles import Role, Scope
from survey.store import accounts
from survey.store.database import Database
from survey.store.waves import get_wave
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.hand_over_cases import reassign_cases
from tests.survey.field import NOW, Field, open_field
from tests.survey.pages.field_site import Browser
from tests.survey.pages.page_client import Element


def monitor(browser: Browser, field: Field, role: Role = Role.SUPERVISOR) -> Element:
    return browser(role).page(f"/waves/{field.wave}/fieldwork")


def tables(page: Element) -> dict[str, list[list[str]]]:
    return {
        table.all("caption")[0].text: [[cell.text for cell in row.children] for row in table.all("tr")]
        for table in page.all("table")
    }


def work(database: Database, field: Field) -> None:
    field.send(database, field.visit(field.east[0], Outcome.NO_ANSWER, occupied=True, at=NOW - timedelta(hours=3)))
    field.send(database, field.interview(field.east[1]))
    field.send(database, field.visit(field.west[0], Outcome.VACANT))


def test_cases_visits_and_rates(browser: Browser, database: Database, field: Field) -> None:
    work(database, field)
    found = tables(monitor(browser, field))
    # 6 cases, 4 not visited, one complete, none partial; two visits, one of them in the evening, both on a Monday;
    # 5 not reached with fewer than three visits; RR1 = 1 ÷ 6, all homes alike; nobody refused; 1 of 6 met.
    east = ["东社区", "6", "4", "1", "0", "2", "0.3", "50%", "0%", "5", "16.7%", "16.7%", "0.0%", "16.7%"]
    assert east in found["各社区"]
    codes = {row[0]: row[2] for row in found["样本户的结果"][1:]}
    assert codes == {"完成": "1", "无人应门（有人住）": "1", "还没有去": "9", "空置": "1"}
    assert found["各天"][1:] == [["2026年5月4日", "3", "1", "1", "1", "–"]]
    assert found["到访次数"][1] == ["周一", "1", "2"]
    rates = {row[0].split(" ")[0]: row[1:] for row in found["由入户记录算出的比率（AAPOR 标准定义）"][1:]}
    assert rates["RR1"] == ["9.1%", "9.1%"]
    every = [row[0] for row in found["全部十六个比率和公式"][1:]]
    assert (len(every), every[0], every[-1]) == (16, "RR1", "CON3")


def refusal_table(browser: Browser, field: Field, monkeypatch: pytest.MonkeyPatch, least: int) -> str:
    monkeypatch.setattr(refusal_contrasts, "LEAST_MET", least)
    rows = tables(monitor(browser, field))["各访员"]
    return " ".join(cell for row in rows for cell in row)


def test_shares_of_refusals_are_told_of_all_canvassers_or_of_nobody(
    browser: Browser, database: Database, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_li, of_zhou = field.cases[::2], field.cases[1::2]
    for case in of_li[:3]:
        field.send(database, field.visit(case, Outcome.REFUSED_PERSON, canvasser=field.li.id))
    field.send(database, field.visit(of_zhou[0], Outcome.APPOINTMENT, canvasser=field.zhou.id))
    assert "100%（" in refusal_table(browser, field, monkeypatch, least=1)
    assert "拒访" not in refusal_table(browser, field, monkeypatch, least=2), (
        "zhou met one, so li's share stays away, too"
    )


def test_visits_stay_with_who_made_them(browser: Browser, database: Database, field: Field) -> None:
    work(database, field)
    with database.writing() as session:
        given = {case for case in field.cases if field.owner(case) == field.li} - {field.east[2], field.west[2]}
        reassign_cases(session, field.wave, cases=given, to=field.zhou.id, at=NOW, by="dudao")
    rows = {row[0]: row[1:] for row in tables(monitor(browser, field))["各访员"][2:]}
    # Two of twelve in hand, none of them visited; two visits were made, one of them in the evening, none at a weekend.
    assert rows["li"] == ["2", "2", "2", "2", "50%", "0%", "0"]
    assert rows["zhou"] == ["10", "7", "8", "1", "100%", "0%", "1"]


def test_e_is_said_with_its_numbers(browser: Browser, database: Database, field: Field) -> None:
    assert "还没有一户知道是否合格" in monitor(browser, field).text
    work(database, field)
    assert "2 ÷（2 + 1）= 0.667" in monitor(browser, field).text


def test_facts_are_told_and_nobody_is_judged(browser: Browser, database: Database, field: Field) -> None:
    for number, case in enumerate(field.cases[:4] * 8):
        at = datetime.fromisoformat("2026-05-04T10:00:00+08:00") + timedelta(hours=number % 5)
        field.send(database, field.visit(case, Outcome.NO_ANSWER, at=at))
    page = monitor(browser, field)
    assert "32 次到访里有 0 次（0%）在 18:00 以后" in page.text
    assert "4 户去过、没有访到人，也从没有在晚上或周末去过" in page.text
    assert "没有人去过的社区：西社区。" in page.text
    assert "不是对谁的评价" in page.text
    assert "其他访员合起来" not in page.text, "of few homes nothing is said of anybody"


def test_before_anything_happened(browser: Browser, field: Field) -> None:
    page = monitor(browser, field)
    assert page.all("svg") == []
    assert "值得看一看" not in page.text
    assert tables(page)["各社区"][1][1:3] == ["6", "6"]
    assert "没有预计的完成数" in page.text


def test_the_wave_before_says_what_to_expect(browser: Browser, database: Database, field: Field, keys: KeyRing) -> None:
    """6 of its 12 homes completed: half of the twelve are expected now."""
    for case in field.cases[:6]:
        field.send(database, field.interview(case))
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")
        name = get_wave(session, field.wave).name
    later = open_field(database, field.keys)
    page = monitor(browser, later)
    assert f"“{name}”完成了样本户的 50.0%；照此预计，这一轮共完成 6 份。" in page.text


def test_once_closed_it_says_the_same_of_homes_and_nothing_of_people(
    browser: Browser, database: Database, field: Field
) -> None:
    for case in field.cases:
        field.send(database, field.visit(case, Outcome.NO_ANSWER, at=NOW - timedelta(days=1)))
    work(database, field)
    before = tables(monitor(browser, field))
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")
    destroy_keys(database, field.keys)
    page = monitor(browser, field)
    after = tables(page)
    same = ["各社区", "样本户的结果", "到访次数", "全部十六个比率和公式"]
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert [row[0] for row in before["各访员"][2:]] == ["li", "zhou"]
    assert "各访员" not in after
    assert "对应关系已经销毁" in page.text
    assert before["各天"][1:] == [["2026年5月3日", "12", "0", "0", "0", "–"], ["2026年5月4日", "3", "1", "1", "1", "–"]]
    assert after["各天"][1:] == [["2026年5月3日–2026年5月4日", "15", "1", "1", "1", "–"]]


def test_who_is_limited_to_an_area_sees_the_sums_of_it_alone(
    browser: Browser, database: Database, field: Field
) -> None:
    work(database, field)
    with database.writing() as session:
        found = accounts.find_account(session, "dudao")
        assert found is not None
        accounts.change_account(
            session,
            found[0].id,
            full_name="",
            role=Role.SUPERVISOR,
            canvasser_type=None,
            scope=Scope(areas=frozenset({"110101001000"})),
            ties=frozenset(),
        )
    page = monitor(browser, field)
    assert {"各天", "各访员", "到访次数"}.isdisjoint(tables(page))
    assert ["RR1", "16.7%"] in [row[:2] for row in tables(page)["全部十六个比率和公式"]]
    assert "西社区" not in page.text


@pytest.mark.parametrize(("role", "status"), [(Role.OFFICIAL, 403), (Role.STATISTICIAN, 200)])
def test_who_may_look(browser: Browser, field: Field, role: Role, status: int) -> None:
    assert browser(role).get(f"/waves/{field.wave}/fieldwork").status_code == status
