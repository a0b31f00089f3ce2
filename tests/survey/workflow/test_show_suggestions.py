"""Suggestions are shown within the reader's reach and forgotten after a year."""

from datetime import date, timedelta

from survey.roles import Scope
from survey.store.areas import add_frame
from survey.store.database import Database
from survey.store.suggestions import add_suggestion
from survey.workflow.show_suggestions import KEPT_DAYS, forget_suggestions, show_suggestions
from tests.survey.answering import AT, CITY, EAST, FRAME, WEST
from tests.survey.store.rights_rows import suggestion

DAY = date(2026, 5, 4)


def test_only_within_reach(database: Database) -> None:
    with database.writing() as session:
        add_frame(session, areas=FRAME, digest="0" * 64, at=AT)
        for number, area in enumerate((EAST, WEST, "")):
            add_suggestion(session, suggestion(number, area=area))
    with database.reading() as session:

        def seen(*areas: str) -> list[str]:
            return [place.code for place in show_suggestions(session, scope=Scope(areas=frozenset(areas)))]

        assert (seen(), seen(CITY), seen(WEST), seen("9")) == (["", EAST, WEST], [EAST, WEST], [WEST], [])


def test_after_a_year_they_are_gone(database: Database) -> None:
    with database.writing() as session:
        add_suggestion(session, suggestion(1, day=DAY))
        add_suggestion(session, suggestion(2, day=DAY + timedelta(days=1)))
    last = DAY + timedelta(days=KEPT_DAYS)
    for today, gone in ((last, 0), (last + timedelta(days=1), 1)):
        with database.writing() as session:
            assert forget_suggestions(session, today=today) == gone
