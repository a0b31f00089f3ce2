"""A screen's answers are kept at once, and only while the questionnaire is open."""

from pathlib import Path

import pytest

from survey.keys import KeyRing
from survey.messages import Conflict
from survey.store.database import Database
from survey.workflow.enter_questionnaire import open_sheet
from survey.workflow.save_answers import save_answers
from tests.survey import answering


def test_the_last_screen_stands_and_a_closed_wave_takes_none(database: Database, tmp_path: Path) -> None:
    online = answering.start(database, KeyRing(folder=tmp_path / "keys"))
    entrance = online.by_link()
    for answers in ({"S1": 1}, {"S1": 1, "A1": 2}):
        with database.writing() as session:
            save_answers(session, open_sheet(session, online.keys, entrance), answers)
    with database.reading() as session:
        assert open_sheet(session, online.keys, entrance).answers == {"S1": 1, "A1": 2}
    answering.close(database, online)
    with database.writing() as session, pytest.raises(Conflict):
        save_answers(session, open_sheet(session, online.keys, entrance), {})
