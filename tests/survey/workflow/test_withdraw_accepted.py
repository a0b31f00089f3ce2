"""Answers that a supervisor accepted from those kept aside are taken back too, and the home stays as it was."""

from typing import Any
from uuid import UUID, uuid4

from analysis.fieldwork.dispositions import Outcome
from survey.casework.case_log import read_case_logs
from survey.fieldwork.resident_codes import ResidentCodes, codes_of, new_seed
from survey.roles import Scope
from survey.store import inbox, responses
from survey.store.database import Database
from survey.store.filled_by import count_filled_by
from survey.store.sheets import Ending, Entrance, find_sheet
from survey.store.wave_keys import find_sealer
from survey.store.waves import get_wave
from survey.store.withdrawals import count_withdrawn
from survey.waves import FilledBy
from survey.workflow.record_response import record_response
from survey.workflow.settle_quarantine import Decision, settle_quarantine
from survey.workflow.withdraw_response import withdraw_response
from tests.survey.attacked_wave import invite, stored_code
from tests.survey.field import ANSWERS, NOW, Field
from tests.survey.small_wave import WEST

HAND = FilledBy.FAMILY


def answer(database: Database, field: Field, case: UUID, given: Any, codes: ResidentCodes) -> tuple[UUID, Ending]:
    entrance = Entrance(wave_id=field.wave, area=WEST, uuid=uuid4(), code_hash=stored_code(database, field, case))
    with database.writing() as session:
        sheet = find_sheet(session, field.keys, entrance)
        if sheet.sealer is None or sheet.case is None:
            raise AssertionError("the sheet is not open")
        return entrance.uuid, record_response(session, sheet, given, at=NOW, codes=codes)


def outcomes(database: Database, field: Field, case: UUID) -> list[Outcome]:
    with database.reading() as session:
        sealer = find_sealer(session, field.keys, field.wave)
        logs = read_case_logs(session, sealer, get_wave(session, field.wave))
        return [one.outcome for log in logs if log.case.id == case for one in log.attempts]


def test_the_home_has_answered_all_the_same(database: Database, field: Field) -> None:
    invite(database, field)
    case, mine = field.west[0], codes_of(new_seed())
    entrance = Entrance(wave_id=field.wave, area=WEST, uuid=uuid4(), code_hash=stored_code(database, field, case))
    with database.reading() as session:
        second = find_sheet(session, field.keys, entrance)
    _, ending = answer(database, field, case, {"S1": 1}, codes_of(new_seed()))
    assert ending is Ending.COMPLETE, "too little to be kept, and the code is spent"
    with database.writing() as session:
        kept: Any = ANSWERS
        assert record_response(session, second, kept, at=NOW, codes=mine, filled_by=HAND) is Ending.KEPT_ASIDE
    with database.writing() as session:
        settle_quarantine(
            session, field.keys, entrance.uuid, decision=Decision.ACCEPT, note="是这一家", scope=Scope(), at=NOW
        )
        assert count_filled_by(session, field.wave)[HAND] == 1, "whose hand it was is kept too"
    before = outcomes(database, field, case)
    assert Outcome.COMPLETE in before
    with database.writing() as session:
        assert withdraw_response(session, field.keys, mine.withdrawal)
    with database.reading() as session:
        assert responses.count_responses(session, field.wave) == 0
        assert count_withdrawn(session, field.wave) == 1
        record = inbox.find(session, entrance.uuid)
        sealer = find_sealer(session, field.keys, field.wave)
        assert record is not None
        assert sealer is not None
        assert record.body is not None
        assert b"answers" not in sealer.unseal(record.body, context=inbox.context(entrance.uuid))
    assert sorted(outcomes(database, field, case)) == sorted(before)
