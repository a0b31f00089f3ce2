"""Teams and dates by the same lottery: from the draw's seed, without the recused, on record."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analysis.sampling.sample_design import TeamRules
from analysis.sampling.teams import teams_seed
from survey.casework.team_records import read_document
from survey.fieldwork.recusal import Obstacle
from survey.messages import BadInput, CheckFailed, Conflict
from survey.store.accounts import set_active
from survey.store.database import Database
from survey.store.team_draws import (
    list_team_draws,
    standing_teams,
)
from survey.store.waves import change_state
from survey.waves import WaveState
from survey.workflow.assign_cases import assign_cases
from survey.workflow.draw_teams import Period
from survey.workflow.hand_over_cases import reassign_cases
from tests.survey.assigned_cases import cases
from tests.survey.drawn_teams import MAY, make, people, show
from tests.survey.drawn_wave import AT, EAST, SEED, WEST, draw, drawn_wave, open_wave_with_units
from tests.survey.public_draw import RESERVES, promised_wave


def test_teams_places_and_days_come_from_the_draw(database: Database) -> None:
    wave = drawn_wave(database)
    ids = sorted(one.id for one in people(database, "甲", "乙", "丙", "丁").values())
    made = make(database, wave, per_day=5)
    record = made.record
    assert record.seed == teams_seed(bytes.fromhex(SEED), 1).hex()
    assert sorted(one for team in record.drawn.teams for one in team.members) == ids
    assert sorted(place for team in record.drawn.teams for place in team.visits) == [EAST, WEST]
    for team in record.drawn.teams:
        ((_, days),) = team.visits.items()
        assert len(days) == 2, "ten cases, five a day"
        assert all(MAY.first <= day <= MAY.last and day not in MAY.without for day in days)  # type: ignore[operator]
    assert (made.kept.teams, made.kept.canvassers, made.kept.communities, made.kept.days) == (2, 4, 2, 4)
    with database.reading() as session:
        kept = standing_teams(session, made.kept.draw_id)
    assert kept == made.kept
    assert kept.document == made.document
    assert read_document(made.document) == record


def test_nobody_is_sent_where_they_belong_and_it_says_why(database: Database) -> None:
    wave = drawn_wave(database)
    known = people(database, "甲", "乙", "丙", "本地", ties={"本地": EAST})
    members = make(database, wave).record.members
    assert known["本地"].id not in members[EAST]
    view = show(database, wave)
    assert [(line.account.name, line.why, [area.code for area in line.places]) for line in view.recused] == [
        ("本地", Obstacle.TIED, [EAST])
    ]
    assert view.kept[0].recusals == 1
    assert not view.late


def test_communities_for_which_nobody_is_left(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", ties={"甲": EAST, "乙": EAST})
    with pytest.raises(CheckFailed, match="没有抽：1 个社区没有可去的队") as caught:
        make(database, wave)
    assert [(one.where, one.column, one.got) for one in caught.value.problems] == [(EAST, "东风社区", "1")]
    assert show(database, wave).kept == ()


def test_trying_again_is_on_record(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙")
    with pytest.raises(BadInput, match="不用写"):
        make(database, wave, reason="先写一个")
    first = make(database, wave)
    with pytest.raises(Conflict, match="重抽要写明理由"):
        make(database, wave, reason=" ")
    second = make(database, wave, reason="日期写错")
    with database.reading() as session:
        assert list_team_draws(session, 1) == (second.kept, first.kept)


def test_not_again_once_cases_are_assigned_but_for_a_team_of_which_too_few_are_left(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", "丁")
    first = make(database, wave)
    assert show(database, wave).may_draw
    with database.writing() as session:
        assign_cases(session, wave, at=AT, by="dudao", communities={WEST})
    with pytest.raises(Conflict, match="已有 10 个样本户照第 1 次的队伍分派，每队还有 2 名以上能去的人：不能重抽"):
        make(database, wave, reason="日期写错")
    assert not show(database, wave).may_draw
    with database.writing() as session:
        set_active(session, first.record.members[EAST][0], False)
    assert show(database, wave).may_draw
    assert make(database, wave, reason="一名队员离职").kept.number == 2


@pytest.mark.parametrize("reason", ["z", "不好", "12345"])
def test_a_reason_to_draw_again_says_something(sqlite_database: Database, reason: str) -> None:
    wave = drawn_wave(sqlite_database)
    people(sqlite_database, "甲", "乙")
    make(sqlite_database, wave)
    with pytest.raises(BadInput, match="太短"):
        make(sqlite_database, wave, reason=reason)


def test_when_teams_are_drawn(database: Database) -> None:
    wave = open_wave_with_units(database)
    people(database, "甲", "乙")
    proposed = draw(database, wave, seed=f"{SEED}01")
    with pytest.raises(Conflict, match="批准之后"):
        make(database, wave)
    other = drawn_wave(database)
    with database.writing() as session:
        assign_cases(session, other, at=AT, by="dudao", communities={WEST})
    with pytest.raises(Conflict, match="已有 10 个样本户分派"):
        make(database, other)
    with database.writing() as session:
        change_state(session, other, WaveState.CLOSED, at=AT, by="tongji")
    with pytest.raises(Conflict, match="已经结束"):
        make(database, other)
    assert proposed.draw


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"size": 1}, "每队人数应为 2 到 20；得到 1"),
        ({"per_day": 0}, "每队每天去的户数"),
        ({"period": Period(first=date(2026, 5, 6), last=date(2026, 5, 5))}, "没有可用的日子"),
        ({"period": Period(first=date(2026, 5, 6), last=date(2028, 5, 5))}, "超过一年"),
        ({"period": Period(first=MAY.first, last=MAY.last, without=(date(2026, 6, 1),))}, "2026-06-01 不在"),
        ({"period": Period(first=MAY.first, last=MAY.first, without=(date(2026, 5, 6),))}, "没有剩下"),
    ],
)
def test_numbers_and_days_that_cannot_be(sqlite_database: Database, options: dict[str, object], what: str) -> None:
    wave = drawn_wave(sqlite_database)
    people(sqlite_database, "甲", "乙")
    with pytest.raises(BadInput, match=what):
        make(sqlite_database, wave, **options)


def test_too_few_days_are_told(sqlite_database: Database) -> None:
    wave = drawn_wave(sqlite_database)
    people(sqlite_database, "甲", "乙")
    week = MAY.first
    assert week is not None
    with pytest.raises(Conflict, match="东风社区每天 1 户要 10 天，可用的只有 6 天"):
        make(sqlite_database, wave, per_day=1)
    with pytest.raises(Conflict, match="共要 10 队天，各队最多有 6 队天"):
        make(sqlite_database, wave, per_day=2)
    assert (
        make(sqlite_database, wave, per_day=2, period=Period(first=week, last=week + timedelta(days=9))).kept.days == 10
    )


def test_the_wave_says_the_days(sqlite_database: Database) -> None:
    """Its fieldwork is the 1st to the 20th of March; the teams are drawn on the 21st, so there is none left."""
    wave = drawn_wave(sqlite_database)
    people(sqlite_database, "甲", "乙")
    with pytest.raises(BadInput, match="从 2026-03-21 到 2026-03-20"):
        make(sqlite_database, wave, period=Period())
    assert len(make(sqlite_database, wave, period=Period(last=date(2026, 3, 23))).record.days) == 3


PROMISED = replace(RESERVES, teams=TeamRules(size=2, per_day=5, days=tuple(date(2026, 5, day) for day in (6, 7, 9))))


def test_sizes_and_days_of_the_design_are_used_and_no_others(database: Database) -> None:
    """Who tries sizes until a team suits, once the seed is known, is refused."""
    wave = promised_wave(database, PROMISED)
    people(database, "甲", "乙", "丙", "丁")
    for other in ({"size": 3}, {"per_day": 4}, {"period": MAY}, {"size": 2, "per_day": 20}):
        with pytest.raises(BadInput, match="写在抽样的设计里（每队 2 人，每天 5 户"):
            make(database, wave, **{"period": Period(), **other})
    made = make(database, wave, period=Period(), per_day=5)
    record = made.record
    assert (record.size, record.per_day, record.days) == (2, 5, PROMISED.teams and PROMISED.teams.days)
    again = make(database, wave, period=Period(), reason="一名队员离职")
    assert again.record.days == record.days
    assert str(show(database, wave).chosen) == "写在公开承诺的设计里，种子产生以前就公布了"


def test_what_was_not_promised_says_so(sqlite_database: Database) -> None:
    wave = drawn_wave(sqlite_database)
    people(sqlite_database, "甲", "乙")
    make(sqlite_database, wave)
    assert str(show(sqlite_database, wave).chosen) == "设计里没有写；种子已经知道以后才定的"


def test_no_case_goes_by_hand_around_promised_teams(database: Database) -> None:
    """Teams are not drawn once cases are in somebody's hands: one case handed out would end the promise."""
    wave = promised_wave(database, PROMISED)
    known = people(database, "甲", "乙", "丙", "丁")
    first = cases(database)[0].id
    for reason in ("", "着急"):
        with pytest.raises(Conflict, match="先抽队伍"), database.writing() as session:
            reassign_cases(session, wave, cases=[first], to=known["甲"].id, at=AT, by="dudao", reason=reason)
    assert make(database, wave, period=Period()).kept.number == 1


def test_promised_teams_are_drawn_before_cases_go_out(database: Database) -> None:
    wave = promised_wave(database, PROMISED)
    people(database, "甲", "乙", "丙", "丁")
    with pytest.raises(Conflict, match="承诺了抽队伍和日期，还没有抽"), database.writing() as session:
        assign_cases(session, wave, at=AT, by="dudao")
    make(database, wave, period=Period())
    with database.writing() as session:
        assert assign_cases(session, wave, at=AT, by="dudao").in_teams
