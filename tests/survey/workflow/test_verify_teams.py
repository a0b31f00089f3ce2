"""Teams and dates come out again, and whatever was changed of them is named."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analysis.sampling.sample_design import TeamRules
from survey.messages import BadInput, CheckFailed, NotThere
from survey.store.assignments import assign
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.team_exceptions import drop_team_exception_accounts, list_team_exceptions
from survey.workflow.assign_cases import assign_cases
from survey.workflow.draw_teams import MadeTeams
from survey.workflow.hand_over_cases import reassign_cases
from survey.workflow.verify_teams import verify_teams
from tests.survey.drawn_teams import make, people, show
from tests.survey.drawn_wave import AT, EAST, WEST, drawn_wave
from tests.survey.public_draw import RESERVES, promised_wave


def test_they_are_drawn_again_and_differences_named(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", "丁")
    made = make(database, wave)
    with database.reading() as session:
        assert verify_teams(session, made.kept.id).record == made.record
        assert verify_teams(session, made.kept.id, file=made.document.encode()).kept == made.kept
        with pytest.raises(CheckFailed, match="核对不上：1 处不同"):
            verify_teams(session, made.kept.id, file=made.document.replace('"per_day":20', '"per_day":19').encode())
        with pytest.raises(BadInput, match="读不出来"):
            verify_teams(session, made.kept.id, file=b"\xff")
        with pytest.raises(NotThere):
            verify_teams(session, 99)


def test_whatever_is_changed_in_the_record_is_named(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody changes the record and its digest alike: the draw's seed still tells."""
    wave = drawn_wave(sqlite_database)
    people(sqlite_database, "甲", "乙", "丙", "丁")
    made = make(sqlite_database, wave)
    east, west = (made.record.members[code] for code in (EAST, WEST))
    monkeypatch.setattr("survey.workflow.verify_teams.document_digest", lambda _: made.kept.digest)

    def differing(before: str, after: str) -> set[tuple[str, str]]:
        assert before in made.document
        with pytest.raises(CheckFailed) as caught, sqlite_database.reading() as session:
            verify_teams(session, made.kept.id, file=made.document.replace(before, after).encode())
        return {(one.where, one.column) for one in caught.value.problems}

    assert ("", "seed") in differing(made.record.seed, "0" * 64)
    assert (EAST, "communities") in differing(f'"{EAST}":10', f'"{EAST}":11')
    day = made.record.drawn.teams[0].visits
    ((place, days),) = day.items()
    other = next(one for one in made.record.days if one not in days)
    changed = f'"{place}":["{days[0].isoformat()}"'
    assert differing(changed, f'"{place}":["{other.isoformat()}"') >= {(place, "days")}
    swapped = f'"members":[{east[0]},{east[1]}]'
    assert differing(swapped, f'"members":[{west[0]},{east[1]}]') >= {(EAST, "teams")}


def test_cases_in_other_hands_are_named_unless_a_reason_is_on_record(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", "丁")
    made = make(database, wave)
    stranger = made.record.members[WEST][0]
    with database.writing() as session:
        assign_cases(session, wave, at=AT, by="dudao")
        east = [case.id for case in list_cases(session, 1) if case.area == EAST][:2]
    with database.reading() as session:
        assert verify_teams(session, made.kept.id).exceptions == ()
    with database.writing() as session:
        assign(session, [(case, stranger) for case in east], at=AT, by="直接改库")
    with pytest.raises(CheckFailed) as caught, database.reading() as session:
        verify_teams(session, made.kept.id)
    (problem,) = caught.value.problems
    assert (problem.where, problem.column) == (EAST, "cases")
    assert "2 个样本户在他手里" in str(problem.expected)


def test_handing_over_with_a_reason_is_an_exception_and_told(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", "丁")
    made = make(database, wave)
    stranger = made.record.members[WEST][0]
    with database.writing() as session:
        assign_cases(session, wave, at=AT, by="dudao")
        east = [case.id for case in list_cases(session, 1) if case.area == EAST][:2]
        reassign_cases(session, wave, cases=east, to=stranger, reason="队员生病", at=AT, by="dudao")
    with database.reading() as session:
        (told,) = verify_teams(session, made.kept.id).exceptions
    assert (told.area, told.account_id, told.cases, told.reason, told.made_by) == (
        EAST,
        stranger,
        2,
        "队员生病",
        "dudao",
    )
    (line,) = show(database, wave).exceptions
    assert (line.area.code, line.account and line.account.id) == (EAST, stranger)
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("UPDATE team_exceptions SET reason = '别的'"))
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("DELETE FROM team_exceptions"))
    with database.writing() as session:
        drop_team_exception_accounts(session, wave)
    with database.reading() as session:
        (left,) = list_team_exceptions(session, 1)
    assert (left.account_id, left.cases, left.reason) == (None, 2, "队员生病")


def drawn_past_the_rule(
    database: Database, wave: int, monkeypatch: pytest.MonkeyPatch, first: MadeTeams, *, at: datetime
) -> MadeTeams:
    """Teams drawn again although cases are assigned, until the east has other people: as older versions let one do."""
    monkeypatch.setattr("survey.workflow.draw_teams.count_standing", lambda *_: 0)
    for _ in range(20):
        made = make(database, wave, reason="日期写错", at=at)
        if not set(made.record.members[EAST]) & set(first.record.members[EAST]):
            break
    return made


def test_whoever_was_in_a_team_before_or_after_but_not_then_is_named(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else everybody is in the team everywhere after some redraws."""
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", "丁")
    first = make(database, wave)
    made = drawn_past_the_rule(database, wave, monkeypatch, first, at=AT + timedelta(hours=2))
    former = first.record.members[EAST][0]
    with database.writing() as session:
        east = [case.id for case in list_cases(session, 1) if case.area == EAST][:2]
        assign(session, [(case, former) for case in east], at=AT + timedelta(hours=3), by="直接改库")
    with pytest.raises(CheckFailed) as caught, database.reading() as session:
        verify_teams(session, made.kept.id)
    assert [(one.where, one.column) for one in caught.value.problems] == [(EAST, "cases")]
    with database.writing() as session:
        assign(session, [(case, former) for case in east], at=AT + timedelta(hours=1), by="dudao")
    with database.reading() as session:
        (told,) = verify_teams(session, made.kept.id).former
    assert (told.area, told.account_id, told.cases, told.number) == (EAST, former, 2, 1)


def test_members_of_teams_that_were_drawn_again_are_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """They keep the cases they have; nobody reads that as if the team that stands had them."""
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", "丁")
    first = make(database, wave)
    with database.writing() as session:
        assign_cases(session, wave, at=AT, by="dudao")
    made = drawn_past_the_rule(database, wave, monkeypatch, first, at=AT + timedelta(hours=2))
    with database.reading() as session:
        before, now = (verify_teams(session, one.kept.id) for one in (first, made))
    assert before.again == made.kept
    assert before.former == ()
    assert now.again is None
    told = [one for one in now.former if one.area == EAST]
    assert {one.account_id for one in told} == set(first.record.members[EAST])
    assert sum(one.cases for one in told) == 10
    assert all(1 <= one.number < made.kept.number for one in told)


def test_teams_of_other_sizes_than_promised_are_named(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody draws past the program with a size that suits, and keeps that as the record."""
    design = replace(RESERVES, teams=TeamRules(size=2, per_day=20))
    wave = promised_wave(sqlite_database, design)
    people(sqlite_database, "甲", "乙", "丙", "丁")
    monkeypatch.setattr("survey.workflow.draw_teams.promised_rules", lambda _: None)
    made = make(sqlite_database, wave, size=4)
    with pytest.raises(CheckFailed) as caught, sqlite_database.reading() as session:
        verify_teams(session, made.kept.id)
    assert [(one.column, str(one.expected)) for one in caught.value.problems] == [
        ("size", "设计里写的：每队 2 人，每天 20 户，0 天")
    ]
