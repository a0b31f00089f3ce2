"""Keys in files of their own: private, whole or refused, and gone when they are destroyed."""

import os
from datetime import date
from pathlib import Path

import pytest

from survey.keys import KEY_BYTES, DayKeys, KeyRing, Sealer
from survey.messages import Failure


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(folder=tmp_path / "instance" / "keys")


@pytest.fixture
def no_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_key_and_folder_are_private_whatever_the_umask(keys, no_umask):
    key_id = keys.make()
    assert (mode(keys.folder), mode(keys.folder / f"{key_id}.key")) == (0o700, 0o600)
    assert [path.name for path in keys.folder.iterdir()] == [f"{key_id}.key"]


def test_each_key_is_another(keys):
    ids = [keys.make() for _ in range(20)]
    assert len(set(ids)) == 20
    assert len({keys.open(key_id).key for key_id in ids}) == 20
    assert all(keys.holds(key_id) for key_id in ids)


def test_a_key_opens_again_from_its_file(keys):
    key_id = keys.make()
    sealed = keys.open(key_id).seal("访问".encode(), context="inbox:1")
    again = KeyRing(folder=keys.folder).open(key_id)
    assert again.unseal(sealed, context="inbox:1").decode() == "访问"
    assert again.tag("case:1") == keys.open(key_id).tag("case:1")


def test_a_body_sealed_for_one_row_does_not_open_for_another(keys):
    sealer = keys.open(keys.make())
    sealed = sealer.seal(b"body", context="inbox:1")
    for context in ("inbox:2", "draft:1", ""):
        with pytest.raises(Failure, match="打不开"):
            sealer.unseal(sealed, context=context)


def test_another_key_does_not_open_it(keys):
    sealed = keys.open(keys.make()).seal(b"body", context="inbox:1")
    with pytest.raises(Failure, match="打不开"):
        keys.open(keys.make()).unseal(sealed, context="inbox:1")


def test_each_changed_byte_is_noticed():
    sealer = Sealer(key=bytes(range(KEY_BYTES)))
    sealed = sealer.seal(b"body", context="inbox:1")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Failure, match="改动"):
            sealer.unseal(bytes(changed), context="inbox:1")


@pytest.mark.parametrize("length", [0, 1, 12, 13, 27])
def test_a_body_that_ends_early_is_a_failure(length):
    sealer = Sealer(key=bytes(KEY_BYTES))
    with pytest.raises(Failure, match="打不开"):
        sealer.unseal(sealer.seal(b"body", context="a")[:length], context="a")


def test_the_same_body_never_looks_the_same():
    sealer = Sealer(key=bytes(KEY_BYTES))
    assert len({sealer.seal(b"body", context="a") for _ in range(50)}) == 50


def test_tags_are_the_same_for_the_same_case_and_tell_nothing_without_the_key():
    sealer, other = Sealer(key=bytes(KEY_BYTES)), Sealer(key=bytes([1]) * KEY_BYTES)
    tags = [sealer.tag("case:1"), sealer.tag("case:1"), sealer.tag("case:2"), other.tag("case:1")]
    assert tags[0] == tags[1]
    assert len(set(tags)) == 3
    assert all(len(tag) == 64 and int(tag, 16) for tag in tags)


def test_a_destroyed_key_is_gone_and_opening_says_so(keys):
    gone, kept = keys.make(), keys.make()
    keys.destroy(gone)
    assert (keys.holds(gone), keys.holds(kept)) == (False, True)
    with pytest.raises(Failure, match=r"找不到.*SURVEY_KEYS") as caught:
        keys.open(gone)
    assert gone in str(caught.value)
    keys.destroy(gone)  # again: nothing to do
    keys.open(kept)


def test_destroying_overwrites_what_was_in_the_file(keys):
    key_id = keys.make()
    key = keys.open(key_id).key
    with (keys.folder / f"{key_id}.key").open("rb") as still_open:  # what a disk keeps of a removed file
        keys.destroy(key_id)
        assert still_open.read() != key


@pytest.mark.parametrize("content", [b"", bytes(KEY_BYTES - 1), bytes(KEY_BYTES + 1)])
def test_a_damaged_key_file_is_refused(keys, content):
    key_id = keys.make()
    (keys.folder / f"{key_id}.key").write_bytes(content)
    with pytest.raises(Failure, match=rf"{key_id}.*{len(content)}.*{KEY_BYTES}.*损坏"):
        keys.open(key_id)


def test_a_folder_that_cannot_be_made_or_written_is_a_failure(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "keys"):
        with pytest.raises(Failure, match="SURVEY_KEYS"):
            KeyRing(folder=folder).make()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_a_failure(keys):
    key_id = keys.make()
    keys.folder.chmod(0o500)
    try:
        with pytest.raises(Failure, match="SURVEY_KEYS"):
            keys.make()
        with pytest.raises(Failure, match="不能销毁"):
            keys.destroy(key_id)
    finally:
        keys.folder.chmod(0o700)


def test_a_key_that_cannot_be_removed_is_a_failure(keys):
    key_id = "0" * 32
    (keys.folder / f"{key_id}.key").mkdir(parents=True)
    with pytest.raises(Failure, match="不能销毁"):
        keys.destroy(key_id)


@pytest.mark.parametrize("key_id", ["", "../x", "0" * 31, "0" * 33, "G" * 32, "0" * 31 + "\n", "A" * 32])
def test_an_id_is_never_a_path(keys, key_id):
    for use in (keys.open, keys.holds, keys.destroy):
        with pytest.raises(ValueError, match="32 hex digits"):
            use(key_id)


def test_the_key_does_not_show_in_a_traceback():
    assert "secret" not in repr(Sealer(key=b"secret" * 6))


def test_the_key_of_a_day_is_the_same_all_day_and_gone_with_it(tmp_path: Path) -> None:
    days = DayKeys(folder=tmp_path / "keys")
    first, made = days.open(date(2026, 5, 4))
    again, made_again = days.open(date(2026, 5, 4))
    assert (made, made_again, first.tag("x") == again.tag("x")) == (True, False, True)
    other, made_next = days.open(date(2026, 5, 5))
    assert (made_next, other.tag("x") == first.tag("x")) == (True, False)
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["day-2026-05-05.key"]
    assert (tmp_path / "keys" / "day-2026-05-05.key").stat().st_mode & 0o077 == 0
    assert (days.destroy(), days.destroy()) == (1, 0)


def test_a_damaged_key_of_a_day_is_made_anew_and_keys_of_waves_are_left_alone(tmp_path: Path) -> None:
    ring, days = KeyRing(folder=tmp_path), DayKeys(folder=tmp_path)
    wave = ring.make()
    (tmp_path / "day-2026-05-04.key").write_bytes(b"short")
    assert days.open(date(2026, 5, 4))[1]
    days.destroy()
    assert ring.list_ids() == {wave}
