from datetime import timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import select

from survey.roles import Role
from survey.store.accounts import add_account
from survey.store.assignments import AssignmentRow, assign, cases_of, drop_assignments, standing, standing_for
from survey.store.bulk import broken_constraint


@pytest.fixture
def people(database, example, draw_cases, at):
    """Two canvassers; the cases of the example are drawn."""
    with database.writing() as session:
        draw_cases(session, example)
        return tuple(
            add_account(session, name=name, password_hash=None, role=Role.CANVASSER, at=at).id for name in ("方", "袁")
        )


def test_each_case_has_one_canvasser_and_the_last_word_counts(database, example, people, new_cases, at):
    one, other = people
    first, second, third = (case.id for case in new_cases)
    with database.writing() as session:
        assign(session, [(third, one), (first, one), (second, other)], at=at, by="督")
        assert cases_of(session, one) == (first, third)  # in walking order
        assign(session, [(first, other)], at=at + timedelta(days=1), by="督")
        assign(session, [], at=at, by="督")
    with database.reading() as session:
        assert standing(session, example.wave) == {first: other, second: other, third: one}
        assert (cases_of(session, one), cases_of(session, other)) == ((third,), (first, second))
        assert (standing_for(session, first), standing_for(session, UUID(int=1))) == (other, None)
        assert (standing(session, 99), cases_of(session, 99)) == ({}, ())


def test_it_is_known_when_and_by_whom(database, people, new_cases, at):
    here = at.astimezone(timezone(timedelta(hours=8)))
    with database.writing() as session:
        assign(session, [(new_cases[0].id, people[0])], at=here, by="督")
        with pytest.raises(ValueError, match="naive"):
            assign(session, [(new_cases[1].id, people[0])], at=at.replace(tzinfo=None), by="督")
    with database.reading() as session:
        row = session.scalars(select(AssignmentRow)).one()
        assert (row.at, row.by) == (at, "督")
        assert session.scalar(select(AssignmentRow.by).where(AssignmentRow.at == at)) == "督"  # written one way


def test_a_dropped_wave_knows_nobody(database, example, people, new_cases, at):
    with database.writing() as session:
        assign(session, [(case.id, people[0]) for case in new_cases], at=at, by="督")
        assert drop_assignments(session, 99) == 0
        assert (drop_assignments(session, example.wave), drop_assignments(session, example.wave)) == (3, 0)
        assert (standing(session, example.wave), cases_of(session, people[0])) == ({}, ())


def test_no_case_and_nobody_are_refused(database, people, new_cases, at):
    for case, account in ((UUID(int=1), people[0]), (new_cases[0].id, 99)):
        with pytest.raises(broken_constraint()), database.writing() as session:
            assign(session, [(case, account)], at=at, by="督")
