"""Tables of accounts, and the cards that come of them."""

import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from survey.files.account_file import template_workbook
from survey.roles import Role
from survey.store import accounts
from survey.store.database import Database
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import NAMES, World
from tests.survey.pages.page_client import PageClient, read_html

CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


@pytest.fixture
def administrator(signed_in: SignIn, world: World) -> PageClient:
    return signed_in(Role.ADMINISTRATOR)


def table(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def upload(browser: PageClient, data: bytes | None, name: str = "accounts.xlsx") -> TestResponse:
    tokens = [i.get("value") for i in browser.page("/accounts/import").all("input") if i.get("name") == "csrf_token"]
    form: dict[str, object] = {"csrf_token": tokens[0]}
    if data is not None:
        form["file"] = (io.BytesIO(data), name)
    return browser.post("/accounts/import", data=form, content_type="multipart/form-data")


def codes(response: TestResponse) -> list[str]:
    return CODE.findall(response.text)


def test_a_table_becomes_cards_eight_on_a_sheet(administrator: PageClient, sqlite_database: Database) -> None:
    rows = [("账号", "姓名", "角色", "访员类型")] + [(f"fang{n}", f"王{n}", "访员", "学生") for n in range(9)]
    response = upload(administrator, table(*rows))
    assert response.status_code == 200
    assert len(set(codes(response))) == 9
    sheets = [e for e in read_html(response.text)[0].walk() if e.get("class") == "accounts-cards"]
    assert [len(sheet.all("li")) for sheet in sheets] == [8, 1]
    assert "no-store" in response.headers["Cache-Control"]
    with sqlite_database.reading() as session:
        assert len(accounts.list_accounts(session, Role.CANVASSER)) == 10
    assert "9 个待激活" in administrator.page("/accounts").text


def test_one_bad_row_and_nothing_is_made(administrator: PageClient, sqlite_database: Database) -> None:
    response = upload(administrator, table(("账号", "角色"), ("fang1", "访员"), ("admin", "国王")))
    assert response.status_code == 422
    rows = [row.text for row in read_html(response.text)[0].all("table")[0].all("tr")[1:]]
    assert len(rows) == 2
    assert "国王" in rows[0]
    assert "admin" in rows[1]
    assert not codes(response)
    with sqlite_database.reading() as session:
        assert accounts.count_accounts(session) == len(NAMES) + 1


@pytest.mark.parametrize("data", [None, b"", b"\xff\xd8\xff\xe0 a photo", b"PK\x03\x04 broken", "账号\n".encode()])
def test_what_is_no_table_is_told(administrator: PageClient, data: bytes | None) -> None:
    response = upload(administrator, data)
    assert response.status_code == 422
    assert "没有导入" in response.text


def test_hundreds_of_problems_are_counted(administrator: PageClient) -> None:
    lines = ["账号,角色", *(f"a{number},国王" for number in range(300))]
    response = upload(administrator, "\n".join(lines).encode(), "accounts.csv")
    assert len(read_html(response.text)[0].all("table")[0].all("tr")) == 201
    assert "还有 100 处没有列出" in response.text


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_template_can_be_filled_and_read_again(
    administrator: PageClient, sqlite_database: Database, language: str
) -> None:
    book = load_workbook(io.BytesIO(template_workbook(language)))
    book.worksheets[0].append(["fang1", "王芳", "canvasser", "student", "441800001001", "1", "441800001002"])
    written = io.BytesIO()
    book.save(written)
    assert len(codes(upload(administrator, written.getvalue()))) == 1
    with sqlite_database.reading() as session:
        found = accounts.find_account(session, "fang1")
    assert found is not None
    assert (found[0].scope.areas, found[0].ties) == ({"441800001001"}, {"441800001002"})


def test_the_template_is_offered(administrator: PageClient) -> None:
    response = administrator.get("/accounts/template.xlsx")
    assert response.headers["Content-Disposition"] == "attachment; filename=accounts.xlsx"
    assert load_workbook(io.BytesIO(response.data)).sheetnames == ["账号", "说明"]


def test_a_reset_asks_first_and_ends_the_old_password(
    administrator: PageClient, signed_in: SignIn, sqlite_database: Database, world: World
) -> None:
    official = signed_in(Role.OFFICIAL)
    with sqlite_database.reading() as session:
        found = accounts.find_account(session, NAMES[Role.OFFICIAL])
    assert found is not None
    address = f"/accounts/{found[0].id}/reset"
    assert "重设" in administrator.page(address).all("h1")[0].text
    assert official.get("/waves").status_code == 200
    first = administrator.submit(address, {}, page=address)
    assert len(codes(first)) == 1
    assert official.get("/waves").status_code == 303
    assert official.sign_in(NAMES[Role.OFFICIAL], "correct horse battery").status_code == 422
    assert official.sign_in(NAMES[Role.OFFICIAL], "").status_code == 422
    second = administrator.submit(address, {}, page=address)
    assert codes(first) != codes(second)


def test_a_closed_account_gets_no_card(administrator: PageClient, sqlite_database: Database, world: World) -> None:
    with sqlite_database.writing() as session:
        accounts.set_active(session, world.spare_account, False)
    address = f"/accounts/{world.spare_account}/reset"
    assert administrator.submit(address, {}, page="/accounts").status_code == 409


def test_all_who_wait_get_new_cards(administrator: PageClient) -> None:
    assert "没有待激活的账号" in administrator.page("/accounts/cards").text
    upload(administrator, table(("账号", "角色"), ("fang1", "访员"), ("fang2", "访员")))
    page = administrator.page("/accounts/cards")
    assert "fang1" in page.text
    response = administrator.submit("/accounts/cards", {}, page="/accounts/cards")
    assert len(codes(response)) == 2


def test_the_page_of_cards_says_how_to_print_and_who_can_go_nowhere(administrator: PageClient) -> None:
    header = ("账号", "角色", "访员类型", "负责地区", "所属社区")
    response = upload(administrator, table(header, ("zhao", "访员", "学生", "东风社区", "东风社区")))
    assert "Ctrl-P" in response.text
    assert "分不到任何样本户，请改负责地区：zhao" in response.text


def test_the_numbers_of_the_waves_stand_where_they_are_asked_for(administrator: PageClient) -> None:
    assert "负责轮次填编号：" in administrator.page("/accounts/import").text
