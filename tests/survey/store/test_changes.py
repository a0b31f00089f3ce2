from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analysis.publication import Base, Change, ChangeFinding, NotCompared, PublishedEstimate, Reason, Subset
from survey.areas import Level
from survey.runs import EstimateRun
from survey.store.changes import add_changes, compared_run, load_changes
from survey.store.estimates import add_run
from survey.waves import Mode

EAST = "330106001001"
ROSE = Change(
    indicator="overall",
    area=None,
    level=0.95,
    finding=ChangeFinding.ROSE,
    difference=0.1 + 0.2,  # not representable shortly: must come back to the last bit
    low=0.25,
    high=0.35,
    p_value=0.001,
)
NOTHING = Change(indicator="overall", area=EAST, level=0.95, reason=NotCompared.SUPPRESSED)


def rate(area, base=Base.ASKED, **changes):
    plain = PublishedEstimate(indicator="overall", area=area, base=base, published=True, n=50, proportion=0.5)
    return replace(plain, **changes)


@pytest.fixture
def runs(database, example, at):
    """An earlier run without the east, and a later one, its compared estimates between others."""
    facts = {
        "by_level": Level.COMMUNITY,
        "instrument_fingerprint": "a" * 64,
        "frame_digest": "f" * 64,
        "answers_digest": "d" * 64,
        "responses": 3,
        "mode_counts": {Mode.CAPI: 3},
        "design": "assumed-srs",
        "level": 0.95,
        "seed": "s",
        "code_version": "0",
        "at": at,
        "by": "admin",
    }
    apart = rate(None, subset=Subset.OPEN_LINK)
    hidden = rate(EAST, published=False, n=None, proportion=None, reason=Reason.TOO_FEW)
    with database.writing() as session:
        run = EstimateRun(id=0, wave_id=example.wave, **facts)
        earlier = add_run(session, run, [rate(None, Base.VALID), rate(None), apart])
        later = add_run(session, run, [apart, rate(None), rate(None, Base.VALID), hidden])
    return earlier, later


def test_changes_come_back_beside_their_estimates(database, runs):
    earlier, later = runs
    with database.writing() as session:
        add_changes(session, later, earlier, [NOTHING, ROSE])
    with database.reading() as session:
        assert load_changes(session, later) == (ROSE, NOTHING)
        assert load_changes(session, later, area=EAST) == (NOTHING,)
        assert load_changes(session, earlier) == ()
        assert (compared_run(session, later), compared_run(session, earlier)) == (earlier, None)
        rows = session.execute(text("SELECT position, earlier_position FROM changes ORDER BY position")).all()
    assert [tuple(row) for row in rows] == [(1, 1), (3, None)]


def test_a_change_without_its_estimate_is_refused(database, runs):
    for change in (replace(ROSE, indicator="other"), replace(NOTHING, area="330106001002")):
        with pytest.raises(ValueError, match="no such estimate"), database.writing() as session:
            add_changes(session, runs[1], runs[0], [change])


@pytest.mark.parametrize("name", ["difference", "low", "high", "p_value"])
def test_what_is_no_number_is_refused(database, runs, name):
    with pytest.raises(ValueError, match=name), database.writing() as session:
        add_changes(session, runs[1], runs[0], [replace(ROSE, **{name: float("nan")})])


@pytest.mark.parametrize(
    "wrong",
    [
        {"finding": ChangeFinding.FELL},
        {"difference": -0.3, "low": -0.4},
        {"low": 0.31},
        {"finding": None},
        {"finding": None, "reason": NotCompared.WORDING},
        {"reason": NotCompared.WORDING},
        {"p_value": None},
    ],
)
def test_the_database_refuses_words_that_the_numbers_contradict(database, runs, wrong):
    with pytest.raises(DBAPIError), database.writing() as session:
        add_changes(session, runs[1], runs[0], [replace(ROSE, **wrong)])


def test_the_database_keeps_no_number_of_what_is_not_compared(database, runs):
    with pytest.raises(DBAPIError), database.writing() as session:
        add_changes(session, runs[1], runs[0], [replace(NOTHING, difference=0.1)])
    with pytest.raises(DBAPIError), database.writing() as session:  # nothing to have changed from
        add_changes(session, runs[1], runs[0], [replace(ROSE, area=EAST)])


@pytest.mark.parametrize("change", ["UPDATE changes SET low = 0", "DELETE FROM changes"])
def test_what_was_found_is_neither_changed_nor_deleted(database, runs, change):
    with database.writing() as session:
        add_changes(session, runs[1], runs[0], [ROSE])
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(change))


@pytest.mark.postgresql
def test_what_was_found_is_not_emptied(postgresql_database):
    with pytest.raises(DBAPIError, match="append-only"), postgresql_database.writing() as session:
        session.execute(text("TRUNCATE changes"))
