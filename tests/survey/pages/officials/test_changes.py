"""与上一轮相比 on a wave's page: words that fit, no number where none may be, work for those who see plans."""

from datetime import date
from uuid import uuid4

import pytest

from analysis.publication import Change, ChangeFinding, NotCompared
from survey.outreach import ActionKind, Finding
from survey.roles import Role, Scope
from survey.store.changes import add_changes
from survey.store.database import Database
from survey.store.outreach_actions import NewAction, add_actions
from survey.store.outreach_plans import save_plan
from survey.store.outreach_work import Work, add_work
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import AT, EAST, WEST, World

EARLIER, LATER = 1, 2  # the runs of the example's two waves
SECTION = "与上一轮相比"


def change(indicator: str, area: str | None, finding: ChangeFinding, difference: float) -> Change:
    low, high = difference - 0.05, difference + 0.05
    return Change(
        indicator=indicator,
        area=area,
        level=0.95,
        finding=finding,
        difference=difference,
        low=low,
        high=high,
        p_value=0.01,
    )


def not_compared(indicator: str, area: str | None, reason: NotCompared) -> Change:
    return Change(indicator=indicator, area=area, level=0.95, reason=reason)


@pytest.fixture
def since(world: World, sqlite_database: Database) -> World:
    """The published wave compared with the other one, whose plan has 40 visits on record in the east."""
    with sqlite_database.writing() as session:
        add_changes(
            session,
            LATER,
            EARLIER,
            [
                change("IND_Q1", None, ChangeFinding.ROSE, 0.06),
                change("IND_Q2", None, ChangeFinding.NO_CHANGE, -0.01),
                *(not_compared(code, EAST, NotCompared.WITH_CARE) for code in ("IND_Q1", "IND_Q2")),
                *(not_compared(code, WEST, NotCompared.SUPPRESSED) for code in ("IND_Q1", "IND_Q2")),
            ],
        )
        plan = save_plan(session, wave_id=world.draft, run_id=EARLIER, budget_cny=None, at=AT, by="ganbu")
        (action,) = add_actions(
            session,
            plan.id,
            [
                NewAction(
                    run_id=EARLIER,
                    estimate_position=1,
                    kind=ActionKind.TELL,
                    finding=Finding.WITH_CARE,
                    indicator="IND_Q1",
                    area=EAST,
                    type_code="HOME_VISIT",
                    wanted=100,
                    quantity=100,
                    unit_cost_cny=1.0,
                    cost_assumed=True,
                    residents=None,
                )
            ],
            at=AT,
            by="ganbu",
        )
        work = Work(id=uuid4(), action_id=action, grid="", day=date(2026, 2, 20), people=2, quantity=40, at=AT, by="w")
        add_work(session, work)
    return world


def test_a_wave_without_one_before_it_says_nothing_of_change(signed_in: SignIn, world: World) -> None:
    text = signed_in(Role.OFFICIAL).page(f"/waves/{world.published}").text
    assert SECTION not in text
    assert "上升" not in text


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.STATISTICIAN])
def test_words_fit_what_was_found(signed_in: SignIn, since: World, role: Role) -> None:
    page = signed_in(role).page(f"/waves/{since.published}")
    (table,) = [table for table in page.all("table") if "change-table" in (table.get("class") or "")]
    rows = [row.text for row in table.all("tr")[1:]]
    assert len(rows) == 2
    assert "80.0% → 80.0%" in rows[0]
    assert "上升" in rows[0]
    assert "看不出变化" in rows[1]
    assert "上升" not in rows[1]
    assert "入户宣传40户次" in rows[0]
    assert "不说明它有效果" in page.text
    assert "上一轮是“2026年第1轮”" in page.text


def test_by_community_no_number_where_none_may_be(signed_in: SignIn, since: World) -> None:
    page = signed_in(Role.OFFICIAL).page(f"/waves/{since.published}")
    rows = {row.all("th")[0].text: row for row in page.all("tr") if "不能比较" in row.text}
    assert {"东风社区", "西湖社区"} <= rows.keys()
    assert [cell.text for cell in rows["西湖社区"].all("td")] == ["不能比较 样本不足", "不能比较 样本不足", "—"]
    assert "入户宣传40户次" in rows["东风社区"].text


def test_of_one_area_its_own_alone(signed_in: SignIn, since: World, sqlite_database: Database) -> None:
    example.limit(sqlite_database, Role.OFFICIAL, Scope(areas=frozenset({WEST})))
    text = signed_in(Role.OFFICIAL).page(f"/waves/{since.published}").text
    assert "不能与上一轮比较：有一轮样本不足，没有数字。" in text
    assert "入户宣传" not in text
    assert "东风社区" not in text


def test_work_is_for_those_who_see_plans(signed_in: SignIn, since: World) -> None:
    for role in (Role.ADMINISTRATOR, Role.SUPERVISOR):
        page = signed_in(role).page(f"/waves/{since.published}")
        assert "上升" in page.text
        assert "入户宣传" not in page.text
        assert "效果" not in page.text


def test_in_english(signed_in: SignIn, since: World) -> None:
    text = signed_in(Role.OFFICIAL).get(f"/waves/{since.published}", headers={"Accept-Language": "en"}).text
    assert "Since the last wave" in text
    assert "rose by" in text
    assert "no change seen" in text
    assert "it shows no effect" in text
