"""A frozen version is what estimates use and name; it never changes."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from survey.areas import Level
from survey.casework.wave_sample import read_wave_sample
from survey.keys import KeyRing
from survey.messages import CheckFailed, Conflict, NotThere
from survey.store.areas import get_frame
from survey.store.database import Database
from survey.store.estimates import latest_run, load_estimates
from survey.store.responses import read_responses
from survey.store.waves import change_state, get_wave
from survey.store.weight_versions import get_version, standing_version
from survey.waves import WaveState
from survey.workflow.estimate_wave import compute_estimates, is_estimated, record_estimates
from tests.survey.conftest import run_estimates
from tests.survey.weighed_wave import CLOSED, OPTIONS, Weighed, build_version, close_small_wave, freeze_version


@pytest.fixture
def closed(database: Database, keys: KeyRing) -> Weighed:
    return close_small_wave(database, keys)


def test_a_frozen_version_is_what_estimates_use_and_name(database: Database, closed: Weighed) -> None:
    run_estimates(database, closed.wave, keys=closed.keys)
    version = build_version(database, closed)
    with database.reading() as session:
        assert is_estimated(session, closed.wave), "a version that is not frozen changes nothing"
    freeze_version(database, version)
    with database.reading() as session:
        assert not is_estimated(session, closed.wave)
        before = latest_run(session, closed.wave)
    run_estimates(database, closed.wave, keys=closed.keys)

    with database.reading() as session:
        assert is_estimated(session, closed.wave)
        run, stored = latest_run(session, closed.wave), get_version(session, version)
        assert run is not None
        assert before is not None
        rows = load_estimates(session, run.id)
        frame = get_frame(session, get_wave(session, closed.wave).frame_id).areas
        responses = list(read_responses(session, closed.wave))
        sample = read_wave_sample(session, closed.keys, get_wave(session, closed.wave), frame, responses)
    assert run.sample is not None
    assert before.sample is not None
    assert (run.sample.weights_version, run.sample.weights_version_digest) == (version, stored.digest)
    assert before.sample.weights_version is None
    assert run.digest != replace(run, sample=replace(run.sample, weights_version_digest="0" * 64)).digest
    known = next(row for row in rows if row.area is None and row.indicator == "IND_SMALL_KNOWS")
    assert known.proportion == pytest.approx(0.6)
    assert (known.proportion, known.low, known.high) == pytest.approx(stored.look.moved[0].after)
    assert sample.design is not None
    assert sample.design.adjustments
    assert sample.design.fractions.tolist() == [24 / 1200, 20 / 1000]
    assert run.sample.weight_effect == pytest.approx(stored.look.kish)


def test_a_second_look_shows_the_same_numbers(database: Database, closed: Weighed) -> None:
    version = build_version(database, closed)
    with database.reading() as session:
        first = get_version(session, version)
    freeze_version(database, version)
    build_version(database, closed, options=replace(OPTIONS, trim=2.0))
    with database.reading() as session:
        second = get_version(session, version)
    assert replace(second, frozen_at=None, frozen_by=None, frozen_reason=None) == first


def test_the_newest_frozen_version_counts(database: Database, closed: Weighed) -> None:
    first, second = build_version(database, closed), build_version(database, closed, options=replace(OPTIONS, trim=2.0))
    freeze_version(database, first)
    freeze_version(database, second)
    with database.reading() as session:
        standing = standing_version(session, closed.wave)
    assert standing is not None
    assert standing.id == second
    with pytest.raises(Conflict, match="已经定版"):
        freeze_version(database, first)
    with pytest.raises(NotThere):
        freeze_version(database, second + 1)


def test_estimates_that_saw_other_weights_are_not_stored(database: Database, closed: Weighed) -> None:
    version = build_version(database, closed)
    with database.reading() as session:
        computed = compute_estimates(
            session, closed.keys, closed.wave, by_level=Level.COMMUNITY, code_version="0", at=CLOSED, by="wang"
        )
    freeze_version(database, version)
    with pytest.raises(Conflict, match="新的版本"), database.writing() as session:
        record_estimates(session, computed)


def test_of_a_published_wave_weights_are_looked_at_and_never_frozen(database: Database, closed: Weighed) -> None:
    version = build_version(database, closed)
    run_estimates(database, closed.wave, keys=closed.keys)
    with database.writing() as session:
        run = latest_run(session, closed.wave)
        assert run is not None
        change_state(session, closed.wave, WaveState.PUBLISHED, at=CLOSED, by="li", run_id=run.id)
    for looked_at in (version, build_version(database, closed)):
        with pytest.raises(Conflict, match="已经发布"):
            freeze_version(database, looked_at)


def test_a_factor_that_was_changed_past_the_program_is_found(sqlite_database: Database, keys: KeyRing) -> None:
    closed = close_small_wave(sqlite_database, keys)
    version = build_version(sqlite_database, closed)
    with sqlite_database.writing() as session:
        session.execute(text("DROP TRIGGER weight_factors_no_update"))
        session.execute(text("UPDATE weight_factors SET calibration = calibration * 2 WHERE adults = 2"))
    with pytest.raises(CheckFailed, match="被改过"):
        freeze_version(sqlite_database, version)
