"""A draft on its page: what it is compared with, what its workbook lost, and a preview that follows the text."""

import io
import re

import pytest

from questionnaires.loading import load_text
from questionnaires.option_orders import ORDERS, options_for
from questionnaires.xlsform import write_xlsform
from survey.files.text_workbooks import text_sheets
from survey.pages.site import current_site
from survey.roles import Role
from survey.store.database import Database
from survey.workflow.add_instrument import RESERVED
from tests.questionnaires.tiny import ADULTS, HEAD, REPORTED, RESIDENT, SATISFIED
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import PageClient

NEW = "/instruments/edit"
SMALL = HEAD.replace('modes = ["capi"]', 'modes = ["web_open"]').replace("introductions.capi", "introductions.web_open")


@pytest.fixture
def browser(sqlite_database: Database, signed_in: SignIn) -> PageClient:
    example.open_accounts(sqlite_database)
    return signed_in(Role.STATISTICIAN)


def start(browser: PageClient, text: str, **more: str) -> str:
    sent = browser.submit(NEW, {"text": text, **more}, page=NEW)
    assert sent.status_code == 303
    return sent.location


def of_version(text: str, version: str) -> str:
    return text.replace('version = "1"', f'version = "{version}"')


def add(browser: PageClient, text: str) -> None:
    address = start(browser, text)
    sent = browser.submit(f"{address}/version", {"confirm": "yes", "revision": "1"}, page=address)
    assert sent.status_code == 303


def compared(browser: PageClient, address: str) -> str:
    found = re.search("和已有的版本 (.+?) 相比", browser.page(address).text)
    assert found is not None
    return found[1]


def test_a_draft_is_compared_with_the_version_before_it_whichever_was_added_last(browser: PageClient) -> None:
    for version in ("2027-01", "2026-11"):
        add(browser, of_version(SMALL + SATISFIED, version))
    text = SMALL + SATISFIED + ADULTS
    assert compared(browser, start(browser, of_version(text, "2027-02"))) == "2027-01"
    assert compared(browser, start(browser, of_version(text, "2026-12"))) == "2026-11"
    assert compared(browser, start(browser, of_version(text, "2026-9"))) == "2027-01"
    versions = browser.page("/instruments/tiny").text
    assert versions.index("2027-01") < versions.index("2026-11")


def test_a_draft_is_compared_with_the_version_it_was_begun_from(browser: PageClient) -> None:
    for version in ("2026-11", "2027-01"):
        add(browser, of_version(SMALL + SATISFIED, version))
    begun = browser.page(f"{NEW}?slug=tiny&version=2026-11")
    hidden = {f.get("name"): f.get("value") for f in begun.all("input") if f.get("type") == "hidden"}
    assert (hidden["begun_slug"], hidden["begun_version"]) == ("tiny", "2026-11")
    text = of_version(SMALL + SATISFIED + ADULTS, "2027-02")
    assert compared(browser, start(browser, text, begun_slug="tiny", begun_version="2026-11")) == "2026-11"
    # Begun from something that is not here, or is another questionnaire now.
    assert compared(browser, start(browser, text, begun_slug="tiny", begun_version="7")) == "2027-01"
    assert compared(browser, start(browser, text, begun_slug="other", begun_version="2026-11")) == "2027-01"


def workbook() -> bytes:
    """With a column that says how an item is shown elsewhere."""
    sheets = {name: [list(row) for row in rows] for name, rows in write_xlsform(load_text(SMALL + ADULTS, "")).items()}
    head, *rows = sheets["survey"]
    sheets["survey"] = [[*head, "rows"], *([*row, "<b>3"] for row in rows)]
    return text_sheets(sheets)


def token_of(browser: PageClient, address: str) -> str:
    found = next(f.get("value") for f in browser.page(address).all("input") if f.get("name") == "csrf_token")
    assert found
    return found


def upload(browser: PageClient, address: str, **fields: str) -> str:
    token = next(f.get("value") for f in browser.page(address).all("input") if f.get("name") == "csrf_token")
    form = {"csrf_token": token, "text": "", **fields, "file": (io.BytesIO(workbook()), "form.xlsx")}
    sent = browser.post(address, data=form)
    assert sent.status_code == 303
    return sent.location


def test_what_a_workbook_held_and_the_draft_does_not_is_told(browser: PageClient) -> None:
    address = upload(browser, NEW)
    page = browser.page(address)
    assert "没有读进来的" in page.text
    assert "<b>3" in page.text
    assert "<b>3" not in browser.get(address).text  # escaped
    # It stays while the text is worked on, and goes when another file takes its place.
    browser.submit(address, {"text": SMALL + SATISFIED, "revision": "1"}, page=address)
    assert "没有读进来的" in browser.page(address).text
    token = next(f.get("value") for f in browser.page(address).all("input") if f.get("name") == "csrf_token")
    plain = io.BytesIO((SMALL + ADULTS).encode())
    browser.post(address, data={"csrf_token": token, "revision": "2", "file": (plain, "tiny.toml")})
    assert "没有读进来的" not in browser.page(address).text
    upload(browser, address, revision="3")
    assert "没有读进来的" in browser.page(address).text


def test_a_refused_workbook_names_sheet_and_row(browser: PageClient) -> None:
    sheets = {name: [list(row) for row in rows] for name, rows in write_xlsform(load_text(SMALL + ADULTS, "")).items()}
    head, *rows = sheets["survey"]
    sheets["survey"] = [[*head, "calculation"], *([*row, "1 + 1"] for row in rows)]
    token = next(f.get("value") for f in browser.page(NEW).all("input") if f.get("name") == "csrf_token")
    file = (io.BytesIO(text_sheets(sheets)), "form.xlsx")
    refused = browser.post(NEW, data={"csrf_token": token, "text": "", "file": file})
    assert refused.status_code == 422
    # The same in every row: told once, with its rows.
    assert refused.text.count("1 + 1") == 1
    assert re.search(r"survey 第 2–\d+ 行 calculation", refused.text)


def test_what_can_only_be_imported_is_said_and_nothing_is_out_of_reach(browser: PageClient) -> None:
    imported = re.sub(r"\[introductions\.web_open\]\n(.+\n)+", "", SMALL).replace('["web_open"]', '["imported"]')
    page = browser.page(start(browser, imported + SATISFIED))
    assert "检查通过" in page.text
    assert "只能用来导入答卷" in page.text
    assert "没有人走得到" not in page.text


def test_the_preview_shows_what_is_typed_and_stays_at_its_screen(browser: PageClient) -> None:
    address = start(browser, SMALL + RESIDENT + REPORTED)
    preview = f"{address}/preview?language=zh_Hans"
    typed = SMALL + RESIDENT + REPORTED + SATISFIED
    before = browser.page(preview)
    assert "您满意吗" not in before.text
    welcome = browser.submit(preview, {"text": typed, "action": "stay"}, page=preview)
    assert welcome.status_code == 200
    first = browser.submit(preview, {"text": typed, "action": "start", "answers": "{}"}, page=preview).text
    shown = re.search(r'name="shown" value="([^"]*)"', first)
    assert shown is not None
    item, code = re.findall(r'name="([^"]*)" type="radio" value="([^"]*)"', first)[0]
    reworded = typed.replace('zh_Hans = "', 'zh_Hans = "＊')
    data = {"text": reworded, "action": "stay", "shown": shown[1], "answers": "{}", item: code}
    again = browser.submit(preview, data, page=preview).text
    assert f'name="shown" value="{shown[1]}"' in again
    assert "＊" in again
    assert "checked" in again
    assert "error-summary" not in again
    # Nothing of it is kept.
    assert "＊" not in browser.get(address).text
    assert "＊" not in browser.get(preview).text


@pytest.mark.parametrize("order", ["reverse_order", "random_order"])
def test_the_preview_shows_options_in_an_order_that_residents_get_and_says_so(browser: PageClient, order: str) -> None:
    text = SMALL + SATISFIED.replace('type = "single"', f'type = "single"\n{order} = true')
    item = load_text(text, "draft").item("Q1")
    address = start(browser, text)

    def previewed(of: str) -> tuple[tuple[str, ...], bool]:
        preview = f"{address}/preview?language=zh_Hans"
        shown = browser.submit(preview, {"text": of, "action": "start", "answers": "{}"}, page=preview).text
        return tuple(re.findall(r'type="radio" value="([^"]*)"', shown)), "次序因人而异" in shown

    dealt = {tuple(str(one.code) for one in options_for(item, seed) if one.read_aloud) for seed in range(ORDERS)}
    in_the_file = tuple(str(one.code) for one in item.options if one.read_aloud)
    shown, told = previewed(text)
    assert (shown in dealt - {in_the_file}, told) == (True, True)
    assert previewed(SMALL + SATISFIED) == (in_the_file, False)


def test_a_text_that_is_wrong_for_the_moment_says_where_and_keeps_the_place(browser: PageClient) -> None:
    address = start(browser, SMALL + SATISFIED)
    preview = f"{address}/preview?language=zh_Hans"
    wrong = SMALL + SATISFIED.replace('type = "single"', 'type = "singel"')
    line = wrong.split("\n").index('type = "singel"') + 1
    data = {"text": wrong, "action": "stay", "shown": "Q1", "answers": '{"Q1": 1}'}
    sent = browser.submit(preview, data, page=preview)
    assert f"第 {line} 行" in sent.text
    assert 'name="shown" value="Q1"' in sent.text
    assert "&#34;Q1&#34;: 1" in sent.text
    assert 'id="questionnaire"' in sent.text


@pytest.mark.parametrize("text", ["", "a\0b", "👍🏽" * 50_000, "[[item]]\n" * 3000, '"><b>'])
def test_whatever_is_typed_gets_an_answer(browser: PageClient, text: str) -> None:
    preview = start(browser, SMALL + SATISFIED) + "/preview?language=en"
    sent = browser.submit(preview, {"text": text, "action": "stay", "shown": "end"}, page=preview)
    assert sent.status_code == 200
    assert "<b>" not in sent.text


def test_a_name_that_is_a_page_of_ours_is_refused(browser: PageClient) -> None:
    text = (SMALL + SATISFIED).replace('slug = "tiny"', 'slug = "edit"')
    address = start(browser, text)
    assert "网站自己要用" in browser.page(address).text
    sent = browser.submit(f"{address}/version", {"confirm": "yes", "revision": "1"}, page=address)
    assert sent.status_code == 422
    assert "网站自己要用" in sent.text


def test_every_page_below_instruments_that_a_slug_could_hide_is_reserved(browser: PageClient) -> None:
    with browser.application.app_context():
        assert current_site()
        rules = [rule.rule.split("/") for rule in browser.application.url_map.iter_rules()]
    fixed = {parts[2] for parts in rules if parts[1] == "instruments" and len(parts) > 2 and "<" not in parts[2]}
    assert fixed == RESERVED


def test_what_keeps_a_draft_from_being_added_stands_beside_its_box(browser: PageClient) -> None:
    """The box is still there: nobody is told to tick one that is gone."""
    address = start(browser, SMALL + SATISFIED)
    for action, box in (("version", "confirm-add"), ("deletion", "confirm-delete")):
        refused = browser.post(
            f"{address}/{action}", data={"csrf_token": token_of(browser, address), "revision": "1"}
        ).text
        assert f'href="#{box}"' in refused
        assert f'id="{box}"' in refused
        assert f'id="{box}-error"' in refused


def test_an_empty_text_and_a_file_that_is_none_are_told_beside_their_fields(browser: PageClient) -> None:
    token = token_of(browser, NEW)
    empty = browser.post(NEW, data={"csrf_token": token, "text": " "}).text
    assert ('id="text-error"' in empty, 'id="file-error"' in empty) == (True, False)
    picture = (io.BytesIO(b"\x89PNG\r\n\x1a\n"), "wrong.png")
    wrong = browser.post(NEW, data={"csrf_token": token, "text": "x", "file": picture}).text
    assert ('id="text-error"' in wrong, 'id="file-error"' in wrong) == (False, True)


def test_an_item_nobody_comes_to_is_told_above_the_text_with_its_line(browser: PageClient) -> None:
    lost = SATISFIED.replace('section = "main"', 'section = "main"\nask_if = [{ item = "S1", codes = [2] }]')
    text = SMALL + RESIDENT + lost
    line = text.split("\n").index('id = "Q1"') + 1
    page = browser.get(start(browser, text)).text
    told = page.index("没有人走得到的题目：Q1")
    assert f"（第 {line} 行）" in page[told : told + 60]
    assert told < page.index('id="text"')


def test_a_change_far_down_a_long_wording_is_shown(browser: PageClient) -> None:
    long = "很长的开场白。" * 60
    first = SMALL.replace("您好", long + "可以跳过。") + SATISFIED
    add(browser, of_version(first, "1"))
    add(browser, of_version(first.replace("可以跳过", "不能跳过"), "2"))
    page = browser.get("/instruments/tiny").text
    assert '<mark class="instrument-changed">可以</mark>' in page
    assert '<mark class="instrument-changed">不能</mark>' in page
    assert "开场白</th>" in page
    assert "introductions" not in page
