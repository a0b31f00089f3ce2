"""Cases go to at least two canvassers of every community, at random, and never to one who belongs there."""

from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from survey.keys import KeyRing
from survey.messages import BadInput, CheckFailed, Conflict, NotThere
from survey.roles import CanvasserType, Role, Scope
from survey.store.accounts import set_active
from survey.store.assignments import cases_of, drop_assignments, standing
from survey.store.cases import Case, list_cases
from survey.store.database import Database
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState, add, context
from survey.store.wave_keys import open_sealer
from survey.store.waves import change_state
from survey.waves import WaveState
from survey.workflow.assign_cases import (
    Assigned,
    HandedOver,
    assign_cases,
    assignment_seed,
    hand_over_cases,
    open_cases_of,
    reassign_cases,
)
from tests.survey.drawn_wave import (
    AT,
    EAST,
    GRIDS,
    SEED,
    STREET,
    WEST,
    add_canvasser,
    draw,
    drawn_wave,
    open_wave_with_units,
)


def assign(database: Database, wave: int, **options: object) -> Assigned:
    with database.writing() as session:
        return assign_cases(session, wave, at=AT, by="dudao", **options)  # type: ignore[arg-type]


def cases(database: Database) -> list[Case]:
    with database.reading() as session:
        return list(list_cases(session, 1))


def holders(database: Database, wave: int) -> dict[str, Counter[int]]:
    """Community -> account -> cases."""
    with database.reading() as session:
        taken = standing(session, wave)
    found: dict[str, Counter[int]] = {EAST: Counter(), WEST: Counter()}
    for case in cases(database):
        if case.id in taken:
            found[case.area][taken[case.id]] += 1
    return found


def test_cases_are_dealt_evenly_and_the_same_again(database: Database) -> None:
    wave = drawn_wave(database)
    ids = [add_canvasser(database, name).id for name in ("甲", "乙", "丙")]
    done = assign(database, wave)
    assert (done.cases, done.round, done.seed) == (20, 1, assignment_seed(SEED, 1))
    for counts in holders(database, wave).values():
        assert set(counts) == set(ids)
        assert max(counts.values()) - min(counts.values()) <= 1
    assert sum(done.canvassers.values()) == 20


def test_another_seed_deals_otherwise(sqlite_database: Database) -> None:
    wave = drawn_wave(sqlite_database)
    for name in ("甲", "乙"):
        add_canvasser(sqlite_database, name)
    assign(sqlite_database, wave, seed="ab" * 16)
    with sqlite_database.reading() as session:
        first = standing(session, wave)
    with sqlite_database.writing() as session:
        drop_assignments(session, wave)
    assign(sqlite_database, wave)
    with sqlite_database.reading() as session:
        assert standing(session, wave) != first


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


def test_a_second_round_deals_what_nobody_has(database: Database) -> None:
    wave = drawn_wave(database)
    for name in ("甲", "乙"):
        add_canvasser(database, name)
    assert assign(database, wave, communities={EAST}).cases == 10
    second = assign(database, wave)
    assert (second.cases, second.round, second.seed) == (10, 2, assignment_seed(SEED, 2))
    with pytest.raises(Conflict, match="全部已经分派"):
        assign(database, wave)


def test_only_an_approved_draw_goes_out(database: Database) -> None:
    wave = open_wave_with_units(database)
    draw(database, wave)
    canvasser = add_canvasser(database, "甲")
    with pytest.raises(Conflict, match="批准之后"):
        assign(database, wave)
    with pytest.raises(Conflict, match="批准之后"), database.writing() as session:
        reassign_cases(session, wave, cases=[cases(database)[0].id], to=canvasser.id, at=AT, by="dudao")


def test_a_closed_wave_is_not_assigned_any_more(sqlite_database: Database) -> None:
    wave = drawn_wave(sqlite_database)
    with sqlite_database.writing() as session:
        change_state(session, wave, WaveState.CLOSED, at=AT, by="tongji")
    with pytest.raises(Conflict, match="已经结束"):
        assign(sqlite_database, wave)


def test_cases_are_handed_over(database: Database) -> None:
    wave = drawn_wave(database)
    first, second = (add_canvasser(database, name) for name in ("甲", "乙"))
    third = add_canvasser(database, "丙")
    assign(database, wave)
    with database.reading() as session:
        before = cases_of(session, first.id)
    with database.writing() as session:
        assert reassign_cases(session, wave, cases=before, to=second.id, at=AT, by="dudao") == len(before)
    with database.reading() as session:
        assert cases_of(session, first.id) == ()
        assert len(cases_of(session, second.id)) + len(cases_of(session, third.id)) == 20


def test_two_canvassers_stay_in_a_community(database: Database) -> None:
    wave = drawn_wave(database)
    first, second = (add_canvasser(database, name) for name in ("甲", "乙"))
    assign(database, wave)
    with database.reading() as session:
        mine = [case for case in cases(database) if case.id in set(cases_of(session, first.id))]
    east = [case.id for case in mine if case.area == EAST]

    def hand_over(ids: list[UUID]) -> int:
        with database.writing() as session:
            return reassign_cases(session, wave, cases=ids, to=second.id, at=AT, by="dudao")

    with pytest.raises(Conflict, match="不能把东风社区的样本户派给“乙”：交接以后全部样本户只在一名访员手里"):
        hand_over(east)
    with pytest.raises(Conflict, match="没有改派：2 个社区") as caught:
        hand_over([case.id for case in mine])
    told = [(problem.where, problem.column, problem.got, str(problem.expected)) for problem in caught.value.problems]
    assert told[0] == ("", "", "", "东风社区（交接以后全部样本户只在一名访员手里）")
    assert hand_over(east[1:]) == len(east) - 1
    assert all(len(found) == 2 for found in holders(database, wave).values())


def test_of_all_open_cases_those_go_that_may(database: Database, tmp_path: Path) -> None:
    wave, keys = drawn_wave(database), KeyRing(folder=tmp_path / "keys")
    first, second, third = (add_canvasser(database, name).id for name in ("甲", "乙", "丙"))
    local = add_canvasser(database, "本地", ties=[EAST]).id
    assign(database, wave)
    with database.writing() as session:  # the west: 甲 and 本地
        west = [case.id for case in cases(database) if case.area == WEST]
        reassign_cases(session, wave, cases=west[:5], to=first, at=AT, by="dudao")
        reassign_cases(session, wave, cases=west[5:], to=local, at=AT, by="dudao")

    def hand_over(to: int, giver: int = first) -> HandedOver:
        with database.writing() as session:
            return hand_over_cases(session, keys, wave, giver=giver, to=to, at=AT, by="dudao")

    with pytest.raises(Conflict, match="2 个社区的样本户不能派给“本地”"):
        hand_over(local)
    east = holders(database, wave)[EAST][first]
    done = hand_over(second)
    assert (done.cases, dict(done.kept)) == (east + 5, {})
    done = hand_over(third, giver=second)  # in the east 乙 and 丙 are the only ones left
    assert (done.cases, set(done.kept)) == (5, {EAST})
    with pytest.raises(BadInput):
        hand_over(first, giver=first)
    with pytest.raises(NotThere):
        hand_over(999, giver=local)


def test_what_stays_is_named(database: Database, tmp_path: Path) -> None:
    wave, keys = drawn_wave(database), KeyRing(folder=tmp_path / "keys")
    first, second = (add_canvasser(database, name).id for name in ("甲", "乙"))
    local = add_canvasser(database, "本地", ties=[EAST]).id
    assign(database, wave)
    west = holders(database, wave)[WEST]
    with database.writing() as session:
        done = hand_over_cases(session, keys, wave, giver=first, to=local, at=AT, by="dudao")
    assert (done.cases, {code: str(why) for code, why in done.kept.items()}) == (
        west[first],
        {EAST: "回避：与该社区有关联"},
    )
    assert holders(database, wave)[WEST] == Counter({second: west[second], local: west[first] + west[local]})


def test_recusal_holds_when_cases_are_handed_over(database: Database) -> None:
    wave = drawn_wave(database)
    local = add_canvasser(database, "本地", ties=[EAST])
    ids = [case.id for case in cases(database)]
    with pytest.raises(Conflict, match="不能把东风社区的样本户派给“本地”：回避"), database.writing() as session:
        reassign_cases(session, wave, cases=ids, to=local.id, at=AT, by="dudao")
    assert not any(holders(database, wave).values())
    west = [case.id for case in cases(database) if case.area == WEST]
    with database.writing() as session:
        assert reassign_cases(session, wave, cases=west, to=local.id, at=AT, by="dudao") == 10


def test_what_cannot_be_handed_over(sqlite_database: Database) -> None:
    wave = drawn_wave(sqlite_database)
    first, supervisor = add_canvasser(sqlite_database, "甲"), add_canvasser(sqlite_database, "督", role=Role.SUPERVISOR)
    case = cases(sqlite_database)[0].id

    def hand_over(ids: list[object], to: int) -> None:
        with sqlite_database.writing() as session:
            reassign_cases(session, wave, cases=ids, to=to, at=AT, by="dudao")  # type: ignore[arg-type]

    with pytest.raises(BadInput):
        hand_over([], first.id)
    with pytest.raises(NotThere):
        hand_over([UUID(int=1)], first.id)
    for account in (supervisor.id, 999):
        with pytest.raises(NotThere):
            hand_over([case], account)


def test_finished_cases_stay_where_they_are(sqlite_database: Database, tmp_path: Path) -> None:
    wave, keys = drawn_wave(sqlite_database), KeyRing(folder=tmp_path / "keys")
    first = add_canvasser(sqlite_database, "甲")
    add_canvasser(sqlite_database, "乙")
    assign(sqlite_database, wave)
    with sqlite_database.reading() as session:
        mine = cases_of(session, first.id)
        assert [case.id for case in open_cases_of(session, keys, wave, first.id)] == list(mine)
    with sqlite_database.writing() as session:
        sealer = open_sealer(session, keys, wave, at=AT)
        for case, state in zip(mine, (PayloadState.PLACED, PayloadState.QUARANTINED), strict=False):
            record = InboxRecord(
                uuid=case,
                kind=PayloadKind.INTERVIEW,
                wave_id=wave,
                tag=sealer.tag(f"case:{case}"),
                sha256="0" * 64,
                state=state,
                reason="",
                body=sealer.seal(b"{}", context=context(case)),
            )
            assert add(session, record)
    with sqlite_database.reading() as session:
        assert [case.id for case in open_cases_of(session, keys, wave, first.id)] == list(mine[1:])
