import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.allocation import allocate, shares
from analysis.sampling.allocation_errors import (
    AllocationError,
    BudgetTooSmall,
    NumberMissing,
    NumberOutOfRange,
    TooFewUnits,
    TotalTooLarge,
    TotalTooSmall,
    UnknownCommunities,
    UnnamedCommunities,
)
from analysis.sampling.sample_design import Allocation, AllocationRule

UNITS = {"A": 500, "B": 300, "C": 200}
WITH_TOTAL = [AllocationRule.PROPORTIONAL, AllocationRule.NEYMAN, AllocationRule.POWER]


def rule(name: AllocationRule, **more: object) -> Allocation:
    return Allocation(rule=name, **more)  # type: ignore[arg-type]


def test_the_same_in_every_community() -> None:
    assert allocate(rule(AllocationRule.EQUAL, per_community=100), UNITS) == {"A": 100, "B": 100, "C": 100}


def test_a_small_community_is_taken_whole_or_refused() -> None:
    with pytest.raises(TooFewUnits) as refused:
        allocate(rule(AllocationRule.EQUAL, per_community=250), UNITS)
    assert [(each.community, each.wanted, each.units) for each in refused.value.shortages] == [("C", 250, 200)]

    whole = allocate(rule(AllocationRule.EQUAL, per_community=250, whole_if_small=True), UNITS)
    assert whole == {"A": 250, "B": 250, "C": 200}


def test_the_given_numbers() -> None:
    assert allocate(rule(AllocationRule.GIVEN, given={"C": 7, "A": 0, "B": 9}), UNITS) == {"A": 0, "B": 9, "C": 7}
    with pytest.raises(UnnamedCommunities) as refused:
        allocate(rule(AllocationRule.GIVEN, given={"A": 5}), UNITS)
    assert refused.value.communities == ("B", "C")


def test_ties_go_by_code() -> None:
    same = {"C": 10, "A": 10, "B": 10}
    assert allocate(rule(AllocationRule.PROPORTIONAL, total=11), same) == {"A": 4, "B": 4, "C": 3}


def test_a_share_above_the_units_goes_to_the_others_in_proportion() -> None:
    """Neyman's shares of 60 are 53.6 (of 50 units), 4.3 and 2.1; 10 are left to share 2 : 1."""
    units = {"A": 50, "B": 200, "C": 100}
    rates = {"A": 0.5, "B": 0.0001, "C": 0.0001}

    found = allocate(rule(AllocationRule.NEYMAN, total=60, rates=rates), units)

    assert found == {"A": 50, "B": 7, "C": 3}


def test_the_minimum_comes_first() -> None:
    """10 each, then 70 more in all: B and C are at their minimum, A has the rest."""
    units = {"A": 9000, "B": 500, "C": 500}
    assert allocate(rule(AllocationRule.PROPORTIONAL, total=90, minimum=10), units) == {"A": 70, "B": 10, "C": 10}


def test_nobody_is_left_out() -> None:
    units = {"A": 100_000, "B": 1, "C": 0}
    assert allocate(rule(AllocationRule.PROPORTIONAL, total=5), units) == {"A": 4, "B": 1, "C": 0}


def test_power_between_equal_precision_and_proportional() -> None:
    """At exponent 0 and the same rate everywhere all get the same; at 1, in proportion to their units."""
    units = {"A": 800, "B": 200}
    assert allocate(rule(AllocationRule.POWER, total=100, exponent=0.0), units) == {"A": 50, "B": 50}
    assert allocate(rule(AllocationRule.POWER, total=99, exponent=0.5), units) == {"A": 66, "B": 33}
    assert allocate(rule(AllocationRule.POWER, total=100, exponent=1.0), units) == {"A": 80, "B": 20}


def test_power_by_hand() -> None:
    """Rates .5 and .9: coefficients of variation 1 and 1/3; roots of 900 and 400: 30 × 1 and 20 ÷ 3."""
    found = shares(rule(AllocationRule.POWER, rates={"A": 0.5, "B": 0.9}), {"A": 900, "B": 400})
    assert {code: float(share) for code, share in found.items()} == pytest.approx({"A": 30, "B": 20 / 3})


def test_the_budget_is_used_and_not_passed() -> None:
    """Costs 4 and 1, equal units and rates: 1/2 to 1, so 2 x 4 + 4 x 1 = 12 of money buy 2 and 4."""
    units = {"A": 100, "B": 100}
    found = allocate(rule(AllocationRule.FIXED_COST, budget=12.0, costs={"A": 4.0}), units)
    assert found == {"A": 2, "B": 4}
    dear = allocate(rule(AllocationRule.FIXED_COST, budget=14.9, costs={"A": 4.0}), units)
    assert dear == {"A": 2, "B": 5}
    assert allocate(rule(AllocationRule.FIXED_COST, budget=1e9), units) == units


@pytest.mark.parametrize(
    ("allocation", "error"),
    [
        (rule(AllocationRule.EQUAL), NumberMissing),
        (rule(AllocationRule.NEYMAN), NumberMissing),
        (rule(AllocationRule.FIXED_COST), NumberMissing),
        (rule(AllocationRule.EQUAL, per_community=0), NumberOutOfRange),
        (rule(AllocationRule.PROPORTIONAL, total=-1), NumberOutOfRange),
        (rule(AllocationRule.FIXED_COST, budget=math.nan), NumberOutOfRange),
        (rule(AllocationRule.FIXED_COST, budget=9.0, cost=0.0), NumberOutOfRange),
        (rule(AllocationRule.POWER, total=9, exponent=1.5), NumberOutOfRange),
        (rule(AllocationRule.NEYMAN, total=9, rate=1.0), NumberOutOfRange),
        (rule(AllocationRule.NEYMAN, total=9, rates={"B": math.nan}), NumberOutOfRange),
        (rule(AllocationRule.PROPORTIONAL, total=9, minimum=-1), NumberOutOfRange),
        (rule(AllocationRule.GIVEN, given={"A": 1, "B": 1, "C": -1}), NumberOutOfRange),
        (rule(AllocationRule.GIVEN, given={"A": 0, "B": 0, "C": 0}), NumberOutOfRange),
        (rule(AllocationRule.GIVEN, given={"A": 1, "B": 1, "C": 1, "D": 1}), UnknownCommunities),
        (rule(AllocationRule.NEYMAN, total=9, rates={"D": 0.5}), UnknownCommunities),
        (rule(AllocationRule.GIVEN, given={"A": 501, "B": 1, "C": 1}), TooFewUnits),
        (rule(AllocationRule.PROPORTIONAL, total=700, minimum=201), TooFewUnits),
        (rule(AllocationRule.PROPORTIONAL, total=1001), TotalTooLarge),
        (rule(AllocationRule.PROPORTIONAL, total=2), TotalTooSmall),
        (rule(AllocationRule.NEYMAN, total=29, minimum=10), TotalTooSmall),
        (rule(AllocationRule.FIXED_COST, budget=29.0, minimum=10), BudgetTooSmall),
    ],
)
def test_what_cannot_be_allocated(allocation: Allocation, error: type[AllocationError]) -> None:
    with pytest.raises(error):
        allocate(allocation, UNITS)


@given(
    st.dictionaries(st.text("0123456789", min_size=1, max_size=3), st.integers(0, 60), min_size=1, max_size=9),
    st.sampled_from(WITH_TOTAL),
    st.integers(0, 5),
    st.data(),
)
def test_totals_are_exact_and_within_bounds(
    units: dict[str, int], name: AllocationRule, minimum: int, data: st.DataObject
) -> None:
    least = sum(min(max(1, minimum), size) for size in units.values())
    if not least:
        return
    total = data.draw(st.integers(least, sum(units.values())))
    rates = {code: data.draw(st.floats(0.01, 0.99)) for code in units}

    found = allocate(rule(name, total=total, minimum=minimum, rates=rates, whole_if_small=True), units)

    assert sum(found.values()) == total
    assert list(found) == sorted(units)
    assert all(min(max(1, minimum), units[code]) <= number <= units[code] for code, number in found.items())


@given(st.floats(20, 2000), st.floats(0.3, 9), st.floats(0.3, 9))
def test_no_other_unit_fits_into_the_budget(budget: float, dear: float, cheap: float) -> None:
    costs = {"A": dear, "B": cheap}
    found = allocate(rule(AllocationRule.FIXED_COST, budget=budget, costs=costs), {"A": 70, "B": 30})

    spent = sum(Fraction(str(costs[code])) * number for code, number in found.items())
    assert spent <= Fraction(str(budget))
    if found["A"] < 70 and found["B"] < 30:
        assert Fraction(str(budget)) - spent < Fraction(str(max(costs.values())))
