"""A resident takes their answers back: gone for good, counted, and nothing else changes; also later, also twice."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import InterviewPayload, parse_interview
from survey.fieldwork.quarantine import Reason
from survey.fieldwork.resident_codes import ResidentCodes, codes_of, new_seed, receipt_hash
from survey.keys import KeyRing
from survey.messages import Failure
from survey.one_time_codes import grouped, new_code
from survey.store import inbox, invitations
from survey.store.database import Database
from survey.store.inbox import PayloadState
from survey.store.invitations import InvitationState
from survey.store.receipts import list_receipts
from survey.store.response_digests import answers_digest
from survey.store.responses import count_responses
from survey.store.sheets import Ending, Entrance
from survey.store.visits import read_visits
from survey.store.wave_keys import find_sealer, open_sealer
from survey.store.withdrawals import COUNTS, count_withdrawn
from survey.waves import Mode
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.enter_questionnaire import open_sheet
from survey.workflow.record_response import record_refusal, record_response
from survey.workflow.withdraw_response import withdraw_response
from tests.survey import answering
from tests.survey.answering import ANSWERS, AT, EAST, Online
from tests.survey.store.counting import statements

BY_LINK = {name: value for name, value in ANSWERS.items() if name != "N1"}


@pytest.fixture
def online(database: Database, tmp_path: Path) -> Online:
    return answering.start(database, KeyRing(folder=tmp_path / "keys"))


def codes() -> ResidentCodes:
    return codes_of(new_seed())


def finish(
    database: Database, online: Online, entrance: Entrance, given: ResidentCodes, answers: Any = ANSWERS
) -> Ending:
    with database.writing() as session:
        sheet = open_sheet(session, online.keys, entrance)
        return record_response(session, sheet, answers, at=AT, codes=given)


def withdraw(database: Database, online: Online, typed: str) -> bool:
    with database.writing() as session:
        return withdraw_response(session, online.keys, typed)


def close(database: Database, online: Online) -> None:
    with database.writing() as session:
        close_wave(session, online.keys, online.wave, at=AT, by="tests", discard_quarantine=True)
    destroy_keys(database, online.keys)


def left(database: Database, online: Online) -> tuple[int, int]:
    """Responses, and those withdrawn."""
    with database.reading() as session:
        return count_responses(session, online.wave), count_withdrawn(session, online.wave)


@pytest.mark.parametrize("closed", [False, True])
def test_the_answers_go_and_a_count_stays(database: Database, online: Online, closed: bool) -> None:
    mine, others = codes(), codes()
    finish(database, online, online.by_link(), mine, BY_LINK)
    finish(database, online, online.by_link(), others, BY_LINK)
    if closed:
        close(database, online)
    with database.reading() as session:
        before = answers_digest(session, online.wave)
    assert withdraw(database, online, grouped(mine.withdrawal).lower())
    assert left(database, online) == (1, 1)
    with database.reading() as session:
        kept = session.execute(select(COUNTS.c.area, COUNTS.c.mode, COUNTS.c.answers)).all()
        assert [tuple(row) for row in kept] == [(EAST, Mode.WEB_OPEN, 1)]
        assert answers_digest(session, online.wave) != before, "the next run is of other answers, and says so"
    assert withdraw(database, online, mine.withdrawal), "asked again, the same answer"
    assert left(database, online) == (1, 1)
    assert withdraw(database, online, others.withdrawal)
    assert left(database, online) == (0, 2)


def test_the_letter_stays_spent_and_the_visit_what_it_was(database: Database, online: Online) -> None:
    mine, entrance = codes(), online.by_code()
    finish(database, online, entrance, mine)
    assert withdraw(database, online, mine.withdrawal)
    with database.reading() as session:
        invitation = invitations.find_invitation(session, [entrance.code_hash or ""])
        (visit,) = read_visits(session, find_sealer(session, online.keys, online.wave), online.wave)
    assert invitation is not None
    assert invitation.state is InvitationState.SPENT
    assert visit.payload.outcome is Outcome.COMPLETE
    close(database, online)
    assert withdraw(database, online, mine.withdrawal), "also after the closing it is known to be gone"
    assert left(database, online) == (0, 1)


def test_answers_kept_aside_go_too_and_nobody_can_accept_them(database: Database, online: Online) -> None:
    first, second, mine = online.by_code(), online.by_code(), codes()
    with database.writing() as session:
        answering_sheet = open_sheet(session, online.keys, second)
    finish(database, online, first, codes())
    with database.writing() as session:
        ending = record_response(session, answering_sheet, {**ANSWERS, "T1": "我的"}, at=AT, codes=mine)
    assert ending is Ending.KEPT_ASIDE
    assert withdraw(database, online, mine.withdrawal)
    with database.reading() as session:
        record = inbox.find(session, second.uuid)
        sealer = open_sealer(session, online.keys, online.wave, at=AT)
        assert record is not None
        assert record.body is not None
        payload = parse_interview(sealer.unseal(record.body, context=inbox.context(second.uuid)))
    assert (record.state, record.reason) == (PayloadState.VOID, Reason.TAKEN_BACK)
    assert isinstance(payload, InterviewPayload)
    assert payload.answers == {}
    assert left(database, online) == (1, 0), "the other answers of the home stay"


@pytest.mark.parametrize("typed", ["", "7K2M-9XQ4-DT0V", "错" * 16, "\x00" * 16, "0" * 3000])
def test_what_is_no_such_code_does_nothing(database: Database, online: Online, typed: str) -> None:
    mine = codes()
    finish(database, online, online.by_link(), mine, BY_LINK)
    assert not withdraw(database, online, typed)
    assert not withdraw(database, online, new_code())
    assert not withdraw(database, online, online.codes[0]), "the code of a letter is another one"
    assert not withdraw(database, online, mine.receipt)
    assert left(database, online) == (1, 0)


def test_too_little_to_be_kept_is_told_like_everything_else(database: Database, online: Online) -> None:
    mine = codes()
    assert finish(database, online, online.by_link(), mine, {"S1": 1}) is Ending.COMPLETE
    assert withdraw(database, online, mine.withdrawal)
    assert left(database, online) == (0, 0)


def test_a_key_that_is_not_here_is_said_not_taken_for_a_wrong_code(database: Database, online: Online) -> None:
    mine = codes()
    finish(database, online, online.by_link(), mine, BY_LINK)
    for file in online.keys.folder.iterdir():
        file.rename(file.with_suffix(".lost"))
    with pytest.raises(Failure):
        withdraw(database, online, mine.withdrawal)
    assert left(database, online) == (1, 0)


def test_a_damaged_key_keeps_nobody_of_another_wave_from_taking_back(database: Database, online: Online) -> None:
    mine, here = codes(), online.keys.list_ids()
    finish(database, online, online.by_link(), mine, BY_LINK)
    with database.writing() as session:
        open_sealer(session, online.keys, None, at=AT)
    (damaged,) = online.keys.list_ids() - here
    (online.keys.folder / f"{damaged}.key").write_bytes(b"x" * 31)
    with pytest.raises(Failure):
        withdraw(database, online, new_code())  # it may be one of those that the key would find
    assert withdraw(database, online, mine.withdrawal)
    assert left(database, online) == (0, 1)


def test_everybody_gets_one_receipt_also_who_declines_or_leaves_it_blank(database: Database, online: Online) -> None:
    given = [codes() for _ in range(4)]
    declining = online.by_link()
    finish(database, online, online.by_link(), given[0], BY_LINK)
    finish(database, online, online.by_link(), given[1], {"S1": 2})
    finish(database, online, online.by_link(), given[2], {"S1": 1})
    for _ in range(2):
        with database.writing() as session:
            sheet = open_sheet(session, online.keys, declining)
            record_refusal(session, sheet, at=AT, codes=given[3])
    with database.reading() as session:
        stored = list_receipts(session, online.wave)
    assert stored == tuple(sorted(receipt_hash(one.receipt) for one in given))


def test_many_at_once_withdraw_once(database: Database, online: Online) -> None:
    mine = codes()
    finish(database, online, online.by_link(), mine, BY_LINK)
    finish(database, online, online.by_link(), codes(), BY_LINK)
    said: list[bool] = []
    threads = [
        threading.Thread(target=lambda: said.append(withdraw(database, online, mine.withdrawal))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [True] * 8
    assert left(database, online) == (1, 1)


def test_handing_in_with_both_codes_takes_six_statements(database: Database, online: Online) -> None:
    finish(database, online, online.by_code(0), codes())  # the questionnaire is read once
    entrance = online.by_code(1)
    with statements(database) as seen:
        assert finish(database, online, entrance, codes()) is Ending.COMPLETE
    assert len(seen) <= 6
