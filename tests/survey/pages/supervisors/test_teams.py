"""A supervisor draws teams and dates, reads who is recused and why, saves the record, draws again with a reason."""

import json

import pytest

from survey.roles import Role, Scope
from survey.store.accounts import find_account, set_active
from survey.store.database import Database
from survey.store.team_draws import drop_team_documents
from survey.workflow.assign_cases import assign_cases
from tests.survey.drawn_wave import AT, EAST, WEST, add_canvasser, drawn_wave, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn

FORM = {
    "size": "2",
    "per_day": "5",
    "first": "2026-05-06",
    "last": "2026-05-12",
    "without": "2026-05-09，2026-05-10",
    "reason": "",
    "confirm": "yes",
}


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    """Drawn and approved; canvassers 甲, 乙, 丙, and 本地 who belongs to the east."""
    example.open_accounts(sqlite_database)
    made = drawn_wave(sqlite_database)
    for name in ("甲", "乙", "丙"):
        add_canvasser(sqlite_database, name)
    add_canvasser(sqlite_database, "本地", ties=[EAST])
    with sqlite_database.writing() as session:
        account = find_account(session, example.NAMES[Role.CANVASSER])
        assert account is not None
        set_active(session, account[0].id, False)
    return made


def address(wave: int) -> str:
    return f"/waves/{wave}/teams"


def test_teams_are_drawn_and_shown(signed_in: SignIn, wave: int) -> None:
    browser = signed_in(Role.SUPERVISOR)
    assert "抽队伍和日期" in browser.page(address(wave)).text
    response = browser.submit(address(wave), FORM, page=address(wave))
    assert (response.status_code, response.location) == (303, f"{address(wave)}?drawn=1")
    page = browser.page(response.location)
    assert "已抽出 2 支队、2 个社区。" in page.text
    assert f"/waves/{wave}/assignments" in [
        link.get("href") for link in page.all("main")[0].all("a") if "接着" in link.text
    ]
    (table,) = page.all("table")
    assert "东风社区" in table.text
    assert "2026-05-09" not in table.text
    (recused,) = [one.text for one in page.all("li") if "回避" in one.text]
    assert "回避：与该社区有关联（东风社区）" in recused
    assert "以前的抽签" not in [one.text for one in page.all("h2")]


def test_the_record_is_saved_as_it_is_kept(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    assert browser.get(f"{address(wave)}/record").status_code == 409
    browser.submit(address(wave), FORM, page=address(wave))
    response = browser.get(f"{address(wave)}/record")
    assert response.headers["Content-Disposition"] == "attachment; filename=teams-1-1.json"
    record = json.loads(response.text)
    assert {place for team in record["teams"] for place in team["visits"]} == {EAST, WEST}
    assert "甲" not in response.text, "people are numbers"
    with sqlite_database.writing() as session:
        drop_team_documents(session, wave)
    page = browser.page(address(wave))
    assert "只留下数目和摘要" in page.text
    assert not page.all("table")


def test_again_needs_a_reason(signed_in: SignIn, wave: int) -> None:
    browser = signed_in(Role.SUPERVISOR)
    browser.submit(address(wave), FORM, page=address(wave))
    response = browser.submit(address(wave), FORM, page=address(wave))
    assert response.status_code == 409
    assert "重抽要写明理由" in response.text
    done = browser.submit(address(wave), {**FORM, "reason": "一名队员离职"}, page=address(wave))
    assert done.status_code == 303
    page = browser.page(address(wave))
    assert "以前的抽签" in [one.text for one in page.all("h2")]
    assert "一名队员离职" in page.text


@pytest.mark.parametrize(
    ("changes", "status", "what"),
    [
        ({"confirm": ""}, 422, "请先勾选确认"),
        ({"size": "二"}, 422, "每队人数得到“二”"),
        ({"size": "1"}, 422, "每队人数应为 2 到 20"),
        ({"first": ""}, 422, "请填写开始日和结束日"),
        ({"last": "5月"}, 422, "得到的日期是“5月”"),
        ({"without": "2026-06-01"}, 422, "2026-06-01 不在"),
        ({"per_day": "1"}, 409, "可用的只有 5 天"),
        ({"size": "4"}, 409, "1 个社区没有可去的队"),
    ],
)
def test_what_cannot_be_drawn(signed_in: SignIn, wave: int, changes: dict[str, str], status: int, what: str) -> None:
    browser = signed_in(Role.SUPERVISOR)
    response = browser.submit(address(wave), {**FORM, **changes}, page=address(wave))
    assert response.status_code == status
    assert what in response.text
    assert f'value="{({**FORM, **changes})["per_day"]}"' in response.text, "what was typed is still there"


def test_before_the_draw_and_after_the_cases_are_dealt(signed_in: SignIn, sqlite_database: Database) -> None:
    example.open_accounts(sqlite_database)
    wave = open_wave_with_units(sqlite_database)
    browser = signed_in(Role.SUPERVISOR)
    assert "还不能抽" in browser.page(address(wave)).text
    dealt = drawn_wave(sqlite_database)
    for name in ("甲", "乙"):
        add_canvasser(sqlite_database, name)
    with sqlite_database.writing() as session:
        assign_cases(session, dealt, at=AT, by="dudao")
    page = browser.page(address(dealt))
    assert "队伍要在分派之前抽" in page.text
    assert not [one for one in page.all("button") if "抽" in one.text]


def test_who_is_responsible_for_one_community(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    signed_in(Role.STATISTICIAN).submit(address(wave), FORM, page=address(wave))
    example.limit(sqlite_database, Role.SUPERVISOR, Scope(areas=frozenset({WEST})))
    browser = signed_in(Role.SUPERVISOR)
    page = browser.page(address(wave))
    assert "西湖社区" in page.text
    assert "东风社区" not in page.text
    assert "重抽" not in page.text
    assert browser.submit(address(wave), FORM, page="/waves").status_code == 403
    assert browser.get(f"{address(wave)}/record").status_code == 409


@pytest.mark.parametrize("role", [Role.CANVASSER, Role.OFFICIAL, Role.LEADER, Role.GRID_WORKER, Role.ADMINISTRATOR])
def test_nobody_else_sees_them(signed_in: SignIn, wave: int, sqlite_database: Database, role: Role) -> None:
    if role is Role.CANVASSER:
        with sqlite_database.writing() as session:
            account = find_account(session, example.NAMES[role])
            assert account is not None
            set_active(session, account[0].id, True)
    assert signed_in(role).get(address(wave)).status_code == 403
