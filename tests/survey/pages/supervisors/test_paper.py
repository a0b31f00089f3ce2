"""The pages of paper forms: batches made, counted, keyed and settled, without scripts; a serial is in no address."""

import logging
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.keys import KeyRing
from survey.roles import Role
from survey.store.accounts import list_accounts, set_active
from survey.store.database import Database
from survey.store.responses import read_responses
from survey.workflow.key_paper import Saved
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import Element, PageClient
from tests.survey.pages.told_fields import told_fields
from tests.survey.paper_wave import EAST, FILLED, PaperWave, open_paper


@pytest.fixture
def paper(sqlite_database: Database, app: Flask) -> PaperWave:
    from survey.pages.site import current_site

    example.open_accounts(sqlite_database)
    with app.app_context():
        keys: KeyRing = current_site().keys
    return open_paper(sqlite_database, keys)


def address(paper: PaperWave, rest: str = "") -> str:
    return f"/waves/{paper.wave}/paper/{paper.batch.id}{rest}"


def fields(typed: dict[str, str] | None = None, **more: str) -> dict[str, str]:
    return {f"q-{key}": value for key, value in (FILLED if typed is None else typed).items()} | more


def key(browser: PageClient, paper: PaperWave, number: int, **more: str) -> TestResponse:
    return browser.submit(
        address(paper, "/key"),
        fields(serial=paper.serial(number), round="first") | more,
        page=address(paper, "/key"),
    )


def test_from_a_batch_to_answers(
    signed_in: SignIn, paper: PaperWave, sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    first, second = signed_in(Role.SUPERVISOR), signed_in(Role.STATISTICIAN)
    opened = first.submit(address(paper, "/key"), {"serial": paper.serial(1)}, page=address(paper, "/key"))
    assert opened.status_code == 200
    assert 'name="q-A1"' in opened.text
    for number in range(1, 6):
        assert key(first, paper, number).location == f"{address(paper, '/key')}?done=keyed"
    done = first.submit(address(paper, "/finish"), {"confirm": "yes"}, page=address(paper))
    assert done.location.endswith("?done=finished")
    page = second.page(address(paper))
    chosen = re.findall(r"\d{4}-\d{4}-\d", page.text)
    assert len(chosen) == 1
    again = first.submit(address(paper, "/key"), {"serial": chosen[0]}, page=address(paper, "/key"))
    assert again.status_code == 409
    assert "另一个人" in again.text
    typed = fields({**FILLED, "B1": "3"}, serial=chosen[0])
    settling = second.submit(address(paper, "/key"), typed | {"round": "second"}, page=address(paper, "/key"))
    assert settling.status_code == 200
    assert "第一遍：" in settling.text
    # The same sent again, as after a lost reply, settles nothing.
    repeated = second.submit(address(paper, "/key"), typed | {"round": "second"}, page=address(paper, "/key"))
    assert "第一遍：" in repeated.text
    settled = second.submit(
        address(paper, "/key"), fields(serial=chosen[0], round="settling"), page=address(paper, "/key")
    )
    assert settled.location.endswith("?done=settled")
    with sqlite_database.reading() as session:
        stored = list(read_responses(session, paper.wave))
    assert [(one.area, one.answers["B1"]) for one in stored] == [(EAST, 1)] * 5
    shown = second.page(address(paper)).text
    assert "复录 1 份，有出入的 1 份" in shown
    assert not [record for record in caplog.records if paper.serial(1) in record.getMessage()]


def test_what_is_odd_is_told_beside_the_box_and_kept_as_on_the_paper(
    signed_in: SignIn, paper: PaperWave, sqlite_database: Database
) -> None:
    browser = signed_in(Role.SUPERVISOR)
    odd = {"S1": "1", "A1": "3", "A2": "2 90", "B1": "7", "B2": "1", "M1": "1", "M2": "1", "N1": "99", "A2.10": "哪里"}
    told = key(browser, paper, 1, **fields(odd))
    assert told.status_code == 422
    for words in ("去掉一边", "请从列出的答案里选", "请填1到20之间的整数", "没有选这个答案", "纸上就是这样"):
        assert words in told.text
    off = key(browser, paper, 1, **fields({**odd, "A2": "2", "B1": "1", "N1": "2", "A2.10": ""}))
    assert off.status_code == 422
    assert "这道题不用答" in off.text
    saved = key(browser, paper, 1, **fields({**odd, "A2": "2", "B1": "1", "N1": "99"}), as_on_paper="yes")
    assert saved.status_code == 303
    paper.key(sqlite_database, 2)
    browser.submit(address(paper, "/finish"), {"confirm": "yes"}, page=address(paper))


def test_a_slip_is_mended_on_the_page(signed_in: SignIn, paper: PaperWave, sqlite_database: Database) -> None:
    own, other = signed_in(Role.SUPERVISOR), signed_in(Role.STATISTICIAN)
    key(own, paper, 1, **fields({**FILLED, "B1": "3"}))
    serial = {"serial": paper.serial(1)}
    opened = own.submit(address(paper, "/key"), serial, page=address(paper, "/key"))
    assert opened.status_code == 200
    assert "照纸改了再保存" in opened.text
    assert re.search(r'name="q-B1"[^>]* value="3"', opened.text)
    # An empty form that was opened before is no way to save over what is there without having seen it.
    stale = key(own, paper, 1)
    assert (stale.status_code, "照纸改了再保存" in stale.text) == (200, True)
    refused = other.submit(address(paper, "/key"), serial, page=address(paper, "/key"))
    assert (refused.status_code, "只有录它的人能改" in refused.text) == (409, True)
    assert key(own, paper, 1, round="mending").location.endswith("?done=mended")
    voided = own.submit(
        address(paper, "/void"), serial | {"reason": "blank", "confirm": "yes"}, page=address(paper, "/key")
    )
    assert voided.location.endswith("?done=void")
    assert "这一份已经作废" in own.submit(address(paper, "/key"), serial, page=address(paper, "/key")).text
    assert key(own, paper, 1, round="restoring").location.endswith("?done=mended")
    own.submit(address(paper, "/finish"), {"confirm": "yes"}, page=address(paper))
    assert paper.key(sqlite_database, 1, keyer=99) is Saved.ALIKE
    with sqlite_database.reading() as session:
        assert [one.answers["B1"] for one in read_responses(session, paper.wave)] == [1]


def test_where_nothing_waits_to_be_keyed_the_page_leads_back_to_the_batch(signed_in: SignIn, paper: PaperWave) -> None:
    browser = signed_in(Role.SUPERVISOR)
    assert "没有等着录的了" not in browser.page(address(paper, "/key")).text
    key(browser, paper, 1)
    counts = {"issued": "30", "returned": "1", "returned_on": "2026-05-04"}
    assert browser.submit(address(paper, "/counts"), counts, page=address(paper)).status_code == 303
    assert "没有等着录的了。 看这一批下一步做什么" in browser.page(address(paper, "/key")).text


def test_closing_asks_about_paper_in_a_box_of_its_own(signed_in: SignIn, paper: PaperWave) -> None:
    supervisor, browser, state = signed_in(Role.SUPERVISOR), signed_in(Role.STATISTICIAN), f"/waves/{paper.wave}/state"
    for number in (1, 2):
        key(supervisor, paper, number)
    assert "2 份录过，没有抽取、复录或核对完；23 份收回了，没有录入" in browser.page(state).text
    refused = browser.submit(f"{state}/close", {"confirm": "yes", "discard": "yes"}, page=state)
    assert (refused.status_code, "收回的纸质问卷还没有录完" in refused.text) == (409, True)
    assert browser.submit(f"{state}/close", {"confirm": "yes", "paper": "yes"}, page=state).status_code == 303
    told = supervisor.page(address(paper)).text
    assert "有 2 份录过而没有抽取、复录或核对完" in told
    assert "收回的有 23 份没有录入，不计入" in told


def test_who_else_may_key_is_told_where_a_form_waits_for_it(
    signed_in: SignIn, paper: PaperWave, sqlite_database: Database
) -> None:
    browser = signed_in(Role.SUPERVISOR)
    key(browser, paper, 1)
    browser.submit(address(paper, "/finish"), {"confirm": "yes"}, page=address(paper))
    assert re.search(r"除您以外还有 \d+ 个账号能录这一批", browser.page(address(paper)).text)
    with sqlite_database.writing() as session:
        for one in list_accounts(session):
            if one.role is not Role.SUPERVISOR:
                set_active(session, one.id, False)
    assert "除您以外没有别的账号能录这一批" in browser.page(address(paper)).text


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ("", 422, "请输入问卷编号"),
        ("0" * 90, 422, "不是问卷编号"),
        ("<b>张三</b>", 422, "不是问卷编号"),
        ("9999-0001-0", 422, "对不上"),
    ],
)
def test_serials_that_are_none(signed_in: SignIn, paper: PaperWave, typed: str, status: int, told: str) -> None:
    response = signed_in(Role.SUPERVISOR).submit(address(paper, "/key"), {"serial": typed}, page=address(paper, "/key"))
    assert response.status_code == status
    assert told in told_fields(response.text)["serial"]


def test_a_void_form_needs_a_reason_and_a_confirmation(signed_in: SignIn, paper: PaperWave) -> None:
    browser = signed_in(Role.SUPERVISOR)

    def void(number: int, **form: str) -> TestResponse:
        return browser.submit(
            address(paper, "/void"), {"serial": paper.serial(number)} | form, page=address(paper, "/key")
        )

    assert told_fields(void(1).text).keys() == {"reason-blank", "confirm"}
    assert "录入 " + paper.serial(1) in void(1, reason="blank").text, "the form stays open"
    assert void(1, reason="blank").status_code == 422
    assert void(1, confirm="yes").status_code == 422
    assert void(1, reason="eaten", confirm="yes").status_code == 422
    assert void(1, reason="blank", confirm="yes").status_code == 303
    assert void(1, reason="refused", confirm="yes").status_code == 303, "for another reason"
    assert "作废的原因：拒答（退回、划掉） 1" in browser.page(address(paper)).text


def test_counts_are_told_apart(signed_in: SignIn, paper: PaperWave) -> None:
    browser = signed_in(Role.SUPERVISOR)

    def count(**form: str) -> TestResponse:
        day = {"returned_on": "2026-05-04"}
        return browser.submit(address(paper, "/counts"), day | form, page=address(paper))

    refused = count(issued="31", returned="40")
    assert refused.status_code == 422
    assert told_fields(refused.text) == {
        "issued": "发放 31：发放不能多于印制的 30 份",
        "returned": "回收 40：回收不能多于发放的 31 份",
    }
    assert told_fields(count(issued="三十", returned="", returned_on="昨天").text) == {
        "issued": "“三十”不是份数：请填一个整数。",
        "returned": "请填份数；没有的填 0。",
        "returned_on": "“昨天”不是日期：请写成 2026-03-01 的样子。",
    }
    assert count(issued="28", returned="26").status_code == 303
    assert "没有收回 2" in browser.page(address(paper)).text


def test_batches_are_made_for_communities_and_listed(signed_in: SignIn, paper: PaperWave) -> None:
    browser, listed = signed_in(Role.STATISTICIAN), f"/waves/{paper.wave}/paper"
    form = {"community": EAST, "count": "140", "print_language": "en", "large": "yes"}
    made = browser.submit(listed, form, page=listed)
    assert made.status_code == 303
    for wrong in ({"count": "0"}, {"count": "501"}, {"count": "很多"}, {"community": "1"}, {"print_language": "fr"}):
        assert browser.submit(listed, form | wrong, page=listed).status_code == 422
    for count in ("", "0", "501"):
        refused = browser.submit(listed, form | {"count": count}, page=listed)
        assert told_fields(refused.text) == {"count": "请填 1 到 500 的整数。"}
    rows = browser.page(listed).all("tr")
    assert [row.text for row in rows[-3:]] == [
        "第 1 批 东风社区 30 30 25 0 0 0 25",
        "第 2 批 东风社区 140 140 0 0 0 0 0",
        "合计 170 170 25 0 0 0 25",
    ]
    too_many = browser.get(f"{listed}/2/forms.pdf")
    assert too_many.status_code == 409


@pytest.mark.parametrize("role", [Role.CANVASSER, Role.OFFICIAL, Role.GRID_WORKER, Role.ADMINISTRATOR])
def test_others_have_nothing_to_do_with_it(signed_in: SignIn, paper: PaperWave, role: Role) -> None:
    browser = signed_in(role)
    assert {browser.get(address(paper, rest)).status_code for rest in ("", "/key", "/forms.pdf")} == {403}


def test_the_boxes_stand_in_the_order_of_the_paper(signed_in: SignIn, paper: PaperWave) -> None:
    """Tab leads from one to the next; there is no script and no tabindex in the way."""
    browser = signed_in(Role.SUPERVISOR)
    opened = browser.submit(address(paper, "/key"), {"serial": paper.serial(2)}, page=address(paper, "/key"))
    names = re.findall(r'name="q-([^"]+)"', opened.text)
    assert names == ["S1", "A1", "A2", "A2.10", "B1", "B2", names[6], "N1", "D1", "T1"]
    assert names[6] in ("M1", "M2")
    assert "tabindex" not in opened.text.split("paper-key", 1)[1].split("</form>", 1)[0]


def test_a_batch_of_another_wave_is_not_there(signed_in: SignIn, paper: PaperWave) -> None:
    browser = signed_in(Role.SUPERVISOR)
    assert browser.get(f"/waves/{paper.wave}/paper/999").status_code == 404
    assert isinstance(browser.page(address(paper)), Element)
