import pytest
from sqlalchemy.exc import IntegrityError

from survey.areas import Area, Level
from survey.messages import NotThere
from survey.store.areas import Frame, add_frame, get_frame, list_frames


def test_a_frame_comes_back_as_it_was_given(database, example, areas, at):
    with database.reading() as session:
        frame = get_frame(session, example.frame)
        assert frame == Frame(id=example.frame, digest="f" * 64, areas=areas, created_at=at)
        assert list_frames(session) == (frame,)


def test_an_unknown_frame_is_not_there(database):
    with database.reading() as session, pytest.raises(NotThere, match="7"):
        get_frame(session, 7)


def test_a_parent_outside_the_frame_is_refused(database, at):
    lonely = Area(code="1", name="孤", level=Level.GRID, parent="2", population=None)
    with pytest.raises(IntegrityError), database.writing() as session:
        add_frame(session, areas=[lonely], digest="d", at=at)
    with database.reading() as session:
        assert list_frames(session) == ()
