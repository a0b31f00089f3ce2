"""Synthetic cities for redraws whose dwellings are drawn in stages, with reserves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray, LonelyPsu, SelectionMethod, SurveyDesign, UnequalSelection
from analysis.design import Stage as StageAsDrawn
from analysis.sampling.earlier_draws import EarlierDraw, EarlierDraws
from analysis.sampling.pps_inclusion import inclusion
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
from analysis.sampling.stages import DrawnUnits, FrameArrays, draw_units
from tests.benchmarks.redraws import City, Drawn, seed_of

ONE_STAGE = SampleDesign(
    stages=(Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC),),
    allocation=Allocation(rule=AllocationRule.EQUAL, per_community=40),
    reserves=Reserves(replicates=2, per_community=10),
)
TWO_STAGES = SampleDesign(
    stages=(
        Stage(unit=StageUnit.GRID, method=Method.SAMPFORD, take=4, size=Size.UNITS),
        Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC, take=10),
    ),
    reserves=Reserves(replicates=1, per_community=8),
)
THREE_STAGES = SampleDesign(
    stages=(
        Stage(unit=StageUnit.COMMUNITY, method=Method.BREWER, take=10, size=Size.RESIDENTS),
        Stage(unit=StageUnit.GRID, method=Method.SIMPLE, take=2),
        Stage(unit=StageUnit.DWELLING, method=Method.SIMPLE, take=10),
    )
)
REST = SampleDesign(
    stages=(Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT),),
    allocation=Allocation(rule=AllocationRule.EQUAL, per_community=40),
    rest=Rest(months=12),
)
OVERLAP = SampleDesign(
    stages=(
        Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=4, size=Size.UNITS),
        Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT, take=10),
    ),
    rest=Rest(months=12, overlap=0.5),
)


@dataclass(frozen=True, kw_only=True)
class Dwellings:
    """A frame, and of each dwelling whether its adult is satisfied (0 or 1), (n,)."""

    frame: FrameArrays
    satisfied: FloatArray


@cache
def dwellings_of(communities: int, grids: int) -> Dwellings:
    """Grids of 24 to 60 dwellings and one of 150; communities differ, and grids inside them."""
    rng = np.random.default_rng(20250301)
    dwellings = rng.integers(24, 61, communities * grids)
    dwellings[2] = 150  # certain, where half the grids of its community are drawn in proportion to dwellings
    grid = np.repeat(np.arange(communities * grids), dwellings)
    rates = np.clip(np.repeat(rng.normal(0.8, 0.04, communities), grids) + rng.normal(0, 0.06, len(dwellings)), 0.3, 1)
    frame = FrameArrays(
        communities=tuple(f"3702020010{number:02}" for number in range(communities)),
        community=grid // grids,
        grids=tuple(f"3702020010{number // grids:02}{number % grids:03}" for number in range(communities * grids)),
        grid=grid,
        residents=rng.integers(1, 6, len(grid)),
        keys=[f"dwelling {row}".encode() for row in range(len(grid))],
    )
    return Dwellings(frame=frame, satisfied=(rng.random(len(grid)) < rates[grid]).astype(np.float64))


def cities() -> Iterator[City]:
    """One to three stages; replicates released and not; second draws by permanent numbers."""
    few, many = dwellings_of(5, 8), dwellings_of(16, 4)
    yield city("one stage, all replicates", few, ONE_STAGE)
    yield city("one stage, one of two replicates", few, ONE_STAGE, released=1)
    yield city("two stages, the replicate", few, TWO_STAGES)
    yield city("two stages, main sample", few, TWO_STAGES, released=0)
    yield city("three stages", many, THREE_STAGES)
    for name, design in (("homes at rest", REST), ("half the grids again, homes at rest", OVERLAP)):
        yield city(f"permanent numbers, {name}", few, design, draw=second_of_a_series(few, design))


def second_of_a_series(dwellings: Dwellings, design: SampleDesign) -> Callable[[bytes], DrawnUnits]:
    """What is drawn half a year after a first draw of the same design, by two seeds of their own."""

    def draw(seed: bytes) -> DrawnUnits:
        first = draw_units(dwellings.frame, design, seed=seed + b"first")
        before = EarlierDraw(visited_on=date(2026, 6, 1), windows=first.windows)
        earlier = EarlierDraws(series_seed=seed + b"first", on=date(2026, 12, 1), draws=(before,))
        second = draw_units(dwellings.frame, design, seed=seed, earlier=earlier)
        if set(first.units.tolist()) & set(second.units.tolist()):
            raise ValueError("a dwelling was drawn again within the months of rest")
        return second

    return draw


def city(
    name: str,
    dwellings: Dwellings,
    design: SampleDesign,
    *,
    released: int | None = None,
    draw: Callable[[bytes], DrawnUnits] | None = None,
) -> City:
    """Of those drawn there are asked the replicates up to ``released``, all where it is ``None``.

    ``draw``: where the draw needs more than the frame, the design and a seed.
    """
    frame = dwellings.frame
    again = draw or (lambda seed: draw_units(frame, design, seed=seed))
    whole = promised(frame, design)

    def asked(found: DrawnUnits) -> BoolArray:
        return np.full(len(found.units), True) if released is None else found.replicate <= released

    # The same in every community and grid here.
    share = float(asked(again(seed_of(0))).mean())

    def drawn(seed: bytes) -> Drawn:
        found = again(seed)
        if not np.allclose(found.numerators / found.denominators, whole[found.units], rtol=1e-12, atol=0):
            raise ValueError(f"{name}: the draw says other probabilities than the design")
        kept = asked(found)
        return Drawn(units=found.units[kept], design=as_analysed(frame, found, kept, share))

    return City(name=name, probabilities=whole * share, values=dwellings.satisfied, draw=drawn)


def promised(frame: FrameArrays, design: SampleDesign) -> FloatArray:
    """Every dwelling's probability, (n,), stage by stage from the frame alone."""
    places = {StageUnit.COMMUNITY: frame.community, StageUnit.GRID: frame.grid}
    found, inside = np.ones(len(frame.community)), np.zeros(len(frame.community), np.int64)
    if design.strata_are_communities:
        inside = frame.community
    for stage in design.stages[:-1]:
        for parent in np.unique(inside):
            rows = inside == parent
            found[rows] *= _chances(stage, places[stage.unit][rows], frame.residents[rows])
        inside = places[stage.unit]
    extra = 0 if design.reserves is None else design.reserves.replicates * design.reserves.per_community
    grids = next((stage.take or 1 for stage in design.stages if stage.unit is StageUnit.GRID), 1)
    wanted = design.stages[-1].take or (design.allocation.per_community if design.allocation else None) or 0
    return found * ((wanted + extra / grids) / np.bincount(inside)[inside])


def _chances(stage: Stage, places: IntArray, residents: IntArray) -> FloatArray:
    """Of the place of each dwelling."""
    codes, at = np.unique(places, return_inverse=True)
    if stage.size is None:
        return np.full(len(at), (stage.take or 0) / len(codes))
    sizes = np.bincount(at, weights=None if stage.size is Size.UNITS else residents)
    return inclusion(sizes.astype(np.int64), n=stage.take or 0).probabilities()[at]


def as_analysed(frame: FrameArrays, found: DrawnUnits, kept: BoolArray, share: float) -> SurveyDesign:
    """First stage by Brewer's approximation, the stages below as simple random; strata and PSUs as the draw says.

    Where a place was taken for certain it is a stratum, and its dwellings are what was drawn first.
    """
    at = np.flatnonzero(kept)
    rows, stages = found.units[at], [_parts(found.stages[i]) for i in at]
    in_place = np.array([bool(found.psus[i]) for i in at], np.bool_)
    told = np.array([[parts[0], parts[min(1, len(parts) - 1)], parts[-1] * share] for parts in stages])
    unit = np.unique([found.psus[i] or f"dwelling {found.units[i]}" for i in at], return_inverse=True)[1]
    # Dwellings in their grid; one that was drawn first stands by itself, and was taken whole.
    grid = np.unique(np.where(in_place, frame.grid[rows], len(frame.grids) + rows), return_inverse=True)[1]
    lowest = StageAsDrawn(units=rows, strata=grid, fractions=np.where(in_place, told[:, 2], 1.0))
    middle = (StageAsDrawn(units=grid, strata=unit, fractions=told[:, 1]),) if len(stages[0]) > 2 else ()
    return SurveyDesign(
        weights=1 / ((found.numerators / found.denominators)[at] * share),
        strata=np.unique([found.strata[i] for i in at], return_inverse=True)[1],
        psus=unit,
        later_stages=(*middle, lowest),
        lonely=LonelyPsu.FAIL,
        selection=UnequalSelection(
            method=SelectionMethod.BREWER, probabilities=np.where(in_place, told[:, 0], told[:, 2])
        ),
    )


@cache
def _parts(stages: str) -> tuple[float, ...]:
    return tuple(float(Fraction(part)) for part in stages.split())
