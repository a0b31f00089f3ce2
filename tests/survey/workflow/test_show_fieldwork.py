"""Rates from the sealed log while a wave is open, from the frozen counts after it, and they are the same."""

from datetime import timedelta
from uuid import uuid4

import pytest

from analysis.fieldwork.dispositions import Disposition, Outcome
from survey.fieldwork.payloads import Ended
from survey.keys import KeyRing
from survey.messages import NotThere
from survey.store.database import Database
from survey.store.inbox import PayloadKind
from survey.waves import WaveState
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.hand_over_cases import reassign_cases
from survey.workflow.show_fieldwork import Fieldwork, Progress, show_fieldwork
from tests.survey.conftest import open_small_wave
from tests.survey.field import NOW, Field, open_field
from tests.survey.small_wave import EAST, WEST


def show(database: Database, field: Field) -> Fieldwork:
    with database.reading() as session:
        return show_fieldwork(session, field.keys, field.wave)


def work(database: Database, field: Field) -> None:
    """East: two complete, one partial, one refusal, one nobody at home, one not attempted."""
    a, b, c, d, e, _ = field.east
    field.send(database, field.visit(a, Outcome.NO_ANSWER, at=NOW - timedelta(days=1)))
    field.send(database, field.interview(a))  # and no visit beside it
    field.answer_online(database, b)
    field.send(database, field.interview(c, {"S1": 1, "A1": 2, "B1": 1}))
    field.send(database, field.visit(d, Outcome.REFUSED_HOUSEHOLD))
    field.send(database, field.visit(e, Outcome.NO_ANSWER))
    # West: nobody eligible, broken off, vacant, no such address, away; one not attempted.
    a, b, c, d, e, _ = field.west
    field.send(database, field.visit(a, Outcome.NOBODY_ELIGIBLE))
    field.send(database, field.interview(b, {"S1": 1}, ended=Ended.BREAK_OFF))
    field.send(database, field.visit(c, Outcome.VACANT))
    field.send(database, field.visit(d, Outcome.NO_SUCH_ADDRESS))
    field.send(database, field.visit(e, Outcome.APPOINTMENT))


EXPECTED = {
    Disposition.COMPLETE: 2,
    Disposition.PARTIAL: 1,
    Disposition.REFUSED_HOUSEHOLD: 1,
    Disposition.BREAK_OFF: 1,
    Disposition.AWAY: 1,
    Disposition.NOT_ATTEMPTED: 2,
    Disposition.NO_ANSWER_UNKNOWN: 1,
    Disposition.NO_SUCH_ADDRESS: 1,
    Disposition.VACANT: 1,
    Disposition.NOBODY_ELIGIBLE: 1,
}


@pytest.fixture
def worked(database: Database, field: Field) -> Field:
    work(database, field)
    return field


def test_the_rates_come_from_the_log(database: Database, worked: Field) -> None:
    found = show(database, worked)
    assert found.total.dispositions == EXPECTED
    # D = 2 I + 1 P + 2 R + 1 NC = 6; unknown 3; NE 3; e = 6 / 9.
    rates = found.total.rates
    assert rates.e == pytest.approx(6 / 9)
    assert rates.rr1 == pytest.approx(2 / 9)
    assert rates.rr3 == pytest.approx(2 / (6 + 2 / 3 * 3))
    assert (rates.coop1, rates.ref1) == (pytest.approx(2 / 5), pytest.approx(2 / 9))
    assert found.total.cases == 12
    assert found.total.visits == 10, "six visits, four interviews without one"
    assert {area: (one.cases, one.completes) for area, one in found.by_area.items()} == {EAST: (6, 2), WEST: (6, 0)}
    assert sum(one.cases for one in found.by_canvasser.values()) == 12
    assert [one.name for one in found.canvassers] == ["li", "zhou"]


def test_after_closing_the_counts_stay_and_nobody_is_named(database: Database, worked: Field) -> None:
    before = show(database, worked)
    with database.writing() as session:
        close_wave(session, worked.keys, worked.wave, at=NOW, by="tests")
    destroy_keys(database, worked.keys)
    after = show(database, worked)
    assert after.state is WaveState.CLOSED
    assert (after.total, dict(after.by_area)) == (before.total, dict(before.by_area))
    assert after.total.weighted == before.total.weighted
    assert (after.tables.hours, after.plan) == (before.tables.hours, before.plan)
    assert (after.by_canvasser, after.canvassers, after.tables.refusals, after.unassigned) == ({}, (), {}, 0)


def test_handing_over_moves_the_cases_and_nothing_that_was_done(database: Database, worked: Field) -> None:
    li, zhou = worked.li.id, worked.zhou.id
    before = show(database, worked)
    assert (before.by_canvasser[li].visits, before.by_canvasser[zhou].visits) == (7, 3)
    given = {case for case in worked.cases if worked.owner(case).id == li} - {worked.east[4], worked.west[4]}
    with database.writing() as session:
        moved = reassign_cases(session, worked.wave, cases=given, to=zhou, at=NOW, by="tests")
    after = show(database, worked)
    assert moved == 4
    assert (after.tables.holding[li].cases, after.tables.holding[zhou].cases) == (2, 10)
    # All six of li were visited: every one was handed over with what came of it, and stays with who was there.
    assert after.by_canvasser == before.by_canvasser
    assert after.tables.refusals == before.tables.refusals


def test_who_takes_over_an_untouched_case_answers_for_it(database: Database, worked: Field) -> None:
    never = worked.east[5]
    assert worked.owner(never) == worked.zhou
    with database.writing() as session:
        reassign_cases(session, worked.wave, cases={never}, to=worked.li.id, at=NOW, by="tests")
    found = show(database, worked)
    assert (found.by_canvasser[worked.li.id].cases, found.by_canvasser[worked.zhou.id].cases) == (7, 5)
    assert found.tables.holding[worked.li.id].not_attempted == 1


def test_an_interview_that_waits_is_not_complete(database: Database, field: Field) -> None:
    case = field.east[0]
    field.send(database, field.visit(case, Outcome.COMPLETE))
    field.send(database, field.interview(case, instrument="0" * 64), uuid=uuid4())
    found = show(database, field)
    assert found.quarantined == {PayloadKind.INTERVIEW: 1, PayloadKind.VISIT: 0}
    assert found.total.completes == 0
    assert found.total.dispositions[Disposition.OTHER] == 1


def test_a_visit_in_quarantine_does_not_count(database: Database, field: Field) -> None:
    field.send(database, field.visit(field.east[0], Outcome.VACANT), account=field.zhou)
    found = show(database, field)
    assert found.total.dispositions == {Disposition.NOT_ATTEMPTED: 12}
    assert found.quarantined[PayloadKind.VISIT] == 1


def test_before_the_start_nobody_was_visited(database: Database, keys: KeyRing) -> None:
    found = show(database, open_field(database, keys, started=False))
    assert (found.total.cases, found.total.not_attempted, found.total.rates.rr1) == (12, 12, 0.0)


def test_a_wave_of_imported_answers_has_no_cases(database: Database, keys: KeyRing) -> None:
    wave = open_small_wave(database)
    with database.reading() as session:
        found = show_fieldwork(session, keys, wave)
    assert isinstance(found.total, Progress)
    assert (found.total.cases, found.total.rates.rr1, found.by_area) == (0, None, {})


def test_an_unknown_wave_is_not_there(sqlite_database: Database, keys: KeyRing) -> None:
    with pytest.raises(NotThere), sqlite_database.reading() as session:
        show_fieldwork(session, keys, 1)
