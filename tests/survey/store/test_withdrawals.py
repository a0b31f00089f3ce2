"""Codes that take answers back: found with a key only, through the closing, and with the answers all that hangs on."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from survey.keys import KeyRing, Sealer
from survey.store import response_factors, withdrawals
from survey.store.database import Database
from survey.store.response_factors import Factors, add_factors
from survey.store.responses import add_responses, rename_responses
from survey.store.wave_keys import open_sealer
from survey.store.weight_versions import add_version, freeze_version, read_version_factors
from survey.store.withdrawals import (
    COUNTS,
    add_withdrawal,
    count_withdrawn,
    delete_answers,
    find_withdrawal,
    lock_withdrawals,
    tag_of,
    unlock_withdrawals,
)
from survey.waves import Mode
from tests.survey.store.conftest import AT, EAST, Example
from tests.survey.store.weight_rows import factors_of, version_of

ONE, TWO = "1" * 64, "2" * 64


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(folder=tmp_path / "keys")


def sealers(database: Database, keys: KeyRing, wave: int) -> tuple[Sealer, Sealer]:
    """Of the wave and of the site."""
    with database.writing() as session:
        return open_sealer(session, keys, wave, at=AT), open_sealer(session, keys, None, at=AT)


def test_a_code_leads_to_its_answers_only_with_the_key(
    database: Database, keys: KeyRing, example: Example, make_responses: Callable[..., list]
) -> None:
    mine, other = sealers(database, keys, example.wave)
    first, second = make_responses(2)
    with database.writing() as session:
        add_responses(session, example.wave, None, [first, second])
        add_withdrawal(session, mine, example.wave, ONE, first.uuid)
        add_withdrawal(session, mine, example.wave, TWO, second.uuid)
    with database.reading() as session:
        found = find_withdrawal(session, [tag_of(other, ONE), tag_of(mine, ONE)])
        assert found is not None
        assert (found.uuid, found.wave_id) == (first.uuid, example.wave)
        assert find_withdrawal(session, [tag_of(other, ONE), ONE]) is None
        shown = [tuple(row) for row in session.execute(select(withdrawals.TABLE))]
    assert ONE not in repr(shown)
    assert not any(bytes.fromhex(ONE) in row[3] for row in shown)


def test_closing_puts_codes_under_another_key_and_new_numbers(
    database: Database, keys: KeyRing, example: Example, make_responses: Callable[..., list]
) -> None:
    wave_key, site_key = sealers(database, keys, example.wave)
    (response,) = make_responses(1)
    gone = UUID(int=5, version=4)
    with database.writing() as session:
        add_responses(session, example.wave, None, [response])
        add_withdrawal(session, wave_key, example.wave, ONE, response.uuid)
        add_withdrawal(session, wave_key, example.wave, TWO, gone)
        before = {row.tag for row in session.execute(select(withdrawals.TABLE))}
        unlocked = unlock_withdrawals(session, wave_key, example.wave)
        fresh = rename_responses(session, example.wave)
        lock_withdrawals(session, site_key, example.wave, unlocked, fresh)
    with database.reading() as session:
        rows = session.execute(select(withdrawals.TABLE)).all()
        found = find_withdrawal(session, [tag_of(site_key, ONE)])
        aside = find_withdrawal(session, [tag_of(site_key, TWO)])
        assert find_withdrawal(session, [tag_of(wave_key, ONE)]) is None
    assert found is not None
    assert found.uuid == fresh[response.uuid]
    assert aside is not None
    assert aside.uuid is None, "what was kept aside and not accepted has no answers any more"
    assert before.isdisjoint(row.tag for row in rows)
    assert {row.body for row in rows} == {None}


def test_all_that_hangs_on_the_answers_goes_with_them(
    database: Database,
    keys: KeyRing,
    example: Example,
    make_responses: Callable[..., list],
    draw_cases: Callable[..., int],
) -> None:
    wave_key, _ = sealers(database, keys, example.wave)
    made = make_responses(3)
    with database.writing() as session:
        add_responses(session, example.wave, None, made)
        draw = draw_cases(session, example)
        add_factors(session, [_factors(one.uuid) for one in made])
        weights = factors_of(one.uuid for one in made)
        version = add_version(session, version_of(example.wave, draw, weights, AT), weights)
        freeze_version(session, version, at=AT, by="tests", reason="核对过")
        add_withdrawal(session, wave_key, example.wave, ONE, made[0].uuid)
    mine = [tag_of(wave_key, ONE)]
    for expected in ("complete", None):
        with database.writing() as session:
            found = find_withdrawal(session, mine)
            assert found is not None
            assert delete_answers(session, found) == expected
    rest = {one.uuid for one in made[1:]}
    with database.reading() as session:
        assert read_version_factors(session, version).keys() == rest
        assert response_factors.read_factors(session, example.wave).keys() == rest
        counted = session.execute(select(COUNTS.c.area, COUNTS.c.mode, COUNTS.c.answers)).all()
        assert [tuple(row) for row in counted] == [(made[0].area, Mode.IMPORTED, 1)]
        assert count_withdrawn(session, example.wave) == 1
    for statement in ("DELETE FROM weight_factors", "UPDATE weight_factors SET trimming = 2"):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
            session.execute(text(statement))


def _factors(uuid: UUID) -> Factors:
    return Factors(uuid=uuid, stratum=EAST.code, psu=1, canvasser="a", inclusion_n=1, inclusion_total=9, adults=None)
