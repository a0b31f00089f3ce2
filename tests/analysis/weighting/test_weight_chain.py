import numpy as np
import pytest

from analysis.design import SurveyDesign
from analysis.estimation.variance import covariance
from analysis.weighting.errors import MarginsCannotBeMet
from analysis.weighting.margins import Margin
from analysis.weighting.weight_chain import Factor, WeightChain


def chain(margins: tuple[Margin, ...], n: int, trim: float = np.inf) -> WeightChain:
    return WeightChain(
        inclusion=np.full(n, 10.0),
        adults=np.ones(n),
        response=np.full(n, 1.5),
        margins=margins,
        areas=np.arange(n) % 2,
        trim=trim,
    )


def shares(*parts: float, n: int = 40, people: float = 600.0) -> Margin:
    """The first fifth of the units is group 0, the others are group 1."""
    return Margin(name="sex", codes=(np.arange(n) >= n / 5).astype(np.int64), totals=people * np.array(parts))


def test_without_margins_only_the_first_factors_count() -> None:
    found, bounded = chain((), 4).build()

    assert found.weights.tolist() == [15] * 4
    assert [kept.name for kept in found.factors] == list(Factor)
    assert not bounded


def test_more_people_than_the_dwellings_hold_is_no_reason_to_refuse() -> None:
    found, bounded = chain((shares(0.4, 0.6, people=60_000),), 40).build()

    assert found.weights.sum() == pytest.approx(60_000)
    assert not bounded


def test_factors_that_would_be_too_large_are_held_within_bounds() -> None:
    """A second margin asks for 4 times as many of one unit's kind; raking alone would give it 3.4 times the mean."""
    n = 40
    age = Margin(name="age", codes=(np.arange(n) % 20 == 0).astype(np.int64), totals=np.array([510.0, 90.0]))
    margins = (shares(0.31, 0.69), age)

    found, bounded = chain(margins, n).build()

    factor = next(kept.factor for kept in found.factors if kept.name == Factor.CALIBRATION)
    assert bounded
    assert 0.3 <= factor.min() <= factor.max() <= 3
    for margin in margins:
        assert np.bincount(margin.codes, weights=found.weights) == pytest.approx(margin.totals)


def test_margins_that_no_weights_meet() -> None:
    with pytest.raises(MarginsCannotBeMet):
        chain((shares(0.9, 0.1),), 40).build()


@pytest.mark.parametrize("bounded", [False, True])
def test_what_was_kept_gives_the_same_variance(bounded: bool) -> None:
    margins = (shares(0.31, 0.69), Margin(name="age", codes=np.arange(40) % 3 % 2, totals=np.array([380.0, 220.0])))
    if bounded:
        age = Margin(name="age", codes=(np.arange(40) % 20 == 0).astype(np.int64), totals=np.array([510.0, 90.0]))
        margins = (shares(0.31, 0.69), age)
    made = chain(margins, 40, trim=2.5)
    found, was_bounded = made.build()
    assert was_bounded is bounded

    kept = made.restored({Factor(one.name): one.factor for one in found.factors})

    assert kept.weights.tolist() == found.weights.tolist()
    drawn = SurveyDesign(weights=np.full(40, 10.0), strata=np.zeros(40, dtype=np.int64))
    scores = np.random.default_rng(1).random((40, 2))
    variances = [covariance(drawn.adjusted(weights=one.weights, adjustment=one), scores) for one in (found, kept)]
    assert variances[0] == pytest.approx(variances[1], rel=1e-9)
