"""A canvasser reads where their team goes and when; nobody else's."""

from survey.store.database import Database
from survey.store.team_draws import drop_team_documents
from survey.store.waves import get_wave
from survey.workflow.show_team_days import list_my_days
from tests.survey.drawn_teams import make, people
from tests.survey.drawn_wave import drawn_wave

PLACES = {"440983102001": "东风社区", "440983102002": "西湖社区"}


def test_my_team_and_its_days(database: Database) -> None:
    wave = drawn_wave(database)
    known = people(database, "甲", "乙", "丙", "丁")
    make(database, wave, per_day=5)
    made = make(database, wave, per_day=5, reason="日期写错")
    with database.reading() as session:
        for account in known.values():
            ((place, days),) = next(
                team for team in made.record.drawn.teams if account.id in team.members
            ).visits.items()
            (mine,) = list_my_days(session, account, [get_wave(session, wave)])[wave]
            assert (mine.area, mine.days) == (PLACES[place], days)
            assert {account.id, *(one.id for one in mine.others)} == set(made.record.members[place])
    with database.writing() as session:
        drop_team_documents(session, wave)
        assert list_my_days(session, known["甲"], [get_wave(session, wave)]) == {}
