"""Frames on pages: a statistician brings files as they are and sees what became of them."""

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.pages.statisticians import frames as pages
from survey.roles import Role, Scope
from survey.store.areas import list_frames
from survey.store.database import Database
from survey.store.header_maps import read_headers
from survey.units import UnitKind
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import Element, PageClient, read_html
from tests.survey.unit_tables import AREAS, OFFICE, TONGXIN, xlsx

AREA_TABLE = xlsx(
    [("代码", "名称", "级别", "上级代码", "成年人口"),
     *((area.code, area.name, area.level.value, area.parent, area.population) for area in AREAS)]
)  # fmt: skip
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


@pytest.fixture
def browser(sqlite_database: Database, signed_in: SignIn) -> PageClient:
    example.open_accounts(sqlite_database)
    return signed_in(Role.STATISTICIAN)


def send(
    browser: PageClient, *, areas: bytes | None = AREA_TABLE, units: bytes | None = None, **fields: Any
) -> TestResponse:
    files = {name: (io.BytesIO(data), f"{name}.xlsx") for name, data in (("areas", areas), ("units", units)) if data}
    return browser.submit("/frames/import", {"kind": "dwelling", **fields, **files}, page="/frames/import")  # type: ignore[dict-item]


def text(response: TestResponse) -> str:
    (main,) = read_html(response.text)[0].all("main")
    return main.text


def stored(database: Database) -> int:
    with database.reading() as session:
        return len(list_frames(session))


def rows(page: Element) -> list[str]:
    return [row.text for row in page.all("tr")]


def test_without_frames_the_list_says_what_to_do(browser: PageClient) -> None:
    page = browser.page("/frames")
    assert "还没有抽样框" in page.text
    assert "导入抽样框" in page.text


def test_files_become_a_frame_and_the_report_says_what_was_left_out(
    browser: PageClient, sqlite_database: Database
) -> None:
    response = send(browser, units=xlsx(OFFICE, merged=("A1:O1",)))
    assert response.status_code == 201
    said = text(response)
    assert "已存为第 1 号抽样框" in said
    assert "读了工作表“Sheet”的 4 行，得到 7 个单元" in said
    assert "跳过合计行 2 行，说明行 2 行" in said
    assert "丢弃了“户主姓名”列：个人信息，2 格有内容" in said
    assert "没有用到的列：序号, 物业类型" in said
    assert "没有单元的社区：水口社区" in said
    for name in ("张三", "13800138000", "王五", "赵六"):
        assert name not in response.text

    page = browser.page("/frames/1")
    assert "已存为" not in page.text
    assert any("垌心村" in row and TONGXIN in row for row in rows(page))
    assert any("自住" in row and "57.1%" in row for row in rows(page))
    listed = browser.page("/frames")
    assert any("第 1 号" in row and "住户" in row and "7" in row for row in rows(listed))
    assert stored(sqlite_database) == 1


def test_what_comes_out_goes_in_again_and_the_same_is_not_stored_twice(
    browser: PageClient, sqlite_database: Database
) -> None:
    send(browser, units=xlsx(OFFICE))
    for address, kind in (
        ("/frames/1/units.xlsx", pages.MIME_TYPES[pages.TableFormat.XLSX]),
        ("/frames/1/units.csv", "text/csv"),
    ):
        download = browser.get(address)
        assert (download.status_code, download.mimetype) == (200, kind)
        assert "attachment" in download.headers["Content-Disposition"]
        again = send(browser, areas=None, units=download.data, areas_from="1")
        assert again.status_code == 200
        assert "完全相同，没有重复保存" in text(again)
    areas = browser.get("/frames/1/areas.csv").data
    assert send(browser, areas=areas, units=xlsx(OFFICE)).status_code == 200
    assert stored(sqlite_database) == 1


def test_areas_alone_are_a_frame_too(browser: PageClient) -> None:
    assert send(browser).status_code == 201
    assert "不能抽样" in browser.page("/frames/1").text
    assert "只有地区" in browser.page("/frames").text
    assert browser.get("/frames/1/units.csv").status_code == 400


def test_unknown_headers_are_told_once(browser: PageClient, sqlite_database: Database) -> None:
    table = xlsx([("社区", "门号", "物管", "房号"), ("垌心村", "2", "甲", 101)])
    refused = send(browser, units=table)
    assert refused.status_code == 422
    assert "有 2 个表头不认识" in text(refused)
    selects = [select for select in read_html(refused.text)[0].all("select") if select.get("name") == "field"]
    assert len(selects) == 2
    told = {"header": ["门号", "物管"], "field": ["entrance", "-"]}
    assert send(browser, units=table, **told).status_code == 201
    with sqlite_database.reading() as session:
        assert read_headers(session, kind=UnitKind.DWELLING) == {"门号": "entrance", "物管": ""}

    other = xlsx([("社区", "门号", "物管", "房号"), ("垌心村", "3", "乙", 102)])
    assert send(browser, units=other).status_code == 201, "known from now on"
    assert "已经说明过的 2 个表头" in browser.page("/frames/import").text


def test_a_choice_that_is_half_made_is_asked_for_again(browser: PageClient, sqlite_database: Database) -> None:
    table = xlsx([("社区", "门号", "物管", "房号"), ("垌心村", "2", "甲", 101)])
    refused = send(browser, units=table, header=["门号", "物管"], field=["entrance", ""])
    assert (refused.status_code, stored(sqlite_database)) == (422, 0)
    assert "有 1 个表头不认识" in text(refused)
    chosen = [
        option.get("value") for option in read_html(refused.text)[0].all("option") if "selected" in option.attributes
    ]
    assert "entrance" in chosen, "what was chosen is kept"


def test_bad_rows_are_listed_and_nothing_is_stored(browser: PageClient, sqlite_database: Database) -> None:
    refused = send(browser, units=xlsx([("区划代码", "房号"), ("4.40983E+11", 101), (TONGXIN, "101-604")]))
    assert refused.status_code == 422
    found = rows(read_html(refused.text)[0])
    assert any("4.40983E+11" in row and "设为文本" in row for row in found)
    assert any("101-604" in row and "同一层" in row for row in found)
    assert stored(sqlite_database) == 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"areas": None}, "请选择地区表"),
        ({"areas": None, "areas_from": "7"}, "没有编号为 7 的抽样框"),
        ({"areas": PHOTO}, "图片"),
        ({"units": PHOTO}, "图片"),
        ({"units": b"PK\x03\x04 no more"}, "已损坏"),
        ({"units": xlsx([("社区", "房号")])}, "没有数据行"),
        ({"units": xlsx([("甲", "乙"), (1, 2)])}, "没有表头"),
    ],
)
def test_files_that_are_no_tables(
    browser: PageClient, sqlite_database: Database, sent: dict[str, Any], said: str
) -> None:
    refused = send(browser, **sent)
    assert refused.status_code in (404, 422)
    assert said in text(refused)
    assert refused.status_code == 404 or f'id="{"units" if "units" in sent else "areas"}-error"' in refused.text
    assert stored(sqlite_database) == 0


def test_a_file_of_30_megabytes_is_refused_with_its_size(browser: PageClient, sqlite_database: Database) -> None:
    form = browser.page("/frames/import")
    token = next(field.get("value") for field in form.all("input") if field.get("name") == "csrf_token")
    # Written out, because a test client would put so large a form into a file of its own.
    parts = {'name="csrf_token"': token.encode(), 'name="units"; filename="u.xlsx"': b"PK\x03\x04" + bytes(30_000_000)}
    body = b"".join(
        b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (name.encode(), data)
        for name, data in parts.items()
    )
    refused = browser.post("/frames/import", data=body + b"--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert refused.status_code == 422
    assert "请选择地区表" not in text(refused)
    assert "u.xlsx 有 31 MB，最多 20 MB" in text(refused)
    assert stored(sqlite_database) == 0


def test_a_table_longer_than_pages_take_points_to_the_command(
    browser: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_ROWS", 2)
    assert "survey frame import" in text(send(browser, units=xlsx(OFFICE)))


def test_only_those_who_have_signed_in_may_send_files(app: Flask, browser: PageClient) -> None:
    stranger = app.test_client()
    response = stranger.post("/frames/import", data={"units": (io.BytesIO(bytes(400_000)), "u.xlsx")})
    assert response.status_code == 413
    large = bytes(400_000)
    response = browser.post("/sign-in", data={"name": (io.BytesIO(large), "u.xlsx")})
    assert response.status_code == 413, "other forms stay small"


@pytest.mark.parametrize("scope", [Scope(areas=frozenset({"441800001001"})), Scope(waves=frozenset({1}))])
def test_accounts_with_limits_see_no_frames(
    sqlite_database: Database, browser: PageClient, signed_in: SignIn, scope: Scope
) -> None:
    send(browser, units=xlsx(OFFICE))
    example.limit(sqlite_database, Role.STATISTICIAN, scope)
    limited = signed_in(Role.STATISTICIAN)
    for address in ("/frames", "/frames/1", "/frames/import", "/frames/1/units.csv", "/frames/1/areas.csv"):
        assert limited.get(address).status_code == 403
    assert stored(sqlite_database) == 1


def test_others_have_no_frames(sqlite_database: Database, signed_in: SignIn, browser: PageClient) -> None:
    send(browser, units=xlsx(OFFICE))
    for role in set(Role) - {Role.STATISTICIAN}:
        for address in ("/frames", "/frames/1", "/frames/1/units.xlsx"):
            assert signed_in(role).get(address).status_code == 403


def test_a_frame_that_is_not_there(browser: PageClient) -> None:
    for address in ("/frames/9", "/frames/9/units.csv", "/frames/9/areas.csv"):
        assert browser.get(address).status_code == 404
