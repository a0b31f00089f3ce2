"""Somebody without the key tries to lead an opinion to a home, and must fail: with the database while the wave is
open, with backups of two days, with the database after closing, and with an old backup once the key is destroyed.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import DateTime

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import to_json
from survey.keys import KeyRing
from survey.messages import Failure
from survey.store import inbox, schema
from survey.store.backups import backup
from survey.store.database import Database, Session
from survey.store.inbox import PayloadKind, list_inbox
from survey.store.interviews import read_interviews
from survey.store.responses import rename_responses
from survey.store.visits import read_visits
from survey.store.wave_keys import find_key, find_sealer
from survey.store.weight_versions import add_version
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from tests.survey import attacker
from tests.survey.attacked_wave import DAY, World, build_world
from tests.survey.attacker import Snapshot
from tests.survey.field import NOW, open_field
from tests.survey.small_wave import EAST, WEST
from tests.survey.store.weight_rows import factors_of, version_of

#: Everything that may stand beside a response's uuid. A new name here is a decision about privacy.
BESIDE_A_RESPONSE = {
    *(f"responses.{name}" for name in ("uuid", "wave_id", "import_id", "area", "mode", "day", "completeness")),
    *(f"responses.{name}" for name in ("digest", "answers")),
    # Of answers by open link alone, which have no case; a few bits that lead to no network and no device.
    "responses.signs",
    # Whose hand it was, of answers given online; nothing that is readable of a case says so.
    "responses.filled_by",
    *(f"response_factors.{name}" for name in ("uuid", "stratum", "psu", "canvasser", "adults")),
    *(f"response_factors.{name}" for name in ("inclusion_n", "inclusion_total")),
    # Factors of weights follow from what stands there already and from counts of whole communities.
    *(f"weight_factors.{name}" for name in ("version_id", "uuid", "inclusion", "adults")),
    *(f"weight_factors.{name}" for name in ("response", "calibration", "trimming")),
    *(f"inbox.{name}" for name in ("uuid", "kind", "wave_id", "tag", "sha256", "state", "reason", "body")),
    # Under which code it can be withdrawn, readable with a key that no backup holds; nothing of a case.
    *(f"withdrawals.{name}" for name in ("uuid", "wave_id", "tag", "body")),
}

#: Everything that is kept of how the fieldwork of a closed wave went: sums, and what they are sums over.
KEPT_OF_FIELDWORK = {
    "disposition_counts": {"area", "disposition", "cases"},
    "visit_counts": {"area", "visits"},
    "weighted_counts": {"area", "member", "weight"},
    "fieldwork_counts": {"area", "evening", "weekend", "under_three", "office_hours_only"},
    "attempt_days": {"first_day", "last_day", "attempts", "contacts", "completes"},
    "attempt_hours": {"weekday", "hour", "attempts"},
}


@pytest.fixture
def world(database: Database, keys: KeyRing) -> World:
    return build_world(database, keys)


def _close(database: Database, world: World) -> Snapshot:
    field = world.field
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW + 2 * DAY, by="tests", discard_quarantine=True)
    assert destroy_keys(database, field.keys) == 1
    return attacker.read_everything(database)


def _expect_no_home(world: World, seen: Snapshot, *before: Snapshot) -> None:
    """For every response all drawn cases of its community are possible, whatever is laid side by side."""
    field = world.field
    found = attacker.answers(seen, field.wave)
    assert len(found) == len(world.truth)
    cases = {case.hex for case in field.cases}
    for one in found:
        reached = attacker.joined_to(one.uuid, seen, *before)
        assert not any(case in identifier for identifier in reached for case in cases)
        assert one.facts.keys() <= BESIDE_A_RESPONSE
        drawn = set(field.east if one.area == EAST else field.west)
        for snapshot in (seen, *before):
            assert attacker.possible_cases(one, found, snapshot, field.wave) == drawn


def test_with_the_key_the_same_joins_would_succeed(database: Database, world: World) -> None:
    """The control: what is sealed does hold the tie, so failing below means something."""
    field = world.field
    with database.reading() as session:
        sealer = find_sealer(session, field.keys, field.wave)
        assert sealer is not None
        told = {one.uuid: one.payload.case for one in read_interviews(session, sealer, field.wave)}
        told |= {one.uuid: one.payload.case for one in read_visits(session, sealer, field.wave)}
    assert {uuid: told[uuid] for uuid in world.truth} == world.truth


def test_the_open_database_without_the_key(database: Database, world: World) -> None:
    _expect_no_home(world, world.second)


def test_backups_of_two_days(database: Database, world: World) -> None:
    """New responses show (their day is known anyway); nothing changed beside any case that was interviewed."""
    _expect_no_home(world, world.second, world.first)
    changed = _changed(world.first, world.second, "cases") | _changed(world.first, world.second, "units")
    assert changed == set()
    owners = _changed(world.first, world.second, "assignments")
    assert {dict(row)["case_id"] for row in owners} == world.later
    one = [a for a in attacker.answers(world.first, world.field.wave) if a.area == WEST]
    assert [answer.facts["responses.day"] for answer in one] == [date(2026, 5, 4)]
    drawn = set(world.field.west)
    assert attacker.possible_cases(one[0], one, world.first, world.field.wave) == drawn


def _changed(before: Snapshot, after: Snapshot, table: str) -> set[frozenset[tuple[str, object]]]:
    return {frozenset(row.items()) for row in after[table]} - {frozenset(row.items()) for row in before[table]}


def test_whoever_knows_every_number_that_was_sent(database: Database, world: World) -> None:
    """Devices, addresses and their logs keep the number under which an interview of a case came. While the wave is open
    it is the answer's, too; after closing it leads to the receipt alone.
    """
    assert {one.uuid for one in attacker.answers(world.second, world.field.wave)} == world.truth.keys()
    after = _close(database, world)
    now = {one.uuid.hex for one in attacker.answers(after, world.field.wave)}
    for sent in world.truth:
        reached = attacker.joined_to(sent, after)
        assert reached.isdisjoint(now)
        assert [name for name, rows in after.items() if any(row.get("uuid") == sent for row in rows)] == ["inbox"]


def test_after_closing(database: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed: dict[UUID, UUID] = {}

    def told(session: Session, wave_id: int) -> dict[UUID, UUID]:
        """Nothing keeps which number became which; here somebody looks on."""
        renamed.update(rename_responses(session, wave_id))
        return renamed

    monkeypatch.setattr("survey.workflow.close_wave.rename_responses", told)
    after = _close(database, world)
    _expect_no_home(world, after)
    assert after["assignments"] == after["drafts"] == after["invitations"] == []
    assert {(row["body"], row["tag"], row["reason"]) for row in after["inbox"]} == {(None, None, "")}
    factors = after["response_factors"]
    assert max(row["adults"] for row in factors if row["adults"]) <= 4
    assert sorted(row["psu"] for row in factors) == list(range(1, 15))
    by_key = [row["psu"] for row in sorted(factors, key=lambda row: row["uuid"].int)]
    truth = {renamed[sent]: world.field.cases.index(case) for sent, case in world.truth.items()}
    by_case = [row["psu"] for row in sorted(factors, key=lambda row: truth[row["uuid"]])]
    assert sorted(by_key) not in (by_key, by_case)


def test_after_weights_were_built(database: Database, world: World) -> None:
    after = _close(database, world)
    uuids = [one.uuid for one in attacker.answers(after, world.field.wave)]
    factors = factors_of(uuids)
    with database.writing() as session:
        add_version(session, version_of(world.field.wave, world.field.draw, factors, NOW), factors)
    weighed = attacker.read_everything(database)
    assert len(weighed["weight_factors"]) == len(uuids)
    _expect_no_home(world, weighed, world.second)


def test_an_old_backup_beside_the_closed_database(database: Database, world: World) -> None:
    """With the assignments of the backup the canvassers' letters still fit everybody who had cases there."""
    after = _close(database, world)
    _expect_no_home(world, after, world.second, world.first)


def test_an_old_backup_after_the_key_is_destroyed(database: Database, world: World) -> None:
    field = world.field
    with database.reading() as session:
        key = find_key(session, field.wave)
        rows = list(list_inbox(session, field.wave))
    assert key is not None
    other = open_field(database, field.keys)
    field.send(database, field.visit(uuid4()), account=field.li)  # makes the site's own key
    _close(database, world)
    with pytest.raises(Failure):
        field.keys.open(key.key_id)
    left = [field.keys.open(file.stem) for file in field.keys.folder.iterdir()]
    assert len(left) == 2, "the other wave's and the site's"
    for row in rows:
        for sealer in left:
            assert row.body is not None
            with pytest.raises(Failure):
                sealer.unseal(row.body, context=inbox.context(row.uuid))
            assert row.tag not in {sealer.tag(f"case:{case}") for case in field.cases}
    assert other.wave != field.wave


def test_no_backup_and_no_table_holds_the_key(database: Database, world: World, tmp_path: Path) -> None:
    backup(database, tmp_path / "night.backup")
    assert world.key not in (tmp_path / "night.backup").read_bytes()
    for key in (world.key.hex(), world.key.hex().upper()):
        assert key not in repr(world.second)
    assert not any(world.key in page for page in attacker.raw_pages(database))


def test_no_time_stands_beside_an_answer_or_what_came_of_a_case(world: World) -> None:
    for name in (
        *("responses", "inbox", "drafts", "invitations"),
        *("response_factors", "weight_factors", "disposition_counts"),
    ):
        columns = schema.METADATA.tables[name].columns
        assert [column.name for column in columns if isinstance(getattr(column.type, "impl", None), DateTime)] == []
        assert [column.name for column in columns if isinstance(column.type, DateTime)] == []


def test_of_the_fieldwork_only_sums_over_homes_are_kept(database: Database, world: World) -> None:
    """No case, no account and no letter of one: with the assignments of a backup, what came of one canvasser's cases
    together would tell what came of most of them. Nothing at all before the closing.
    """
    for name, kept in KEPT_OF_FIELDWORK.items():
        assert {column.name for column in schema.METADATA.tables[name].columns} == {"wave_id", *kept}
        assert world.first[name] == world.second[name] == []
    after = _close(database, world)
    assert all(after[name] for name in KEPT_OF_FIELDWORK)
    field = world.field
    assert {row["area"] for name in KEPT_OF_FIELDWORK for row in after[name] if "area" in row} == {EAST, WEST}
    people = {field.li.name, field.zhou.name}
    for name in KEPT_OF_FIELDWORK:
        cells = [cell for row in after[name] for cell in row.values()]
        assert people.isdisjoint(str(cell) for cell in cells)
        assert not any(list(attacker.identifiers(cell)) for cell in cells)


def test_whoever_saw_a_canvasser_at_a_door_learns_nothing_of_it(database: Database, world: World) -> None:
    """On the day after next there is one visit more, a refusal; a neighbour saw at which door. What is kept of that day
    is kept together with others; and of the hour only that somebody was somewhere.
    """
    field, at = world.field, NOW + 2 * DAY
    door = field.west[11]
    field.send(database, field.visit(door, Outcome.REFUSED_HOUSEHOLD, at=at), account=field.li, at=at)
    after = _close(database, world)
    seen = at.date()
    (day,) = [row for row in after["attempt_days"] if row["first_day"] <= seen <= row["last_day"]]
    assert day["attempts"] >= 10
    assert all(row["attempts"] >= 10 for row in after["attempt_days"])
    outcomes = {"contacts", "completes", "disposition", "member"}
    assert all(outcomes.isdisjoint(row) for row in after["attempt_hours"])


@pytest.mark.parametrize("closed", [False, True])
def test_no_order_tells_who_came_first(database: Database, world: World, closed: bool) -> None:
    if closed:
        _close(database, world)
    tables = {"responses": "uuid", "inbox": "uuid", **({"response_factors": "uuid"} if closed else {})}
    for table, key in tables.items():
        order = attacker.physical_order(database, table, key)
        assert order == sorted(order)
        assert len(attacker.transactions(database, table)) <= 1


def test_guessed_contents_fit_no_hash(database: Database, world: World) -> None:
    """Whoever knows everything but the salt, and tries every hash and every key that the database shows."""
    field, seen = world.field, world.second
    shown = {
        one for rows in seen.values() for row in rows for cell in row.values() for one in attacker.identifiers(cell)
    }
    stored = {row[name] for row in seen["inbox"] for name in ("sha256", "tag")}
    stored |= {row[name] for row in seen["invitations"] for name in ("code_hash", "tag")}
    salts = ["0" * 32, *sorted(one for one in shown if len(one) == 32)]
    keys = [bytes.fromhex(one[: len(one) // 2 * 2]) for one in shown]
    for case in field.cases:
        guesses = [to_json(field.interview(case, salt=salt)) for salt in salts]
        names = [text.encode() for text in (str(case), case.hex, f"case:{case}")]
        hashes = {hashlib.sha256(guess).hexdigest() for guess in (*guesses, *names)}
        hashes |= {hmac.new(key, name, "sha256").hexdigest() for key in keys for name in names}
        assert stored.isdisjoint(hashes)


def test_equal_bodies_have_different_hashes(database: Database, keys: KeyRing) -> None:
    field = open_field(database, keys)
    hashes = Counter(field.send(database, field.visit(field.east[0])).sha256 for _ in range(5))
    assert max(hashes.values()) == 1


def test_the_disk_holds_nothing_of_it_after_closing(database: Database, world: World) -> None:
    before = attacker.raw_pages(database)
    assert _on_disk(before, world.sealed) == len(world.sealed), "the search finds what is there"
    _close(database, world)
    pages = attacker.raw_pages(database)
    assert _on_disk(pages, world.sealed) == 0
    tags = {row["tag"] for row in world.second["inbox"]}
    assert _on_disk(pages, [tag.encode() for tag in tags]) == 0
    now = {one.uuid: None for one in attacker.answers(attacker.read_everything(database), world.field.wave)}
    responses, cases = _written(database, now), _written(database, dict.fromkeys(world.field.cases))
    sent, digests = _written(database, world.truth), {row["digest"].encode() for row in world.second["responses"]}
    for page in pages:
        assert not (any(one in page for one in responses) and any(one in page for one in cases))
        assert not (any(one in page for one in sent) and any(one in page for one in digests))


def _on_disk(pages: Iterable[bytes], values: Iterable[bytes]) -> int:
    """How many of the values begin on a page."""
    content = b"".join(pages)
    return sum(value[:24] in content for value in values)


def _written(database: Database, uuids: Mapping[UUID, object]) -> list[bytes]:
    """UUIDs as the database keeps them."""
    return [uuid.hex.encode() if database.path else uuid.bytes for uuid in uuids]


def test_a_late_interview_joins_nothing_either(database: Database, world: World) -> None:
    """It comes after the closing: sealed under the site's key, and gone when it is made void."""
    _close(database, world)
    field, uuid = world.field, uuid4()
    field.send(database, field.interview(field.east[8]), uuid=uuid, kind=PayloadKind.INTERVIEW, account=field.li)
    after = attacker.read_everything(database)
    assert attacker.joined_to(uuid, after).isdisjoint({case.hex for case in field.cases})
    assert uuid not in {row["uuid"] for row in after["responses"]}
