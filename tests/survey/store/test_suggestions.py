"""Complaints and suggestions: kept once, found by community, forgotten in time, tied to nothing."""

from dataclasses import replace
from datetime import date

import pytest

from survey.messages import Conflict
from survey.store import suggestions
from survey.store.database import Database
from survey.store.suggestions import add_suggestion, drop_suggestions_before, list_suggestions
from tests.survey.store.rights_rows import AREA, suggestion


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


def test_no_column_leads_anywhere() -> None:
    assert {column.name for column in suggestions.TABLE.columns} == {"uuid", "area", "day", "kind", "text", "contact"}
    assert not suggestions.TABLE.foreign_keys
