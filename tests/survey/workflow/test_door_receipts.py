"""Whoever was asked at the door, or would not be, has a receipt that is listed; nothing of the case holds it."""

from uuid import uuid4

import pytest

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.door_receipts import door_receipt
from survey.fieldwork.payloads import Ended, InterviewPayload, VisitPayload
from survey.fieldwork.resident_codes import receipt_hash
from survey.store import inbox
from survey.store.database import Database
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.receipts import list_receipts
from survey.store.withdrawals import has_withdrawals
from survey.workflow.close_wave import close_wave
from survey.workflow.show_receipts import check_receipt
from tests.survey import attacker
from tests.survey.field import NOW, Field


def listed(database: Database, field: Field) -> tuple[str, ...]:
    with database.reading() as session:
        assert not has_withdrawals(session, field.wave), "what takes answers back is in nobody's hand at the door"
        return list_receipts(session, field.wave)


def test_an_interview_that_a_device_hands_in_has_a_receipt_the_device_knew_before(
    database: Database, field: Field
) -> None:
    payload, uuid = field.interview(field.east[0]), uuid4()
    known = door_receipt(payload)
    assert known is not None
    assert field.send(database, payload, uuid=uuid).code == known
    assert field.send(database, payload, uuid=uuid).code == known, "asked again after a lost reply"
    assert listed(database, field) == (receipt_hash(known),)
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")
    with database.reading() as session:
        assert check_receipt(session, field.wave, known)


NOBODY_THERE = {
    *(Outcome.NO_ENTRY, Outcome.NO_ANSWER, Outcome.NO_SUCH_ADDRESS, Outcome.NOT_A_DWELLING, Outcome.VACANT),
    *(Outcome.AWAY, Outcome.APPOINTMENT, Outcome.OTHER),  # somebody comes again, or it is not known who it was
}
SPOKEN_TO = {
    *(Outcome.REFUSED_HOUSEHOLD, Outcome.REFUSED_PERSON, Outcome.BREAK_OFF),
    *(Outcome.UNABLE, Outcome.LANGUAGE, Outcome.NOBODY_ELIGIBLE),
}


def test_every_outcome_of_a_visit_is_thought_of() -> None:
    assert set(Outcome) - {Outcome.COMPLETE, Outcome.PARTIAL} == NOBODY_THERE | SPOKEN_TO


@pytest.mark.parametrize("outcome", sorted(NOBODY_THERE | SPOKEN_TO))
def test_whoever_would_not_be_asked_has_one_too(database: Database, field: Field, outcome: Outcome) -> None:
    visit = field.visit(field.east[0], outcome)
    said = field.send(database, visit)
    assert said.code == door_receipt(visit)
    assert (said.code is not None) == (outcome in SPOKEN_TO)
    assert len(listed(database, field)) == (outcome in SPOKEN_TO)


def test_broken_off_screened_and_waiting_interviews_are_told_apart_by_none(database: Database, field: Field) -> None:
    payloads = [
        field.interview(field.east[0], answers={"S1": 1}, ended=Ended.BREAK_OFF),
        field.interview(field.east[2]),
        field.interview(field.east[2]),  # a second one: quarantined
    ]
    for payload in payloads:
        assert len(field.send(database, payload).code or "") == 12
    assert len(listed(database, field)) == len(payloads)


def test_what_belongs_to_no_open_wave_has_none(database: Database, field: Field) -> None:
    unreadable = field.send(database, b'{"case": 1}', kind=PayloadKind.VISIT)
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests", discard_quarantine=True)
    late = field.send(database, field.interview(field.east[0]))
    assert (unreadable.code, late.code, late.state) == (None, None, PayloadState.QUARANTINED)
    assert listed(database, field) == ()


@pytest.mark.parametrize("refused", [False, True])
def test_no_row_of_the_case_holds_it(database: Database, field: Field, refused: bool) -> None:
    """Neither the code, nor its hash, nor the salt it follows from stands anywhere but in the list of receipts."""
    case = field.east[0]
    payload: InterviewPayload | VisitPayload = (
        field.visit(case, Outcome.REFUSED_PERSON) if refused else field.interview(case)
    )
    code = field.send(database, payload).code or ""
    for name, rows in attacker.read_everything(database).items():
        told = repr(rows)
        assert code not in told, name
        assert payload.salt not in told, name
        assert (receipt_hash(code) in told) == (name == "receipts"), name


def test_a_device_that_uses_a_salt_twice_has_one_receipt(database: Database, field: Field) -> None:
    first, second = field.interview(field.east[0]), field.visit(field.east[2], Outcome.REFUSED_PERSON)
    again = type(second)(**{**vars(second), "salt": first.salt})
    assert field.send(database, first).code == field.send(database, again).code
    assert len(listed(database, field)) == 1
    with database.reading() as session:
        assert sum(inbox.count_states(session, field.wave).values()) == 2, "nothing is refused for it"
