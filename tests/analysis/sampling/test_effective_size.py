import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.effective_size import (
    Conditions,
    DesignEffect,
    OutOfReach,
    PlanOutOfRange,
    cases_for,
    completes_for,
    effective_size,
)


def test_the_three_effects_are_multiplied() -> None:
    effect = DesignEffect(per_cluster=11, rho=0.05, canvassers=2, rho_canvasser=0.02, factor=1.2)
    assert effect.of(100) == pytest.approx(1.5 * 1.98 * 1.2)
    assert effect.of_canvassers(100) == pytest.approx(1.98)


def test_a_cluster_has_no_fewer_than_one_and_no_more_than_all() -> None:
    assert DesignEffect(clusters=10, rho=0.5).of(5) == 1
    assert DesignEffect(per_cluster=20, rho=0.1).of(5) == pytest.approx(1.4)


def test_fifty_interviews_of_a_canvasser_double_the_variance() -> None:
    assert DesignEffect(canvassers=2, rho_canvasser=0.02).of(100) == pytest.approx(1.98)


def test_too_few_clusters_are_never_enough() -> None:
    """Four clusters with ρ = .05 come to 4 ÷ .05 = 80 at best."""
    conditions = Conditions(effect=DesignEffect(clusters=4, rho=0.05))
    assert effective_size(completes_for(79, conditions), conditions) >= 79
    with pytest.raises(OutOfReach) as refused:
        completes_for(81, conditions)
    assert refused.value.most == pytest.approx(80, rel=1e-3)


@pytest.mark.parametrize("population", [None, 1778, 5000, 20_000])
def test_more_completes_may_show_less_where_grids_and_canvassers_are_few(population: int | None) -> None:
    """4 grids and 2 canvassers: from 139 completes on (n² = .98² ÷ (.005 × .01)) every further one is worth less."""
    effect = DesignEffect(clusters=4, rho=0.02, canvassers=2, rho_canvasser=0.02)
    conditions = Conditions(population=population, effect=effect)
    fewest = next(n for n in range(1, 200) if effective_size(n, conditions) >= 30)
    assert completes_for(30, conditions) == fewest < 70


def test_the_best_that_grids_and_canvassers_come_to_is_named() -> None:
    conditions = Conditions(effect=DesignEffect(clusters=4, rho=0.02, canvassers=2, rho_canvasser=0.02))
    with pytest.raises(OutOfReach) as refused:
        completes_for(36, conditions)
    assert refused.value.most == pytest.approx(effective_size(139, conditions))


def test_everybody_is_always_enough() -> None:
    conditions = Conditions(population=300, effect=DesignEffect(clusters=4, rho=0.5))
    assert completes_for(10_000, conditions) <= 300
    assert effective_size(300, conditions) == math.inf


@pytest.mark.parametrize(
    "make",
    [
        lambda: DesignEffect(rho=-0.1),
        lambda: DesignEffect(rho_canvasser=1.01),
        lambda: DesignEffect(per_cluster=0.5),
        lambda: DesignEffect(clusters=0),
        lambda: DesignEffect(factor=0.9),
        lambda: DesignEffect(factor=math.nan),
        lambda: Conditions(level=0.4),
        lambda: Conditions(level=1.0),
        lambda: Conditions(population=0),
        lambda: Conditions(response=0.0),
        lambda: Conditions(response=1.2),
        lambda: Conditions(response=math.nan),
    ],
)
def test_numbers_out_of_range(make: object) -> None:
    with pytest.raises(PlanOutOfRange):
        make()  # type: ignore[operator]


@given(st.floats(1, 5000), st.none() | st.integers(2, 50_000), st.floats(1, 5), st.floats(0, 0.2), st.integers(1, 60))
def test_enough_and_one_fewer_is_not(
    needed: float, population: int | None, factor: float, rho: float, per_cluster: int
) -> None:
    effect = DesignEffect(per_cluster=per_cluster, rho=rho, factor=factor)
    conditions = Conditions(population=population, effect=effect)

    n = completes_for(needed, conditions)

    assert effective_size(n, conditions) >= needed * (1 - 1e-6)
    assert n == 1 or effective_size(n - 1, conditions) < needed * (1 + 1e-6)


@given(st.integers(1, 5000), st.floats(0.01, 1))
def test_as_many_cases_as_expected_answer(completes: int, response: float) -> None:
    cases = cases_for(completes, Conditions(response=response))
    assert cases * response >= completes * (1 - 1e-6)
    assert (cases - 1) * response < completes
