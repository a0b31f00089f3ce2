"""A drawn wave: weighted by hand, the same before and after closing, and untouched by its open link."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.fieldwork.dispositions import Outcome
from analysis.publication import Base, PublishedEstimate, Reason, Subset
from survey.areas import Level
from survey.casework.sample_answers import ADULTS_ITEM
from survey.keys import KeyRing
from survey.messages import Conflict, Failure
from survey.runs import DRAWN, EstimateRun
from survey.sampling.frame_digest import shown_digest
from survey.store.database import Database
from survey.store.estimates import get_run, load_estimates
from survey.store.responses import NewResponse, add_response, add_responses, answers_document
from survey.waves import Mode
from survey.workflow.close_wave import close_wave
from survey.workflow.estimate_wave import Computed, compute_estimates, estimate_wave
from tests.survey.conftest import AT, import_answers
from tests.survey.field import NOW, Field, open_field
from tests.survey.small_wave import CITY, EAST, WEST

KNOWS = "IND_SMALL_KNOWS"
DAY = date(2026, 5, 4)


@pytest.fixture
def big(database: Database, keys: KeyRing) -> Field:
    """24 of 40 dwellings drawn in each community; nobody has answered."""
    return open_field(database, keys, per_community=24)


@pytest.fixture
def drawn(sqlite_database: Database, keys: KeyRing) -> Field:
    """As ``big``, on SQLite alone."""
    return open_field(sqlite_database, keys, per_community=24)


def ask(database: Database, field: Field, cases: Iterable[tuple[int, bool]], *, east: bool) -> None:
    """One interview for each pair of eligible adults and "knows", in walking order."""
    for case, (adults, knows) in zip(field.east if east else field.west, cases, strict=False):
        answers = {"S1": 1, "A1": 1 if knows else 2, "B1": 1, "C1": [90]} | ({"B2": 1} if knows else {})
        field.send(database, field.visit(case, Outcome.COMPLETE))
        assert field.send(database, field.interview(case, answers, adults=adults)).reason is None


def answer_online(database: Database, field: Field, case_number: int, adults: int | None, *, knows: bool) -> None:
    """As an answer by invitation leaves it: the response, and under its id the visit in the log."""
    case = field.west[case_number]
    answers = {"S1": 1, "A1": 1 if knows else 2, "B1": 2, ADULTS_ITEM: adults}
    uuid = field.answer_online(database, case)
    response = NewResponse(uuid, WEST, Mode.WEB_TOKEN, DAY, answers_document(answers), "complete")
    with database.writing() as session:
        add_response(session, field.wave, response)


def open_link(area: str, knows: int, satisfied: int = 1) -> NewResponse:
    answers = answers_document({"S1": 1, "A1": knows, "B1": satisfied})
    return NewResponse(uuid4(), area, Mode.WEB_OPEN, DAY, answers, "complete")


def compute(database: Database, field: Field) -> Computed:
    with database.reading() as session:
        return compute_estimates(
            session, field.keys, field.wave, by_level=Level.COMMUNITY, code_version="0", at=AT, by="tests"
        )


def find(computed: Computed, area: str | None, subset: Subset = Subset.ALL) -> PublishedEstimate:
    (row,) = [
        row
        for row in computed.estimates
        if (row.indicator, row.area, row.base, row.subset) == (KNOWS, area, Base.ASKED, subset)
    ]
    return row


def field_it(database: Database, field: Field) -> None:
    """East: 10 of 20 know, who live alone; the others are three at home. West: 9 of 12 know, all are two."""
    ask(database, field, [(1, True)] * 10 + [(3, False)] * 10, east=True)
    ask(database, field, [(2, True)] * 9 + [(2, False)] * 3, east=False)


def test_persons_count_by_their_households_and_communities_by_their_adults(database: Database, big: Field) -> None:
    field_it(database, big)

    found = compute(database, big)

    east, west, city = find(found, EAST), find(found, WEST), find(found, None)
    assert east.proportion == pytest.approx(10 * 1 / (10 * 1 + 10 * 3))
    assert west.proportion == pytest.approx(0.75)
    assert city.proportion == pytest.approx((1200 * 0.25 + 1000 * 0.75) / 2200)
    assert find(found, CITY).proportion == city.proportion
    assert (east.n, west.n, city.n) == (20, 12, 32)
    assert east.low is not None
    assert city.reason is None


def test_the_run_says_what_was_drawn_and_how_it_was_weighted(database: Database, big: Field) -> None:
    field_it(database, big)
    with database.writing() as session:
        made = estimate_wave(session, big.keys, big.wave, by_level=Level.COMMUNITY, code_version="0", at=AT, by="tests")

    with database.reading() as session:
        run = get_run(session, made.run)

    sample = run.sample
    assert sample is not None
    assert (run.design, run.responses, run.mode_counts, run.open_responses) == (DRAWN, 32, {Mode.CAPI: 32}, 0)
    assert (sample.draw_id, sample.draw_digest, sample.public) == (big.draw, "f" * 64, False)
    assert (sample.cases, sample.communities, sample.unanswered, sample.to_total) == (48, 2, 0, 2)
    assert run.frame_digest == shown_digest("d" * 64, "e" * 64)
    assert (sample.adults_unknown, sample.adults_at_limit) == (0, 0)
    # East: 30 and 90 adults for each (sums to 1200), west 1000 / 12.
    squares = 10 * 30**2 + 10 * 90**2 + 12 * (1000 / 12) ** 2
    assert sample.weight_effect == pytest.approx(32 * squares / 2200**2)
    assert sample.largest_weight == pytest.approx(90 / (2200 / 32))


def test_the_population_correction_is_completes_by_eligible_adults(sqlite_database: Database, drawn: Field) -> None:
    """12 like weights in the west: v = (1 - 12/1000) p(1-p)/(n-1)."""
    field_it(sqlite_database, drawn)

    west = find(compute(sqlite_database, drawn), WEST)

    assert west.se == pytest.approx(((1 - 12 / 1000) * 0.75 * 0.25 / 11) ** 0.5)


def test_online_answers_bring_their_own_count_of_adults(sqlite_database: Database, drawn: Field) -> None:
    ask(sqlite_database, drawn, [(2, True)] * 10, east=False)
    for number, (adults, knows) in enumerate([(4, False), (9, False), (None, True)], start=10):
        answer_online(sqlite_database, drawn, number, adults, knows=knows)

    found = compute(sqlite_database, drawn)

    # 10 × 2 and 4 + 4; the unknown one counts as the mean of the others, 28 / 12.
    assert find(found, WEST).proportion == pytest.approx((20 + 28 / 12) / (28 + 28 / 12))
    assert found.run.mode_counts == {Mode.CAPI: 10, Mode.WEB_TOKEN: 3}
    assert found.run.sample is not None
    assert (found.run.sample.adults_unknown, found.run.sample.adults_at_limit) == (1, 2)
    assert (found.run.sample.unanswered, found.run.sample.unanswered_areas) == (1, (EAST,))


def test_closing_changes_no_estimate(database: Database, big: Field) -> None:
    field_it(database, big)
    answer_online(database, big, 20, 7, knows=True)
    answer_online(database, big, 21, None, knows=False)
    with database.writing() as session:
        add_responses(session, big.wave, None, [open_link(EAST, 1) for _ in range(12)])
    before = compute(database, big)

    with database.writing() as session:
        close_wave(session, big.keys, big.wave, at=NOW, by="tests")
    after = compute(database, replace(big, keys=KeyRing(folder=big.keys.folder / "gone")))

    assert list(map(_rounded, after.estimates)) == list(map(_rounded, before.estimates))
    assert _but_numbers_of_answers(after.run) == _but_numbers_of_answers(before.run)
    assert after.run.answers_digest != before.run.answers_digest


def _rounded(row: PublishedEstimate) -> dict[str, object]:
    """The order of summation follows the uuids, which closing gives anew."""
    return {name: round(cell, 9) if isinstance(cell, float) else cell for name, cell in vars(row).items()}


def _but_numbers_of_answers(run: EstimateRun) -> EstimateRun:
    """What is made of the uuids changes: closing gives them anew."""
    assert run.sample is not None
    return replace(run, answers_digest="", seed="", sample=replace(run.sample, weights_digest=""))


def test_the_open_link_stands_apart(sqlite_database: Database, drawn: Field) -> None:
    field_it(sqlite_database, drawn)
    before = compute(sqlite_database, drawn)
    with sqlite_database.writing() as session:
        add_responses(session, drawn.wave, None, [open_link(WEST, 1 + (i % 3 == 0)) for i in range(30)])

    after = compute(sqlite_database, drawn)

    assert [row for row in after.estimates if row.subset is not Subset.OPEN_LINK] == list(before.estimates)
    assert _of_the_sample(after.run) == _of_the_sample(before.run)
    assert after.run.open_responses == 30
    apart = find(after, WEST, Subset.OPEN_LINK)
    assert (apart.n, apart.proportion, apart.reason) == (30, pytest.approx(2 / 3), Reason.NON_PROBABILITY)
    assert {
        (row.low, row.n_effective, row.band, row.target) for row in after.estimates if row.subset == "open_link"
    } == {(None, None, None, None)}


def test_the_open_link_has_disclosure_control_of_its_own(sqlite_database: Database, drawn: Field) -> None:
    field_it(sqlite_database, drawn)
    with sqlite_database.writing() as session:
        add_responses(session, drawn.wave, None, [open_link(EAST, 1 + i % 2) for i in range(9)])

    found = compute(sqlite_database, drawn)

    assert {row.reason for row in found.estimates if row.subset is Subset.OPEN_LINK} == {Reason.TOO_FEW}
    assert find(found, EAST).published


def test_a_wave_with_an_open_link_alone_has_no_sample(database: Database, big: Field) -> None:
    with database.writing() as session:
        add_responses(session, big.wave, None, [open_link(EAST, 1 + i % 2) for i in range(40)])

    found = compute(database, big)

    assert {row.subset for row in found.estimates} == {Subset.OPEN_LINK}
    assert (found.run.responses, found.run.mode_counts, found.run.design, found.run.sample) == (0, {}, None, None)
    with database.writing() as session:
        run = estimate_wave(session, big.keys, big.wave, by_level=Level.CITY, code_version="0", at=AT, by="t").run
    with database.reading() as session:
        assert {row.subset for row in load_estimates(session, run)} == {Subset.OPEN_LINK}


def test_an_open_wave_is_not_weighted_without_its_key(sqlite_database: Database, drawn: Field) -> None:
    field_it(sqlite_database, drawn)

    with pytest.raises(Failure, match="密钥"):
        compute(sqlite_database, replace(drawn, keys=KeyRing(folder=drawn.keys.folder / "elsewhere")))


def test_without_answers_there_is_nothing_to_estimate(sqlite_database: Database, drawn: Field) -> None:
    with pytest.raises(Conflict, match="样本户"):
        compute(sqlite_database, drawn)


def test_answers_from_a_file_cannot_join_a_drawn_sample(sqlite_database: Database, drawn: Field) -> None:
    with pytest.raises(Conflict, match="抽样"):
        import_answers(sqlite_database, drawn.wave)


ANSWERS = st.lists(
    st.tuples(st.sampled_from([EAST, WEST, CITY]), st.sampled_from([1, 2, 98]), st.sampled_from([1, 3, 99])),
    min_size=1,
    max_size=40,
)


@settings(max_examples=settings().max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERS)
def test_no_answer_of_the_open_link_changes_a_number_of_the_sample(
    sampled: tuple[Database, Field, Computed], answers: list[tuple[str, int, int]]
) -> None:
    database, field, before = sampled
    after: Computed | None = None
    with suppress(_UndoneError), database.writing() as session:
        add_responses(session, field.wave, None, [open_link(*answer) for answer in answers])
        after = compute_estimates(
            session, field.keys, field.wave, by_level=Level.COMMUNITY, code_version="0", at=AT, by="tests"
        )
        raise _UndoneError

    assert after is not None
    assert [row for row in after.estimates if row.subset is not Subset.OPEN_LINK] == list(before.estimates)
    assert _of_the_sample(after.run) == _of_the_sample(before.run)


class _UndoneError(Exception):
    """So that the next example starts from the same answers."""


@pytest.fixture
def sampled(sqlite_database: Database, keys: KeyRing) -> tuple[Database, Field, Computed]:
    field = open_field(sqlite_database, keys, per_community=24)
    field_it(sqlite_database, field)
    return sqlite_database, field, compute(sqlite_database, field)


def _of_the_sample(run: EstimateRun) -> EstimateRun:
    """The run without what tells that there are other answers in the wave."""
    return replace(run, answers_digest="", seed="", open_responses=0)
