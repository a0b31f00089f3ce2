import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import BoolArray, DesignError, IntArray
from analysis.design_errors import LengthsDiffer
from analysis.weighting.errors import CellsTooSmall
from analysis.weighting.nonresponse import (
    ResponseClasses,
    ResponsePropensities,
    merge_small,
    propensity_classes,
    shrunk_rates,
)

PEOPLE = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.floats(0.5, 20)), min_size=1, max_size=60)


def arrays(people: list[tuple[int, bool, float]]) -> tuple[IntArray, BoolArray, np.ndarray]:  # type: ignore[type-arg]
    classes, responded, weights = (np.array(column) for column in zip(*people, strict=True))
    return classes.astype(np.int64), responded, weights


@given(PEOPLE)
def test_respondents_take_the_weight_of_their_class(people: list[tuple[int, bool, float]]) -> None:
    classes, responded, weights = arrays([*people, *[(code, True, 1.0) for code in range(5)]])

    weighted = weights * ResponseClasses(classes=classes, responded=responded, least_class=1).factor(weights)

    assert np.bincount(classes, weights=weighted) == pytest.approx(np.bincount(classes, weights=weights))
    assert (weighted[~responded] == 0).all()


@given(PEOPLE, st.floats(0.01, 100))
def test_shrunk_rates_lie_between_the_own_rate_and_that_of_all(
    people: list[tuple[int, bool, float]], scale: float
) -> None:
    groups, responded, weights = arrays([*people, (0, True, 1.0)])

    rates = shrunk_rates(groups, responded, weights)

    mean = (weights * responded).sum() / weights.sum()
    sums = np.bincount(groups, weights=weights)
    own = np.where(sums > 0, np.bincount(groups, weights=weights * responded) / np.maximum(sums, 1e-300), mean)
    assert (np.minimum(own, mean) - 1e-9 <= rates).all()
    assert (rates <= np.maximum(own, mean) + 1e-9).all()
    assert shrunk_rates(groups, responded, weights * scale) == pytest.approx(rates, rel=1e-6, abs=1e-9)


def test_rates_are_shrunk_the_more_the_less_is_known() -> None:
    """Groups of 400 and of 10 with response rates spread by .1: the small ones say little of themselves."""
    rng = np.random.default_rng(3)
    truth = np.clip(rng.normal(0.5, 0.1, 400), 0.05, 0.95)
    sizes = np.where(np.arange(400) % 2 == 0, 400, 10)
    groups = np.repeat(np.arange(400), sizes)
    responded = rng.random(len(groups)) < truth[groups]
    own = np.bincount(groups, weights=responded) / sizes

    rates = shrunk_rates(groups, responded, np.ones(len(groups)))

    small = sizes == 10
    assert np.mean((rates - truth)[small] ** 2) < 0.5 * np.mean((own - truth)[small] ** 2)
    assert np.abs(rates - own)[~small].max() < 0.03
    factors = ResponsePropensities(groups=groups, responded=responded).factor(np.ones(len(groups)))
    assert factors[responded] == pytest.approx(1 / rates[groups[responded]])
    assert factors.sum() == pytest.approx(len(groups), rel=0.01)


def test_classes_are_merged_until_each_has_enough() -> None:
    rng = np.random.default_rng(4)
    propensities = rng.uniform(0.1, 0.9, 300)
    responded = rng.random(300) < propensities

    classes = propensity_classes(propensities, responded, count=12)

    assert np.bincount(classes[responded]).min() >= 20
    assert (np.diff(classes[np.argsort(propensities)]) >= 0).all()
    assert set(classes) == set(range(classes.max() + 1))


def test_too_few() -> None:
    classes, responded = np.array([0, 0, 1]), np.array([True, True, False])

    with pytest.raises(CellsTooSmall, match="got 0 respondents in class 1, expected at least 20"):
        ResponseClasses(classes=classes, responded=responded).check(np.ones(3))
    with pytest.raises(CellsTooSmall, match="got no respondent in class 1"):
        ResponseClasses(classes=classes, responded=responded).factor(np.ones(3))
    with pytest.raises(CellsTooSmall, match="got 2 respondents in all, expected at least 3"):
        merge_small(classes, responded, least=3)
    with pytest.raises(CellsTooSmall, match="no respondent at all"):
        shrunk_rates(classes, ~responded & (classes == 0), np.ones(3))


def test_wrong_input() -> None:
    with pytest.raises(LengthsDiffer):
        ResponseClasses(classes=np.array([0, 0]), responded=np.array([True]))
    with pytest.raises(DesignError, match="got code -1"):
        ResponsePropensities(groups=np.array([-1]), responded=np.array([True]))
    with pytest.raises(LengthsDiffer):
        ResponsePropensities(groups=np.array([0]), responded=np.array([True])).check(np.ones(2))
    with pytest.raises(LengthsDiffer):
        ResponseClasses(classes=np.array([0]), responded=np.array([True])).check(np.ones(2))
