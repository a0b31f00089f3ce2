"""The recorded probabilities are the true ones: every draw of small cities is gone through."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sampling import stages as stages_module
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.sample_design import (
    Allocation,
    AllocationRule,
    Method,
    Reserves,
    SampleDesign,
    Size,
    Stage,
    StageUnit,
)
from analysis.sampling.stages import DrawnUnits, FrameArrays, draw_units, plan_cases
from analysis.sampling.systematic import draw_systematic
from tests.analysis.sampling.every_draw import CountedStream, every_draw
from tests.analysis.sampling.small_city import small_city

SEED = bytes(range(16))


def stage(unit: str, method: Method, take: int | None = None, size: Size | None = None) -> Stage:
    return Stage(unit=StageUnit(unit), method=method, take=take, size=size)


def equal(number: int, method: Method = Method.SYSTEMATIC, reserves: Reserves | None = None) -> SampleDesign:
    allocation = Allocation(rule=AllocationRule.EQUAL, per_community=number, whole_if_small=True)
    return SampleDesign(stages=(stage("dwelling", method),), allocation=allocation, reserves=reserves)


def said(drawn: DrawnUnits) -> dict[int, Fraction]:
    parts = zip(drawn.units.tolist(), drawn.numerators.tolist(), drawn.denominators.tolist(), strict=True)
    return {unit: Fraction(numerator, denominator) for unit, numerator, denominator in parts}


def true_probabilities(frame: FrameArrays, design: SampleDesign) -> dict[int, Fraction]:
    """Of every unit over all draws; what each draw says of its units is checked on the way."""
    found: dict[int, Fraction] = defaultdict(Fraction)
    told: dict[int, Fraction] = {}
    for probability, drawn in every_draw(lambda: draw_units(frame, design, seed=SEED)):
        for unit, chance in said(drawn).items():
            found[unit] += probability
            assert told.setdefault(unit, chance) == chance
    assert found == told
    return found


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages_module, "CounterStream", CountedStream)


CITY = {"B": [2, 1], "A": [1, 2, 3], "C": [2], "D": [2, 2]}


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    "stages",
    [
        (stage("dwelling", Method.SIMPLE, 2),),
        (stage("dwelling", Method.SYSTEMATIC, 2),),
        (stage("grid", Method.PPS_SYSTEMATIC, 1, Size.UNITS), stage("dwelling", Method.SYSTEMATIC, 1)),
        (stage("community", Method.PPS_SYSTEMATIC, 2, Size.UNITS), stage("dwelling", Method.SYSTEMATIC, 2)),
        (stage("community", Method.PPS_SYSTEMATIC, 1, Size.RESIDENTS), stage("dwelling", Method.SIMPLE, 2)),
        (
            stage("community", Method.PPS_SYSTEMATIC, 1, Size.UNITS),
            stage("grid", Method.PPS_SYSTEMATIC, 1, Size.UNITS),
            stage("dwelling", Method.SIMPLE, 1),
        ),
        pytest.param(
            (
                stage("community", Method.PPS_SYSTEMATIC, 2, Size.UNITS),
                stage("grid", Method.PPS_SYSTEMATIC, 1, Size.UNITS),
                stage("dwelling", Method.SYSTEMATIC, 1),
            ),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_is_recorded_is_the_probability_to_be_drawn(stages: Sequence[Stage]) -> None:
    with_communities = stages[0].unit is StageUnit.COMMUNITY
    frame = small_city(CITY if with_communities else {code: CITY[code] for code in "AB"})

    found = true_probabilities(frame, SampleDesign(stages=tuple(stages)))

    assert set(found) == set(range(len(frame.community)))
    if with_communities:
        assert sum(found.values()) == (stages[0].take or 0) * (stages[-1].take or 0)


@pytest.mark.usefixtures("counted")
def test_unequal_weights_with_ten_cases_in_each_grid() -> None:
    frame = small_city({"A": [10, 12, 11], "B": [11, 10]})
    design = SampleDesign(stages=(stage("grid", Method.SIMPLE, 1), stage("dwelling", Method.SIMPLE, 10)))
    counted = SampleDesign(stages=(stage("grid", Method.SIMPLE, 1), stage("dwelling", Method.SYSTEMATIC, 10)))

    found = true_probabilities(frame, counted)

    assert found[0] == Fraction(1, 3)
    assert found[10] == Fraction(1, 3) * Fraction(10, 12)
    assert {*draw_units(frame, design, seed=SEED).stages} <= {
        f"1/{k} 10/{n}" for k, n in [(3, 10), (3, 11), (3, 12), (2, 11), (2, 10)]
    }


def test_where_nobody_is_asked_nobody_is_a_reserve() -> None:
    design = SampleDesign(
        stages=(stage("dwelling", Method.SYSTEMATIC),),
        allocation=Allocation(rule=AllocationRule.GIVEN, given={"A": 0, "B": 3}),
        reserves=Reserves(replicates=2, per_community=2),
    )
    drawn = draw_units(small_city({"A": [10], "B": [10]}), design, seed=SEED)

    assert drawn.counts == {"A": (0, 10), "B": (7, 10)}


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(("units", "parts"), [(4, [0, 0, 1, 2]), (3, [0, 0, 1])])
def test_with_reserves_a_case_is_in_the_main_sample_by_its_share(units: int, parts: list[int]) -> None:
    design = equal(2, reserves=Reserves(replicates=2, per_community=1))
    main: dict[int, Fraction] = defaultdict(Fraction)
    released: dict[int, Fraction] = defaultdict(Fraction)

    for probability, drawn in every_draw(lambda: draw_units(small_city({"A": [units]}), design, seed=SEED)):
        assert drawn.counts == {"A": (units, units)}
        assert sorted(drawn.replicate.tolist()) == parts
        for unit, part in zip(drawn.units.tolist(), drawn.replicate.tolist(), strict=True):
            main[unit] += probability * (part == 0)
            released[unit] += probability * (part <= 1)

    assert set(main.values()) == {Fraction(2, units)}
    assert set(released.values()) == {Fraction(3, units)}


@given(
    sizes=st.dictionaries(st.sampled_from("ABCDEF"), st.integers(1, 300), min_size=1),
    n=st.integers(1, 60),
    seed=st.binary(min_size=1, max_size=32),
)
def test_one_stage_takes_the_homes_it_always_took(sizes: dict[str, int], n: int, seed: bytes) -> None:
    drawn = draw_units(small_city({code: [size] for code, size in sizes.items()}), equal(n), seed=seed)

    first, expected = 0, {}
    for code, size in sizes.items():
        stream = CounterStream(seed=seed, label=f"stratum:{code}")
        expected[code] = [first + at for at in draw_systematic(stream, n=n, total=size)]
        first += size
    assert drawn.units.tolist() == [unit for code in sorted(sizes) for unit in expected[code]]
    assert drawn.counts == {code: (min(n, sizes[code]), sizes[code]) for code in sorted(sizes)}
    assert set(drawn.psus) == {""}
    assert drawn.stages == tuple(f"{min(n, sizes[c])}/{sizes[c]}" for c in sorted(sizes) for _ in expected[c])


def test_other_places_do_not_change_what_is_drawn_in_one() -> None:
    design = SampleDesign(
        stages=(stage("grid", Method.PPS_SYSTEMATIC, 2, Size.UNITS), stage("dwelling", Method.SIMPLE, 3)),
        reserves=Reserves(replicates=1, per_community=2),
    )

    both = draw_units(small_city({"A": [9, 8, 7], "B": [6, 9, 8]}), design, seed=SEED)
    alone = draw_units(small_city({"A": [9, 8, 7]}), design, seed=SEED)

    cases = len(alone.units)
    assert both.units[:cases].tolist() == alone.units.tolist()
    assert both.replicate[:cases].tolist() == alone.replicate.tolist()


def test_what_is_certain_is_a_stratum_of_its_own() -> None:
    frame = small_city({"A": [60, 10, 10, 10, 10], "B": [20, 20, 20, 20, 20]})
    design = SampleDesign(
        stages=(stage("grid", Method.PPS_SYSTEMATIC, 2, Size.UNITS), stage("dwelling", Method.SYSTEMATIC, 10))
    )

    drawn = draw_units(frame, design, seed=SEED)

    cases = set(zip(drawn.strata, drawn.psus, drawn.stages, strict=True))
    assert ("A0", "", "1/1 10/60") in cases
    others = {(stratum, chance) for stratum, psu, chance in cases if psu}
    assert others == {("A", "10/40 10/10"), ("B", "40/100 10/20")}
    assert len({psu for stratum, psu, _ in cases if stratum == "B"}) == 2


def test_strata_and_psus_of_three_stages() -> None:
    frame = small_city({"A": [100, 100, 100, 100], "B": [10, 10], "C": [10, 10], "D": [10, 10]})
    design = SampleDesign(
        stages=(
            stage("community", Method.PPS_SYSTEMATIC, 2, Size.UNITS),
            stage("grid", Method.SIMPLE, 2),
            stage("dwelling", Method.SYSTEMATIC, 10),
        )
    )

    drawn = draw_units(frame, design, seed=SEED)

    cases = set(zip(drawn.strata, drawn.psus, drawn.stages, strict=True))
    certain = {case for case in cases if case[0] == "A"}
    assert len(certain) == 2
    assert {chance for _, _, chance in certain} == {"1/1 2/4 10/100"}
    assert {stratum for stratum, _, _ in cases - certain} == {"*"}
    assert len({psu for _, psu, _ in cases - certain}) == 1
    assert {chance for _, _, chance in cases - certain} == {"20/60 2/2 10/10"}


def test_grids_all_taken_are_strata() -> None:
    design = SampleDesign(stages=(stage("grid", Method.SIMPLE, 2), stage("dwelling", Method.SIMPLE, 10)))

    drawn = draw_units(small_city({"A": [20, 20]}), design, seed=SEED)

    assert set(zip(drawn.strata, drawn.psus, strict=True)) == {("A0", ""), ("A1", "")}


def test_replicates_give_each_grid_its_share() -> None:
    design = SampleDesign(
        stages=(stage("grid", Method.SIMPLE, 4), stage("dwelling", Method.SIMPLE, 20)),
        reserves=Reserves(replicates=2, per_community=20),
    )

    drawn = draw_units(small_city({"A": [50] * 6}), design, seed=SEED)

    parts = list(zip(drawn.psus, drawn.replicate.tolist(), strict=True))
    assert len(parts) == 120
    assert {(grid, part): parts.count((grid, part)) for grid, part in parts} == {
        (grid, part): 20 if part == 0 else 5 for grid in set(drawn.psus) for part in (0, 1, 2)
    }


def test_order_of_rows_and_communities_is_the_frames() -> None:
    """Rows are the walking order also where grids do not follow one another in it."""
    frame = FrameArrays(
        communities=("B", "A"),
        community=np.array([1, 0] * 20),
        grids=("B1", "A1", "A0", "B0"),
        grid=np.array([1, 0, 2, 3] * 10),
        residents=np.zeros(40, np.int64),
    )
    design = SampleDesign(
        stages=(stage("grid", Method.PPS_SYSTEMATIC, 2, Size.UNITS), stage("dwelling", Method.SIMPLE, 5))
    )

    drawn = draw_units(frame, design, seed=SEED)

    in_a = [row for row in drawn.units.tolist() if frame.community[row] == 1]
    in_b = [row for row in drawn.units.tolist() if frame.community[row] == 0]
    assert drawn.units.tolist() == [*sorted(in_a), *sorted(in_b)]
    assert [frame.grids[frame.grid[row]] for row in drawn.units.tolist()] == list(drawn.strata)


def test_the_plan_beforehand() -> None:
    frame = small_city({"A": [30, 30], "B": [5, 40]})

    assert plan_cases(frame, equal(50)) == {"A": 50, "B": 45}
    assert plan_cases(frame, equal(40, reserves=Reserves(replicates=3, per_community=9))) == {"A": 40, "B": 40}


@settings(max_examples=30)
@given(
    city=st.dictionaries(
        st.sampled_from("ABC"), st.lists(st.integers(10, 40), min_size=2, max_size=5), min_size=2, max_size=3
    ),
    method=st.sampled_from([Method.SIMPLE, Method.PPS_SYSTEMATIC, Method.SAMPFORD, Method.BREWER]),
    seed=st.binary(min_size=1, max_size=16),
)
def test_any_method_of_grids(city: dict[str, list[int]], method: Method, seed: bytes) -> None:
    size = None if method is Method.SIMPLE else Size.UNITS
    design = SampleDesign(stages=(stage("grid", method, 2, size), stage("dwelling", Method.SYSTEMATIC, 10)))

    drawn = draw_units(small_city(city), design, seed=seed)

    assert all(count == (20, sum(city[code])) for code, count in drawn.counts.items())
    for unit, text in zip(drawn.units.tolist(), drawn.stages, strict=True):
        first, second = (Fraction(part) for part in text.split())
        assert said(drawn)[unit] == first * second
