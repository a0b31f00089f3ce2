"""What a stolen disk tells besides its rows: pages, orders, hashes and keys. It must lead no opinion to a home."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

import pytest

from survey.fieldwork.payloads import to_json
from survey.keys import KeyRing
from survey.store.backups import backup
from survey.store.database import Database
from tests.survey import attacker
from tests.survey.attacked_wave import World, build_world, close
from tests.survey.field import open_field


@pytest.fixture
def world(database: Database, keys: KeyRing) -> World:
    return build_world(database, keys)


def test_no_backup_and_no_table_holds_the_key(database: Database, world: World, tmp_path: Path) -> None:
    backup(database, tmp_path / "night.backup")
    assert world.key not in (tmp_path / "night.backup").read_bytes()
    for key in (world.key.hex(), world.key.hex().upper()):
        assert key not in repr(world.second)
    assert not any(world.key in page for page in attacker.raw_pages(database))


@pytest.mark.parametrize("closed", [False, True])
def test_no_order_tells_who_came_first(database: Database, world: World, closed: bool) -> None:
    if closed:
        close(database, world)
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
    close(database, world)
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
