"""The page of questionnaires: written, checked line by line, looked at on a phone, added as versions that stay."""

import html
import io
import re

import pytest
from werkzeug.test import TestResponse

from questionnaires.loading import BUILT_IN, from_document, load_text
from survey.files.instrument_files import xlsform_workbook
from survey.roles import Role, Scope
from survey.store.database import Database
from survey.store.instrument_drafts import get_draft, list_drafts
from survey.store.instruments import list_instruments
from survey.workflow.edit_instrument import STARTER
from tests.questionnaires.tiny import ADULTS, HEAD, REPORTED, RESIDENT, SATISFIED, SOLVED
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import Element, PageClient, read_html

NEW = "/instruments/edit"
SMALL = HEAD.replace('modes = ["capi"]', 'modes = ["web_open"]').replace("introductions.capi", "introductions.web_open")


@pytest.fixture
def browser(sqlite_database: Database, signed_in: SignIn) -> PageClient:
    example.open_accounts(sqlite_database)
    return signed_in(Role.STATISTICIAN)


def text_of(response: TestResponse) -> str:
    (main,) = read_html(response.text)[0].all("main")
    return main.text


def start(browser: PageClient, text: str) -> str:
    sent = browser.submit(NEW, {"text": text}, page=NEW)
    assert sent.status_code == 303
    return sent.location


def box(response: TestResponse, name: str = "text") -> str:
    """What stands in a text box, line by line."""
    found = re.search(rf'<textarea[^>]* id="{name}"[^>]*>\n(.*?)</textarea>', response.text, re.DOTALL)
    assert found is not None, f"no box {name}"
    return html.unescape(found[1])


def revision(response: TestResponse) -> str:
    found = re.search(r'name="revision" value="(\d+)"', response.text)
    assert found is not None
    return found[1]


def test_what_comes_with_the_program_is_listed_and_added(browser: PageClient, sqlite_database: Database) -> None:
    page = browser.page("/instruments")
    for name in ("城市社区居民问卷", "城市社区居民短问卷", "文明村"):
        assert name in page.text
    sent = browser.submit("/instruments", {"slug": "service-callback"}, page="/instruments")
    assert sent.location == "/instruments/service-callback"
    assert "还没有添加" not in text_of(browser.get(sent.location))
    with sqlite_database.reading() as session:
        assert [each.slug for each in list_instruments(session)] == ["service-callback"]


def test_problems_stand_beside_the_line(browser: PageClient) -> None:
    text = SMALL + SATISFIED.replace('type = "single"', 'type = "singel"')
    line = text.split("\n").index('type = "singel"') + 1
    page = browser.page(start(browser, text))
    row = next(row for row in page.all("tr") if "singel" in row.text)
    assert row.all("th")[0].text == str(line)
    assert 'type = "singel"' in row.all("code")[0].text
    assert not page.all("iframe")


def test_a_file_cut_off_in_the_middle_says_so_and_is_kept(browser: PageClient) -> None:
    text = SMALL + "[[item]\n"
    sent = browser.get(start(browser, text))
    named = [cell.text for cell in read_html(sent.text)[0].all("th")]
    assert str(text.count("\n")) in named
    assert box(sent) == text


def test_a_right_draft_shows_hints_minutes_routes_and_a_phone_in_each_language(browser: PageClient) -> None:
    leading = SATISFIED.replace("您满意吗", "您是否同意我们的工作很好")
    page = browser.page(start(browser, SMALL + RESIDENT + REPORTED + SOLVED + leading))
    assert "有引导性" in page.text
    assert "分钟" in page.text
    frames = page.all("iframe")
    assert ["language=zh_Hans" in frame.get("src") for frame in frames] == [True, False]


def test_only_the_preview_may_stand_in_a_frame_of_ours(browser: PageClient) -> None:
    address = start(browser, SMALL + SATISFIED)
    preview = browser.get(f"{address}/preview")
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    editing = browser.get(address)
    assert editing.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in editing.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in editing.headers["Content-Security-Policy"]
    assert "frame-src" not in browser.get("/instruments").headers["Content-Security-Policy"]


def step(browser: PageClient, page: Element, action: str, **answers: str) -> Element:
    """Fill the preview's form in and press a button, as a browser does."""
    (form,) = page.all("form")
    sent = {field.get("name"): field.get("value") for field in form.all("input") if field.get("type") == "hidden"}
    response = browser.post(form.get("action"), data={**sent, **answers, "action": action})
    assert response.status_code == 200
    return read_html(response.text)[0]


def test_a_walk_in_the_preview_follows_the_route_and_stores_nothing(
    browser: PageClient, sqlite_database: Database
) -> None:
    address = start(browser, SMALL + RESIDENT + REPORTED + SOLVED) + "/preview?language=zh_Hans"
    page = step(browser, browser.page(address), "start")
    assert "您住在这里吗" in page.text
    asked = step(browser, page, "next", **{"q-S1": "1"})
    assert "反映过问题吗" in asked.text
    solved = step(browser, asked, "next", **{"q-E1": "1"})
    assert "解决了吗" in solved.text
    back = step(browser, solved, "back")
    assert [field.get("value") for field in back.all("input") if "checked" in field.attributes] == ["1"]
    end = step(browser, asked, "next", **{"q-E1": "2"})
    assert "谢谢" in end.text
    assert "S1、E1" in end.text
    screened = step(browser, page, "next", **{"q-S1": "2"})
    assert "不属于这次调查的对象" in screened.text
    with sqlite_database.reading() as session:
        assert [draft.revision for draft in list_drafts(session)] == [1]


def test_the_preview_speaks_english_and_asks_again(browser: PageClient) -> None:
    page = browser.page(start(browser, SMALL + ADULTS) + "/preview?language=en")
    assert "Hello" in page.text
    wrong = step(browser, step(browser, page, "start"), "next", **{"q-N1": "99"})
    assert "How many adults" in wrong.text
    assert wrong.all("p")  # what is wrong stands beside it
    assert "99" in [field.get("value") for field in wrong.all("input")]


@pytest.mark.parametrize("answers", ["", "[]", "nonsense", '{"S1": {"a": 1}}', "[" * 9999, '{"S1": [[]]}'])
def test_what_travels_in_the_form_is_not_trusted(browser: PageClient, answers: str) -> None:
    page = step(browser, browser.page(start(browser, SMALL + RESIDENT + REPORTED) + "/preview"), "start")
    assert "反映过问题吗" in step(browser, page, "next", answers=answers, **{"q-S1": "1"}).text


def test_of_two_who_edit_the_second_is_told_and_nothing_is_lost(browser: PageClient, sqlite_database: Database) -> None:
    address = start(browser, SMALL + SATISFIED)
    opened = revision(browser.get(address))
    mine, theirs = SMALL + SATISFIED + ADULTS, SMALL + SATISFIED + REPORTED
    assert browser.submit(address, {"text": theirs, "revision": opened}, page=address).status_code == 303
    late = browser.submit(address, {"text": mine, "revision": opened}, page=address)
    assert late.status_code == 409
    assert box(late) == mine
    assert box(late, "theirs") == theirs
    merged = {"text": mine + REPORTED, "revision": revision(late)}
    assert browser.submit(address, merged, page=address).status_code == 303
    with sqlite_database.reading() as session:
        assert get_draft(session, 1).text == mine + REPORTED
        assert get_draft(session, 1, 2).text == theirs
    assert box(browser.get(f"{address}?revision=2")) == theirs


def add(browser: PageClient, address: str) -> TestResponse:
    data = {"confirm": "yes", "revision": revision(browser.get(address))}
    return browser.submit(f"{address}/version", data, page=address)


def test_a_draft_becomes_a_version_that_stays(browser: PageClient, sqlite_database: Database) -> None:
    first = start(browser, SMALL + SATISFIED)
    assert "请先勾选" in text_of(browser.submit(f"{first}/version", {"revision": "1"}, page=first))
    assert add(browser, first).location == "/instruments/tiny"
    assert browser.get(first).status_code == 404
    changed = SMALL + SATISFIED.replace("您满意吗", "您觉得怎么样")
    again = start(browser, changed)
    page = browser.page(again)
    assert "不能再改" in page.text
    assert "确认" not in page.text
    assert add(browser, again).status_code == 409
    second = start(browser, changed.replace('version = "1"', 'version = "2"') + ADULTS)
    assert "和已有的版本 1 相比" in browser.page(second).text
    assert add(browser, second).status_code == 303
    with sqlite_database.reading() as session:
        stored = {each.version: from_document(each.document) for each in list_instruments(session)}
    assert stored["1"] == load_text(SMALL + SATISFIED, "tiny")
    compared = browser.page("/instruments/tiny?old=1&new=2").text
    assert "满意吗" in compared  # both begin alike: what differs is marked
    assert "觉得怎么样" in compared
    assert "新增" in compared


def test_what_was_looked_at_is_what_is_added(browser: PageClient) -> None:
    address = start(browser, SMALL + SATISFIED)
    browser.submit(address, {"text": SMALL + ADULTS, "revision": "1"}, page=address)
    sent = browser.submit(f"{address}/version", {"confirm": "yes", "revision": "1"}, page=address)
    assert sent.status_code == 409


def test_a_workbook_is_read_and_a_wrong_one_names_sheet_and_row(browser: PageClient) -> None:
    data = xlsform_workbook(load_text(SMALL + SATISFIED + ADULTS, "tiny"))
    token = next(f.get("value") for f in browser.page(NEW).all("input") if f.get("name") == "csrf_token")
    sent = browser.post(NEW, data={"csrf_token": token, "text": "", "file": (io.BytesIO(data), "form.xlsx")})
    assert sent.status_code == 303
    assert "几个成年人" in box(browser.get(sent.location))
    refused = browser.post(NEW, data={"csrf_token": token, "file": (io.BytesIO(b"PK\3\4nonsense"), "form.xlsx")})
    assert refused.status_code == 422


def test_files_are_taken_away_in_both_forms(browser: PageClient) -> None:
    for form, start_of in (("toml", b"["), ("xlsx", b"PK")):
        sent = browser.get(f"/instruments/urban-community/questionnaire.{form}?version=1.0")
        assert sent.data.lstrip().startswith(start_of)
        assert sent.headers["Content-Disposition"].endswith(f".{form}")


@pytest.mark.parametrize(
    "text", ["", "   \n", "a\0b", "👍🏽" * 20, '[instrument]\nslug = "\u202eשלום"', "[[item]]\n" * 3000]
)
def test_whatever_is_written_gets_an_answer(browser: PageClient, text: str) -> None:
    sent = browser.submit(NEW, {"text": text}, page=NEW)
    if sent.status_code == 303:
        assert browser.get(sent.location).status_code == 200
    else:
        assert sent.status_code == 422


def test_the_starter_and_every_built_in_pass(browser: PageClient) -> None:
    assert "检查通过" in text_of(browser.get(start(browser, STARTER)))
    for slug in BUILT_IN:
        text = box(browser.get(f"{NEW}?slug={slug}"))
        assert "检查通过" in text_of(browser.get(start(browser, text)))


def test_a_draft_is_deleted_when_confirmed(browser: PageClient, sqlite_database: Database) -> None:
    address = start(browser, SMALL)
    assert browser.submit(f"{address}/deletion", {}, page=address).status_code == 422
    assert browser.submit(f"{address}/deletion", {"confirm": "yes"}, page=address).location == "/instruments"
    with sqlite_database.reading() as session:
        assert list_drafts(session) == ()


def test_it_is_for_statisticians_without_limits(sqlite_database: Database, signed_in: SignIn) -> None:
    example.open_accounts(sqlite_database)
    for role in set(Role) - {Role.STATISTICIAN}:
        assert signed_in(role).get("/instruments").status_code == 403
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({example.EAST})))
    assert signed_in(Role.STATISTICIAN).get("/instruments").status_code == 403
