"""What departments are asked to mend, and how they report on it."""

from datetime import UTC, datetime

import pytest

from survey.outreach import ActionKind, ActionStatus
from survey.roles import Role, Scope
from survey.store.database import Database
from survey.store.outreach_actions import OutreachAction
from survey.workflow.edit_outreach import cancel_action
from tests.survey.outreach_world import EVERYWHERE, WEST, World, planned_world
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import PageClient

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def world(sqlite_database: Database) -> World:
    example.open_accounts(sqlite_database)
    return planned_world(sqlite_database)


@pytest.fixture
def department(world: World, signed_in: SignIn) -> PageClient:
    return signed_in(Role.DEPARTMENT)


def fix(world: World) -> OutreachAction:
    return world.action(ActionKind.FIX)


def send(browser: PageClient, world: World, **changes: str) -> int:
    action = fix(world)
    values = {"revision": str(action.revision), "status": "in_progress", "result": "", "evidence": "", "spent": ""}
    path = f"/fixes/{action.id}"
    return browser.submit(path, values | changes, page=path).status_code


def test_they_begin_at_their_fixes_and_see_what_asked_for_them(department: PageClient, world: World) -> None:
    assert department.get("/").headers["Location"] == "/fixes"
    page = department.page("/fixes")
    assert "明显低于目标80%" in page.text
    assert "不要劝说居民改变看法" in page.text
    assert "虚构数据：" in page.text
    assert "入户宣传" not in page.text
    other = world.action(ActionKind.TELL)
    department.page(f"/fixes/{other.id}", status=404)


def test_progress_is_stored(department: PageClient, world: World) -> None:
    assert send(department, world, status="done", result="划了车位", spent="1,200.50") == 303
    stored = fix(world)
    assert (stored.status, stored.result, stored.spent_cny) == (ActionStatus.DONE, "划了车位", 1200.5)
    page = department.page(f"/fixes/{stored.id}?saved=1")
    assert "已保存" in page.text
    assert "已完成" in page.text
    assert "已做1 / 1件（100%）" in page.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "done"}, "结果"),
        ({"status": "cancelled"}, "状态"),
        ({"spent": "很多"}, "已支出"),
        ({"result": "张三 13800138000 不满意"}, "没有电话"),
        ({"result": "x" * 501}, "不超过500字"),
    ],
)
def test_what_cannot_be_stored_is_said_and_comes_back(
    department: PageClient, world: World, changes: dict[str, str], said: str
) -> None:
    action = fix(world)
    values = {"revision": str(action.revision), "status": "in_progress", "result": "划线", "evidence": "", "spent": ""}
    if changes.get("status") == "done":
        values["result"] = ""
    path = f"/fixes/{action.id}"
    reply = department.submit(path, values | changes, page=path)
    assert reply.status_code == 422
    assert said in reply.text
    field = "result" if changes.get("status") == "done" else next(iter(changes))
    assert f'<a href="#{field}">' in reply.text
    assert f'id="{field}-problem"' in reply.text
    assert 'aria-invalid="true"' in reply.text
    assert fix(world).revision == action.revision


def test_two_people_at_once_lose_nothing(department: PageClient, world: World) -> None:
    before = fix(world)
    send(department, world, status="in_progress", result="先划线")
    path = f"/fixes/{before.id}"
    late = {"revision": str(before.revision), "status": "done", "result": "装了灯", "evidence": "", "spent": ""}
    reply = department.submit(path, late, page=path)
    assert reply.status_code == 409
    assert "装了灯" in reply.text
    assert "现在保存的是：先划线" in reply.text
    assert fix(world).result == "先划线"
    revision = str(fix(world).revision)
    assert f'name="revision" value="{revision}"' in reply.text


def test_a_cancelled_fix_has_no_form(department: PageClient, world: World) -> None:
    action = fix(world)
    with world.database.writing() as session:
        cancel_action(session, action.id, revision=action.revision, scope=EVERYWHERE, at=datetime.now(UTC), by="wang")
    page = department.page(f"/fixes/{action.id}")
    assert "这项行动已取消" in page.text
    assert not page.all("textarea")


def test_out_of_reach_is_not_there(world: World, signed_in: SignIn, sqlite_database: Database) -> None:
    example.limit(sqlite_database, Role.DEPARTMENT, Scope(areas=frozenset({WEST})))
    browser = signed_in(Role.DEPARTMENT)
    assert "现在没有整改事项" in browser.page("/fixes").text
    browser.page(f"/fixes/{fix(world).id}", status=404)


def test_in_english_too(department: PageClient, world: World) -> None:
    reply = department.get("/fixes", headers=ENGLISH)
    shown = department.get(f"/fixes/{fix(world).id}", headers=ENGLISH)
    assert "clearly below the target" in reply.text
    assert "Report progress" in shown.text


def test_officials_have_no_business_here(signed_in: SignIn, world: World) -> None:
    for role in (Role.OFFICIAL, Role.GRID_WORKER, Role.SUPERVISOR):
        assert signed_in(role).get("/fixes").status_code == 403
