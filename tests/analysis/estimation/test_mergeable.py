"""Totals of parts add up to the totals of the whole, and say the same as the units."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.answers import ASKED, VALID, AnswerState
from analysis.design import DesignError, IntArray, SurveyDesign
from analysis.estimation.adding_up import add_up, totals_of
from analysis.estimation.joint_sums import FIRST, STATES, States, joint_sums
from analysis.estimation.mergeable import PsuTotals
from analysis.estimation.places import place_units
from analysis.estimation.proportions import DomainTotals, estimate_proportions

ARRAYS = ("areas", "strata", "units", "population", "counts", "psus", "row_cells", "weights", "squares")

Sample = tuple[SurveyDesign, IntArray, list[States]]


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Up to 50 units of 3 rates in 3 areas and none, 4 strata, up to 12 PSUs or none; weights that add up exactly."""
    n = draw(st.integers(0, 50))

    def codes(low: int, high: int) -> IntArray:
        return np.array(draw(st.lists(st.integers(low, high), min_size=n, max_size=n)), dtype=np.int64)

    psus = codes(0, 11)
    strata = psus % 4
    design = SurveyDesign(
        weights=np.array([0.0, 0.5, 1.0, 1.75, 4.0])[codes(0, 4)],
        strata=strata,
        psus=psus if draw(st.booleans()) else None,
        population=np.bincount(strata, minlength=4) * 2.0 + 1 if draw(st.booleans()) else None,
    )
    return design, codes(-1, 2), [codes(-1, 4).astype(np.int8) for _ in range(3)]


def part(sample: Sample, wanted: IntArray) -> PsuTotals:
    """The totals of some of the units, their strata's population being that of the whole."""
    design, areas, states = sample
    return add_up(
        place_units(
            areas=areas[wanted], strata=design.strata[wanted], psus=None if design.psus is None else design.psus[wanted]
        ),
        weights=design.weights[wanted],
        states=[of_rate[wanted] for of_rate in states],
        population=design.population,
    )


def whole(sample: Sample) -> PsuTotals:
    design, areas, states = sample
    return totals_of(design, areas=areas, states=states)


def assert_equal(one: PsuTotals, other: PsuTotals) -> None:
    assert one.rates == other.rates
    for name in ARRAYS:
        ours, theirs = getattr(one, name), getattr(other, name)
        assert (ours is None) == (theirs is None), name
        assert ours is None or np.array_equal(ours, theirs), name


@given(samples(), st.data())
def test_parts_add_up_in_any_order_and_grouping(sample: Sample, data: st.DataObject) -> None:
    n = len(sample[1])
    of_unit = np.array(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)), dtype=np.int64)
    a, b, c = (part(sample, np.flatnonzero(of_unit == number)) for number in range(3))
    assert_equal(a + b, b + a)
    assert_equal((a + b) + c, a + (b + c))
    assert_equal(c + a + b, whole(sample))


@given(samples())
def test_order_of_units_does_not_matter(sample: Sample) -> None:
    n = len(sample[1])
    assert_equal(part(sample, np.arange(n)[::-1]), whole(sample))


@given(samples())
def test_units_alike_may_be_given_once(sample: Sample) -> None:
    design, areas, states = sample
    columns = [design.weights * 4, areas, design.strata, *states, *([] if design.psus is None else [design.psus])]
    _, first, times = np.unique(np.stack(columns), axis=1, return_index=True, return_counts=True)
    found = add_up(
        place_units(
            areas=areas[first], strata=design.strata[first], psus=None if design.psus is None else design.psus[first]
        ),
        weights=design.weights[first],
        states=[of_rate[first] for of_rate in states],
        population=design.population,
        times=times,
    )
    assert_equal(found, whole(sample))


@given(samples(), st.sampled_from([ASKED, VALID]))
def test_from_totals_is_from_units(sample: Sample, base: tuple[AnswerState, ...]) -> None:
    design, areas, states = sample
    half = np.arange(len(areas)) % 2
    merged = part(sample, np.flatnonzero(half == 0)) + part(sample, np.flatnonzero(half == 1))
    for rate, of_rate in enumerate(states):
        found = DomainTotals(totals=merged, domain_count=3).proportions(rate, base)
        expected = estimate_proportions(
            design,
            counted=of_rate == AnswerState.COUNTED,
            in_base=np.isin(of_rate, base),
            domains=areas,
            domain_count=3,
        )
        for name in ("n", "count", "df"):
            assert getattr(found, name).tolist() == getattr(expected, name).tolist(), name
        for name in ("proportion", "variance", "fraction"):
            assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-12, abs=1e-15), name


@given(samples())
def test_coarser_areas_are_those_of_the_units(sample: Sample) -> None:
    design, areas, states = sample
    coarser = np.array([0, 0, 1, -1])  # the last: of no area
    totals = whole(sample)
    assert_equal(totals.in_areas(coarser[totals.areas]), totals_of(design, areas=coarser[areas], states=states))


@given(samples(), st.booleans())
def test_sums_by_state_are_sums(sample: Sample, weighted: bool) -> None:
    design, areas, states = sample
    values = design.weights if weighted else None
    (found,) = joint_sums(areas + 1, 4, states, [values])
    assert found.shape == (3, STATES, 4)
    for rate, of_rate in enumerate(states):
        for state in AnswerState:
            for place in range(4):
                wanted = (of_rate == state) & (areas + 1 == place)
                assert found[rate, state - FIRST, place] == (design.weights[wanted].sum() if weighted else wanted.sum())


def totals(**changes: object) -> PsuTotals:
    design = SurveyDesign(weights=np.ones(2), strata=np.array([0, 1]), population=np.array([5.0, 9.0]))
    found = totals_of(design, areas=np.array([0, 1]), states=[np.array([1, 0], dtype=np.int8)], rates=["IND_A"])
    return replace(found, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rates": ("IND_B",)}, "rates: got IND_B, expected IND_A"),
        ({"counts": None}, "counts: expected both parts with them or both without"),
        ({"psus": np.array([0, 1])}, "psus: expected both"),
        ({"population": np.array([5.0, 8.0])}, "population: got two numbers for one stratum"),
    ],
)
def test_parts_made_differently_do_not_add_up(changes: dict[str, object], message: str) -> None:
    with pytest.raises(DesignError, match=message):
        _ = totals() + totals(**changes)


def test_without_counts_there_are_shares_and_nothing_else() -> None:
    design = SurveyDesign(weights=np.array([1.0, 2.0, 3.0]), strata=np.zeros(3, dtype=np.int64))
    states = [np.array([1, 0, 1], dtype=np.int8)]
    counted, bare = (
        DomainTotals(
            totals=totals_of(design, areas=np.zeros(3, dtype=np.int64), states=states, counted=counted), domain_count=1
        )
        for counted in (True, False)
    )
    expected = counted.proportions(0, VALID)
    assert [array.tolist() for array in bare.shares(0, VALID)] == [
        expected.proportion.tolist(),
        expected.variance.tolist(),
    ]
    with pytest.raises(DesignError, match="counts: got totals without them"):
        bare.proportions(0, VALID)


@pytest.mark.parametrize("wrong", [-2, 5])
def test_a_state_that_is_none(wrong: int) -> None:
    design = SurveyDesign(weights=np.ones(1), strata=np.zeros(1, dtype=np.int64))
    with pytest.raises(DesignError, match=f"states: got {wrong} to {wrong}, expected -1 to 4"):
        totals_of(design, areas=np.zeros(1, dtype=np.int64), states=[np.array([wrong], dtype=np.int8)])


def test_lengths() -> None:
    design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=np.int64))
    states = [np.zeros(1, dtype=np.int8)]
    with pytest.raises(DesignError, match="IND_A: got 1 values, expected 2"):
        totals_of(design, areas=np.zeros(2, dtype=np.int64), states=states, rates=["IND_A"])
    with pytest.raises(DesignError, match="areas: got 1 values, expected 2"):
        totals_of(design, areas=np.zeros(1, dtype=np.int64), states=states)


def test_a_design_that_totals_do_not_serve() -> None:
    design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=np.int64), order=np.arange(2))
    with pytest.raises(DesignError, match="design: expected one stage"):
        totals_of(design, areas=np.zeros(2, dtype=np.int64), states=[])


@pytest.mark.parametrize("population", [None, np.array([20.0])])
def test_fractions_given_are_fractions_known(population: object) -> None:
    """A fraction of 3 in 20 given by itself is the same as 20 adults."""
    fractions = None if population is not None else np.array([0.15])
    design = SurveyDesign(
        weights=np.ones(3),
        strata=np.zeros(3, dtype=np.int64),
        population=population,  # type: ignore[arg-type]
        sampling_fractions=fractions,
    )
    found = DomainTotals(
        totals=totals_of(design, areas=np.zeros(3, dtype=np.int64), states=[np.array([1, 0, 1], dtype=np.int8)]),
        domain_count=1,
    ).proportions(0, VALID)
    assert found.fraction[0] == pytest.approx(0.15)
    assert found.variance[0] == pytest.approx(0.85 * 3 / 2 * (1 / 9 * 1 / 9 * 2 + 4 / 9 * 1 / 9))
