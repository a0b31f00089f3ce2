"""Cases go to at least two canvassers of every community, at random, and never to one who belongs there."""

import pytest

from analysis.sampling.teams import teams_seed
from survey.messages import CheckFailed, Conflict
from survey.roles import CanvasserType, Role, Scope
from survey.store.accounts import set_active
from survey.store.assignments import drop_assignments, standing
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.waves import change_state
from survey.waves import WaveState
from survey.workflow.assign_cases import assign_cases, assignment_seed
from survey.workflow.draw_sample import draw_sample
from survey.workflow.hand_over_cases import reassign_cases
from survey.workflow.release_replicate import release_replicate
from tests.survey.assigned_cases import assign, cases, holders
from tests.survey.drawn_teams import make, people, show
from tests.survey.drawn_wave import (
    AT,
    EAST,
    GRIDS,
    SEED,
    STREET,
    WEST,
    add_canvasser,
    approve,
    draw,
    drawn_wave,
    open_wave_with_units,
)
from tests.survey.field import NOW
from tests.survey.public_draw import RESERVES


def test_cases_are_dealt_evenly_and_the_same_again(database: Database) -> None:
    wave = drawn_wave(database)
    ids = [add_canvasser(database, name).id for name in ("甲", "乙", "丙")]
    done = assign(database, wave)
    assert (done.cases, done.round, done.seed) == (20, 1, assignment_seed(SEED, 1))
    for counts in holders(database, wave).values():
        assert set(counts) == set(ids)
        assert max(counts.values()) - min(counts.values()) <= 1
    assert sum(done.canvassers.values()) == 20


@pytest.mark.parametrize("tie", [EAST, GRIDS[0]])
def test_nobody_is_sent_where_they_belong(database: Database, tie: str) -> None:
    wave = drawn_wave(database)
    local = add_canvasser(database, "本地", ties=[tie]).id
    others = {add_canvasser(database, name).id for name in ("甲", "乙")}
    assign(database, wave)
    found = holders(database, wave)
    assert set(found[EAST]) == others
    assert set(found[WEST]) == others | {local}


def test_too_few_canvassers_and_nothing_is_assigned(database: Database) -> None:
    wave = drawn_wave(database)
    add_canvasser(database, "本地", ties=[EAST])
    add_canvasser(database, "甲")
    for name, options in (
        ("全街", {"ties": [STREET]}),
        ("不明", {"kind": CanvasserType.COMMUNITY_STAFF}),
        ("别处", {"scope": Scope(areas=frozenset({"110000000000"}))}),
        ("别轮", {"scope": Scope(waves=frozenset({99}))}),
        ("督导", {"role": Role.SUPERVISOR}),
    ):
        add_canvasser(database, name, **options)  # type: ignore[arg-type]
    gone = add_canvasser(database, "离职")
    with database.writing() as session:
        set_active(session, gone.id, False)
    with pytest.raises(CheckFailed, match="1 个社区可派的访员不足 2 名") as caught:
        assign(database, wave)
    assert [(problem.where, problem.column, problem.got) for problem in caught.value.problems] == [
        (EAST, "东风社区", "1")
    ]
    assert not any(holders(database, wave).values())


def test_a_closed_wave_is_not_assigned_any_more(sqlite_database: Database) -> None:
    wave = drawn_wave(sqlite_database)
    with sqlite_database.writing() as session:
        change_state(session, wave, WaveState.CLOSED, at=AT, by="tongji")
    with pytest.raises(Conflict, match="已经结束"):
        assign(sqlite_database, wave)


def test_the_seed_follows_from_the_draw_and_from_nothing_that_can_be_tried(database: Database) -> None:
    """Neither dealing communities one after the other nor handing cases to and fro gives another hand."""
    wave = drawn_wave(database)
    first, second = (add_canvasser(database, name).id for name in ("甲", "乙"))
    assign(database, wave)
    with database.reading() as session:
        at_once = standing(session, wave)
    with database.writing() as session:
        drop_assignments(session, wave)
    assert assign(database, wave, communities={EAST}).cases == 10
    with database.writing() as session:
        mine = [case for case, account in standing(session, wave).items() if account == first][:1]
        reassign_cases(session, wave, cases=mine, to=second, at=NOW, by="dudao")
        reassign_cases(session, wave, cases=mine, to=first, at=NOW, by="dudao")
    later = assign(database, wave)
    assert (later.cases, dict(later.seeds)) == (10, {1: assignment_seed(SEED, 1)})
    with database.reading() as session:
        assert standing(session, wave) == at_once
    with pytest.raises(Conflict, match="全部已经分派"):
        assign(database, wave)


def test_a_case_handed_over_beforehand_leaves_the_others_their_hand(database: Database) -> None:
    """Else whoever knows the seed could give one case away by hand, and the rest would be dealt anew."""
    wave = drawn_wave(database)
    first, _ = (add_canvasser(database, name).id for name in ("甲", "乙"))
    assign(database, wave)
    with database.writing() as session:
        undisturbed = standing(session, wave)
        drop_assignments(session, wave)
    mine = next(case.id for case in cases(database) if undisturbed[case.id] != first)
    with database.writing() as session:
        reassign_cases(session, wave, cases=[mine], to=first, at=NOW, by="dudao")
    done = assign(database, wave)
    assert (done.cases, dict(done.seeds)) == (19, {1: assignment_seed(SEED, 1)})
    with database.reading() as session:
        assert standing(session, wave) == {**undisturbed, mine: first}


def test_reserves_released_together_are_dealt_as_one_after_the_other(database: Database) -> None:
    wave = open_wave_with_units(database)
    with database.writing() as session:
        number = draw_sample(session, wave, design=RESERVES, seed=SEED, at=AT, by="tongji").draw
    approve(database, number)
    for name in ("甲", "乙"):
        add_canvasser(database, name)
    for _ in range(2):
        with database.writing() as session:
            release_replicate(session, wave, area=EAST, reason="完成数不够", at=AT, by="tongji")
    assert set(assign(database, wave).seeds) == {1, 2, 3}


def test_a_reserve_is_a_round_of_its_own(database: Database) -> None:
    wave = open_wave_with_units(database)
    with database.writing() as session:
        number = draw_sample(session, wave, design=RESERVES, seed=SEED, at=AT, by="tongji").draw
    approve(database, number)
    for name in ("甲", "乙"):
        add_canvasser(database, name)
    assign(database, wave)
    with database.writing() as session:
        release_replicate(session, wave, area=EAST, reason="完成数不够", at=AT, by="tongji")
    second = assign(database, wave)
    assert (second.cases, dict(second.seeds)) == (3, {2: assignment_seed(SEED, 2)})


def test_only_an_approved_draw_goes_out(database: Database) -> None:
    wave = open_wave_with_units(database)
    draw(database, wave)
    canvasser = add_canvasser(database, "甲")
    with pytest.raises(Conflict, match="批准之后"):
        assign(database, wave)
    with pytest.raises(Conflict, match="批准之后"), database.writing() as session:
        reassign_cases(session, wave, cases=[cases(database)[0].id], to=canvasser.id, at=AT, by="dudao")


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
