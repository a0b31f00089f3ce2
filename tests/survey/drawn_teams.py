"""Teams drawn by lot for the small wave: its canvassers, the draw, what is shown of it."""

from datetime import date

from survey.roles import Scope
from survey.store.accounts import Account
from survey.store.database import Database
from survey.store.waves import get_wave
from survey.workflow.draw_teams import MadeTeams, Period, make_teams
from survey.workflow.show_teams import TeamsView, show_teams
from tests.survey.drawn_wave import AT, add_canvasser

MAY = Period(first=date(2026, 5, 6), last=date(2026, 5, 12), without=(date(2026, 5, 9),))


def make(database: Database, wave: int, **options: object) -> MadeTeams:
    with database.writing() as session:
        return make_teams(session, wave, by="dudao", **{"at": AT, "period": MAY, **options})  # type: ignore[arg-type]


def people(database: Database, *names: str, ties: dict[str, str] | None = None) -> dict[str, Account]:
    tied = ties or {}
    return {name: add_canvasser(database, name, ties=[tied[name]] if name in tied else []) for name in names}


def show(database: Database, wave: int, scope: Scope = Scope()) -> TeamsView:  # noqa: B008 - frozen
    with database.reading() as session:
        return show_teams(session, get_wave(session, wave), scope=scope)
