"""Somebody who holds every letter (a sheet of them was photographed, or kept) knows which door each code is of. With
databases and backups of any night, but without the key, they try to get from it to an answer, and must fail.
"""

import hashlib
from collections.abc import Iterable
from itertools import combinations
from uuid import UUID

import pytest
from sqlalchemy import text

from survey.keys import KeyRing
from survey.one_time_codes import code_hash, grouped
from survey.store.database import Database
from survey.store.invitations import (
    InvitationState,
    context,
    hash_of,
    list_invitations,
)
from survey.store.wave_keys import find_sealer
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.rekey_invitations import rekey_invitations
from tests.survey import attacker
from tests.survey.attacked_wave import DAY, World, build_world, code_of_case, list_as_before
from tests.survey.attacker import Snapshot
from tests.survey.field import NOW

#: Where an answer's number stands while its wave is open. In any other table somebody may find a row of theirs.
BESIDE_ANSWERS = {"inbox", "responses", "response_factors", "weight_factors", "withdrawals", "drafts"}


@pytest.fixture
def world(database: Database, keys: KeyRing) -> World:
    return build_world(database, keys)


def close(database: Database, world: World) -> Snapshot:
    field = world.field
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW + 2 * DAY, by="tests", discard_quarantine=True)
    assert destroy_keys(database, field.keys) == 1
    return attacker.read_everything(database)


def told_by(row: attacker.Row) -> set[str]:
    return {one for cell in row.values() for one in attacker.identifiers(cell)}


def reached_from(starts: Iterable[str], *snapshots: Snapshot) -> set[str]:
    """Every identifier that a chain of equal cells leads to from any of ``starts``."""
    rows = [told_by(row) for snapshot in snapshots for table in snapshot.values() for row in table]
    reached = set(starts)
    while True:
        more = set().union(reached, *(found for found in rows if found & reached))
        if more == reached:
            return reached
        reached = more


def known_of(case: UUID) -> set[str]:
    """What the letter of a case tells, in every shape somebody without a key may look for."""
    code = code_of_case(case)
    hashed = code_hash(code)
    texts = (code, grouped(code), hashed, f"invited code:{hashed}", f"code:{hashed}", f"invited:{case}", f"case:{case}")
    return {case.hex, hashed, *(hashlib.sha256(text.encode()).hexdigest() for text in texts)}


def answers_in(*snapshots: Snapshot) -> set[str]:
    return {row["uuid"].hex for snapshot in snapshots for row in snapshot["responses"]}


def snapshots_of(database: Database, world: World, closed: bool) -> list[Snapshot]:
    return [world.first, world.second, *([close(database, world)] if closed else [])]


@pytest.mark.parametrize("closed", [False, True])
def test_all_letters_and_every_backup_lead_to_no_answer(database: Database, world: World, closed: bool) -> None:
    seen = snapshots_of(database, world, closed)
    known = set().union(*(known_of(case) for case in world.field.cases))
    assert len(answers_in(*seen)) >= len(world.truth)
    assert reached_from(known, *seen).isdisjoint(answers_in(*seen))


@pytest.mark.parametrize("closed", [False, True])
def test_nobody_finds_the_row_of_a_letter_nor_whether_it_was_used(
    database: Database, world: World, closed: bool
) -> None:
    """Else the used codes of a community, beside its answers by invitation, would leave but a few homes to guess."""
    seen = snapshots_of(database, world, closed)
    stored = {one for snapshot in seen for row in snapshot["invitations"] for one in told_by(row)}
    for case in world.field.cases:
        assert stored.isdisjoint(known_of(case))
    states = [[row["state"] for row in snapshot["invitations"]] for snapshot in seen[:2]]
    assert [found.count(InvitationState.SPENT) for found in states] == [0, 1], "as many as answered with one"


@pytest.mark.parametrize("closed", [False, True])
def test_even_the_right_row_leads_no_further(database: Database, world: World, closed: bool) -> None:
    seen = snapshots_of(database, world, closed)
    starts = {one for s in seen for name in s.keys() - BESIDE_ANSWERS for row in s[name] for one in told_by(row)}
    assert reached_from(starts, *seen).isdisjoint(answers_in(*seen))


def test_no_other_table_has_a_value_of_an_invitation(world: World) -> None:
    seen = (world.first, world.second)
    values: dict[str, set[str]] = {}
    for name in world.second:
        values[name] = {one for snapshot in seen for row in snapshot[name] for one in told_by(row)}
    shared = {pair for pair in combinations(sorted(values), 2) if values[pair[0]] & values[pair[1]]}
    assert not [pair for pair in shared if "invitations" in pair]
    outside = {pair for pair in shared if len(BESIDE_ANSWERS & set(pair)) == 1}
    assert outside == set(), "what stands beside answers is known to nothing else"


def test_as_letters_were_kept_before_they_did_and_an_upgrade_ends_it(database: Database, world: World) -> None:
    """The control. The letters themselves stay good: nobody prints them anew."""
    field = world.field
    list_as_before(database, field)
    plain = attacker.read_everything(database)
    known = {code_hash(code_of_case(case)) for case in field.cases}
    assert len(reached_from(known, plain) & answers_in(plain)) == len(world.truth)
    with database.writing() as session:
        assert rekey_invitations(session, field.keys).codes == len(field.cases)
        assert rekey_invitations(session, field.keys).codes == 0, "once"
    now = attacker.read_everything(database)
    assert reached_from(known, now).isdisjoint(answers_in(now))
    with database.reading() as session:
        sealer = find_sealer(session, field.keys, field.wave)
        assert sealer is not None
        found = {one.code_hash: one for one in list_invitations(session, field.wave)}
        states = [one.state for one in found.values()]
    assert (len(states), states.count(InvitationState.SPENT)) == (len(field.cases), 1)
    for case in field.cases:
        one = found[hash_of(sealer, code_hash(code_of_case(case)))]
        assert UUID(sealer.unseal(one.body, context=context(one.code_hash)).decode()) == case


def test_a_code_that_does_not_open_keeps_no_other_one_as_it_was(database: Database, world: World) -> None:
    field, broken = world.field, world.field.cases[3]
    list_as_before(database, field)
    hashed = code_hash(code_of_case(broken))
    with database.writing() as session:
        session.execute(text("UPDATE invitations SET body = :body WHERE code_hash = :of"), {"body": b"x", "of": hashed})
    with database.writing() as session:
        found = rekey_invitations(session, field.keys)
    assert (found.codes, found.unread) == (len(field.cases) - 1, (field.wave,))
    now = attacker.read_everything(database)
    others = {code_hash(code_of_case(case)) for case in field.cases if case != broken}
    assert reached_from(others, now).isdisjoint(answers_in(now))
    with database.reading() as session:
        kept = {one.code_hash for one in list_invitations(session, field.wave)}
    assert kept & {hashed, *others} == {hashed}
