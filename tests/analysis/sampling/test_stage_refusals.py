"""What no draw is made of: named, and nothing drawn."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis.sampling.allocation import AllocationError
from analysis.sampling.sample_design import (
    Allocation,
    AllocationRule,
    Method,
    Reserves,
    Rest,
    SampleDesign,
    Size,
    Stage,
    StageUnit,
)
from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.stage_errors import (
    FrameError,
    GridsSharedError,
    NoGridError,
    NothingToDrawError,
    PermanentKeysError,
    ProbabilityTooFineError,
    ReservesUnevenError,
    SmallPlace,
    TooSmallError,
    UnequalWeightsError,
    ZeroSizesError,
)
from analysis.sampling.stages import FrameArrays, draw_units
from tests.analysis.sampling.small_city import small_city

SEEDS = [bytes([number]) for number in range(20)]
COMMUNITY, GRID, DWELLING = StageUnit


def by_grids(take: int, dwellings: int, reserves: int = 0, method: Method = Method.SIMPLE) -> SampleDesign:
    size = Size.RESIDENTS if method is not Method.SIMPLE else None
    return SampleDesign(
        stages=(
            Stage(unit=GRID, method=method, take=take, size=size),
            Stage(unit=DWELLING, method=Method.SYSTEMATIC, take=dwellings),
        ),
        reserves=Reserves(replicates=1, per_community=reserves) if reserves else None,
    )


def refused(kind: type[SamplingError], frame: FrameArrays, design: SampleDesign) -> list[SamplingError]:
    """The errors, one for each seed: a design does not work with one seed and fail with another."""
    found = []
    for seed in SEEDS:
        with pytest.raises(kind) as caught:
            draw_units(frame, design, seed=seed)
        found.append(caught.value)
    return found


def test_a_grid_smaller_than_its_sample_even_if_it_would_not_be_drawn() -> None:
    for error in refused(TooSmallError, small_city({"A": [30] * 9 + [11], "B": [30, 30, 30]}), by_grids(2, 12)):
        assert isinstance(error, TooSmallError)
        assert error.unit is DWELLING
        assert error.places == (SmallPlace(code="A9", has=11, wanted=12),)


def test_the_reserves_count() -> None:
    draw_units(small_city({"A": [12, 12]}), by_grids(2, 10, reserves=4), seed=b"1")
    refused(TooSmallError, small_city({"A": [12, 11]}), by_grids(2, 10, reserves=4))


def test_a_community_with_fewer_grids_than_are_drawn() -> None:
    error = refused(TooSmallError, small_city({"A": [30, 30], "B": [30]}), by_grids(2, 12))[0]

    assert isinstance(error, TooSmallError)
    assert (error.unit, error.places) == (GRID, (SmallPlace(code="B", has=1, wanted=2),))


def test_fewer_communities_than_are_drawn() -> None:
    stages = (
        Stage(unit=COMMUNITY, method=Method.SIMPLE, take=3),
        Stage(unit=DWELLING, method=Method.SIMPLE, take=10),
    )
    error = refused(TooSmallError, small_city({"A": [30], "B": [30]}), SampleDesign(stages=stages))[0]

    assert isinstance(error, TooSmallError)
    assert (error.unit, error.places) == (COMMUNITY, (SmallPlace(code="", has=2, wanted=3),))


def test_a_community_smaller_than_its_sample() -> None:
    stages = (Stage(unit=DWELLING, method=Method.SYSTEMATIC),)
    few = Allocation(rule=AllocationRule.EQUAL, per_community=20)
    frame = small_city({"A": [19], "B": [30]})

    refused(AllocationError, frame, SampleDesign(stages=stages, allocation=few))
    reserves = Reserves(replicates=2, per_community=5)
    ten = Allocation(rule=AllocationRule.EQUAL, per_community=10)
    error = refused(TooSmallError, frame, SampleDesign(stages=stages, allocation=ten, reserves=reserves))[0]
    assert isinstance(error, TooSmallError)
    assert error.communities == ("A",)


def test_sizes_of_zero() -> None:
    residents = [0] * 15 + [2] * 45
    error = refused(
        ZeroSizesError, small_city({"A": [15] * 4}, residents=residents), by_grids(2, 12, 0, Method.SAMPFORD)
    )[0]

    assert isinstance(error, ZeroSizesError)
    assert (error.unit, error.size, error.codes) == (GRID, Size.RESIDENTS, ("A0",))


def test_a_weight_must_not_tell_a_dwelling() -> None:
    unequal, alike = small_city({"A": [30, 31]}), small_city({"A": [30, 30], "B": [31, 31]})

    error = refused(UnequalWeightsError, unequal, by_grids(1, 9))[0]
    assert isinstance(error, UnequalWeightsError)
    assert (error.unit, error.cases, error.least) == (GRID, 9, 10)
    assert len(draw_units(unequal, by_grids(1, 10), seed=b"1").units) == 10
    assert len(draw_units(alike, by_grids(1, 9), seed=b"1").units) == 18


def test_nor_a_community_that_was_drawn() -> None:
    stages = (
        Stage(unit=COMMUNITY, method=Method.SIMPLE, take=1),
        Stage(unit=GRID, method=Method.SIMPLE, take=2),
        Stage(unit=DWELLING, method=Method.SIMPLE, take=4),
    )
    error = refused(UnequalWeightsError, small_city({"A": [9, 9], "B": [8, 8]}), SampleDesign(stages=stages))[0]

    assert isinstance(error, UnequalWeightsError)
    assert (error.unit, error.cases) == (COMMUNITY, 8)


def test_reserves_that_grids_cannot_share() -> None:
    error = refused(ReservesUnevenError, small_city({"A": [30] * 5}), by_grids(3, 12, reserves=4))[0]

    assert isinstance(error, ReservesUnevenError)
    assert (error.reserves, error.parts) == (4, 3)


def array(*numbers: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(numbers, np.int64)


def frame(**parts: object) -> FrameArrays:
    given: dict[str, object] = {
        "communities": ("A", "B"),
        "community": array(0, 0, 1),
        "grids": ("A0", "B0"),
        "grid": array(0, 0, 1),
        "residents": array(1, 1, 1),
    }
    return FrameArrays(**(given | parts))  # type: ignore[arg-type]


def test_grids_that_are_none() -> None:
    with pytest.raises(NoGridError) as missing:
        draw_units(frame(grid=array(0, -1, -1)), by_grids(1, 1), seed=b"1")
    with pytest.raises(GridsSharedError) as shared:
        draw_units(frame(grid=array(0, 1, 1)), by_grids(1, 1), seed=b"1")

    assert missing.value.communities == ("A", "B")
    assert shared.value.grids == ("B0",)


@pytest.mark.parametrize(
    "make",
    [
        lambda: frame(grid=array(0, 0)),
        lambda: frame(keys=[b"a"]),
        lambda: frame(community=array(0, 0, 2)),
        lambda: frame(community=array(0, 0, -1)),
        lambda: frame(grid=array(0, 0, 2)),
        lambda: frame(residents=array(1, 1, -1)),
        lambda: frame(communities=("A", "A")),
        lambda: frame(residents=array(2**62, 2**62, 1)),
    ],
)
def test_arrays_that_are_no_frame(make: Callable[[], FrameArrays]) -> None:
    with pytest.raises(FrameError):
        make()


def test_an_empty_frame() -> None:
    with pytest.raises(NothingToDrawError):
        frame(community=array(), grid=array(), residents=array())


def test_permanent_numbers_need_keys() -> None:
    permanent = SampleDesign(stages=(Stage(unit=DWELLING, method=Method.PERMANENT, take=1),))

    with pytest.raises(PermanentKeysError):
        draw_units(frame(), permanent, seed=b"1")
    with pytest.raises(PermanentKeysError) as twice:
        draw_units(frame(keys=[b"a", b"a", b"a"]), permanent, seed=b"1")

    assert (twice.value.code, twice.value.twice) == ("A", b"a".hex())


def test_a_probability_too_fine_for_63_bits() -> None:
    residents = [2**60 + 1, *[7] * 39, 2**60 + 3, *[11] * 39]
    stages = (
        Stage(unit=COMMUNITY, method=Method.PPS_SYSTEMATIC, take=1, size=Size.UNITS),
        Stage(unit=GRID, method=Method.PPS_SYSTEMATIC, take=1, size=Size.RESIDENTS),
        Stage(unit=DWELLING, method=Method.SYSTEMATIC, take=17),
    )

    with pytest.raises(ProbabilityTooFineError):
        draw_units(
            small_city({"A": [19, 21], "B": [19, 21]}, residents=residents), SampleDesign(stages=stages), seed=b"1"
        )


@pytest.mark.parametrize(
    ("method", "grids", "rest"),
    [
        (Method.SIMPLE, Method.PERMANENT, Rest(months=1)),
        (Method.PERMANENT, Method.SIMPLE, Rest(overlap=0.5)),
        (Method.PERMANENT, Method.PERMANENT, Rest(overlap=1.5)),
        (Method.PERMANENT, Method.PERMANENT, Rest(months=-1)),
    ],
)
def test_rest_needs_permanent_numbers(method: Method, grids: Method, rest: Rest) -> None:
    stages = (Stage(unit=GRID, method=grids, take=2), Stage(unit=DWELLING, method=method, take=9))

    with pytest.raises(SamplingError, match="rest"):
        SampleDesign(stages=stages, rest=rest)
