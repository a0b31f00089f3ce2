import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.keys import KeyRing
from survey.messages import Conflict, Failure, SurveyError
from survey.store.wave_keys import (
    KeyState,
    WaveKey,
    find_key,
    find_sealer,
    keys_to_destroy,
    mark_destroyed,
    mark_to_destroy,
    open_sealer,
)
from tests.survey.store.counting import statements


@pytest.fixture
def keys(tmp_path) -> KeyRing:
    return KeyRing(folder=tmp_path / "keys")


def test_the_first_use_makes_the_key_and_later_ones_open_it(database, example, keys, at):
    with database.writing() as session:
        first = open_sealer(session, keys, example.wave, at=at)
        assert open_sealer(session, keys, example.wave, at=at) == first
    with database.writing() as session:
        assert open_sealer(session, keys, example.wave, at=at) == first
    with database.reading() as session:
        assert find_sealer(session, keys, example.wave) == first
        key = find_key(session, example.wave)
    assert key == WaveKey(key_id=key.key_id, wave_id=example.wave, state=KeyState.MADE)
    assert [path.stem for path in keys.folder.iterdir()] == [key.key_id]


def test_the_site_has_a_key_of_its_own_and_only_one(database, example, keys, at):
    with database.writing() as session:
        wave, site = open_sealer(session, keys, example.wave, at=at), open_sealer(session, keys, None, at=at)
        assert wave != site
        assert open_sealer(session, keys, None, at=at) == site
    with database.reading() as session:
        assert find_sealer(session, keys, None) == site
    assert len(list(keys.folder.iterdir())) == 2


def test_where_no_key_was_made_there_is_nothing_to_read(database, example, keys):
    with database.reading() as session:
        assert find_sealer(session, keys, example.wave) is None
        assert find_sealer(session, keys, None) is None
    assert not keys.folder.exists()


def test_a_reading_transaction_makes_no_key(database, example, keys, at):
    with pytest.raises(Failure, match="只能读"), database.reading() as session:
        open_sealer(session, keys, example.wave, at=at)
    assert list(keys.folder.iterdir()) == []


def test_a_key_that_could_not_be_written_leaves_no_row(database, example, tmp_path, at):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="SURVEY_KEYS"), database.writing() as session:
        open_sealer(session, KeyRing(folder=tmp_path / "file"), example.wave, at=at)
    with database.reading() as session:
        assert find_key(session, example.wave) is None


def test_a_lost_file_is_a_failure_and_never_another_key(database, example, keys, at):
    with database.writing() as session:
        open_sealer(session, keys, example.wave, at=at)
    (lost,) = keys.folder.iterdir()
    lost.unlink()
    for use in (
        lambda session: open_sealer(session, keys, example.wave, at=at),
        lambda session: find_sealer(session, keys, example.wave),
    ):
        with pytest.raises(Failure, match="找不到"), database.writing() as session:
            use(session)
    assert list(keys.folder.iterdir()) == []


def test_a_key_given_up_seals_nothing_more(database, example, keys, at):
    with database.writing() as session:
        open_sealer(session, keys, example.wave, at=at)
        mark_to_destroy(session, example.wave)
        (key_id,) = keys_to_destroy(session)
    for destroyed in (False, True):
        with database.writing() as session:
            if destroyed:
                mark_destroyed(session, key_id)
            with pytest.raises(Conflict, match="已经结束"):
                open_sealer(session, keys, example.wave, at=at)
            assert find_sealer(session, keys, example.wave) is None
            assert keys_to_destroy(session) == (() if destroyed else (key_id,))
            mark_to_destroy(session, example.wave)  # again: it goes no way back
    with database.reading() as session:
        assert find_key(session, example.wave).state is KeyState.DESTROYED


def test_a_key_in_use_is_never_marked_destroyed_and_a_wave_without_one_has_nothing_to_mark(database, example, keys, at):
    with database.writing() as session:
        mark_to_destroy(session, example.wave)
        open_sealer(session, keys, None, at=at)
        mark_to_destroy(session, example.wave)
        mark_destroyed(session, find_key(session, None).key_id)
        assert find_key(session, None).state is KeyState.MADE
        assert keys_to_destroy(session) == ()


def test_a_rollback_leaves_a_file_that_no_row_names(database, example, keys, at):
    def fail_after_making() -> None:
        with database.writing() as session:
            open_sealer(session, keys, example.wave, at=at)
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_making()
    with database.writing() as session:
        assert find_sealer(session, keys, example.wave) is None
        key = open_sealer(session, keys, example.wave, at=at)
        assert find_sealer(session, keys, example.wave) == key


def test_the_database_itself_refuses_a_second_key(database, example, keys, at):
    insert = "INSERT INTO wave_keys (key_id, wave_id, holder, state, made_at) VALUES "
    with database.writing() as session:
        open_sealer(session, keys, example.wave, at=at)
        open_sealer(session, keys, None, at=at)
    for values in (
        f"('{'a' * 32}', {example.wave}, 'wave {example.wave}', 'made', '2026-03-01')",
        f"('{'a' * 32}', NULL, 'site', 'made', '2026-03-01')",
        f"('{'a' * 32}', NULL, 'another', 'made', '2026-03-01')",
        "('short', NULL, 'site', 'made', '2026-03-01')",
        f"('{'a' * 32}', NULL, 'site', 'lost', '2026-03-01')",
    ):
        with pytest.raises((DBAPIError, SurveyError), match=r"uq_|ck_|UNIQUE"), database.writing() as session:
            session.execute(text(insert + values))


def test_opening_costs_one_statement(database, example, keys, at):
    with database.writing() as session:
        open_sealer(session, keys, example.wave, at=at)
        with statements(database) as seen:
            open_sealer(session, keys, example.wave, at=at)
            find_sealer(session, keys, example.wave)
    assert len(seen) == 2
