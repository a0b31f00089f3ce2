"""The administrator's list of accounts, adding one, changing one, closing one."""

import pytest
from werkzeug.test import TestResponse

from survey.roles import CanvasserType, Role, Scope
from survey.store import accounts
from survey.store.accounts import Account
from survey.store.database import Database
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import EAST, NAMES, World
from tests.survey.pages.page_client import PageClient, read_html

ENGLISH = {"Accept-Language": "en"}
ADDED = {"name": "fang01", "full_name": "王芳", "role": "canvasser", "canvasser_type": "student"}


@pytest.fixture
def administrator(signed_in: SignIn, world: World) -> PageClient:
    return signed_in(Role.ADMINISTRATOR)


def account_of(database: Database, name: str) -> Account:
    with database.reading() as session:
        found = accounts.find_account(session, name)
    assert found is not None
    return found[0]


def send(browser: PageClient, address: str, form: dict[str, str]) -> TestResponse:
    return browser.submit(address, form, page=address)


def names(browser: PageClient, address: str) -> list[str]:
    tables = browser.page(address).all("table")
    return [row.all("th")[0].text for row in tables[0].all("tr")[1:]] if tables else []


def test_the_site_begins_with_the_accounts_for_those_who_manage_them(administrator: PageClient) -> None:
    assert administrator.get("/").location == "/accounts"
    assert "账号管理" in [link.text for link in administrator.page("/accounts").all("nav")[0].all("a")]


def test_the_list_can_be_narrowed_by_role_and_state(administrator: PageClient, sqlite_database: Database) -> None:
    assert names(administrator, "/accounts") == sorted([*NAMES.values(), "beiyong"])
    assert names(administrator, "/accounts?role=official") == ["beiyong", NAMES[Role.OFFICIAL]]
    with sqlite_database.writing() as session:
        accounts.set_active(session, account_of(sqlite_database, "beiyong").id, False)
    assert names(administrator, "/accounts?state=closed") == ["beiyong"]
    assert names(administrator, "/accounts?role=official&state=active") == [NAMES[Role.OFFICIAL]]
    assert "没有符合条件的账号" in administrator.page("/accounts?state=waiting").text
    assert len(names(administrator, "/accounts?role=king&state=x")) == len(NAMES) + 1, "nonsense narrows nothing"


def test_adding_an_account_shows_its_card_once(administrator: PageClient, sqlite_database: Database) -> None:
    form = {**ADDED, "areas": f"东风社区、{EAST}", "ties": "西湖社区", "waves": "1"}
    response = send(administrator, "/accounts/new", form)
    assert response.status_code == 200
    page = read_html(response.text)[0]
    (card,) = [element for element in page.walk() if element.get("class") == "accounts-card"]
    for told in ("王芳", "fang01", "访员", "/activate", "有效期至"):
        assert told in card.text
    account = account_of(sqlite_database, "fang01")
    assert (account.full_name, account.canvasser_type, account.activated) == ("王芳", CanvasserType.STUDENT, False)
    assert account.scope == Scope(areas=frozenset({EAST}), waves=frozenset({1}))
    assert account.ties == {"441800001002"}
    again = send(administrator, "/accounts/new", form)
    assert again.status_code == 422
    assert "已经存在" in again.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "账号名"),
        ({"name": "wang fang"}, "账号名"),
        ({"role": ""}, "请选择角色"),
        ({"role": "king"}, "请选择角色"),
        ({"canvasser_type": "doctor"}, "请选择访员类型"),
        ({"areas": "北山社区"}, "负责地区“北山社区”不能用"),
        ({"waves": "999"}, "负责轮次“999”不能用"),
        ({"waves": "一"}, "请从列表里选择轮次"),
        ({"ties": "北山"}, "所属社区“北山”不能用"),
        ({"full_name": "王" * 65}, "姓名"),
    ],
)
def test_a_form_that_cannot_be_keeps_what_was_typed(
    administrator: PageClient, sqlite_database: Database, changes: dict[str, str], said: str
) -> None:
    response = send(administrator, "/accounts/new", {**ADDED, **changes})
    assert response.status_code == 422
    assert said in response.text
    page = read_html(response.text)[0]
    assert "王" in next(field.get("value") for field in page.all("input") if field.get("id") == "full_name")
    with sqlite_database.reading() as session:
        assert accounts.count_accounts(session) == len(NAMES) + 1


def test_every_error_of_a_form_is_told_at_once_and_beside_its_field(administrator: PageClient) -> None:
    wrong = {"name": "", "role": "", "areas": "北山社区、南山社区", "ties": "北山"}
    page = read_html(send(administrator, "/accounts/new", {**ADDED, **wrong}).text)[0]
    summary = next(one for one in page.all("div") if one.get("class") == "govuk-error-summary")
    assert [link.get("href") for link in summary.all("a")] == ["#name", "#role", "#areas", "#ties"]
    marked = [
        one.get("id") for kind in ("input", "select", "textarea") for one in page.all(kind) if one.get("aria-invalid")
    ]
    assert sorted(filter(None, marked)) == ["areas", "name", "role", "ties"]
    beside = [one.get("id") for one in page.all("p") if one.get("class") == "govuk-error-message"]
    assert beside == ["name-problem", "role-problem", "areas-problem", "ties-problem"]


def test_a_name_in_use_is_told_beside_the_name(administrator: PageClient) -> None:
    response = send(administrator, "/accounts/new", {**ADDED, "name": NAMES[Role.OFFICIAL]})
    assert response.status_code == 422
    assert 'id="name-problem"' in response.text


def test_changing_an_account_ends_its_sessions(
    administrator: PageClient, signed_in: SignIn, sqlite_database: Database
) -> None:
    official = signed_in(Role.OFFICIAL)
    address = f"/accounts/{account_of(sqlite_database, NAMES[Role.OFFICIAL]).id}"
    form = {"full_name": "李明", "role": "leader", "areas": EAST, "canvasser_type": "student"}
    assert send(administrator, address, form).location == f"{address}?saved=1"
    shown = administrator.page(f"{address}?saved=1")
    assert "已保存" in shown.text
    assert "东风社区" in shown.text
    changed = account_of(sqlite_database, NAMES[Role.OFFICIAL])
    assert (changed.role, changed.full_name, changed.canvasser_type) == (Role.LEADER, "李明", None)
    assert official.get("/waves").status_code == 303


def test_the_header_names_the_reader_on_the_page_of_another(administrator: PageClient, world: World) -> None:
    for address in (f"/accounts/{world.spare_account}", f"/accounts/{world.spare_account}/state"):
        assert NAMES[Role.ADMINISTRATOR] in administrator.page(address).all("header")[0].text


def test_nobody_changes_their_own_role_or_closes_themselves(
    administrator: PageClient, sqlite_database: Database
) -> None:
    address = f"/accounts/{account_of(sqlite_database, NAMES[Role.ADMINISTRATOR]).id}"
    refused = send(administrator, address, {"role": "leader"})
    assert refused.status_code == 422
    assert "不能更改自己的角色" in refused.text
    page = administrator.page(address)
    assert "停用账号" not in page.text
    refused = send(administrator, f"{address}/state", {"active": "no"})
    assert refused.status_code == 422
    assert "不能停用自己的账号" in refused.text
    assert account_of(sqlite_database, NAMES[Role.ADMINISTRATOR]).active


def test_closing_asks_first_and_can_be_undone(
    administrator: PageClient, signed_in: SignIn, sqlite_database: Database
) -> None:
    official = signed_in(Role.OFFICIAL)
    address = f"/accounts/{account_of(sqlite_database, NAMES[Role.OFFICIAL]).id}/state"
    assert "停用" in administrator.page(address).all("h1")[0].text
    assert official.get("/waves").status_code == 200, "asking changes nothing"
    assert send(administrator, address, {}).status_code == 303
    assert official.get("/waves").status_code == 200, "neither does a form that says nothing"
    assert send(administrator, address, {"active": "no"}).status_code == 303
    assert official.get("/waves").status_code == 303
    assert official.sign_in(NAMES[Role.OFFICIAL], "correct horse battery").status_code == 422
    assert "重新启用" in administrator.page(address).all("h1")[0].text
    assert send(administrator, address, {"active": "yes"}).status_code == 303
    assert official.sign_in(NAMES[Role.OFFICIAL], "correct horse battery").status_code == 303


def test_an_account_that_is_not_there(administrator: PageClient) -> None:
    for address in ("/accounts/999", "/accounts/999/state", "/accounts/999/reset"):
        assert administrator.get(address).status_code == 404
        assert administrator.submit(address, ADDED, page="/accounts").status_code == 404


def test_names_of_people_stay_words_and_only_administrators_see_them(
    administrator: PageClient, signed_in: SignIn
) -> None:
    name = "<script>alert(1)</script>"
    send(administrator, "/accounts/new", {**ADDED, "full_name": name})
    assert name in administrator.page("/accounts").text
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert signed_in(role).get("/accounts").status_code == 403


def test_everything_is_there_in_english(administrator: PageClient, world: World) -> None:
    for address in ("/accounts", "/accounts/new", f"/accounts/{world.spare_account}", "/accounts/import"):
        assert '<html lang="en"' in administrator.get(address, headers=ENGLISH).text
