"""What closing keeps of the monitor: every sum over homes to the last digit, nothing of people, no day by itself that
would tell a door."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.fieldwork.dispositions import Disposition, DispositionClass, Outcome
from survey.casework.case_outcomes import CaseAttempt
from survey.casework.field_tables import Days, FieldTables, make_tables
from survey.casework.frozen_fieldwork import freeze_fieldwork, read_frozen_fieldwork, together
from survey.casework.wave_log import LoggedCase, arrange
from survey.store.database import Database
from survey.store.fieldwork_counts import LEAST_ATTEMPTS
from tests.survey.conftest import open_small_wave

MONDAY = datetime(2026, 5, 4, 2, tzinfo=UTC)  # 10:00 in Shanghai
FRIDAY_NIGHT = datetime(2026, 5, 8, 11, tzinfo=UTC)  # 19:00
SUNDAY = datetime(2026, 5, 10, 3, tzinfo=UTC)  # 11:00
FIRST = date(2026, 5, 1)


def attempt(
    at: datetime, outcome: Outcome, *, by: int = 7, occupied: bool = False, at_door: bool = True
) -> CaseAttempt:
    return CaseAttempt(at, at, outcome, occupied, at_door, True, by)


def case(area: str, weight: float, *attempts: CaseAttempt, account: int | None = 7) -> LoggedCase:
    return LoggedCase(area, account, weight, attempts)


#: East, drawn with unequal probabilities, and west.
CASES = (
    case("east", 10, attempt(MONDAY, Outcome.NO_ANSWER), attempt(SUNDAY, Outcome.COMPLETE)),
    case("east", 10, attempt(MONDAY, Outcome.COMPLETE, at_door=False)),
    case("east", 30, attempt(MONDAY, Outcome.REFUSED_PERSON), attempt(FRIDAY_NIGHT, Outcome.NO_ANSWER)),
    case("east", 30, attempt(MONDAY, Outcome.NO_ENTRY)),
    case("east", 20, account=None),
    case("west", 5, attempt(MONDAY, Outcome.VACANT)),
    case(
        "west", 5, attempt(MONDAY, Outcome.NO_ANSWER, by=8), attempt(FRIDAY_NIGHT, Outcome.NO_ANSWER, by=8), account=8
    ),
)


def test_unequal_weights_by_hand() -> None:
    found = make_tables(arrange(CASES))
    east, west = found.by_area["east"], found.by_area["west"]
    assert east.dispositions == {
        Disposition.COMPLETE: 2,
        Disposition.REFUSED_PERSON: 1,
        Disposition.NOT_ATTEMPTED: 1,
        Disposition.NO_ENTRY_UNKNOWN: 1,
    }
    assert (east.rates.rr1, east.weighted.rr1) == (2 / 5, 20 / 100)
    assert (east.rates.rr5, east.weighted.rr5) == (pytest.approx(2 / 3), 20 / 50)
    assert (east.weighted.ref1, east.weighted.coop1) == (30 / 100, 20 / 50)
    # All: eligible 50, not eligible 5, unknown 50 + 5; e = 50 / 55.
    assert found.total.weighted.e == pytest.approx(50 / 55)
    assert found.total.weighted.rr3 == pytest.approx(20 / (50 + 55 * 50 / 55))
    assert (east.visits, east.evening, east.weekend, west.visits, west.evening) == (5, 1, 1, 3, 1)
    # Not reached: a locked gate on a Monday morning and a home nobody went to; in the west one, tried on Friday night.
    assert (east.under_three, east.office_hours_only) == (2, 1)
    assert (west.under_three, west.office_hours_only) == (1, 0)
    assert found.unassigned == 1
    assert {account: one.cases for account, one in found.by_canvasser.items()} == {7: 5, 8: 1}
    assert [(one.first.day, one.attempts, one.contacts, one.completes) for one in found.days] == [
        (4, 5, 1, 1),
        (8, 2, 0, 0),
        (10, 1, 1, 1),
    ]


def freeze(database: Database, tables: FieldTables) -> FieldTables:
    wave = open_small_wave(database)
    with database.writing() as session:
        freeze_fieldwork(session, wave, tables)
    with database.reading() as session:
        return read_frozen_fieldwork(session, wave)


def test_the_sums_over_homes_stay(database: Database) -> None:
    chance = random.Random(11)  # noqa: S311 - an example, not a secret
    cases: list[LoggedCase] = []
    for number in range(300):
        made: Sequence[CaseAttempt] = [
            attempt(
                MONDAY + timedelta(hours=chance.randrange(24 * 30)),
                chance.choice(list(Outcome)),
                by=chance.randrange(5),
                occupied=chance.random() < 0.5,
                at_door=chance.random() < 0.9,
            )
            for _ in range(chance.randrange(4))
        ]
        area = chance.choice(["a", "b", "c"])
        cases.append(case(area, chance.uniform(1, 90), *made, account=number % 4 or None))
    before = make_tables(arrange(cases))
    after = freeze(database, before)
    assert (after.by_area, after.total) == (before.by_area, before.total)
    assert after.total.weighted == before.total.weighted
    assert after.hours == before.hours
    assert (after.by_canvasser, after.refusals) == ({}, {})
    assert sum(one.attempts for one in after.days) == before.total.visits
    assert min(one.attempts for one in after.days) >= LEAST_ATTEMPTS


def test_a_wave_without_cases(database: Database) -> None:
    before = make_tables(arrange(()))
    after = freeze(database, before)
    assert (after.total.cases, after.total.visits, after.days, after.hours) == (0, 0, (), None)
    assert (before.total.rates.rr1, before.total.visits_per_case, before.total.evening_share) == (None, None, None)


def test_of_few_attempts_no_day_is_kept(database: Database) -> None:
    after = freeze(database, make_tables(arrange(CASES)))
    assert after.days == ()
    assert after.by_area["east"].weights[DispositionClass.COMPLETE] == 20.0


@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 3)), max_size=20))
def test_days_are_kept_together_until_each_has_ten_attempts(found: list[tuple[int, int]]) -> None:
    days = [
        Days(
            first=FIRST + timedelta(days=number),
            last=FIRST + timedelta(days=number),
            attempts=attempts,
            contacts=min(attempts, completes),
            completes=completes,
        )
        for number, (attempts, completes) in enumerate(found)
    ]
    kept = list(together(days))
    assert all(one.attempts >= LEAST_ATTEMPTS for one in kept)
    attempts = sum(one.attempts for one in days)
    assert bool(kept) == (attempts >= LEAST_ATTEMPTS)
    if kept:
        assert sum(one.attempts for one in kept) == attempts
        assert sum(one.completes for one in kept) == sum(one.completes for one in days)
        assert (kept[0].first, kept[-1].last) == (days[0].first, days[-1].last)
        assert all(earlier.last < later.first for earlier, later in pairwise(kept))
