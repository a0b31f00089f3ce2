"""How a sample is to be drawn: the stages and their methods, how many, the reserves, and who answers in the dwelling.

Strata are the communities of the frame, unless communities themselves are drawn at the first stage. Dwellings are
always drawn with equal probability inside what was drawn above them: unequal ones would tell a dwelling by its weight.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from analysis.sampling.sampling_error import SamplingError


class StageUnit(StrEnum):
    """What a stage draws; later stages draw from what lies inside it."""

    COMMUNITY = "community"
    GRID = "grid"
    DWELLING = "dwelling"


class Method(StrEnum):
    SIMPLE = "simple"  # simple random
    SYSTEMATIC = "systematic"  # equal steps along the canonical order
    PERMANENT = "permanent"  # simple random by permanent random numbers: overlaps and rests between waves
    PPS_SYSTEMATIC = "pps_systematic"
    SAMPFORD = "sampford"  # Rao-Sampford
    BREWER = "brewer"


#: Methods whose probabilities are proportional to size.
PROPORTIONAL_TO_SIZE = frozenset({Method.PPS_SYSTEMATIC, Method.SAMPFORD, Method.BREWER})


#: Methods by which grids and communities can be kept from draw to draw, by shifting along permanent random numbers.
SHIFTED = frozenset({Method.PERMANENT, Method.PPS_SYSTEMATIC})


class Size(StrEnum):
    """What probabilities are proportional to."""

    UNITS = "units"  # drawable units inside
    RESIDENTS = "residents"  # of those units, as the frame counts them


class AllocationRule(StrEnum):
    EQUAL = "equal"
    PROPORTIONAL = "proportional"
    NEYMAN = "neyman"
    POWER = "power"  # Bankier
    FIXED_COST = "fixed_cost"
    GIVEN = "given"


class Respondent(StrEnum):
    """Who of the eligible adults of a dwelling answers."""

    LIST = "list"  # a draw from the list, committed before it is shown
    KISH = "kish"  # Kish's tables
    BIRTHDAY = "birthday"  # whose birthday is next: quasi-random


@dataclass(frozen=True, kw_only=True)
class Stage:
    """``take``: units drawn inside each unit of the stage above; ``None`` where the allocation says (last stage only).

    ``size``: for methods proportional to size alone.
    """

    unit: StageUnit
    method: Method
    take: int | None = None
    size: Size | None = None


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """How many dwellings each community gives.

    ``per_community`` for EQUAL; ``total`` for PROPORTIONAL, NEYMAN and POWER; ``budget`` for FIXED_COST; ``given``
    (community -> number) for GIVEN. ``minimum``: in each community. ``exponent``: of POWER, 0-1. ``rates``: community
    -> rate expected there, 0-1 (for NEYMAN, POWER and FIXED_COST; ``rate`` where none is named). ``costs``: community
    -> cost of one interview (``cost`` where none is named). ``whole_if_small``: a community of fewer dwellings than
    its number is taken whole; otherwise it is refused.
    """

    rule: AllocationRule
    per_community: int | None = None
    total: int | None = None
    budget: float | None = None
    given: Mapping[str, int] = field(default_factory=dict)
    minimum: int = 0
    exponent: float = 0.5
    rate: float = 0.5
    rates: Mapping[str, float] = field(default_factory=dict)
    cost: float = 1.0
    costs: Mapping[str, float] = field(default_factory=dict)
    whole_if_small: bool = False


@dataclass(frozen=True, kw_only=True)
class Reserves:
    """``replicates`` random replicates of ``per_community`` dwellings each, released whole or not at all."""

    replicates: int
    per_community: int


@dataclass(frozen=True, kw_only=True)
class Rest:
    """For stages drawn by permanent random numbers.

    ``months``: a dwelling visited within so many months is left alone, by shifting along the numbers. ``overlap``: the
    share of the grids or communities of the draw before that are drawn again, 0-1; ``None``: as chance has it.
    """

    months: int = 0
    overlap: float | None = None


@dataclass(frozen=True, kw_only=True)
class TeamRules:
    """What teams and dates are drawn with, see :mod:`analysis.sampling.teams`; it has no part in who is drawn.

    ``days``: in order of time; none: no days are drawn.
    """

    size: int
    per_day: int
    days: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SampleDesign:
    """Raises :class:`SamplingError` for stages that do not fit together.

    >>> design = SampleDesign(
    ...     stages=(Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC),),
    ...     allocation=Allocation(rule=AllocationRule.EQUAL, per_community=100))
    >>> design.strata_are_communities, design.respondent.value
    (True, 'list')
    """

    stages: tuple[Stage, ...]
    allocation: Allocation | None = None
    reserves: Reserves | None = None
    rest: Rest | None = None
    respondent: Respondent = Respondent.LIST
    teams: TeamRules | None = None

    def __post_init__(self) -> None:
        units = [stage.unit for stage in self.stages]
        order = [unit for unit in StageUnit if unit in units]
        if not units or units != order or units[-1] is not StageUnit.DWELLING:
            got = ", ".join(units) or "none"
            raise SamplingError(f"stages: got {got}, expected community, grid, dwelling in this order, the last a must")
        for stage in self.stages:
            sized = stage.method in PROPORTIONAL_TO_SIZE
            if sized != (stage.size is not None):
                wanted = "a size" if sized else "no size"
                raise SamplingError(f"stage {stage.unit}: expected {wanted} with the method {stage.method}")
            if stage.take is not None and stage.take < 1:
                raise SamplingError(f"stage {stage.unit}: got take {stage.take}, expected 1 or more")
        last = self.stages[-1]
        if last.method in PROPORTIONAL_TO_SIZE:
            raise SamplingError(f"stage dwelling: got {last.method}, expected a method of equal probabilities")
        if any(stage.take is None for stage in self.stages[:-1]):
            raise SamplingError("stages: expected take in every stage above the dwellings")
        if (last.take is None) == (self.allocation is None):
            raise SamplingError("expected either take at the stage of dwellings or an allocation, not both")
        if self.allocation is not None and len(self.stages) > 1:
            raise SamplingError("allocation: expected with a single stage of dwellings alone, got more stages")
        self._check_rest()

    def _check_rest(self) -> None:
        if self.rest is None:
            return
        if self.rest.months < 0:
            raise SamplingError(f"rest: got {self.rest.months} months, expected 0 or more")
        if self.rest.months and self.stages[-1].method is not Method.PERMANENT:
            raise SamplingError(f"rest: got months with the method {self.stages[-1].method}, expected permanent")
        if self.rest.overlap is None:
            return
        if not 0 <= self.rest.overlap <= 1:
            raise SamplingError(f"rest: got the overlap {self.rest.overlap}, expected 0 to 1")
        if not any(stage.method in SHIFTED for stage in self.stages[:-1]):
            raise SamplingError("rest: got an overlap, expected grids or communities by permanent or pps_systematic")

    @property
    def strata_are_communities(self) -> bool:
        return self.stages[0].unit is not StageUnit.COMMUNITY

    @property
    def uses_permanent_numbers(self) -> bool:
        """Whether the draw belongs to a series: it takes windows and looks at those of earlier draws."""
        if any(stage.method is Method.PERMANENT for stage in self.stages):
            return True
        return self.rest is not None and self.rest.overlap is not None
