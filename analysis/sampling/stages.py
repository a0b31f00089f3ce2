"""A draw of dwellings in one stage or several, with the exact probability of each.

Streams (:mod:`analysis.sampling.counter_stream`) by label, so that nothing that happens in one place changes what is
drawn in another: ``"communities"`` (the stage of communities, by code), ``"grids:C"`` (the grids of community C, by
code), ``"stratum:C"`` (dwellings drawn in community C, in canonical order), ``"grid:G"`` (those of grid G),
``"replicates:C"`` (see :mod:`analysis.sampling.reserves`).

The seed is taken as bytes. Units are those that can be drawn, by serial (canonical order). A community gives the
dwellings its allocation says (:mod:`analysis.sampling.allocation`) and its reserves, replicates x dwellings of each;
all of them where it has fewer. With grids, each drawn grid gives what the stage says and an equal part of the reserves.
Communities and grids stand by code; the grids and communities drawn are visited in that order.

A case's stages are written ``a/b`` each, with a blank between, not reduced: n/N of equal chances, n x / X by size, 1/1
for what is certain. Its stratum is the code of its community (``*`` where communities are drawn) or of the last place
that was certain before chance began, its psu the first grid or community that chance drew, nothing for the dwelling.

A dwelling's probability is the product over the stages: n/N as it is of one stage, of several reduced. Everything that
is refused but does not hang on the seed is refused before anything is drawn, also for places that this seed would not
have drawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from analysis.design import IntArray
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.earlier_draws import EarlierDraws, Window
from analysis.sampling.frame_arrays import FrameArrays
from analysis.sampling.reserves import replicate_sizes, split
from analysis.sampling.sample_design import Method, SampleDesign, Stage, StageUnit
from analysis.sampling.selection import select
from analysis.sampling.series_draw import SeriesDraw
from analysis.sampling.stage_errors import PermanentKeysError, ProbabilityTooFineError
from analysis.sampling.stage_plan import Chances, Plan, make_plan, sizes

__all__ = ["WHOLE_FRAME", "DrawnUnits", "FrameArrays", "draw_units", "plan_cases"]

#: The stratum of the cases where communities are drawn.
WHOLE_FRAME = "*"
_BEYOND = 2**63


@dataclass(frozen=True, kw_only=True)
class DrawnUnits:
    """m cases, by the code of the community, then in canonical order.

    ``units`` (m,): rows of the frame. ``numerators`` / ``denominators`` (m,): probability to be drawn, reduced, below
    2^63. ``replicate`` (m,): 0 main sample, 1 … R reserves. ``stages``: the probability of each stage, such as
    ``"1084/1778 20/271"``. ``psus``: code of the grid or community that was drawn first inside the stratum; ``""``
    where that is the dwelling itself. ``strata``: code of the community, :data:`WHOLE_FRAME` where communities are
    drawn; what is taken for certain is a stratum of its own. ``counts``: community -> (drawn, drawable), all of them.
    ``windows``: what permanent numbers took, see :mod:`analysis.sampling.earlier_draws`.
    """

    units: IntArray
    numerators: IntArray
    denominators: IntArray
    replicate: IntArray
    strata: tuple[str, ...]
    psus: tuple[str, ...]
    stages: tuple[str, ...]
    counts: Mapping[str, tuple[int, int]]
    windows: Mapping[str, Window] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What a stage draws from: a community, or a grid of it (``grid`` -1: none). What came of the stages above."""

    community: int
    grid: int = -1
    probability: Fraction = Fraction(1)
    stages: tuple[str, ...] = ()
    stratum: str
    psu: str = ""

    def below(self, found: Chances, position: int, code: str, *, community: int, grid: int = -1) -> "_Place":
        """The place ``code`` drawn from this one."""
        stratum, psu = self.stratum, self.psu
        if not psu and found.certain(position):
            stratum = code
        elif not psu:
            psu = code
        return _Place(
            community=community,
            grid=grid,
            probability=self.probability * found.fraction(position),
            stages=(*self.stages, found.text(position)),
            stratum=stratum,
            psu=psu,
        )


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """The dwellings drawn in one place, all with the same probability."""

    place: _Place
    rows: IntArray
    probability: Fraction
    stages: str


def plan_cases(frame: FrameArrays, design: SampleDesign) -> Mapping[str, int]:
    """Community -> cases of its main sample; where communities are drawn, of each that is. Raises as the draw does."""
    return dict(make_plan(frame, design).main)


def draw_units(
    frame: FrameArrays,
    design: SampleDesign,
    *,
    seed: bytes,
    earlier: EarlierDraws | None = None,
    by_arcs: bool = False,
) -> DrawnUnits:
    """The draw of this seed, the same on every machine. ``by_arcs``: homes at rest as in draws of method stages/1.

    Raises what :mod:`analysis.sampling.stage_errors` names, :class:`analysis.sampling.allocation.AllocationError`,
    and what :func:`analysis.sampling.selection.select` raises.

    >>> from analysis.sampling.sample_design import Allocation, AllocationRule, Method
    >>> frame = FrameArrays(
    ...     communities=("A", "B"), community=np.repeat([0, 1], [10, 2]), grids=(), grid=np.full(12, -1),
    ...     residents=np.zeros(12, np.int64))
    >>> design = SampleDesign(
    ...     stages=(Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC),),
    ...     allocation=Allocation(rule=AllocationRule.EQUAL, per_community=3, whole_if_small=True))
    >>> drawn = draw_units(frame, design, seed=bytes(range(16)))
    >>> drawn.units.tolist(), drawn.denominators.tolist(), drawn.stages
    ([2, 5, 8, 10, 11], [10, 10, 10, 1, 1], ('3/10', '3/10', '3/10', '2/2', '2/2'))
    """
    return draw_planned(
        make_plan(frame, design), SeriesDraw(seed, earlier, design.rest, by_arcs=by_arcs), seed, frame.keys
    )


def draw_planned(plan: Plan, series: SeriesDraw, seed: bytes, keys: Sequence[bytes] | None) -> DrawnUnits:
    """:func:`draw_units` once the plan is made; ``keys``: of the frame's rows."""
    places: list[_Place] = list(_communities(plan, series, seed))
    if plan.grids is not None:
        places = [below for place in places for below in _grids(plan, series, place, seed)]
    drawn = [_dwellings(plan, series, place, seed, keys) for place in places]
    return _assembled(plan, drawn, seed, series.windows)


def _communities(plan: Plan, series: SeriesDraw, seed: bytes) -> Iterator[_Place]:
    codes, stage = plan.communities.codes, plan.stage(StageUnit.COMMUNITY)
    found = plan.community_chances()
    if stage is None or found is None:
        yield from (_Place(community=number, stratum=code) for number, code in enumerate(codes))
        return
    root = _Place(community=-1, stratum=WHOLE_FRAME)
    for position in _positions(stage, series, "communities", seed, codes, sizes(stage, plan.communities)):
        yield root.below(found, position, codes[position], community=position)


def _grids(plan: Plan, series: SeriesDraw, place: _Place, seed: bytes) -> Iterator[_Place]:
    stage = plan.stage(StageUnit.GRID)
    assert plan.grids is not None and stage is not None  # noqa: S101, PT018 - asked of designs with grids alone
    there, found = plan.grids_in(place.community), plan.grid_chances(place.community)
    part = slice(there.start, there.stop)
    of = sizes(stage, plan.grids)
    label = f"grids:{plan.communities.codes[place.community]}"
    for position in _positions(stage, series, label, seed, plan.grids.codes[part], None if of is None else of[part]):
        grid = there[position]
        yield place.below(found, position, plan.grids.codes[grid], community=place.community, grid=grid)


def _positions(
    stage: Stage, series: SeriesDraw, label: str, seed: bytes, codes: Sequence[str], of: IntArray | None
) -> list[int]:
    """The grids or communities drawn, rising."""
    stream = CounterStream(seed=seed, label=label)
    if series.takes(stage):
        drawn = series.places(stage, stream, label, codes, of)
    else:
        drawn = select(stage.method, stream, n=stage.take or 0, sizes=of, total=len(codes)).positions
    found: list[int] = drawn.tolist()
    return found


def _dwellings(plan: Plan, series: SeriesDraw, place: _Place, seed: bytes, keys: Sequence[bytes] | None) -> _Drawn:
    community = plan.communities.codes[place.community]
    if plan.grids is None or place.grid < 0:
        code, label, rows = community, f"stratum:{community}", plan.communities.rows_of(place.community)
    else:
        code = plan.grids.codes[place.grid]
        label, rows = f"grid:{code}", plan.grids.rows_of(place.grid)
    n = plan.dwellings(community)
    method, stream = plan.design.stages[-1].method, CounterStream(seed=seed, label=label)
    if method is Method.PERMANENT:
        if keys is None:
            raise PermanentKeysError(code)
        names = keys
        positions = series.dwellings(
            stream, label, lambda: [names[row] for row in rows.tolist()], n=n, community=community, code=code
        )
    else:
        positions = select(method, stream, n=n, sizes=None, total=len(rows)).positions
    probability = place.probability * Fraction(n, len(rows))
    if probability.denominator >= _BEYOND:
        raise ProbabilityTooFineError(code)
    stages = " ".join((*place.stages, f"{n}/{len(rows)}"))
    return _Drawn(place=place, rows=rows[positions], probability=probability, stages=stages)


def _assembled(plan: Plan, drawn: list[_Drawn], seed: bytes, windows: Mapping[str, Window]) -> DrawnUnits:
    """``drawn`` comes by community and grid; the cases of a community go into canonical order here."""
    counts = [len(part.rows) for part in drawn]
    rows = np.concatenate([part.rows for part in drawn])
    community = np.repeat([part.place.community for part in drawn], counts)
    order = np.lexsort((rows, community))
    part_of = np.repeat(np.arange(len(drawn)), counts)[order].tolist()
    taken = np.bincount(community, minlength=len(plan.communities.codes)).tolist()
    return DrawnUnits(
        units=rows[order],
        numerators=np.repeat([part.probability.numerator for part in drawn], counts)[order],
        denominators=np.repeat([part.probability.denominator for part in drawn], counts)[order],
        replicate=_replicates(plan, drawn, seed)[order],
        strata=tuple(drawn[part].place.stratum for part in part_of),
        psus=tuple(drawn[part].place.psu for part in part_of),
        stages=tuple(drawn[part].stages for part in part_of),
        counts={
            code: (number, units)
            for code, number, units in zip(plan.communities.codes, taken, plan.communities.units.tolist(), strict=True)
        },
        windows=windows,
    )


def _replicates(plan: Plan, drawn: list[_Drawn], seed: bytes) -> IntArray:
    reserves = plan.design.reserves
    groups: dict[int, list[int]] = {}
    for part in drawn:
        groups.setdefault(part.place.community, []).append(len(part.rows))
    found = [np.empty(0, np.int64)]
    for community, cases in groups.items():
        code = plan.communities.codes[community]
        if reserves is None:
            found.append(np.zeros(sum(cases), np.int64))
            continue
        parts = replicate_sizes(
            sum(cases), main=plan.main[code], replicates=reserves.replicates, each=reserves.per_community
        )
        found.append(split(cases, parts, CounterStream(seed=seed, label=f"replicates:{code}")))
    return np.concatenate(found)
