"""One action of a plan: what asked for it, changing it, two people at once, cancelling, comments, history, work."""

from uuid import UUID

import pytest

from survey.outreach import ActionKind, ActionStatus
from survey.roles import Role
from survey.store.database import Database
from survey.store.outreach_actions import OutreachAction
from survey.workflow.record_outreach_work import record_outreach_work
from tests.survey.outreach_world import (
    AT,
    EAST,
    EAST_ONLY,
    EVERYWHERE,
    GRIDS,
    SMALL_GRID,
    TODAY,
    WEST,
    World,
    planned_world,
)
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import Element, PageClient, read_html


@pytest.fixture
def outreach(sqlite_database: Database) -> World:
    """A published wave with its plan, and accounts of every role."""
    example.open_accounts(sqlite_database)
    return planned_world(sqlite_database)


@pytest.fixture
def action(outreach: World) -> OutreachAction:
    return outreach.action(ActionKind.TELL)


@pytest.fixture
def official(signed_in: SignIn, outreach: World) -> PageClient:
    return signed_in(Role.OFFICIAL)


def address(world: World, action: OutreachAction) -> str:
    return f"/waves/{world.wave}/outreach/{action.id}"


def form_of(page: Element) -> dict[str, str]:
    """The fields of the form as a browser would send them."""
    form = next(form for form in page.all("form") if form.all("select") and form.get("method") == "post")
    sent = {field.get("name"): field.get("value") for field in form.all("input") if field.get("name") != "csrf_token"}
    for select in form.all("select"):
        options = select.all("option")
        chosen = [option for option in options if "selected" in option.attributes] or options[:1]
        sent[select.get("name")] = chosen[0].get("value")
    for area in form.all("textarea"):
        sent[area.get("name")] = "".join(piece for piece in area.pieces if isinstance(piece, str)).removeprefix("\n")
    return sent


def save(browser: PageClient, where: str, form: dict[str, str]) -> int:
    return browser.submit(where, form, page=where).status_code


def test_an_action_says_what_asked_for_it_and_where_to_look(
    official: PageClient, outreach: World, action: OutreachAction
) -> None:
    page = official.page(address(outreach, action))
    assert page.all("h1")[0].text == "东社区：入户宣传"
    assert "知晓率62%（54%–70%），明显低于目标80%；离目标约差360名居民（200–520）。" in page.text
    assert "95%置信区间" in page.text
    assert f"/waves/{outreach.wave}?area={EAST}" in [link.get("href") for link in page.all("a")]
    assert "由计划提出" in page.text


def test_places_are_grids_and_estates_of_the_community_never_homes(
    official: PageClient, outreach: World, action: OutreachAction
) -> None:
    page = official.page(address(outreach, action))
    places = next(select for select in page.all("select") if select.get("name") == "place")
    assert [option.get("value") for option in places.all("option")] == ["", *GRIDS, "平安里", "幸福小区"]
    form = form_of(page)
    for place in (SMALL_GRID, "独栋", "101", WEST):
        assert save(official, address(outreach, action), form | {"place": place}) == 422
    assert save(official, address(outreach, action), form | {"place": "平安里"}) == 303
    assert official.page(address(outreach, action)).all("h1")[0].text == "东社区 · 平安里：入户宣传"


def test_every_field_is_kept_and_stands_in_the_history(
    official: PageClient, outreach: World, action: OutreachAction
) -> None:
    where = address(outreach, action)
    told = {
        "quantity": "25",
        "status": "in_progress",
        "place": GRIDS[0],
        "department": "宣传办",
        "start": "2026-05-21",
        "end": "2099-06-30",
        "leader": "邓军",
        "owner": "张勤华",
        "unit_cost": "4.50",
        "budget": "1,000",
        "spent": "12.5",
        "evidence": "台账\r\n照片",
        "result": "已进门",
    }
    assert save(official, where, form_of(official.page(where)) | told) == 303
    page = official.page(f"{where}?told=saved")
    assert "已保存。" in page.text
    assert form_of(page) | told | {"evidence": "台账\n照片", "budget": "1000", "spent": "12.50"} == form_of(page)
    history = [row.text for row in page.all("table")[-1].all("tr")]
    for change in (
        "计划数量：29 → 25",
        "状态：未开始 → 进行中",
        f"地点：整个社区 → {GRIDS[0]}",
        "责任人：（空） → 张勤华",
        "开始日期：（空） → 2026年5月21日",
        "单价（元）：5 → 4.5",
        "单价为假定：是 → 否",
    ):
        assert any(change in line for line in history), change
    assert all("ganbu" in line for line in history[1:-1])
    assert "进行中" in page.all("strong")[0].text


def test_nothing_touched_is_nothing_changed(official: PageClient, outreach: World, action: OutreachAction) -> None:
    where = address(outreach, action)
    assert save(official, where, form_of(official.page(where))) == 303
    assert outreach.action(ActionKind.TELL) == action


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "-1"),
        ("quantity", "many"),
        ("quantity", "9" * 12),
        ("start", "tomorrow"),
        ("budget", "-5"),
        ("spent", "1.234"),
        ("owner", "x" * 61),
        ("result", "x" * 501),
        ("result", "电话13800138000"),
        ("status", "cancelled"),
        ("status", "overdue"),
        ("type", "ISSUE_FIX"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(
    official: PageClient, outreach: World, action: OutreachAction, field: str, value: str
) -> None:
    where = address(outreach, action)
    form = form_of(official.page(where)) | {"leader": "邓军", field: value}
    response = official.submit(where, form, page=where)
    assert response.status_code == 422
    assert "没有保存，请改一下" in response.text
    assert 'value="邓军"' in response.text
    assert outreach.action(ActionKind.TELL) == action


def test_dates_in_the_wrong_order_are_refused(official: PageClient, outreach: World, action: OutreachAction) -> None:
    where = address(outreach, action)
    form = form_of(official.page(where)) | {"start": "2026-06-02", "end": "2026-06-01"}
    response = official.submit(where, form, page=where)
    assert response.status_code == 422
    assert "截止日期" in response.text


def test_two_people_at_once_lose_nothing(
    signed_in: SignIn, official: PageClient, outreach: World, action: OutreachAction
) -> None:
    where = address(outreach, action)
    first = form_of(official.page(where))
    second = dict(first)
    assert save(official, where, first | {"owner": "张勤华", "leader": "邓军"}) == 303
    response = official.submit(where, second | {"owner": "李四", "result": "第二个人写的"}, page=where)
    assert response.status_code == 409
    assert "刚被别人修改过" in response.text
    assert "别人已经改成：张勤华" in response.text
    page = read_html(response.text)[0]
    again = form_of(page)
    # Mine where both wrote, theirs where I had touched nothing, and what only I wrote.
    assert (again["owner"], again["leader"], again["result"]) == ("李四", "邓军", "第二个人写的")
    stored = outreach.action(ActionKind.TELL)
    assert (stored.owner, stored.result) == ("张勤华", "")
    assert save(official, where, again) == 303
    stored = outreach.action(ActionKind.TELL)
    assert (stored.owner, stored.leader, stored.result) == ("李四", "邓军", "第二个人写的")
    history = official.page(where).text
    assert "责任人：张勤华 → 李四" in history
    assert "责任人：（空） → 张勤华" in history


def test_cancelling_asks_and_can_be_taken_back(official: PageClient, outreach: World, action: OutreachAction) -> None:
    where = address(outreach, action)
    form = form_of(official.page(where))
    assert save(official, where, form | {"status": "in_progress"}) == 303
    revision = {"revision": str(outreach.action(ActionKind.TELL).revision)}
    assert official.submit(f"{where}/cancel", revision, page=where).status_code == 422
    assert outreach.action(ActionKind.TELL).status is ActionStatus.IN_PROGRESS
    assert official.submit(f"{where}/cancel", revision | {"confirm": "yes"}, page=where).status_code == 303
    page = official.page(where)
    assert "取消" in page.all("strong")[0].text
    assert not [select for select in page.all("select") if select.get("name") == "status"]
    assert save(official, where, form | {"owner": "x"}) == 409
    assert official.submit(f"{where}/cancel", revision | {"confirm": "yes"}, page=where).status_code == 409
    revision = {"revision": str(outreach.action(ActionKind.TELL).revision)}
    assert official.submit(f"{where}/restore", revision, page=where).status_code == 303
    assert outreach.action(ActionKind.TELL).status is ActionStatus.IN_PROGRESS
    assert official.submit(f"{where}/restore", revision, page=where).status_code == 409


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.DEPARTMENT, Role.GRID_WORKER])
def test_comments_stay_under_their_writers_name(
    signed_in: SignIn, outreach: World, action: OutreachAction, role: Role
) -> None:
    browser, where = signed_in(role), address(outreach, action)
    text = "<b>周五</b>再去一次"
    assert browser.submit(f"{where}/comments", {"comment": text}, page=where).status_code == 303
    page = browser.page(where)
    assert text in page.text
    assert example.NAMES[role] in page.text
    for refused in ("", "x" * 501, "电话 13800138000"):
        response = browser.submit(f"{where}/comments", {"comment": refused}, page=where)
        assert response.status_code == 422
        assert refused in response.text


def test_readers_change_nothing(signed_in: SignIn, outreach: World, action: OutreachAction) -> None:
    browser, where = signed_in(Role.LEADER), address(outreach, action)
    page = browser.page(where)
    assert "62%" in page.text
    assert not page.all("select", "textarea")
    for target in (where, f"{where}/cancel", f"{where}/restore", f"{where}/comments"):
        assert browser.submit(target, {"confirm": "yes", "comment": "x"}, page=where).status_code == 403
    assert outreach.action(ActionKind.TELL) == action


def test_out_of_reach_is_not_there(signed_in: SignIn, outreach: World, action: OutreachAction) -> None:
    example.limit(outreach.database, Role.OFFICIAL, EAST_ONLY)
    browser, west = signed_in(Role.OFFICIAL), outreach.action(ActionKind.TELL, WEST)
    assert browser.page(address(outreach, action)).all("form")
    hidden = browser.page(address(outreach, west), status=404)
    absent = browser.page(f"/waves/{outreach.wave}/outreach/99999", status=404)
    assert hidden.text.replace(str(west.id), "N") == absent.text.replace("99999", "N")
    for ending in ("", "/cancel", "/restore", "/comments"):
        form = {"confirm": "yes", "comment": "x", "revision": "1"}
        target = f"{address(outreach, west)}{ending}"
        assert browser.submit(target, form, page=address(outreach, action)).status_code == 404
    assert browser.get(f"/waves/{outreach.wave + 1}/outreach/{action.id}").status_code == 404
    assert outreach.action(ActionKind.TELL, WEST) == west


def test_work_is_shown_by_grid(official: PageClient, outreach: World, action: OutreachAction) -> None:
    with outreach.database.writing() as session:
        for number, (grid, day, people, quantity) in enumerate(
            [(GRIDS[0], "2026-05-18", "2", "5"), (GRIDS[0], "2026-05-19", "2", "4"), (GRIDS[1], "2026-05-19", "1", "3")]
        ):
            texts = {"grid": grid, "day": day, "people": people, "quantity": quantity}
            record_outreach_work(
                session, action.id, texts, work_id=UUID(int=number), scope=EVERYWHERE, today=TODAY, at=AT, by="wangge"
            )
    page = official.page(address(outreach, action))
    assert "已做12 / 29户次（41%）" in page.text
    lines = [row.text for row in page.all("table")[0].all("tr")]
    assert lines[1] == f"{GRIDS[0]} 日期2026年5月18日至2026年5月19日 人次4 数量9户次"
    assert lines[2] == f"{GRIDS[1]} 日期2026年5月19日 人次1 数量3户次"
    assert "状态：未开始 → 进行中" in page.text


def test_nonsense_in_the_address_or_the_form_breaks_nothing(
    official: PageClient, outreach: World, action: OutreachAction
) -> None:
    where = address(outreach, action)
    assert official.page(f"{where}?told=nonsense").all("h1")
    form = form_of(official.page(where))
    for revision in ("", "x", "-1", "99999999999"):
        assert save(official, where, form | {"revision": revision, "owner": "y"}) == 409
    assert save(official, where, form | {"type": "NOTHING"}) == 422
    assert outreach.action(ActionKind.TELL) == action
