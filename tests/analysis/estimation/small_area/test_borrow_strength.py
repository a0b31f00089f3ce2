from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from analysis.estimation.small_area.borrow_strength import BorrowedStrength, DirectRates, borrow_strength
from analysis.estimation.small_area.errors import NotANumber, SmallAreaError, VarianceNotPositive
from analysis.estimation.undefined import Undefined, UndefinedReason


def drawn(seed: int, areas: int = 40) -> DirectRates:
    rng = np.random.default_rng(seed)
    n = rng.integers(5, 60, areas)
    truth = expit(2.5 + 0.6 * rng.standard_normal(areas))
    return DirectRates(
        proportions=rng.binomial(n, truth) / n,
        effective_sizes=n / rng.uniform(1, 1.5, areas),
        n=n,
        shares=rng.uniform(500, 3000, areas),
    )


def modelled(direct: DirectRates, whole: float | None = None) -> BorrowedStrength:
    found = borrow_strength(direct, whole=whole, samples=20)
    assert isinstance(found, BorrowedStrength)
    return found


@given(seed=st.integers(0, 10_000), whole=st.one_of(st.none(), st.floats(0.5, 0.99)))
@settings(max_examples=settings().max_examples // 4)
def test_rates_add_up_to_the_whole_and_lie_in_their_intervals(seed: int, whole: float | None) -> None:
    direct = drawn(seed)
    found = modelled(direct, whole)
    shares = direct.shares / direct.shares.sum()
    assert sum(shares[row.area] * row.estimate for row in found.rates) == pytest.approx(found.whole, abs=1e-13)
    assert found.whole == pytest.approx(float(shares @ direct.proportions) if whole is None else whole)
    assert all(0 < row.low < row.estimate < row.high < 1 for row in found.rates)
    assert all(row.modelled and 0 <= row.shrinkage <= 1 for row in found.rates)
    assert [row.direct for row in found.rates] == direct.proportions.tolist()


@given(seed=st.integers(0, 10_000), order=st.permutations(range(40)))
@settings(max_examples=settings().max_examples // 4)
def test_the_order_of_areas_does_not_matter(seed: int, order: list[int]) -> None:
    direct = drawn(seed)
    found = modelled(direct)
    again = modelled(
        DirectRates(
            proportions=direct.proportions[order],
            effective_sizes=direct.effective_sizes[order],
            n=direct.n[order],
            shares=direct.shares[order],
        )
    )
    for row in again.rates:
        same = found.rates[order[row.area]]
        assert (row.estimate, row.low, row.high) == pytest.approx((same.estimate, same.low, same.high), rel=1e-9)


def test_areas_hidden_or_not_asked_say_nothing_of_their_own() -> None:
    direct = drawn(1)
    hidden = np.arange(40) == 3
    n = np.where(np.arange(40) == 7, 0, direct.n)
    direct = replace(direct, hidden=hidden, n=n, effective_sizes=np.where(n > 0, direct.effective_sizes, 0))
    found = modelled(direct, 0.9)
    other = modelled(replace(direct, proportions=np.where(hidden | (n == 0), 0.1, direct.proportions)), 0.9)
    assert found == other
    for area in (3, 7):
        row = found.rates[area]
        assert (row.n, row.n_effective, row.direct, row.shrinkage) == (None, None, None, 1)
        assert row.estimate == pytest.approx(row.synthetic)
    assert found.areas == 38


def test_covariates_tell_areas_apart() -> None:
    rng = np.random.default_rng(2)
    n = np.full(60, 20)
    size = rng.normal(size=60)
    truth = expit(2 + size)
    direct = DirectRates(
        proportions=rng.binomial(n, truth) / n, effective_sizes=n.astype(float), n=n, shares=np.ones(60)
    )

    def error(found: BorrowedStrength) -> float:
        return float(np.mean([(row.estimate - truth[row.area]) ** 2 for row in found.rates]))

    told = modelled(replace(direct, covariates=size[:, None]))
    assert error(told) < error(modelled(direct)) < float(((direct.proportions - truth) ** 2).mean())


def test_what_has_no_model_has_a_reason() -> None:
    direct = drawn(1)
    for broken, reason in (
        (drawn(1, areas=29), UndefinedReason.TOO_FEW_AREAS),
        (replace(direct, proportions=np.ones(40)), UndefinedReason.ALL_OR_NONE),
        (replace(direct, covariates=np.ones((40, 1))), UndefinedReason.COLLINEAR),
        (
            replace(
                direct,
                proportions=np.repeat([0.0, 1.0], 20),
                covariates=np.repeat([0.0, 1.0], 20)[:, None],
            ),
            UndefinedReason.NO_CONVERGENCE,
        ),
    ):
        assert borrow_strength(broken) == Undefined(reason=reason)


def test_broken_input_has_names() -> None:
    direct = drawn(1)
    with pytest.raises(NotANumber, match="proportions"):
        borrow_strength(replace(direct, proportions=direct.proportions * np.nan))
    with pytest.raises(VarianceNotPositive, match="where people were asked"):
        borrow_strength(replace(direct, effective_sizes=direct.effective_sizes * 0))
    with pytest.raises(SmallAreaError, match="n: got 39 values"):
        borrow_strength(replace(direct, n=direct.n[1:]))
    with pytest.raises(SmallAreaError, match="expected 0 or more"):
        borrow_strength(replace(direct, n=-direct.n))
    with pytest.raises(SmallAreaError, match="shares"):
        borrow_strength(replace(direct, shares=direct.shares * 0))
    with pytest.raises(SmallAreaError, match="target"):
        borrow_strength(direct, whole=1.0)
