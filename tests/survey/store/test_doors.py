"""The door that a payload names: all in one statement, and never another case's."""

from survey.store.assignments import assign, drop_assignments
from survey.store.cases import get_case
from survey.store.database import Database
from survey.store.doors import Door, find_door
from survey.store.draws import get_draw
from survey.store.wave_keys import find_key, mark_to_destroy
from survey.store.waves import get_wave
from tests.survey.field import NOW, Field
from tests.survey.store.counting import statements


def door_of(database: Database, field: Field, place: int = 0) -> Door:
    with database.reading() as session:
        case = get_case(session, field.east[place])
        assert case is not None
        return find_door(session, case)


def test_it_is_what_the_functions_of_each_say(database: Database, field: Field) -> None:
    for place in (0, 1):
        door = door_of(database, field, place)
        with database.reading() as session:
            key = find_key(session, field.wave)
            assert key is not None
            assert door == Door(
                case=door.case,
                wave=get_wave(session, field.wave),
                seed=get_draw(session, door.case.draw_id).seed,
                design=get_draw(session, door.case.draw_id).design,
                holder=field.owner(field.east[place]).id,
                key_id=key.key_id,
            )


def test_it_is_one_statement(database: Database, field: Field) -> None:
    case = door_of(database, field).case
    with database.reading() as session, statements(database) as seen:
        find_door(session, case)
    assert len(seen) == 1


def test_nobodys_case_and_a_key_given_up(database: Database, field: Field) -> None:
    with database.writing() as session:
        drop_assignments(session, field.wave)
        mark_to_destroy(session, field.wave)
    door = door_of(database, field)
    assert (door.holder, door.key_id) == (None, None)
    with database.writing() as session:
        assign(session, [(field.east[1], field.zhou.id)], at=NOW, by="tests")
    assert (door_of(database, field).holder, door_of(database, field, 1).holder) == (None, field.zhou.id)
