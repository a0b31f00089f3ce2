"""What an exported draw may tell while a public draw of the same series is in the field."""

import json
from pathlib import Path

import pytest

from survey.messages import Conflict
from survey.store.database import Database
from survey.store.draws import get_draw
from survey.store.waves import change_state
from survey.waves import WaveState
from survey.workflow.export_draw import export_draw
from survey.workflow.verify_draw import verify_files
from tests.survey.drawn_wave import AT, approve
from tests.survey.public_draw import PERMANENT, draw_grids, publicly_drawn


def export(database: Database, draw_id: int, folder: Path) -> bool:
    folder.mkdir()
    with database.reading() as session:
        return export_draw(session, draw_id, folder).kept_back


def test_a_later_draw_does_not_tell_who_rests_from_a_public_one_that_is_in_the_field(
    database: Database, tmp_path: Path
) -> None:
    """The windows and the seed of the first draw of a series say with the list who was drawn there."""
    first = publicly_drawn(database, PERMANENT)
    approve(database, first)
    later = draw_grids(database, PERMANENT)
    assert export(database, later, tmp_path / "early")
    with database.reading() as session:
        public = get_draw(session, first)
    told = b"".join(path.read_bytes() for path in (tmp_path / "early").iterdir()).decode()
    assert public.seed not in told
    assert [window["key"] for window in json.loads(public.windows or "").values() if window["key"] in told] == []
    with pytest.raises(Conflict, match="还不能核对"):
        verify_files(tmp_path / "early")
    with database.writing() as session:
        change_state(session, public.wave_id, WaveState.CLOSED, at=AT, by="tongji")
    assert not export(database, later, tmp_path / "late")
    assert verify_files(tmp_path / "late").cases == 20


def test_a_draw_without_a_public_one_before_it_is_told_at_once(sqlite_database: Database, tmp_path: Path) -> None:
    approve(sqlite_database, draw_grids(sqlite_database, PERMANENT))
    assert not export(sqlite_database, draw_grids(sqlite_database, PERMANENT), tmp_path / "draw")
