"""What is shown of teams and dates: to whom, what has changed since, and nothing of it once the wave is closed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.fieldwork.recusal import Obstacle
from survey.messages import Conflict
from survey.roles import Scope
from survey.store.accounts import change_account
from survey.store.database import Database
from survey.store.draws import standing_draw
from survey.store.team_draws import (
    TeamCounts,
    add_team_draw,
    drop_team_documents,
    list_team_draws,
    standing_teams,
)
from survey.store.waves import get_wave
from survey.workflow.close_wave import close_wave
from survey.workflow.show_teams import export_teams
from survey.workflow.verify_teams import verify_teams
from tests.survey.drawn_teams import make, people, show
from tests.survey.drawn_wave import AT, EAST, WEST, drawn_wave
from tests.survey.field import NOW, Field


def test_nothing_of_it_stays_when_the_wave_is_closed(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", ties={"丙": EAST})
    made = make(database, wave)
    with database.reading() as session:
        assert export_teams(session, get_wave(session, wave), scope=Scope()).document == made.document
    with database.writing() as session:
        drop_team_documents(session, wave)
    with database.reading() as session:
        kept = standing_teams(session, 1)
        assert kept is not None
        assert kept.document is None
        assert (kept.digest, kept.canvassers) == (made.kept.digest, 2)
        assert verify_teams(session, kept.id, file=made.document.encode()).record == made.record
        with pytest.raises(Conflict, match="名单已经删去"):
            verify_teams(session, kept.id)
        with pytest.raises(Conflict, match="没有可以保存的"):
            export_teams(session, get_wave(session, wave), scope=Scope())
        draw_of = standing_draw(session, wave)
    assert draw_of is not None
    view = show(database, wave)
    assert (view.record, view.teams, view.recused, view.late) == (None, (), (), ())


def test_what_has_changed_since_is_told(database: Database) -> None:
    wave = drawn_wave(database)
    known = people(database, "甲", "乙", "丙", "丁")
    members = make(database, wave).record.members
    one = next(account for account in known.values() if account.id == members[WEST][0])
    with database.writing() as session:
        change_account(
            session,
            one.id,
            full_name=one.full_name,
            role=one.role,
            canvasser_type=one.canvasser_type,
            scope=one.scope,
            ties=frozenset({WEST}),
        )
    (late,) = show(database, wave).late
    assert (late.account.id, late.why, [area.code for area in late.places]) == (one.id, Obstacle.TIED, [WEST])


def test_a_reader_of_one_community_sees_its_team(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", "丁")
    make(database, wave)
    view = show(database, wave, Scope(areas=frozenset({EAST})))
    assert [place.area.code for team in view.teams for place in team.places] == [EAST]
    assert not view.may_draw
    with pytest.raises(Conflict, match="负责全部地区"), database.reading() as session:
        export_teams(session, get_wave(session, wave), scope=Scope(areas=frozenset({EAST})))


def test_closing_takes_them_away(database: Database, field: Field) -> None:
    counts = TeamCounts(teams=1, canvassers=2, spare=0, communities=2, recusals=0, days=4)
    with database.writing() as session:
        for number, reason in ((1, ""), (2, "日期写错")):
            add_team_draw(
                session,
                field.draw,
                number=number,
                counts=counts,
                document=f'{{"members":[{field.li.id}]}}',
                digest="d" * 64,
                reason=reason,
                at=AT,
                by="dudao",
            )
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("UPDATE team_draws SET document = '{}'"))
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("DELETE FROM team_draws"))
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")
    with database.reading() as session:
        assert [one.document for one in list_team_draws(session, field.draw)] == [None, None]
