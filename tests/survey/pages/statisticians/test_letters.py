"""Letters are printed once; their codes are on that sheet and nowhere else."""

import logging
import re

import pytest
from sqlalchemy import select

from survey.config import Config
from survey.keys import KeyRing
from survey.one_time_codes import code_hash, read_code
from survey.roles import Role, Scope
from survey.store import schema
from survey.store.database import Database
from survey.store.invitations import InvitationState, count_invitations, find_invitation, hash_of, spend
from survey.store.wave_keys import find_sealer
from tests.survey.drawn_wave import EAST, VILLAGE, WEST, drawn_wave, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import read_html

CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    """Drawn and approved, with an account for each role."""
    example.open_accounts(sqlite_database)
    return drawn_wave(sqlite_database)


def address(wave: int) -> str:
    return f"/waves/{wave}/letters"


def codes(html: str) -> list[str]:
    return CODE.findall(read_html(html)[0].text)


def test_a_sheet_for_each_dwelling(signed_in: SignIn, wave: int, sqlite_database: Database, config: Config) -> None:
    response = signed_in(Role.STATISTICIAN).submit(address(wave), {"community": EAST}, page=address(wave))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    page = read_html(response.text)[0]
    sheets = page.all("article")
    assert len(sheets) == 10
    for sheet in sheets:
        assert "东风社区 花园小区" in sheet.text
        for told in ("云城市委宣传部", "云城调查队", "0763-1234567", "云统制〔2026〕1号", "http://localhost/a"):
            assert told in sheet.text
        assert len(sheet.all("svg")) == 1
    found = codes(response.text)
    assert len(set(found)) == 10
    with sqlite_database.reading() as session:
        sealer = find_sealer(session, KeyRing(folder=config.keys), wave)
        assert sealer is not None
        for shown in found:
            invitation = find_invitation(session, [hash_of(sealer, code_hash(read_code(shown) or ""))])
            assert invitation is not None
            assert (invitation.area, invitation.state) == (EAST, InvitationState.OPEN)


def test_codes_are_shown_once_and_logged_never(
    signed_in: SignIn, wave: int, sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = signed_in(Role.STATISTICIAN)
    found = codes(browser.submit(address(wave), {"community": EAST}, page=address(wave)).text)
    later = browser.get(address(wave)).text
    with sqlite_database.reading() as session:
        stored = str([session.execute(select(table)).all() for table in schema.METADATA.tables.values()])
    for code in found:
        for shape in (code, code.replace("-", "")):
            assert shape not in later
            assert shape not in stored
            assert shape not in caplog.text
    assert "东风社区 10 10 0 0" in read_html(later)[0].text


def test_printing_again_is_confirmed_first(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    first = codes(browser.submit(address(wave), {"community": EAST}, page=address(wave)).text)
    refused = browser.submit(address(wave), {"community": EAST}, page=address(wave))
    assert refused.status_code == 409
    assert "已经打印过" in refused.text
    assert 'id="confirm-error"' in refused.text
    assert not codes(refused.text)
    again = browser.submit(address(wave), {"community": EAST, "confirm": "yes"}, page=address(wave))
    assert again.status_code == 200
    assert "原来的 10 个填答码已经作废" in again.text
    assert not set(first) & set(codes(again.text))
    with sqlite_database.reading() as session:
        assert count_invitations(session, wave)[EAST] == {InvitationState.OPEN: 10, InvitationState.REVOKED: 10}


def test_neither_the_sheets_nor_the_page_say_which_homes_have_answered(
    signed_in: SignIn, wave: int, sqlite_database: Database, config: Config
) -> None:
    """Apart from their codes they are as they were before anybody had answered, and so is what is said above them."""
    browser, form = signed_in(Role.STATISTICIAN), {"community": EAST, "confirm": "yes"}

    def printed() -> tuple[list[str], str]:
        html = browser.submit(address(wave), form, page=address(wave)).text
        return codes(html), CODE.sub("", read_html(html)[0].text)

    printed()
    given, nobody = printed()
    with sqlite_database.writing() as session:
        sealer = find_sealer(session, KeyRing(folder=config.keys), wave)
        assert sealer is not None
        for code in given[2:5]:
            assert spend(session, wave, hash_of(sealer, code_hash(read_code(code) or "")), home="")
    given, some = printed()
    assert (len(given), some) == (10, nobody)
    assert "您家已经答过的，谢谢" in some
    assert "东风社区 10 7 3 20" in read_html(browser.get(address(wave)).text)[0].text


@pytest.mark.parametrize("community", [VILLAGE, "1", ""])
def test_a_community_is_chosen_from_the_list(signed_in: SignIn, wave: int, community: str) -> None:
    response = signed_in(Role.STATISTICIAN).submit(address(wave), {"community": community}, page=address(wave))
    assert response.status_code == 422
    assert "请从列表里选择" in response.text
    assert 'id="community-error"' in response.text


def test_without_a_draw_there_is_nothing_to_print(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    fresh = open_wave_with_units(sqlite_database)
    browser = signed_in(Role.STATISTICIAN)
    assert "还没有样本户" in browser.page(address(fresh)).text
    assert browser.submit(address(fresh), {"community": EAST}, page=address(fresh)).status_code == 422


def test_an_account_of_the_east_prints_the_east(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({EAST})))
    browser = signed_in(Role.STATISTICIAN)
    assert "西湖社区" not in browser.page(address(wave)).text
    assert browser.submit(address(wave), {"community": WEST}, page=address(wave)).status_code == 422
    assert browser.submit(address(wave), {"community": EAST}, page=address(wave)).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.STATISTICIAN])
def test_nobody_else_prints(signed_in: SignIn, wave: int, role: Role) -> None:
    browser = signed_in(role)
    assert browser.get(address(wave)).status_code == 403
    assert browser.submit(address(wave), {}, page="/nowhere", page_status=404).status_code == 403


def test_the_letter_speaks_both_languages_whoever_prints(signed_in: SignIn, wave: int) -> None:
    browser = signed_in(Role.STATISTICIAN)
    browser.submit("/language", {"language": "en"}, page="/waves")
    (sheet, *_) = read_html(browser.submit(address(wave), {"community": EAST}, page=address(wave)).text)[0].all(
        "article"
    )
    languages = [part.get("lang") for part in sheet.all("div") if "letter__text" in part.get("class")]
    assert languages == ["zh-Hans", "en"]
    assert "用手机扫二维码" in sheet.text
    assert sheet.text.count(f"http://localhost/rights/{wave}") == 2


@pytest.mark.slow
def test_as_pdf_the_codes_are_in_that_file_alone(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    reply = browser.submit(address(wave), {"community": EAST, "as": "pdf"}, page=address(wave))
    assert (reply.status_code, reply.mimetype) == (200, "application/pdf")
    assert reply.headers["Cache-Control"] == "no-store"
    assert "attachment" in reply.headers["Content-Disposition"]
    assert reply.data.startswith(b"%PDF")
    with sqlite_database.reading() as session:
        assert count_invitations(session, wave)[EAST] == {InvitationState.OPEN: 10}
    refused = browser.submit(address(wave), {"community": EAST, "as": "pdf"}, page=address(wave))
    assert (refused.status_code, "已经打印过" in refused.text) == (409, True)
