"""Allocations that cannot be made: each error keeps what was got and what was expected, for whoever words it."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.sampling.sampling_error import SamplingError


class AllocationError(SamplingError):
    """Numbers no community's share can be worked out from."""


class NumberMissing(AllocationError):
    """The rule needs a number that was not given: ``name`` is per_community, total or budget."""

    def __init__(self, name: str, rule: str) -> None:
        super().__init__(f"{name}: got nothing, expected a number with the rule {rule}")
        self.name, self.rule = name, rule


class NumberOutOfRange(AllocationError):
    """``name``: of the number; ``expected``: the range in symbols, such as ``0 < x < 1``."""

    def __init__(self, name: str, got: float, expected: str) -> None:
        super().__init__(f"{name}: got {got}, expected {expected}")
        self.name, self.got, self.expected = name, got, expected


class UnknownCommunities(AllocationError):
    """``name`` (rates, costs, given) speaks of ``communities`` that are not there."""

    def __init__(self, name: str, communities: Sequence[str]) -> None:
        super().__init__(f"{name}: got {', '.join(communities)}, expected communities of the frame")
        self.name, self.communities = name, tuple(communities)


class UnnamedCommunities(AllocationError):
    """``given`` says nothing of ``communities``; none is left out without saying so (0)."""

    def __init__(self, communities: Sequence[str]) -> None:
        super().__init__(f"given: got nothing for {', '.join(communities)}, expected a number for every community")
        self.communities = tuple(communities)


@dataclass(frozen=True, kw_only=True)
class Shortage:
    community: str
    wanted: int
    units: int


class TooFewUnits(AllocationError):
    """Communities that have fewer units than are wanted of them, and are not to be taken whole."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        said = ", ".join(f"{each.community} has {each.units} of {each.wanted}" for each in shortages)
        super().__init__(f"units: got too few in some communities ({said}), expected as many as are wanted of each")
        self.shortages = tuple(shortages)


class TotalTooLarge(AllocationError):
    def __init__(self, total: int, units: int) -> None:
        super().__init__(f"total: got {total}, expected at most {units}, the units of all communities")
        self.total, self.units = total, units


class TotalTooSmall(AllocationError):
    """``least``: what the minimum, and at least one unit in each community that has any, come to."""

    def __init__(self, total: int, least: int) -> None:
        super().__init__(f"total: got {total}, expected at least {least}: what every community is to have at least")
        self.total, self.least = total, least


class BudgetTooSmall(AllocationError):
    """``least``: what the minimum, and at least one unit in each community that has any, cost."""

    def __init__(self, budget: float, least: float) -> None:
        super().__init__(f"budget: got {budget:g}, expected at least {least:g}: what every community's minimum costs")
        self.budget, self.least = budget, least
