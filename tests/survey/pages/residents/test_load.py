"""How much a resident's request asks of the database, and many residents at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from survey.config import Config
from survey.keys import KeyRing
from survey.store import inbox, invitations
from survey.store.database import Database
from survey.store.inbox import PayloadKind
from survey.store.invitations import InvitationState
from tests.benchmarks.bench_resident import instrument
from tests.survey import answering
from tests.survey.answering import EAST, Online
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin
from tests.survey.store.counting import statements

MOST_STATEMENTS = 6
PEOPLE = 32


class CountingPhone(Phone):
    """Notes the statements of each request."""

    database: Database
    counts: dict[str, int]

    def open(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        with statements(self.database) as seen:
            response = super().open(*args, **kwargs)  # type: ignore[arg-type]
        key = f"{response.request.method} {response.request.path}"
        self.counts[key] = max(self.counts.get(key, 0), len(seen))
        return response


def counting_phone(app: Flask, database: Database) -> CountingPhone:
    app.test_client_class = CountingPhone
    phone = app.test_client()
    assert isinstance(phone, CountingPhone)
    phone.database, phone.counts = database, {}
    phone.environ_base["REMOTE_ADDR"] = "203.0.113.7"  # answers by open link are watched
    return phone


@pytest.mark.parametrize("one_page", [False, True])
@pytest.mark.parametrize("way", ["code", "link"])
def test_no_request_needs_more_than_six_statements(
    app: Flask, database: Database, config: Config, way: str, one_page: bool
) -> None:
    """Entering, each screen, handing in; by open link the first answer of a day, with which its key is made, too."""
    asked = instrument(one_page=True) if one_page else answering.INSTRUMENT
    online = answering.start(database, KeyRing(folder=config.keys), instrument=asked)
    handed_in = []
    for code in online.codes:
        phone = counting_phone(app, database)
        begin(phone, f"/a/{code}" if way == "code" else f"/o/{online.link}")
        if one_page:
            phone.press(answers=dict.fromkeys(phone.items, "2"))
        else:
            answer_all(phone, BY_CODE if way == "code" else BY_LINK)
        assert phone.state == "complete"
        assert len(phone.counts) == 4
        assert max(phone.counts.values()) <= MOST_STATEMENTS, phone.counts
        handed_in.append(phone.counts["POST /questionnaire"])
    assert handed_in == ([6, 6] if way == "code" else [6, 5])


def test_asking_which_of_two_stays_within_six_statements(app: Flask, database: Database, online: Online) -> None:
    phone = counting_phone(app, database)
    answer_all(begin(phone, f"/a/{online.codes[0]}"), BY_CODE[:2])
    phone.go(f"/a/{online.codes[1]}").take_other()
    answer_all(phone.press("start"), BY_CODE[:2])
    phone.go(f"/o/{online.link}").take_other()
    assert max(phone.counts.values()) <= MOST_STATEMENTS, phone.counts


def test_a_screen_needs_two_statements_and_the_next_one_once_begun(
    app: Flask, database: Database, online: Online
) -> None:
    phone = counting_phone(app, database)
    answer_all(begin(phone, f"/a/{online.codes[0]}"), BY_CODE[:2])
    phone.counts.clear()
    phone.press(answers=BY_CODE[2])
    assert phone.counts == {"POST /questionnaire": 2, "GET /questionnaire": 1}


@pytest.mark.slow
def test_32_at_once_none_lost_none_doubled(database: Database, config: Config, new_phone: NewPhone) -> None:
    keys = KeyRing(folder=config.keys)
    online = answering.start(database, keys, codes=PEOPLE // 2)
    addresses = [f"/a/{code}" for code in online.codes] + [f"/o/{online.link}"] * (PEOPLE // 2)
    start = threading.Barrier(PEOPLE)

    def one(address: str) -> str:
        phone = new_phone()
        screens = BY_CODE if address.startswith("/a/") else BY_LINK
        answer_all(begin(phone, address), screens[:-1])
        form = phone.form(answers=screens[-1])
        start.wait(60)
        for _ in range(2):  # everybody taps twice
            phone.post("/questionnaire", data=form)
        return phone.go("/questionnaire/end").state

    with ThreadPoolExecutor(PEOPLE) as pool:
        states = list(pool.map(one, addresses))
    assert states == ["complete"] * PEOPLE
    with database.reading() as session:
        assert len(answering.stored(session, online.wave)) == PEOPLE
        visits = list(inbox.list_inbox(session, online.wave, kind=PayloadKind.VISIT))
        assert len(visits) == PEOPLE // 2
        assert invitations.count_invitations(session, online.wave) == {EAST: {InvitationState.SPENT: PEOPLE // 2}}


@pytest.mark.slow
def test_one_code_on_32_phones_is_one_answer_and_31_kept_aside(
    database: Database, online: Online, new_phone: NewPhone
) -> None:
    start = threading.Barrier(PEOPLE)

    def one(_: int) -> str:
        phone = new_phone()
        answer_all(begin(phone, f"/a/{online.codes[0]}"), BY_CODE[:-1])
        start.wait(60)
        return phone.press(answers=BY_CODE[-1]).state

    with ThreadPoolExecutor(PEOPLE) as pool:
        states = sorted(pool.map(one, range(PEOPLE)))
    assert states == ["complete"] + ["kept-aside"] * (PEOPLE - 1)
    with database.reading() as session:
        assert len(answering.stored(session, online.wave)) == 1
        assert len(list(inbox.list_inbox(session, online.wave, kind=PayloadKind.INTERVIEW))) == PEOPLE - 1
