"""What is known of a draw before it: how many everywhere, every probability; and all that is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from analysis.design import IntArray
from analysis.sampling.allocation import allocate
from analysis.sampling.frame_arrays import FrameArrays, Places, by_community, by_grid
from analysis.sampling.pps_inclusion import inclusion
from analysis.sampling.sample_design import SampleDesign, Stage, StageUnit
from analysis.sampling.stage_errors import (
    ReservesUnevenError,
    SmallPlace,
    TooSmallError,
    UnequalWeightsError,
    ZeroSizesError,
)

#: A weight may tell a grid or a community, never a dwelling.
LEAST_CASES_PER_WEIGHT = 10


@dataclass(frozen=True, kw_only=True)
class Chances:
    """Probabilities of the units of one stage inside one place: ``numerators`` / ``denominators`` (p,), not reduced."""

    numerators: tuple[int, ...]
    denominators: tuple[int, ...]

    def certain(self, position: int) -> bool:
        return self.numerators[position] == self.denominators[position]

    def text(self, position: int) -> str:
        return f"{self.numerators[position]}/{self.denominators[position]}"

    def fraction(self, position: int) -> Fraction:
        return Fraction(self.numerators[position], self.denominators[position])


def chances(stage: Stage, units: int, sizes: IntArray | None) -> Chances:
    """Of ``units`` places of which ``stage.take`` are drawn.

    >>> from analysis.sampling.sample_design import Method, Size
    >>> stage = Stage(unit=StageUnit.GRID, method=Method.SAMPFORD, take=2, size=Size.UNITS)
    >>> chances(stage, 4, np.array([50, 30, 10, 10]))
    Chances(numerators=(1, 30, 10, 10), denominators=(1, 50, 50, 50))
    """
    take = stage.take or 0
    if sizes is None:
        return Chances(numerators=(take,) * units, denominators=(units,) * units)
    found = inclusion(sizes, n=take)
    certain = set(found.certain.tolist())
    return Chances(
        numerators=tuple(1 if i in certain else found.take * int(size) for i, size in enumerate(sizes)),
        denominators=tuple(1 if i in certain else found.total for i in range(len(sizes))),
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``main``: community -> cases of its main sample; ``drawn``: with the reserves. Where communities are drawn: of
    each that is drawn. ``grids``: ``None`` unless they are drawn; ``grid_of`` (p,): the community of each.
    """

    design: SampleDesign
    communities: Places
    grids: Places | None
    grid_of: IntArray
    main: Mapping[str, int]
    drawn: Mapping[str, int]

    @cached_property
    def grid_starts(self) -> IntArray:
        """Community i has the grids from ``[i]`` to ``[i + 1]``."""
        return np.searchsorted(self.grid_of, np.arange(len(self.communities.codes) + 1))

    def stage(self, unit: StageUnit) -> Stage | None:
        return next((stage for stage in self.design.stages if stage.unit is unit), None)

    def dwellings(self, community: str) -> int:
        """How many are drawn in each place of the stage above the dwellings, with the reserves."""
        return self.drawn[community] // parts(self.design)

    def grids_in(self, community: int) -> range:
        return range(int(self.grid_starts[community]), int(self.grid_starts[community + 1]))

    def community_chances(self) -> Chances | None:
        stage = self.stage(StageUnit.COMMUNITY)
        if stage is None:
            return None
        return chances(stage, len(self.communities.codes), sizes(stage, self.communities))

    def grid_chances(self, community: int) -> Chances:
        return self._all_grid_chances[community]

    @cached_property
    def _all_grid_chances(self) -> tuple[Chances, ...]:
        stage = self.stage(StageUnit.GRID)
        if stage is None or self.grids is None:
            raise ValueError("grid_chances: expected a stage of grids")
        of = sizes(stage, self.grids)
        return tuple(
            chances(stage, len(there), None if of is None else of[there.start : there.stop])
            for there in map(self.grids_in, range(len(self.communities.codes)))
        )


def sizes(stage: Stage, places: Places) -> IntArray | None:
    return None if stage.size is None else places.size(stage.size)


def parts(design: SampleDesign) -> int:
    """How many grids of a community its dwellings are drawn in; 1 where grids are not drawn."""
    return next((stage.take or 1 for stage in design.stages if stage.unit is StageUnit.GRID), 1)


def make_plan(frame: FrameArrays, design: SampleDesign) -> Plan:
    """Raises every refusal that does not hang on the seed: see :func:`analysis.sampling.stages.draw_units`."""
    communities = by_community(frame)
    grids, grid_of = None, np.empty(0, np.int64)
    if any(stage.unit is StageUnit.GRID for stage in design.stages):
        grids, grid_of = by_grid(frame, communities)
    main = _main(design, dict(zip(communities.codes, communities.units.tolist(), strict=True)))
    extra = 0 if design.reserves is None else design.reserves.replicates * design.reserves.per_community
    if extra % parts(design):
        raise ReservesUnevenError(reserves=extra, parts=parts(design))
    # Nobody of a community is asked where the design gives it 0: no reserve of it either.
    drawn = {code: number + extra if number else 0 for code, number in main.items()}
    if design.allocation is not None and design.allocation.whole_if_small:
        units = communities.units.tolist()
        drawn = {code: min(drawn[code], has) for code, has in zip(communities.codes, units, strict=True)}
    plan = Plan(design=design, communities=communities, grids=grids, grid_of=grid_of, main=main, drawn=drawn)
    _check_sizes(plan)
    _check_enough(plan)
    _check_weights(plan)
    return plan


def _main(design: SampleDesign, units: Mapping[str, int]) -> Mapping[str, int]:
    if design.allocation is not None:
        return allocate(design.allocation, units)
    return dict.fromkeys(units, (design.stages[-1].take or 0) * parts(design))


def _check_sizes(plan: Plan) -> None:
    for unit, places in ((StageUnit.COMMUNITY, plan.communities), (StageUnit.GRID, plan.grids)):
        stage = plan.stage(unit)
        if stage is not None and stage.size is not None and places is not None:
            empty = np.flatnonzero(places.size(stage.size) == 0)
            if len(empty):
                raise ZeroSizesError(stage.unit, stage.size, [places.codes[place] for place in empty])


def _check_enough(plan: Plan) -> None:
    """Everywhere where something could be drawn, so that it hangs on no seed whether a design works."""
    communities = plan.communities
    if (stage := plan.stage(StageUnit.COMMUNITY)) is not None and len(communities.codes) < (stage.take or 0):
        place = SmallPlace(code="", has=len(communities.codes), wanted=stage.take or 0)
        raise TooSmallError(StageUnit.COMMUNITY, [place])
    if (stage := plan.stage(StageUnit.GRID)) is not None:
        has = np.diff(plan.grid_starts).tolist()
        _refuse_small(StageUnit.GRID, communities.codes, has, [stage.take or 0] * len(has))
    lowest = communities if plan.grids is None else plan.grids
    above = range(len(communities.codes)) if plan.grids is None else plan.grid_of.tolist()
    wanted = [plan.dwellings(communities.codes[community]) for community in above]
    _refuse_small(StageUnit.DWELLING, lowest.codes, lowest.units.tolist(), wanted)


def _refuse_small(unit: StageUnit, codes: tuple[str, ...], has: list[int], wanted: list[int]) -> None:
    places = [
        SmallPlace(code=code, has=there, wanted=number)
        for code, there, number in zip(codes, has, wanted, strict=True)
        if there < number
    ]
    if places:
        raise TooSmallError(unit, places)


def _check_weights(plan: Plan) -> None:
    """Where dwellings of different grids (communities) have different probabilities, many stand in each."""
    if len(plan.design.stages) == 1:
        return
    take = plan.design.stages[-1].take or 0
    of_communities = []
    for community, units in enumerate(plan.communities.units.tolist()):
        if plan.grids is None:
            of_communities.append(Fraction(1, units))
            continue
        found = plan.grid_chances(community)
        inside = {
            found.fraction(position) / int(plan.grids.units[grid])
            for position, grid in enumerate(plan.grids_in(community))
        }
        if len(inside) > 1 and take < LEAST_CASES_PER_WEIGHT:
            raise UnequalWeightsError(StageUnit.GRID, cases=take, least=LEAST_CASES_PER_WEIGHT)
        of_communities.append(min(inside))
    above = plan.community_chances()
    if above is None or (cases := take * parts(plan.design)) >= LEAST_CASES_PER_WEIGHT:
        return
    if len({above.fraction(community) * inside for community, inside in enumerate(of_communities)}) > 1:
        raise UnequalWeightsError(StageUnit.COMMUNITY, cases=cases, least=LEAST_CASES_PER_WEIGHT)
