"""Teams and dates by the same lottery: from the draw's seed, without the recused, on record, and gone at closing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analysis.sampling.teams import teams_seed
from survey.casework.team_records import read_document
from survey.fieldwork.recusal import Obstacle
from survey.messages import BadInput, CheckFailed, Conflict, NotThere
from survey.roles import Scope
from survey.store.accounts import Account, change_account, set_active
from survey.store.assignments import standing
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.draws import standing_draw
from survey.store.team_draws import (
    TeamCounts,
    add_team_draw,
    drop_team_documents,
    list_team_draws,
    standing_teams,
)
from survey.store.waves import change_state, get_wave
from survey.waves import WaveState
from survey.workflow.assign_cases import assign_cases
from survey.workflow.close_wave import close_wave
from survey.workflow.draw_teams import MadeTeams, Period, make_teams
from survey.workflow.show_teams import TeamsView, export_teams, show_teams
from survey.workflow.verify_teams import verify_teams
from tests.survey.drawn_wave import AT, EAST, SEED, WEST, add_canvasser, draw, drawn_wave, open_wave_with_units
from tests.survey.field import NOW, Field

MAY = Period(first=date(2026, 5, 6), last=date(2026, 5, 12), without=(date(2026, 5, 9),))


def make(database: Database, wave: int, **options: object) -> MadeTeams:
    with database.writing() as session:
        return make_teams(session, wave, at=AT, by="dudao", **{"period": MAY, **options})  # type: ignore[arg-type]


def people(database: Database, *names: str, ties: dict[str, str] | None = None) -> dict[str, Account]:
    tied = ties or {}
    return {name: add_canvasser(database, name, ties=[tied[name]] if name in tied else []) for name in names}


def show(database: Database, wave: int, scope: Scope = Scope()) -> TeamsView:  # noqa: B008 - frozen
    with database.reading() as session:
        return show_teams(session, get_wave(session, wave), scope=scope)


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


def test_cases_are_dealt_to_the_team_of_their_community(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", "丁")
    members = make(database, wave).record.members
    with database.writing() as session:
        assert assign_cases(session, wave, at=AT, by="dudao").cases == 20
        holders = standing(session, wave)
        for case in list_cases(session, 1):
            assert holders[case.id] in members[case.area]
        assert {holders[case.id] for case in list_cases(session, 1)} == {
            one for team in members.values() for one in team
        }


def test_a_team_that_has_shrunk_gets_no_cases(database: Database) -> None:
    wave = drawn_wave(database)
    known = people(database, "甲", "乙", "丙", "丁")
    gone = make(database, wave).record.members[EAST][0]
    with database.writing() as session:
        set_active(session, gone, False)
    assert [one.id for one in show(database, wave).gone] == [gone]
    with pytest.raises(CheckFailed) as caught, database.writing() as session:
        assign_cases(session, wave, at=AT, by="dudao")
    assert [(one.where, str(one.expected)) for one in caught.value.problems] == [
        (EAST, "抽中的队里至少 2 名在用、在范围内、不需回避的访员；少了就写明理由重抽队伍")
    ]
    again = make(database, wave, reason="一名队员离职")
    assert (again.kept.number, again.kept.reason) == (2, "一名队员离职")
    assert again.record.seed == teams_seed(bytes.fromhex(SEED), 2).hex()
    with database.writing() as session:
        assert assign_cases(session, wave, at=AT, by="dudao").cases == 20
        assert set(standing(session, wave).values()) == {one.id for one in known.values()} - {gone}


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


def test_when_teams_are_drawn(database: Database) -> None:
    wave = open_wave_with_units(database)
    people(database, "甲", "乙")
    proposed = draw(database, wave)
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
