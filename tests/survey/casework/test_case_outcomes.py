"""The short reading of the sealed log says of each case what the whole log says."""

import random
from datetime import timedelta

from analysis.fieldwork.dispositions import Outcome
from survey.casework.case_log import read_case_logs
from survey.casework.case_outcomes import CaseOutcome, read_outcomes
from survey.fieldwork.payloads import Ended
from survey.keys import KeyRing
from survey.store.assignments import standing
from survey.store.database import Database
from survey.store.wave_keys import find_sealer
from survey.store.waves import get_wave
from tests.survey.field import NOW, SCREENED, Field, open_field

PARTIAL = {"S1": 1, "A1": 2, "B1": 1}


def from_logs(database: Database, field: Field) -> tuple[CaseOutcome, ...]:
    with database.reading() as session:
        wave = get_wave(session, field.wave)
        logs = read_case_logs(session, find_sealer(session, field.keys, field.wave), wave)
        owners = standing(session, field.wave)
    return tuple(
        CaseOutcome(log.case.area, owners.get(log.case.id), log.disposition, log.attempts_at_door) for log in logs
    )


def outcomes(database: Database, field: Field) -> tuple[CaseOutcome, ...]:
    with database.reading() as session:
        return read_outcomes(session, find_sealer(session, field.keys, field.wave), get_wave(session, field.wave))


def test_each_case_comes_to_the_same(database: Database, field: Field) -> None:
    chance = random.Random(5)  # noqa: S311 - the same visits each time
    outcomes_at_door = [one for one in Outcome if one is not Outcome.NOBODY_ELIGIBLE]
    for case in field.cases:
        for days in range(4, 4 - chance.randrange(4), -1):
            occupied = chance.choice([None, True, False])
            visit = field.visit(case, chance.choice(outcomes_at_door), at=NOW - timedelta(days=days), occupied=occupied)
            field.send(database, visit)
    a, b, c, d, e, f = field.east
    field.send(database, field.interview(a))
    field.send(database, field.interview(b, PARTIAL))
    field.send(database, field.interview(c, SCREENED))
    field.send(database, field.interview(d, {"S1": 1}, ended=Ended.BREAK_OFF))
    field.answer_online(database, e)
    field.answer_online(database, f, Outcome.REFUSED_PERSON)
    field.send(database, field.interview(field.west[0], instrument="0" * 64))  # it waits
    field.send(database, field.visit(field.west[1], Outcome.VACANT), account=field.zhou)  # may wait
    found = outcomes(database, field)
    assert found == from_logs(database, field)
    assert len({one.disposition for one in found}) > 4


def test_before_the_start_there_is_no_key_and_nothing_came_of_them(sqlite_database: Database, keys: KeyRing) -> None:
    field = open_field(sqlite_database, keys, started=False)
    assert outcomes(sqlite_database, field) == from_logs(sqlite_database, field)
