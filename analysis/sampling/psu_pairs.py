"""How probable it was that two drawn grids (or communities) came together, where the method says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis.sampling.frame_arrays import FrameArrays, Places
from analysis.sampling.joint import joint_inclusion
from analysis.sampling.sample_design import SampleDesign, Stage, StageUnit
from analysis.sampling.selection_errors import JointUnknownError
from analysis.sampling.stage_plan import Plan, make_plan, sizes
from analysis.sampling.stages import WHOLE_FRAME


@dataclass(frozen=True, kw_only=True)
class PsuPair:
    """Two primary units of a stratum, by code; ``probability`` that both are drawn, given the stratum."""

    stratum: str
    first: str
    second: str
    probability: float


def psu_pairs(frame: FrameArrays, design: SampleDesign, psus: Iterable[tuple[str, str]]) -> tuple[PsuPair, ...]:
    """The pairs of the drawn ``psus``, (stratum, code) each, by stratum and codes.

    Dwellings (code ``""``) make no pairs; neither do strata whose method has no formula for it
    (:class:`JointUnknownError`). Raises as :func:`analysis.sampling.stages.draw_units`.

    >>> from analysis.sampling.sample_design import Method
    >>> frame = FrameArrays(
    ...     communities=("A",), community=np.zeros(40, np.int64), grids=("A1", "A2", "A3", "A4"),
    ...     grid=np.repeat([0, 1, 2, 3], 10), residents=np.zeros(40, np.int64))
    >>> design = SampleDesign(stages=(
    ...     Stage(unit=StageUnit.GRID, method=Method.SIMPLE, take=2),
    ...     Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC, take=5)))
    >>> [pair] = psu_pairs(frame, design, [("A", "A1"), ("A", "A3")])
    >>> pair.first, pair.second, round(pair.probability, 4)
    ('A1', 'A3', 0.1667)
    """
    drawn: defaultdict[str, set[str]] = defaultdict(set)
    for stratum, psu in psus:
        if psu:
            drawn[stratum].add(psu)
    if not drawn:
        return ()
    plan = make_plan(frame, design)
    return tuple(pair for stratum in sorted(drawn) for pair in _pairs(plan, stratum, sorted(drawn[stratum])))


def _pairs(plan: Plan, stratum: str, codes: list[str]) -> Iterator[PsuPair]:
    stage, places, range_ = _drawn_from(plan, stratum)
    positions = {places.codes[place]: position for position, place in enumerate(range_)}
    of = sizes(stage, places)
    try:
        joint = joint_inclusion(
            stage.method,
            n=stage.take or 0,
            sizes=None if of is None else of[range_.start : range_.stop],
            total=len(range_),
            among=np.array([positions[code] for code in codes], np.int64),
        )
    except JointUnknownError:
        return
    for i, first in enumerate(codes):
        for j in range(i + 1, len(codes)):
            yield PsuPair(stratum=stratum, first=first, second=codes[j], probability=float(joint[i, j]))


def _drawn_from(plan: Plan, stratum: str) -> tuple[Stage, Places, range]:
    """The stage that drew the primary units of a stratum, and the places it drew from."""
    if stratum == WHOLE_FRAME:
        unit, places, range_ = StageUnit.COMMUNITY, plan.communities, range(len(plan.communities.codes))
    elif plan.grids is not None and stratum in plan.communities.codes:
        unit, places = StageUnit.GRID, plan.grids
        range_ = plan.grids_in(plan.communities.codes.index(stratum))
    else:
        raise KeyError(stratum)
    stage = plan.stage(unit)
    if stage is None:
        raise KeyError(stratum)
    return stage, places, range_
