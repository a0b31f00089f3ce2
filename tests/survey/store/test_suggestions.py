"""Complaints and suggestions: kept once, found by community, forgotten in time, tied to nothing."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Date

from survey.messages import Conflict
from survey.store import suggestion_marks, suggestions
from survey.store.database import Database
from survey.store.suggestion_marks import add_mark, drop_mark, list_marks
from survey.store.suggestions import add_suggestion, drop_suggestions_before, list_suggestions
from tests.survey.store.rights_rows import AREA, mark, suggestion


def test_sent_twice_it_is_kept_once(database: Database) -> None:
    one = suggestion(1, contact="13800000000")
    with database.writing() as session:
        assert add_suggestion(session, one)
        assert not add_suggestion(session, one)
        with pytest.raises(Conflict):
            add_suggestion(session, replace(one, text="别的"))
    with database.reading() as session:
        assert list_suggestions(session) == (one,)


def test_by_community_the_newest_day_first(database: Database) -> None:
    days = [date(2026, 5, 4), date(2026, 5, 6), date(2026, 5, 5)]
    with database.writing() as session:
        for number, day in enumerate(days):
            add_suggestion(session, suggestion(number, day=day, area="" if number == 2 else AREA))
    with database.reading() as session:
        assert [one.day.day for one in list_suggestions(session)] == [6, 5, 4]
        assert [one.day.day for one in list_suggestions(session, [AREA])] == [6, 4]
    with database.writing() as session:
        assert drop_suggestions_before(session, date(2026, 5, 5)) == 1
        assert [one.day.day for one in list_suggestions(session)] == [6, 5]


def test_what_was_done_stands_beside_it_once_and_goes_with_it(database: Database) -> None:
    with database.writing() as session:
        for number, day in ((1, date(2026, 5, 4)), (2, date(2026, 5, 6))):
            add_suggestion(session, suggestion(number, day=day))
        assert add_mark(session, mark(1))
        assert not add_mark(session, mark(1, by="jiedao", note="别的")), "the first office stays"
        add_mark(session, mark(2))
    with database.reading() as session:
        assert list_marks(session) == {one.uuid: one for one in (mark(1), mark(2))}
    with database.writing() as session:
        assert drop_suggestions_before(session, date(2026, 5, 5)) == 1
        assert list(list_marks(session)) == [mark(2).uuid]
        assert drop_mark(session, mark(2).uuid)
        assert not drop_mark(session, mark(2).uuid)


def test_no_mark_has_a_time_or_leads_to_an_answer() -> None:
    assert {column.name for column in suggestion_marks.TABLE.columns} == {"uuid", "handled_on", "handled_by", "note"}
    assert {key.target_fullname for key in suggestion_marks.TABLE.foreign_keys} == {"suggestions.uuid"}
    assert isinstance(suggestion_marks.TABLE.c.handled_on.type, Date)


def test_no_column_leads_anywhere() -> None:
    assert {column.name for column in suggestions.TABLE.columns} == {"uuid", "area", "day", "kind", "text", "contact"}
    assert not suggestions.TABLE.foreign_keys
