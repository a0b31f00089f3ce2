"""What no draw is made of: each error keeps what was got and what was expected, for whoever words it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analysis.sampling.sample_design import Method, Size, StageUnit
from analysis.sampling.sampling_error import SamplingError

_NAMED = 10


def _named(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
    return ", ".join(codes[:_NAMED]) + more


class FrameError(SamplingError):
    """Arrays that are no frame: of different lengths, or pointing at no community."""


class NothingToDrawError(FrameError):
    def __init__(self) -> None:
        super().__init__("frame: got no unit that can be drawn, expected at least one")


class NoGridError(FrameError):
    """``communities`` with units in no grid: they could never be drawn by grids."""

    def __init__(self, communities: Sequence[str]) -> None:
        super().__init__(f"grids: got units without a grid in {_named(communities)}, expected a grid for every unit")
        self.communities = tuple(communities)


class GridsSharedError(FrameError):
    """``grids`` with units in more than one community."""

    def __init__(self, grids: Sequence[str]) -> None:
        super().__init__(f"grids: got {_named(grids)} in more than one community, expected each in one")
        self.grids = tuple(grids)


class ZeroSizesError(SamplingError):
    """``codes``: grids or communities (``unit``) whose ``size`` is zero, so that nobody in them could be drawn."""

    def __init__(self, unit: StageUnit, size: Size, codes: Sequence[str]) -> None:
        super().__init__(f"sizes: got no {size} in {_named(codes)}, expected 1 or more in every {unit}")
        self.unit, self.size, self.codes = unit, size, tuple(codes)


@dataclass(frozen=True, kw_only=True)
class SmallPlace:
    """``code`` of a community or grid (``""``: the whole frame) that has ``has`` where ``wanted`` are to be drawn."""

    code: str
    has: int
    wanted: int


class TooSmallError(SamplingError):
    """``places`` with fewer of ``unit`` (grids, dwellings, communities) than are to be drawn in each."""

    def __init__(self, unit: StageUnit, places: Sequence[SmallPlace]) -> None:
        said = _named([f"{place.code or 'the frame'} has {place.has} of {place.wanted}" for place in places])
        super().__init__(f"{unit}: got too few ({said}), expected as many as are to be drawn")
        self.unit, self.places = unit, tuple(places)

    @property
    def communities(self) -> tuple[str, ...]:
        """The communities of the places, each once (a grid's code begins with its community's)."""
        return tuple(dict.fromkeys(place.code[:12] for place in self.places))


class UnequalWeightsError(SamplingError):
    """Dwellings of different ``unit`` have different probabilities, and only ``cases`` are drawn in each.

    A weight then tells the grid or community of an answer: at least ``least`` cases have to stand in each.
    """

    def __init__(self, unit: StageUnit, *, cases: int, least: int) -> None:
        super().__init__(f"{unit}: got {cases} cases with a weight of their own in each, expected at least {least}")
        self.unit, self.cases, self.least = unit, cases, least


class ReservesUnevenError(SamplingError):
    """``reserves`` dwellings of a community cannot be shared evenly among the ``parts`` grids drawn in it."""

    def __init__(self, *, reserves: int, parts: int) -> None:
        super().__init__(f"reserves: got {reserves} in each community, expected a multiple of its {parts} drawn grids")
        self.reserves, self.parts = reserves, parts


class ProbabilityTooFineError(SamplingError):
    """The exact probability in ``code`` needs whole numbers of 2^63 or more."""

    def __init__(self, code: str) -> None:
        super().__init__(f"probability: got a fraction of numbers of 2^63 or more in {code}, expected smaller numbers")
        self.code = code


class PermanentKeysError(SamplingError):
    """Keys that give no permanent numbers: there are none, or ``twice`` (hex) stands for two units of ``code``."""

    def __init__(self, code: str, *, twice: str = "") -> None:
        got = f"the key {twice} twice" if twice else "no keys"
        super().__init__(f"permanent numbers: got {got} in {code}, expected a key of its own for every unit")
        self.code, self.twice = code, twice


class NobodyFreeError(SamplingError):
    """In ``code`` only ``free`` of ``units`` lie in no window of the last ``months`` months; ``wanted`` are drawn."""

    def __init__(self, code: str, *, free: int, units: int, wanted: int, months: int) -> None:
        super().__init__(
            f"rest: got {free} of {units} units of {code} in no window of {months} months, expected {wanted} or more"
        )
        self.code, self.free, self.units, self.wanted, self.months = code, free, units, wanted, months


class RestUnknownError(SamplingError):
    """The draw visited until ``visited_on`` says nothing of the homes that are to be left alone.

    It was not drawn by permanent numbers, or by grids where the new one is by communities (``by_grid``): homes of
    grids with different probabilities then stand in one stratum, and no shift leaves all of them the same chance.
    """

    def __init__(self, visited_on: date, *, by_grid: bool) -> None:
        got = "homes drawn by grid" if by_grid else "homes drawn without permanent numbers"
        super().__init__(f"rest: got {got}, visited until {visited_on}, expected windows of the same strata")
        self.visited_on, self.by_grid = visited_on, by_grid


class OverlapError(SamplingError):
    """The share of units kept in ``label`` cannot be ``got``, only from ``least`` to ``most``."""

    def __init__(self, label: str, *, got: float, least: float, most: float) -> None:
        super().__init__(f"overlap: got {got:g} in {label}, expected {least:.4f} to {most:.4f}")
        self.label, self.got, self.least, self.most = label, got, least, most


class OverlapUnknownError(SamplingError):
    """The draw before (visited until ``visited_on``) took its grids or communities by another method than ``method``,
    so that they cannot be kept by shifting.
    """

    def __init__(self, visited_on: date, method: Method) -> None:
        super().__init__(
            f"overlap: got a draw before (visited until {visited_on}) of another method, expected {method}"
        )
        self.visited_on, self.method = visited_on, method
