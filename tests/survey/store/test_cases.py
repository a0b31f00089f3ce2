from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.messages import Conflict, NotThere
from survey.store.bulk import broken_constraint
from survey.store.cases import Case, add_cases, cases_by_ids, get_case, list_cases


@pytest.fixture
def draw(database, example, draw_cases):
    with database.writing() as session:
        return draw_cases(session, example)


@pytest.fixture
def cases(example, draw, new_cases):
    return tuple(
        Case(
            id=case.id,
            area=case.area,
            grid=case.grid,
            unit_serial=case.unit_serial,
            inclusion_n=case.inclusion_n,
            inclusion_total=case.inclusion_total,
            stratum=case.area,
            stages="2/4",
            draw_id=draw,
            wave_id=example.wave,
            frame_id=example.frame,
        )
        for case in new_cases
    )


def test_cases_come_back_in_walking_order(database, draw, cases):
    assert [case.id for case in cases] != sorted(case.id for case in cases)
    with database.reading() as session:
        assert list_cases(session, draw) == cases
        assert list_cases(session, 99) == ()


def test_cases_are_found_by_id(database, draw, cases):
    nobody = UUID(int=5)
    with database.reading() as session:
        assert (get_case(session, cases[1].id), get_case(session, nobody)) == (cases[1], None)
        assert cases_by_ids(session, [cases[2].id, nobody, cases[0].id]) == {case.id: case for case in cases[::2]}
        assert cases_by_ids(session, []) == {}


@pytest.mark.parametrize("change", [{"unit_serial": 1}, {"id": UUID(int=2**127 - 1)}], ids=["unit", "id"])
def test_a_unit_is_drawn_once_and_an_id_given_once(database, draw, cases, new_cases, change):
    fresh = replace(new_cases[0], id=UUID(int=9), unit_serial=2)
    with database.writing() as session:
        with pytest.raises(Conflict, match="重复"):
            add_cases(session, draw, [fresh, replace(fresh, **{"id": UUID(int=8), "unit_serial": 4} | change)])
        with pytest.raises(Conflict, match="重复"):
            add_cases(session, draw, [fresh, replace(fresh, id=UUID(int=7))])
    with database.reading() as session:
        assert list_cases(session, draw) == cases  # nothing half stored


def test_a_case_is_a_unit_of_its_draws_frame(database, draw, new_cases):
    for wrong in ({"unit_serial": 77}, {"inclusion_n": 0}, {"inclusion_n": 5}):
        case = replace(new_cases[0], **{"id": UUID(int=9), "unit_serial": 2} | wrong)
        with database.writing() as session, pytest.raises((DBAPIError, *broken_constraint())):
            add_cases(session, draw, [case])
    with database.writing() as session, pytest.raises(NotThere, match="99"):
        add_cases(session, 99, new_cases)


@pytest.mark.parametrize("change", ["UPDATE cases SET unit_serial = 2", "DELETE FROM cases"])
def test_a_case_never_changes(database, draw, cases, change):
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(change))
    with database.reading() as session:
        assert list_cases(session, draw) == cases
