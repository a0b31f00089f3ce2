"""Where a code or a link leads, or why not. Nothing is stored by asking."""

from collections.abc import Callable
from pathlib import Path

import pytest

from survey.keys import KeyRing
from survey.messages import Failure
from survey.one_time_codes import grouped, new_code
from survey.store import invitations
from survey.store.database import Database
from survey.store.sheets import Entrance, Standing
from survey.store.wave_keys import find_key
from survey.waves import Mode, WaveDetails, WaveState
from survey.workflow.enter_questionnaire import Entered, enter_by_code, enter_by_link
from tests.survey import answering
from tests.survey.answering import EAST, Online
from tests.survey.store.counting import statements


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(folder=tmp_path / "keys")


@pytest.fixture
def online(database: Database, keys: KeyRing) -> Online:
    return answering.start(database, keys)


def by_code(database: Database, keys: KeyRing, typed: str) -> Entered:
    with database.reading() as session:
        return enter_by_code(session, keys, typed)


def by_link(database: Database, token: str) -> Entered:
    with database.reading() as session:
        return enter_by_link(session, token)


@pytest.mark.parametrize("change", [str, str.lower, grouped, lambda c: f" {c[:4]} {c[4:]} "])
def test_a_code_leads_in_however_it_is_typed(database: Database, online: Online, change: Callable[[str], str]) -> None:
    entered = by_code(database, online.keys, change(online.codes[0]))
    assert entered.standing is Standing.OPEN
    assert entered.entrance is not None
    assert (entered.entrance.wave_id, entered.entrance.area, entered.entrance.mode) == (
        online.wave,
        EAST,
        Mode.WEB_TOKEN,
    )


def test_two_people_with_one_code_get_answers_of_their_own(database: Database, online: Online) -> None:
    first, second = by_code(database, online.keys, online.codes[0]), by_code(database, online.keys, online.codes[0])
    assert first.entrance is not None
    assert second.entrance is not None
    assert first.entrance.uuid != second.entrance.uuid
    assert first.way == second.way == first.entrance.way, "which is how a browser that comes back is known"


def test_an_open_link_leads_in(database: Database, online: Online) -> None:
    entered = by_link(database, online.link)
    assert entered.entrance is not None
    assert (entered.entrance.area, entered.entrance.mode) == (EAST, Mode.WEB_OPEN)
    assert entered.way == (online.wave, EAST, None)


@pytest.mark.parametrize("typed", ["", "hello", "0" * 16, "\x00" * 16, "é" * 16, "0" * 100_000])
def test_what_is_no_code_of_ours_is_unknown(database: Database, online: Online, typed: str) -> None:
    assert by_code(database, online.keys, typed) == Entered(standing=Standing.UNKNOWN)
    assert by_link(database, typed) == Entered(standing=Standing.UNKNOWN)


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (WaveState.DRAWN, Standing.NOT_STARTED),
        (WaveState.CLOSED, Standing.CLOSED),
        (WaveState.PUBLISHED, Standing.CLOSED),
    ],
)
def test_only_a_wave_in_the_field_is_answered(
    database: Database, keys: KeyRing, state: WaveState, standing: Standing
) -> None:
    online = answering.start(database, keys, state=state)
    assert by_code(database, online.keys, online.codes[0]) == Entered(
        standing=standing, way=(online.wave, EAST, online.hashes[0])
    )
    assert by_link(database, online.link) == Entered(standing=standing, way=(online.wave, EAST, None))


def test_a_wave_is_answered_in_its_own_modes(database: Database, keys: KeyRing) -> None:
    online = answering.start(database, keys, details=WaveDetails(modes=(Mode.WEB_TOKEN,)))
    assert by_link(database, online.link).standing is Standing.OTHER_MODE
    assert by_code(database, online.keys, online.codes[0]).standing is Standing.OPEN


def test_spent_and_revoked_codes_say_so_and_whose_they_are(database: Database, online: Online) -> None:
    mine = by_code(database, online.keys, online.codes[0]).entrance
    with database.writing() as session:
        invitations.spend(session, online.wave, invitations_hash(mine), home="")
    spent = by_code(database, online.keys, online.codes[0])
    assert mine is not None
    assert (spent.standing, spent.way, spent.entrance) == (Standing.SPENT, mine.way, None)
    with database.writing() as session:
        assert invitations.revoke_all(session, online.wave, EAST) == 2
    assert [by_code(database, online.keys, code).standing for code in online.codes] == [Standing.REVOKED] * 2


def test_a_key_that_is_not_there_shuts_its_own_wave_alone(database: Database, online: Online) -> None:
    other = answering.start(database, online.keys)
    with database.reading() as session:
        key = find_key(session, other.wave)
    assert key is not None
    online.keys.destroy(key.key_id)
    assert by_code(database, online.keys, online.codes[0]).standing is Standing.OPEN
    with pytest.raises(Failure, match="密钥"):
        by_code(database, online.keys, other.codes[0])


def test_codes_are_asked_for_in_three_statements_however_many_waves_are_open(
    database: Database, online: Online
) -> None:
    answering.start(database, online.keys)
    by_code(database, online.keys, online.codes[0])
    with statements(database) as seen:
        by_code(database, online.keys, online.codes[0])
    assert len(seen) == 3


def test_an_unknown_code_stays_unknown(database: Database, online: Online) -> None:
    assert by_code(database, online.keys, new_code()).standing is Standing.UNKNOWN


def invitations_hash(entrance: Entrance | None) -> str:
    assert entrance is not None
    assert entrance.code_hash is not None
    return entrance.code_hash
