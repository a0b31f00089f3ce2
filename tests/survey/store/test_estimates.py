from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analysis.publication import Band, Base, Method, PublishedEstimate, Reason, Reliability, Subset
from survey.areas import Level
from survey.messages import NotThere
from survey.runs import DRAWN, EstimateRun, SampleFacts
from survey.store.bulk import broken_constraint
from survey.store.estimates import (
    add_run,
    get_run,
    latest_run,
    list_runs,
    load_compared_estimates,
    load_estimates,
    load_shown_estimates,
    standing_run,
)
from survey.store.waves import change_state
from survey.waves import Mode, WaveState

WHOLE = PublishedEstimate(
    indicator="overall",
    area=None,
    base=Base.ASKED,
    subset=Subset.NOT_COACHED,
    published=True,
    n=120,
    n_effective=101.25,
    proportion=0.1 + 0.2,  # not representable shortly: must come back to the last bit
    se=0.02,
    low=0.25,
    high=0.35,
    method=Method.WILSON_EFFECTIVE,
    df=99.5,
    pooled=False,
    design_effect=1.18,
    reliability=Reliability.RELIABLE,
    band=Band.BELOW,
    target=0.9,
    dont_know_share=0.05,
    refusal_share=0.0,
    no_answer_share=0.01,
)
SUPPRESSED = PublishedEstimate(
    indicator="overall", area="330106001001", base=Base.VALID, published=False, reason=Reason.TOO_FEW
)
RANGE = PublishedEstimate(
    indicator="overall", area="330106001002", base=Base.VALID, published=True, n=20, shown_range=(0.9, 1.0)
)


@pytest.fixture
def facts(example, at):
    return {
        "wave_id": example.wave,
        "by_level": Level.COMMUNITY,
        "instrument_fingerprint": "a" * 64,
        "frame_digest": "f" * 64,
        "answers_digest": "d" * 64,
        "responses": 3,
        "mode_counts": {Mode.CAPI: 2, Mode.CATI: 1},
        "design": "assumed-srs",
        "level": 0.95,
        "seed": "wave-1",
        "code_version": "0.1.0",
        "at": at,
        "by": "admin",
    }


def test_a_run_comes_back_to_the_last_bit_and_in_order(database, facts):
    with database.writing() as session:
        run = add_run(session, EstimateRun(id=0, **facts), [WHOLE, SUPPRESSED, RANGE])
    with database.reading() as session:
        assert get_run(session, run) == EstimateRun(id=run, **facts)
        assert load_estimates(session, run) == (WHOLE, SUPPRESSED, RANGE)


def test_a_page_reads_what_it_shows(database, facts):
    compared = replace(WHOLE, subset=Subset.ALL)
    of_east = replace(compared, area=SUPPRESSED.area)
    linked, part_linked = (replace(one, subset=Subset.OPEN_LINK) for one in (WHOLE, of_east))
    with database.writing() as session:
        run = add_run(session, EstimateRun(id=0, **facts), [WHOLE, compared, linked, of_east, part_linked, SUPPRESSED])
    with database.reading() as session:
        assert load_shown_estimates(session, run) == (WHOLE, compared, linked, of_east, SUPPRESSED)
        assert load_compared_estimates(session, run, None) == (compared, of_east)
        assert load_compared_estimates(session, run, SUPPRESSED.area) == (of_east,)


SAMPLE = SampleFacts(
    draw_id=1,
    draw_digest="4" * 64,
    frame_digest="5" * 64,
    method="m",
    public=False,
    per_community=2,
    cases=2,
    communities=2,
    unanswered=1,
    to_total=1,
    adults_unknown=0,
    adults_at_limit=1,
    weight_effect=1.0 / 3,
    largest_weight=2.5,
    weights_digest="6" * 64,
    unanswered_areas=("440983001001",),
)


def test_a_run_of_a_drawn_sample_comes_back_with_its_draw(database, facts, draw_cases, example):
    with database.writing() as session:
        draw_id = draw_cases(session, example)
        sample = replace(SAMPLE, draw_id=draw_id)
        run = add_run(session, EstimateRun(id=0, **{**facts, "design": DRAWN}, sample=sample, open_responses=7), [])
    with database.reading() as session:
        found = get_run(session, run)
    assert (found.sample, found.open_responses, found.design) == (sample, 7, DRAWN)
    others = (replace(sample, draw_digest="7" * 64), replace(sample, weights_digest="7" * 64), None)
    assert len({found.digest, *(replace(found, sample=other).digest for other in others)}) == 4


def test_the_latest_run_is_the_last_added(database, facts, example):
    with database.writing() as session:
        assert latest_run(session, example.wave) is None
        runs = [add_run(session, EstimateRun(id=0, **facts), []) for _ in range(2)]
        newest = latest_run(session, example.wave)
        assert newest is not None
        assert newest.id == runs[1]
        assert [run.id for run in list_runs(session, example.wave)] == runs[::-1]


@pytest.mark.parametrize("clock", [timedelta(seconds=1), timedelta(0), timedelta(days=-1)])
def test_a_run_after_publication_changes_nothing_for_readers(database, facts, example, clock):
    with database.writing() as session:
        first = add_run(session, EstimateRun(id=0, **facts), [])
        assert standing_run(session, example.wave).id == first
        change_state(session, example.wave, WaveState.CLOSED, at=facts["at"], by="a")
        change_state(session, example.wave, WaveState.PUBLISHED, at=facts["at"], by="a", run_id=first)
        later = add_run(session, EstimateRun(id=0, **{**facts, "at": facts["at"] + clock}), [])
        assert standing_run(session, example.wave).id == first
        assert latest_run(session, example.wave).id == later


def test_an_unknown_run_is_not_there(database):
    with database.reading() as session:
        with pytest.raises(NotThere):
            get_run(session, 3)
        assert load_estimates(session, 3) == ()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(database, facts, value):
    with pytest.raises(ValueError, match="proportion"), database.writing() as session:
        add_run(session, EstimateRun(id=0, **facts), [replace(WHOLE, proportion=value)])


def test_the_database_keeps_no_number_of_what_is_not_published(database, facts):
    with pytest.raises(broken_constraint(), match="unpublished"), database.writing() as session:
        add_run(session, EstimateRun(id=0, **facts), [replace(SUPPRESSED, n=9)])


CHANGES = [
    "UPDATE estimate_runs SET seed = 'x'",
    "DELETE FROM estimate_runs",
    "UPDATE estimates SET proportion = 1",
    "DELETE FROM estimates",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_run_is_never_changed_or_deleted(database, facts, change):
    with database.writing() as session:
        run = add_run(session, EstimateRun(id=0, **facts), [WHOLE])
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(change))
    with database.reading() as session:
        assert get_run(session, run) == EstimateRun(id=run, **facts)
        assert load_estimates(session, run) == (WHOLE,)


def test_a_run_is_not_replaced_or_truncated_either(database, facts):
    with database.writing() as session:
        run = add_run(session, EstimateRun(id=0, **facts), [WHOLE])
    change = (
        "INSERT OR REPLACE INTO estimates SELECT * FROM estimates"
        if database.path
        else "TRUNCATE estimates, estimate_runs CASCADE"
    )
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(change))
    with database.reading() as session:
        assert load_estimates(session, run) == (WHOLE,)
