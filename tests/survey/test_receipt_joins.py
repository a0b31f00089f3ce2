"""Somebody with databases and backups, a receipt or even a code that takes answers back (people are asked for pictures
of their last screen), tries to get from it to an answer or a home, and must fail.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import DateTime

from survey.fieldwork.resident_codes import codes_of, receipt_hash, withdrawal_hash
from survey.jobs.worker import forget_order_of
from survey.keys import KeyRing, Sealer
from survey.one_time_codes import code_hash
from survey.store import schema
from survey.store.database import Database
from survey.store.suggestions import Suggestion, SuggestionKind, add_suggestion
from survey.store.withdrawals import tag_of
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.forget_order import forget_order
from survey.workflow.withdraw_response import withdraw_response
from tests.survey import attacker
from tests.survey.attacked_wave import DAY, World, build_world
from tests.survey.attacker import Snapshot
from tests.survey.field import NOW
from tests.survey.small_wave import WEST

NEW = ("receipts", "withdrawals", "withdrawal_counts", "suggestions")


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
    return set().union(*(attacker.joined_to(UUID(int=int(one[:32], 16)), *snapshots) for one in starts)) | set().union(
        *(_chain(one, *snapshots) for one in starts)
    )


def _chain(start: str, *snapshots: Snapshot) -> set[str]:
    """As :func:`attacker.joined_to`, from a hash."""
    reached = {start}
    while True:
        rows = [told_by(row) for snapshot in snapshots for table in snapshot.values() for row in table]
        more = set().union(*(found for found in rows if found & reached), reached)
        if more == reached:
            return reached
        reached = more


def test_a_receipt_leads_nowhere(database: Database, world: World) -> None:
    """Whoever holds it has its hash, and every table of two nights and of the closed wave."""
    after = close(database, world)
    mine = receipt_hash(world.codes.receipt)
    assert mine in {row["hash"] for row in after["receipts"]}
    assert reached_from([mine], world.first, world.second, after) == {mine, mine[:32]}


def test_of_a_receipt_two_backups_tell_the_night_and_nothing_beside_it(database: Database, world: World) -> None:
    new = {row["hash"] for row in world.second["receipts"]} - {row["hash"] for row in world.first["receipts"]}
    assert len(new) == 9, "as many as came that day, all ways together"
    assert {frozenset(row) for row in world.second["receipts"]} == {frozenset({"wave_id", "hash"})}


def test_no_number_that_is_stored_gives_a_receipt(database: Database, world: World) -> None:
    """Receipts follow from no uuid, hash, code or seed in any table."""
    after = close(database, world)
    listed = {row["hash"] for row in after["receipts"]}
    shown = {
        one
        for snapshot in (world.first, world.second, after)
        for name, rows in snapshot.items()
        if name != "receipts"
        for row in rows
        for one in told_by(row)
    }
    assert listed.isdisjoint(shown)
    for one in shown:
        assert receipt_hash(codes_of((one * 2)[:32]).receipt) not in listed
        for key in (bytes.fromhex(one[: len(one) // 2 * 2]), bytes.fromhex((one * 4)[:64])):
            for uuid in list(world.truth)[:3]:
                assert receipt_hash(codes_of(Sealer(key=key).tag(f"receipt:{uuid}")[:32]).receipt) not in listed


@pytest.mark.parametrize("closed", [False, True])
def test_the_code_itself_with_any_backup_leads_to_no_answer(database: Database, world: World, closed: bool) -> None:
    """A picture of the last screen, the database of any night, and the key of another wave."""
    seen = [world.first, world.second, *([close(database, world)] if closed else [])]
    code = world.codes.withdrawal
    hashes = [code_hash(code), withdrawal_hash(code), receipt_hash(world.codes.receipt)]
    assert not set(hashes) & {one for s in seen for row in s["withdrawals"] for one in told_by(row)}
    stranger = Sealer(key=bytes(32))
    tags = {row["tag"] for snapshot in seen for row in snapshot["withdrawals"]}
    assert tags
    assert tag_of(stranger, hashes[1]) not in tags
    answers = {uuid.hex for uuid in world.truth}
    assert reached_from(hashes, *seen).isdisjoint(answers)


def test_an_old_backup_and_the_sites_own_key_lead_from_no_code_to_a_home(
    database: Database, world: World, tmp_path: Path
) -> None:
    """After the closing the site's key finds the new number; the tag of the open wave went with the wave's key."""
    after = close(database, world)
    before = {row["tag"] for row in world.second["withdrawals"]}
    assert before.isdisjoint({row["tag"] for row in after["withdrawals"]})
    hashed = withdrawal_hash(world.codes.withdrawal)
    left = [world.field.keys.open(file.stem) for file in world.field.keys.folder.iterdir()]
    assert not before & {tag_of(sealer, hashed) for sealer in left}
    (row,) = after["withdrawals"]
    assert row["tag"] in {tag_of(sealer, hashed) for sealer in left}
    assert row["body"] is None
    cases = {case.hex for case in world.field.cases}
    reached = attacker.joined_to(row["uuid"], after, world.second, world.first)
    assert not any(case in one for one in reached for case in cases)


def test_a_withdrawn_answer_leaves_a_count_and_no_home(database: Database, world: World) -> None:
    after = close(database, world)
    with database.writing() as session:
        assert withdraw_response(session, world.field.keys, world.codes.withdrawal)
        forget_order(session)
    gone = attacker.read_everything(database)
    (old,) = {row["uuid"] for row in after["responses"]} - {row["uuid"] for row in gone["responses"]}
    assert [(row["area"], row["answers"]) for row in gone["withdrawal_counts"]] == [(WEST, 1)]
    holding = {name for name, rows in gone.items() for row in rows if old.hex in told_by(row)}
    assert holding == set(), "nothing names it any more"
    for name in ("disposition_counts", "visit_counts", "receipts", "inbox"):
        assert gone[name] == after[name]


def test_a_suggestion_leads_nowhere(database: Database, world: World) -> None:
    uuid = UUID(int=7, version=4)
    with database.writing() as session:
        add_suggestion(
            session,
            Suggestion(
                uuid=uuid,
                area=WEST,
                day=date(2026, 5, 5),
                kind=SuggestionKind.COMPLAINT,
                text="路灯不亮",
                contact="13800000000",
            ),
        )
    after = close(database, world)
    reached = attacker.joined_to(uuid, after, world.second, world.first)
    assert reached <= {uuid.hex, WEST, f"{WEST}001"}


def test_no_time_of_day_and_no_order(database: Database, world: World) -> None:
    for name in NEW:
        columns = schema.METADATA.tables[name].columns
        assert not [c for c in columns if isinstance(getattr(c.type, "impl", c.type), DateTime)]
    for name, key in (("receipts", "hash"), ("withdrawals", "tag"), ("suggestions", "uuid")):
        order = attacker.physical_order(database, name, key)
        assert order == sorted(order)
        assert len(attacker.transactions(database, name)) <= 1


def test_after_the_night_the_disk_holds_nothing_of_a_withdrawn_answer(database: Database, world: World) -> None:
    after = close(database, world)
    with database.writing() as session:
        assert withdraw_response(session, world.field.keys, world.codes.withdrawal)
    left = {row["uuid"] for row in attacker.read_everything(database)["responses"]}
    (gone,) = [row for row in after["responses"] if row["uuid"] not in left]
    written = gone["uuid"].hex.encode() if database.path else gone["uuid"].bytes
    assert any(written in page for page in attacker.raw_pages(database)), "the search finds what is there"
    forget_order_of(database)
    for page in attacker.raw_pages(database):
        assert written not in page
