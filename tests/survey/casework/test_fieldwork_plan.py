from dataclasses import replace
from datetime import date, timedelta

import pytest

from survey.casework.fieldwork_plan import Expectation, ExpectedBy, FieldPlan, find_expectation
from survey.keys import KeyRing
from survey.store.database import Database
from survey.store.draws import get_draw
from survey.store.sample_plans import add_sample_plan
from survey.store.waves import get_wave
from survey.workflow.close_wave import close_wave
from tests.survey.field import NOW, OPENED, Field, open_field

PLAN = FieldPlan(
    drawn=150,
    released=100,
    completes=0,
    expectation=Expectation(share=0.5, by=ExpectedBy.PLAN, name="p"),
    start=date(2026, 5, 1),
    end=date(2026, 5, 10),
)


def test_only_released_cases_are_expected_to_bring_anything() -> None:
    assert PLAN.expected == 50


def test_nothing_is_due_or_needed_where_nothing_is_expected() -> None:
    day = date(2026, 5, 3)
    for changes in ({"expectation": None}, {"start": None}, {"end": None}):
        plan = replace(PLAN, **changes)  # type: ignore[arg-type]
        assert (plan.due(day), plan.needed_each_day(day)) == (None, None)


def test_what_is_needed_each_day() -> None:
    before, last = date(2026, 4, 1), date(2026, 5, 10)
    assert PLAN.needed_each_day(before) == 5.0, "ten days, fifty to come"
    assert PLAN.needed_each_day(last - timedelta(days=1)) == 50.0
    assert PLAN.needed_each_day(last) is None
    assert replace(PLAN, completes=50).needed_each_day(before) is None
    assert replace(PLAN, completes=80).needed_each_day(before) is None


def expectation(database: Database, field: Field) -> Expectation | None:
    with database.reading() as session:
        return find_expectation(session, get_wave(session, field.wave), get_draw(session, field.draw))


def save(database: Database, field: Field, name: str, **changes: object) -> None:
    with database.writing() as session:
        frame = get_wave(session, field.wave).frame_id
        values = {"frame_id": frame, "cases_in_all": 12, "at": OPENED, **changes}
        add_sample_plan(session, name=name, request={}, completes=30, cases=40, by="tests", **values)  # type: ignore[arg-type]


def test_a_plan_saved_before_the_draw_says_what_to_expect(database: Database, field: Field) -> None:
    assert expectation(database, field) is None
    save(database, field, "of no frame", frame_id=None, cases_in_all=None)
    save(database, field, "too late", at=OPENED + timedelta(seconds=1))
    assert expectation(database, field) is None
    save(database, field, "first")
    save(database, field, "second")
    assert expectation(database, field) == Expectation(share=0.75, by=ExpectedBy.PLAN, name="second")


def test_else_the_wave_before(database: Database, field: Field, keys: KeyRing) -> None:
    field.send(database, field.interview(field.east[0]))
    with database.writing() as session:
        close_wave(session, keys, field.wave, at=NOW, by="tests")
    later = open_field(database, keys)
    found = expectation(database, later)
    assert found is not None
    assert (found.share, found.by) == (pytest.approx(1 / 12), ExpectedBy.WAVE_BEFORE)
    assert expectation(database, field) is None, "nothing of what came after it"
