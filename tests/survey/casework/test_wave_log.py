"""The short reading of the sealed log says what the whole log says, and both what each case by itself comes to."""

import random
from datetime import timedelta

import numpy as np
import pytest

from analysis.fieldwork.dispositions import Attempt, Disposition, Outcome, final_disposition
from analysis.fieldwork.outcome_tables import DISPOSITIONS, OUTCOMES, final_codes
from survey.casework.case_log import CaseLog, read_case_logs
from survey.casework.wave_log import WaveLog, of_case_logs, read_wave_log
from survey.fieldwork.interview_checks import mode_of
from survey.fieldwork.payloads import Ended
from survey.keys import KeyRing
from survey.store.assignments import standing
from survey.store.database import Database
from survey.store.wave_keys import find_sealer
from survey.store.waves import get_wave
from survey.waves import Mode
from tests.survey.field import NOW, SCREENED, Field, open_field

PARTIAL = {"S1": 1, "A1": 2, "B1": 1}
INTERVIEWED = (Outcome.COMPLETE, Outcome.PARTIAL)


def read_both(database: Database, field: Field) -> tuple[WaveLog, WaveLog, tuple[CaseLog, ...]]:
    with database.reading() as session:
        wave, sealer = get_wave(session, field.wave), find_sealer(session, field.keys, field.wave)
        logs = read_case_logs(session, sealer, wave)
        return read_wave_log(session, sealer, wave), of_case_logs(logs, standing(session, field.wave)), logs


def final_code(log: CaseLog) -> Disposition:
    """As it is told in words: at the door "complete" is said by the interview; without one there was somebody."""
    attempts = [(one.payload.finished, Attempt(outcome=one.outcome)) for one in log.interviews]
    for visit in (one.payload for one in log.visits):
        outcome = visit.outcome
        if outcome in INTERVIEWED and visit.mode is not Mode.WEB_TOKEN:
            if log.interviews:
                continue
            outcome = Outcome.OTHER
        attempts.append((visit.at, Attempt(outcome=outcome, occupied=visit.occupied)))
    return final_disposition([attempt for _, attempt in sorted(attempts, key=lambda pair: pair[0])])


def attempts_at_door(log: CaseLog) -> int:
    """Each interview held is an attempt, unless a visit says it was the one."""
    at_door = [one.payload.outcome for one in log.visits if one.payload.mode is not Mode.WEB_TOKEN]
    held = sum(mode_of(one.payload) is Mode.CAPI for one in log.interviews)
    return len(at_door) + max(0, held - sum(outcome in INTERVIEWED for outcome in at_door))


def in_any_order(log: WaveLog) -> list[tuple[int, ...]]:
    return sorted(
        zip(*(part.tolist() for part in (log.door_case, log.door_at, log.door_outcome, log.canvasser)), strict=True)
    )


def work(database: Database, field: Field) -> None:
    chance = random.Random(5)  # noqa: S311 - the same visits each time
    outcomes_at_door = [one for one in Outcome if one is not Outcome.NOBODY_ELIGIBLE]
    for case in field.cases:
        for days in range(4, 4 - chance.randrange(4), -1):
            occupied = chance.choice([None, True, False])
            visit = field.visit(case, chance.choice(outcomes_at_door), at=NOW - timedelta(days=days), occupied=occupied)
            field.send(database, visit)
    a, b, c, d, e, f = field.east
    field.send(database, field.visit(a, Outcome.COMPLETE, at=NOW - timedelta(minutes=20)))
    field.send(database, field.interview(a))
    field.send(database, field.interview(b, PARTIAL))
    field.send(database, field.interview(c, SCREENED))
    field.send(database, field.interview(d, {"S1": 1}, ended=Ended.BREAK_OFF))
    field.answer_online(database, e)
    field.answer_online(database, f, Outcome.REFUSED_PERSON)
    field.send(database, field.interview(field.west[0], instrument="0" * 64))  # it waits
    field.send(database, field.visit(field.west[1], Outcome.VACANT), account=field.zhou)  # may wait


def test_both_readings_and_each_case_by_itself_agree(database: Database, field: Field) -> None:
    work(database, field)
    short, whole, logs = read_both(database, field)
    expected = [final_code(log) for log in logs]
    for log in (short, whole):
        found = final_codes(log.attempts, len(log.area))
        assert [DISPOSITIONS[code] for code in found.dispositions] == expected
        assert np.bincount(log.door_case, minlength=len(logs)).tolist() == [attempts_at_door(log) for log in logs]
        assert [log.areas[place] for place in log.area] == [one.case.area for one in logs]
        assert log.weights.tolist() == pytest.approx([40 / 6] * 12)
    assert in_any_order(short) == in_any_order(whole)
    assert short.account.tolist() == whole.account.tolist()
    assert len(set(expected)) > 4


def test_an_interview_and_its_visit_are_one_attempt(database: Database, field: Field) -> None:
    case, at = field.east[0], NOW - timedelta(hours=1)
    field.send(database, field.visit(case, Outcome.COMPLETE, at=at))
    field.send(database, field.interview(case))
    for log in read_both(database, field)[:2]:
        assert log.door_at.tolist() == [int(at.timestamp())]
        assert (OUTCOMES[log.door_outcome[0]], log.canvasser.tolist()) == (Outcome.COMPLETE, [field.li.id])


def test_an_interview_alone_is_an_attempt_when_it_began(database: Database, field: Field) -> None:
    field.send(database, field.interview(field.west[1], started=NOW - timedelta(minutes=30)))
    for log in read_both(database, field)[:2]:
        assert log.door_at.tolist() == [int((NOW - timedelta(minutes=30)).timestamp())]
        assert log.canvasser.tolist() == [field.zhou.id]


def test_an_answer_by_invitation_is_no_attempt_at_the_door(database: Database, field: Field) -> None:
    field.answer_online(database, field.west[0])
    for log in read_both(database, field)[:2]:
        assert (len(log.door_case), len(log.attempts.case)) == (0, 1)


def test_before_the_start_there_is_no_key_and_nothing_came_of_them(sqlite_database: Database, keys: KeyRing) -> None:
    short, whole, _ = read_both(sqlite_database, open_field(sqlite_database, keys, started=False))
    assert len(short.attempts.case) == len(whole.attempts.case) == 0
    assert len(short.area) == len(whole.area) == 12
