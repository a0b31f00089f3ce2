"""Sizes against figures worked out elsewhere, brute force and simulation."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from analysis.estimation.intervals import wilson
from analysis.estimation.mover import mover
from analysis.sampling.binomial_power import chance_of_change, expected_half_width
from analysis.sampling.effective_size import Conditions, DesignEffect, OutOfReach, PlanOutOfRange
from analysis.sampling.sample_size import margin_of, power_of_change, size_for_change, size_for_margin
from analysis.sampling.small_samples import Question, expected_spread, smallest_change, what_shows

ANY = Conditions()


@pytest.mark.parametrize(("margin", "size"), [(0.05, 129), (0.07, 68), (0.10, 34)])
def test_margins_at_ninety_percent_of_1778_households(margin: float, size: int) -> None:
    assert size_for_margin(0.9, margin, Conditions(population=1778)).normal.completes == size


@pytest.mark.parametrize(("rate", "margin"), [(0.9, 0.05), (0.5, 0.1), (0.98, 0.02)])
def test_the_published_size_is_the_smallest(rate: float, margin: float) -> None:
    n = size_for_margin(rate, margin, ANY).published.completes
    assert expected_half_width(rate, n) <= margin < expected_half_width(rate, n - 1)


def test_the_half_width_is_the_average_over_what_may_be_found() -> None:
    counts = np.arange(21)
    low, high = wilson(counts / 20, np.full(21, 20.0), np.inf)
    assert expected_half_width(0.9, 20) == pytest.approx(binom.pmf(counts, 20, 0.9) @ (high - low) / 2, rel=1e-12)


def test_the_design_and_the_answers_make_it_larger() -> None:
    conditions = Conditions(population=1778, effect=DesignEffect(factor=1.5), response=0.5)
    found = size_for_margin(0.9, 0.05, conditions).normal
    assert found.completes == math.ceil(207.4 / (1 + 207.4 / 1778))
    assert found.cases == 2 * found.completes
    assert margin_of(0.9, found.completes, conditions)[0] <= 0.05 < margin_of(0.9, found.completes - 1, conditions)[0]


@pytest.mark.parametrize(
    ("earlier", "later", "power", "size"),
    # R's power.prop.test gives 76.7, 685.6, and for .5 to .6 at 80 %, 387.3
    [(0.5, 0.75, 0.9, 76.7), (0.9, 0.85, 0.8, 685.6), (0.5, 0.6, 0.8, 387.3)],
)
def test_changes_by_the_formula(earlier: float, later: float, power: float, size: float) -> None:
    found = size_for_change(earlier, later, ANY, power=power).normal
    assert found.effective == pytest.approx(size, rel=2e-4)
    assert size_for_change(later, earlier, ANY, power=power).normal.effective == pytest.approx(found.effective)
    assert power_of_change(earlier, later, found.completes, ANY)[0] >= power


def test_a_change_is_seen_as_often_as_all_tables_say() -> None:
    """Each of the 31 x 31 pairs of counts, its chance and its interval, by the plain definition."""
    n, earlier, later = 30, 0.9, 0.6
    seen = 0.0
    for first in range(n + 1):
        for second in range(n + 1):
            limits = []
            for count in (first, second):
                low, high = wilson(np.array([count / n]), np.array([float(n)]), np.inf)
                limits.append((float(low[0]), count / n, float(high[0])))
            if mover(limits[0], limits[1])[1] < 0:
                seen += binom.pmf(first, n, earlier) * binom.pmf(second, n, later)
    assert chance_of_change(earlier, later, n) == pytest.approx(seen, rel=1e-9)


@pytest.mark.parametrize(("earlier", "later", "size"), [(0.9, 0.8, 198), (0.8, 0.9, 198), (0.9, 0.97, 200)])
def test_a_change_is_seen_as_often_as_in_simulated_waves(earlier: float, later: float, size: int) -> None:
    rng = np.random.default_rng(20261124)
    limits = []
    for rate in (earlier, later):
        found = rng.binomial(size, rate, 20_000) / size
        low, high = wilson(found, np.full(len(found), float(size)), np.inf)
        limits.append((low, found, high))
    low, high = mover(limits[0], limits[1])
    seen = (low > 0).mean() if later > earlier else (high < 0).mean()

    assert chance_of_change(earlier, later, size) == pytest.approx(seen, abs=4 * math.sqrt(0.25 / 20_000))


def test_up_and_down_are_not_the_same() -> None:
    fall, rise = size_for_change(0.9, 0.85, ANY).published, size_for_change(0.9, 0.95, ANY).published
    assert (fall.completes, rise.completes) == (683, 432)
    assert chance_of_change(0.9, 0.85, 683) == pytest.approx(chance_of_change(0.1, 0.15, 683))


def test_97_2_then_96_73_needs_twenty_thousand_in_each_wave() -> None:
    found = size_for_change(0.972, 0.9673, ANY)
    assert 20_800 < found.published.completes < 21_000
    assert power_of_change(0.972, 0.9673, 3280, ANY)[1] < 0.25


@pytest.mark.parametrize(
    ("n", "under", "low", "high"),
    [(20, 0.13, 0.699, 0.972), (25, 0.24, 0.725, 0.968), (100, 0.04, 0.826, 0.945), (2000, 0.0, 0.886, 0.912)],
)
def test_what_a_size_shows_at_ninety_percent(n: int, under: float, low: float, high: float) -> None:
    found = what_shows(n, Question(), ANY)
    assert (round(found.falls_under, 2), round(found.low, 3), round(found.high, 3)) == (under, low, high)


def test_wilson_at_other_rates() -> None:
    at_92, at_984 = what_shows(25, Question(rate=0.92), ANY), what_shows(450, Question(rate=0.984), ANY)
    assert (round(at_92.low, 3), round(at_92.high, 3)) == (0.750, 0.978)
    assert (round(at_984.low, 3), round(at_984.high, 3)) == (0.968, 0.992)


def test_twenty_let_a_weak_community_pass() -> None:
    assert what_shows(20, Question(), ANY).passes == pytest.approx(0.411, abs=5e-4)


def test_identical_communities_spread() -> None:
    rng = np.random.default_rng(20261124)
    found = rng.binomial(20, 0.9, (20_000, 27)) / 20
    simulated = (found.max(axis=1) - found.min(axis=1)).mean()
    assert expected_spread(0.9, 20, 27) == pytest.approx(simulated, abs=0.002)
    assert expected_spread(0.9, 10**7, 27) < 0.001


def test_the_smallest_change_is_just_seen() -> None:
    fall = smallest_change(0.9, 100, rise=False, power=0.8)
    assert fall is not None
    assert chance_of_change(0.9, 0.9 - fall, 100) == pytest.approx(0.8, abs=1e-3)
    assert smallest_change(0.9, 20, rise=True, power=0.8) is None


def test_a_design_counts_as_fewer_people() -> None:
    plain, clustered = (
        what_shows(20, Question(), ANY),
        what_shows(40, Question(), Conditions(effect=DesignEffect(factor=2))),
    )
    assert (plain.fall, plain.spread, plain.low) == (clustered.fall, clustered.spread, clustered.low)


def test_a_census_shows_what_is() -> None:
    found = what_shows(300, Question(), Conditions(population=300))
    assert (found.low, found.high, found.margin, found.spread, found.falls_under) == (0.9, 0.9, 0.0, 0.0, 0.0)
    assert margin_of(0.9, 300, Conditions(population=300)) == (0.0, 0.0)
    assert power_of_change(0.9, 0.8, 300, Conditions(population=300)) == (1.0, 1.0)


@pytest.mark.parametrize(
    "plan",
    [
        lambda: size_for_margin(1.0, 0.05, ANY),
        lambda: size_for_margin(0.9, 0.0, ANY),
        lambda: size_for_margin(0.9, 0.5, ANY),
        lambda: size_for_margin(math.nan, 0.05, ANY),
        lambda: size_for_margin(0.9, math.nan, ANY),
        lambda: size_for_change(0.9, 0.9, ANY),
        lambda: size_for_change(0.9, 1.0, ANY),
        lambda: size_for_change(0.9, 0.8, ANY, power=1.0),
        lambda: what_shows(0, Question(), ANY),
        lambda: what_shows(301, Question(), Conditions(population=300)),
        lambda: Question(line=1.0),
        lambda: Question(communities=1),
    ],
)
def test_questions_without_an_answer(plan: object) -> None:
    with pytest.raises(PlanOutOfRange):
        plan()  # type: ignore[operator]


def test_a_margin_beyond_all_surveys() -> None:
    with pytest.raises(OutOfReach):
        size_for_margin(0.5, 0.0001, ANY)
    with pytest.raises(OutOfReach):
        size_for_change(0.5, 0.5001, ANY)
