import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from survey.areas import Area, Level
from survey.messages import NotThere
from survey.store.areas import Frame, add_frame, get_frame, list_frames, parents_in
from survey.units import UnitKind
from tests.survey.store.counting import statements


def test_a_frame_comes_back_as_it_was_given(database, example, areas, at):
    with database.reading() as session:
        frame = get_frame(session, example.frame)
        assert frame == Frame(
            id=example.frame,
            digest="f" * 64,
            areas=areas,
            created_at=at,
            kind=UnitKind.DWELLING,
            units_digest="e" * 64,
            unit_count=6,
        )
        assert list_frames(session) == (frame,)


def test_a_frame_of_areas_alone_has_no_units(database, areas, at):
    with database.writing() as session:
        number = add_frame(session, areas=areas, digest="d", at=at)
    with database.reading() as session:
        assert get_frame(session, number) == Frame(id=number, digest="d", areas=areas, created_at=at)


@pytest.mark.parametrize(
    "units", [{"kind": UnitKind.SITE}, {"units_digest": "e" * 64}, {"unit_count": 3}, {"unit_count": -1}]
)
def test_units_have_a_kind_and_a_digest(database, at, units):
    with pytest.raises(IntegrityError, match="ck_frames_unit"), database.writing() as session:
        add_frame(session, areas=[], digest="d", at=at, **units)


def test_an_unknown_frame_is_not_there(database):
    with database.reading() as session, pytest.raises(NotThere, match="7"):
        get_frame(session, 7)


def test_a_parent_outside_the_frame_is_refused(database, at):
    lonely = Area(code="1", name="孤", level=Level.GRID, parent="2", population=None)
    with pytest.raises(IntegrityError), database.writing() as session:
        add_frame(session, areas=[lonely], digest="d", at=at)
    with database.reading() as session:
        assert list_frames(session) == ()


def test_what_is_above_an_area_is_read_once(database, areas, at):
    with database.writing() as session:
        one = add_frame(session, areas=areas, digest="d", at=at)
        other = add_frame(session, areas=areas[1:2], digest="d", at=at)
    with statements(database) as seen:
        for _ in range(3):
            with database.reading() as session:
                assert parents_in(session, one) == {area.code: area.parent for area in areas}
    assert sum("parent" in statement for statement in seen) == 1
    with database.reading() as session:
        assert parents_in(session, other) == {areas[1].code: None}
        assert parents_in(session, other + 1) == {}


def test_another_frame_under_the_same_number_is_read_anew(database, areas, at):
    def put(parent):
        with database.writing() as session:
            session.execute(text("UPDATE frames SET digest = :to"), {"to": parent or "none"})
            session.execute(text("UPDATE areas SET parent = :to WHERE code = :of"), {"to": parent, "of": areas[0].code})

    with database.writing() as session:
        frame = add_frame(session, areas=areas, digest="d", at=at)
    for parent in (areas[0].parent, None):
        put(parent)  # as a restored database may
        with database.reading() as session:
            assert parents_in(session, frame)[areas[0].code] == parent
