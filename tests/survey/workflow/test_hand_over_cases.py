"""Cases change hands: never to one who belongs there, never all of a community to one, outside a team with a reason."""

from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from survey.keys import KeyRing
from survey.messages import BadInput, Conflict, NotThere
from survey.roles import Role
from survey.store.assignments import cases_of
from survey.store.database import Database
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState, add, context
from survey.store.team_exceptions import list_team_exceptions
from survey.store.wave_keys import open_sealer
from survey.workflow.hand_over_cases import HandedOver, hand_over_cases, open_cases_of, reassign_cases
from tests.survey.assigned_cases import assign, cases, holders
from tests.survey.drawn_teams import make, people
from tests.survey.drawn_wave import (
    AT,
    EAST,
    WEST,
    add_canvasser,
    drawn_wave,
)


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


def test_outside_the_drawn_team_only_with_a_reason(database: Database, tmp_path: Path) -> None:
    wave, keys = drawn_wave(database), KeyRing(folder=tmp_path / "keys")
    known = people(database, "甲", "乙", "丙", "丁", "本地", "候补", ties={"本地": EAST})
    members = make(database, wave, size=2).record.members
    assign(database, wave)
    giver = members[EAST][0]
    stranger = next(one for one in members[WEST] if one != known["本地"].id)
    east = [case.id for case in cases(database) if case.area == EAST][:1]
    with database.writing() as session, pytest.raises(Conflict, match="不在抽中的队里；确实要派就写明理由"):
        reassign_cases(session, wave, cases=east, to=stranger, reason=" ", at=AT, by="dudao")
    with database.writing() as session, pytest.raises(Conflict, match="不在抽中的队里"):
        hand_over_cases(session, keys, wave, giver=giver, to=stranger, at=AT, by="dudao")
    with database.writing() as session, pytest.raises(Conflict, match="回避"):
        reassign_cases(session, wave, cases=east, to=known["本地"].id, reason="没有别人", at=AT, by="dudao")
    with database.writing() as session, pytest.raises(BadInput, match="最多 500 个字"):
        reassign_cases(session, wave, cases=east, to=stranger, reason="长" * 501, at=AT, by="dudao")
    with database.reading() as session:
        assert list_team_exceptions(session, 1) == ()
    count = holders(database, wave)[EAST][giver]
    with database.writing() as session:
        done = hand_over_cases(session, keys, wave, giver=giver, to=stranger, reason="队员请假", at=AT, by="dudao")
        told = list_team_exceptions(session, 1)
    assert (done.cases, done.kept) == (count, {})
    assert [(one.area, one.account_id, one.cases, one.reason) for one in told] == [(EAST, stranger, count, "队员请假")]


@pytest.mark.parametrize("reason", ["x", "不好", "哈哈哈哈", "12345"])
def test_a_reason_outside_the_team_says_something(sqlite_database: Database, tmp_path: Path, reason: str) -> None:
    """It stays on record: whoever verifies the teams has to understand it."""
    wave, keys = drawn_wave(sqlite_database), KeyRing(folder=tmp_path / "keys")
    people(sqlite_database, "甲", "乙", "丙", "丁")
    members = make(sqlite_database, wave).record.members
    assign(sqlite_database, wave)
    giver, stranger = members[EAST][0], members[WEST][0]
    before = holders(sqlite_database, wave)
    east = [case.id for case in cases(sqlite_database) if case.area == EAST][:1]
    with sqlite_database.writing() as session, pytest.raises(BadInput, match="至少 4 个汉字"):
        reassign_cases(session, wave, cases=east, to=stranger, reason=reason, at=AT, by="dudao")
    with sqlite_database.writing() as session, pytest.raises(BadInput, match="至少 4 个汉字"):
        hand_over_cases(session, keys, wave, giver=giver, to=stranger, reason=reason, at=AT, by="dudao")
    assert holders(sqlite_database, wave) == before
    with sqlite_database.reading() as session:
        assert list_team_exceptions(session, 1) == ()


def test_inside_the_team_no_reason_is_needed(database: Database) -> None:
    wave = drawn_wave(database)
    people(database, "甲", "乙", "丙", "丁")
    first, second = make(database, wave).record.members[EAST]
    assign(database, wave)
    with database.writing() as session:
        mine = cases_of(session, first)[:2]
        assert reassign_cases(session, wave, cases=mine[:1], to=second, at=AT, by="dudao") == 1
        assert reassign_cases(session, wave, cases=mine[1:], to=second, reason="x", at=AT, by="dudao") == 1, "not kept"
        assert list_team_exceptions(session, 1) == ()
