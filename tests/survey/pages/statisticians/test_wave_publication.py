"""A closed wave is estimated and published on the site, by the one who looked at it."""

from dataclasses import replace

import pytest

from survey.roles import Role
from survey.store.database import Database
from survey.store.estimates import latest_run
from survey.store.waves import get_wave, set_details
from survey.waves import WaveState
from survey.workflow.close_wave import close_wave
from tests.survey.conftest import AT, NO_KEYS, import_answers, open_small_wave
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn

CONFIRMED = {"confirm": "yes"}


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    """With answers, and an account for each role."""
    example.open_accounts(sqlite_database)
    wave = open_small_wave(sqlite_database)
    import_answers(sqlite_database, wave)
    return wave


def close(database: Database, wave: int) -> None:
    with database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="wang")


def state(database: Database, wave: int) -> WaveState:
    with database.reading() as session:
        return get_wave(session, wave).state


def test_estimated_looked_at_and_published(signed_in: SignIn, sqlite_database: Database, wave: int) -> None:
    close(sqlite_database, wave)
    browser, address = signed_in(Role.STATISTICIAN), f"/waves/{wave}/state"
    assert "对现有答卷做一次估计" in browser.page(address).text
    assert browser.submit(f"{address}/estimate", {}, page=address).location == f"/waves/{wave}"
    with sqlite_database.reading() as session:
        run = latest_run(session, wave)
    assert run is not None
    assert run.by == example.NAMES[Role.STATISTICIAN]
    assert signed_in(Role.OFFICIAL).get(f"/waves/{wave}").status_code == 404, "not yet"
    page = browser.page(address)
    assert f"样本 {run.responses} 份答卷" in page.text
    assert browser.submit(f"{address}/publish", {}, page=address).status_code == 422, "without the confirmation"
    answer = browser.submit(f"{address}/publish", CONFIRMED, page=address)
    assert answer.status_code == 200
    assert "已经发布" in answer.text
    assert state(sqlite_database, wave) is WaveState.PUBLISHED
    assert signed_in(Role.OFFICIAL).get(f"/waves/{wave}").status_code == 200
    assert not [form for form in browser.page(address).all("form") if "/state/" in form.get("action")]


def test_what_is_missing_keeps_it_back(signed_in: SignIn, sqlite_database: Database, wave: int) -> None:
    with sqlite_database.writing() as session:
        told = get_wave(session, wave).details
        set_details(session, wave, replace(told, funder=""), at=AT, by="wang")
    close(sqlite_database, wave)
    browser, address = signed_in(Role.STATISTICIAN), f"/waves/{wave}/state"
    browser.submit(f"{address}/estimate", {}, page=address)
    page = browser.page(address)
    assert "还缺 1 项" in page.text
    assert "经费来源" in page.text
    assert browser.submit(f"{address}/publish", CONFIRMED, page=address).status_code == 409
    assert state(sqlite_database, wave) is WaveState.CLOSED


@pytest.mark.parametrize("step", ["estimate", "publish"])
def test_a_wave_that_is_still_open_waits(signed_in: SignIn, sqlite_database: Database, wave: int, step: str) -> None:
    browser, address = signed_in(Role.STATISTICIAN), f"/waves/{wave}/state"
    assert browser.submit(f"{address}/{step}", CONFIRMED, page=address).status_code == 409
    with sqlite_database.reading() as session:
        assert latest_run(session, wave) is None
