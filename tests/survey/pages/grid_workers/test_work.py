"""A grid worker's actions, and the work they record for them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from survey.outreach import ActionKind
from survey.roles import Role, Scope
from survey.store.database import Database
from survey.store.outreach_work import done_quantities
from survey.workflow.edit_outreach import cancel_action
from tests.survey.outreach_world import EVERYWHERE, GRIDS, WEST, World
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import PageClient

ENGLISH = {"Accept-Language": "en"}


def form(**changes: str) -> dict[str, str]:
    values = {"work": str(uuid4()), "grid": GRIDS[0], "day": "2026-05-19", "people": "2", "quantity": "20"}
    return values | changes


def address(world: World) -> str:
    return f"/work/{world.action(ActionKind.TELL).id}"


def test_they_begin_at_their_work_and_see_their_own_places_alone(worker: PageClient, world: World) -> None:
    assert worker.get("/").headers["Location"] == "/work"
    page = worker.page("/work")
    assert "东社区" in page.text
    assert "西社区" not in page.text
    assert "入户宣传" in page.text
    assert "居民说了什么、怎么看，不记" in page.text
    assert page.text.count("虚构数据") == 1, "the line above, and no mark at each wave"
    worker.page(f"/work/{world.action(ActionKind.TELL, WEST).id}", status=404)


def test_fixes_and_interviews_are_not_theirs(worker: PageClient, world: World) -> None:
    page = worker.page("/work")
    assert "问题整改" not in page.text
    assert "补充访问" not in page.text
    fix = f"/work/{world.action(ActionKind.FIX).id}"
    assert "整改由责任部门报告" in worker.page(fix).text
    assert worker.submit(fix, form(), page=address(world)).status_code == 409


def test_without_a_plan_the_page_says_when_there_will_be_one(
    signed_in: SignIn, world: World, sqlite_database: Database
) -> None:
    example.limit(sqlite_database, Role.GRID_WORKER, Scope(areas=frozenset({"330106009"})))
    assert "您负责的地区现在没有行动" in signed_in(Role.GRID_WORKER).page("/work").text


def test_work_is_recorded_once_however_often_it_is_sent(worker: PageClient, world: World) -> None:
    sent = form()
    for _ in range(2):
        assert worker.submit(address(world), sent, page=address(world)).status_code == 303
    page = worker.page(address(world) + "?work=1")
    assert "已记下" in page.text
    assert page.text.count("20户次，参加2人") == 1
    assert "进行中" in page.text
    with world.database.reading() as session:
        assert done_quantities(session, world.wave) == {world.action(ActionKind.TELL).id: 20}


def test_there_is_no_field_for_what_anybody_said(worker: PageClient, world: World) -> None:
    page = worker.page(address(world))
    assert not page.all("textarea")
    assert {field.get("name") for main in page.all("main") for field in main.all("input", "select")} == {
        "csrf_token", "work", "grid", "day", "people", "quantity",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": ""}, "日期"),
        ({"day": "2099-01-01"}, "今天或以前的日期"),
        ({"people": "0"}, "参加人数"),
        ({"quantity": "三十"}, "数量（写的是“三十”）：请填"),
        ({"work": "x"}, "表单不完整"),
    ],
)
def test_what_cannot_be_read_is_said_and_comes_back(
    worker: PageClient, world: World, changes: dict[str, str], said: str
) -> None:
    reply = worker.submit(address(world), form(**changes), page=address(world))
    assert reply.status_code == 422
    assert said in reply.text
    assert 'value="20"' in reply.text or "三十" in reply.text
    with world.database.reading() as session:
        assert not done_quantities(session, world.wave)


def test_more_than_the_plan_is_asked_about_before_it_is_stored(worker: PageClient, world: World) -> None:
    too_many = form(quantity="40")
    asked = worker.submit(address(world), too_many, page=address(world))
    assert asked.status_code == 422
    assert "不超过计划的29；现在一共40" in asked.text
    assert "我核对过，数量没有错" in asked.text
    assert worker.submit(address(world), too_many | {"sure": "yes"}, page=address(world)).status_code == 303
    with world.database.reading() as session:
        assert list(done_quantities(session, world.wave).values()) == [40]


def test_another_grid_is_out_of_reach(worker: PageClient, world: World) -> None:
    assert worker.submit(address(world), form(grid=GRIDS[1]), page=address(world)).status_code == 404
    assert GRIDS[1] not in worker.page(address(world)).text


def test_a_wrong_record_is_made_void_by_who_made_it_and_stays_readable(worker: PageClient, world: World) -> None:
    sent = form()
    worker.submit(address(world), sent, page=address(world))
    void = f"{address(world)}/{sent['work']}/void"
    assert worker.submit(void, {}, page=address(world)).status_code == 303
    page = worker.page(address(world) + "?voided=1")
    assert "这一条不再计入" in page.text
    assert "已作废" in page.text
    assert "记错了" not in page.text
    assert worker.submit(void, {}, page=address(world)).status_code == 409
    with world.database.reading() as session:
        assert not done_quantities(session, world.wave)


def test_a_cancelled_action_takes_no_more_work(worker: PageClient, world: World) -> None:
    before = worker.page(address(world))
    assert before.all("form")
    action = world.action(ActionKind.TELL)
    with world.database.writing() as session:
        cancel_action(
            session, action.id, revision=action.revision, scope=EVERYWHERE, at=datetime.now(UTC), by="official"
        )
    page = worker.page(address(world))
    assert "这项行动已取消" in page.text
    assert not page.all("textarea")
    reply = worker.submit(address(world), form(), page="/work")
    assert reply.status_code == 409


def test_in_english_too(worker: PageClient, world: World) -> None:
    listed = worker.get("/work", headers=ENGLISH)
    shown = worker.get(address(world), headers=ENGLISH)
    assert "Home outreach visit" in listed.text
    assert "Record work" in shown.text


def test_officials_and_canvassers_have_no_business_here(signed_in: SignIn, world: World) -> None:
    for role in (Role.OFFICIAL, Role.CANVASSER, Role.SUPERVISOR, Role.DEPARTMENT, Role.ADMINISTRATOR):
        assert signed_in(role).get("/work").status_code == 403
