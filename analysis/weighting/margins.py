"""Known totals of the groups of one characteristic, say adults by age group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import DesignError, FloatArray, IntArray
from analysis.design_errors import LengthsDiffer
from analysis.estimation.sums import sum_by
from analysis.weighting.errors import CellsTooSmall, MarginsCannotBeMet, UnknownGroups

#: A factor that rests on fewer respondents than this follows chance more than the population.
LEAST_CELL = 20


@dataclass(frozen=True, kw_only=True)
class Margin:
    """``codes`` (n,): the group of each unit, 0…K-1. ``totals`` (K,): how many there are in the population.

    Raises :class:`UnknownGroups` for a code without a total, :class:`DesignError` for totals that are negative or no
    numbers.

    >>> margin = Margin.of_labels("sex", ["f", "m", "f"], {"f": 60, "m": 40})
    >>> margin.codes.tolist(), margin.totals.tolist()
    ([0, 1, 0], [60.0, 40.0])
    >>> Margin.of_labels("sex", ["f", "x"], {"f": 60, "m": 40})
    Traceback (most recent call last):
    ...
    analysis.weighting.errors.UnknownGroups: margin sex: got a unit in group x, expected one of f, m
    """

    name: str
    codes: IntArray
    totals: FloatArray
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not np.isfinite(self.totals).all() or (len(self.totals) and self.totals.min() < 0):
            raise DesignError(f"margin {self.name}: got a total that is negative or no number, expected 0 or more")
        if self.labels and len(self.labels) != len(self.totals):
            raise DesignError(f"margin {self.name}: got {len(self.labels)} labels, expected {len(self.totals)}")
        if len(self.codes) and not 0 <= self.codes.min() <= self.codes.max() < len(self.totals):
            wrong = self.codes.min() if self.codes.min() < 0 else self.codes.max()
            raise UnknownGroups(
                f"margin {self.name}: got a unit in group {wrong}, expected codes from 0 to {len(self.totals) - 1}, "
                "the groups that have a total"
            )

    @classmethod
    def of_labels(cls, name: str, values: Sequence[str], totals: Mapping[str, float]) -> "Margin":
        """From the label of each unit's group and the total of each label."""
        place = {label: code for code, label in enumerate(totals)}
        for value in values:
            if value not in place:
                raise UnknownGroups(
                    f"margin {name}: got a unit in group {value}, expected one of {', '.join(map(str, totals))}"
                )
        return cls(
            name=name,
            codes=np.array([place[value] for value in values], dtype=np.int64),
            totals=np.array(list(totals.values()), dtype=np.float64),
            labels=tuple(map(str, totals)),
        )

    def label(self, group: int) -> str:
        return self.labels[group] if self.labels else str(group)

    def check(self, weights: FloatArray, least: int) -> None:
        """Raises for groups without anybody (:class:`MarginsCannotBeMet`), or with fewer than ``least`` units of a
        weight above 0 (:class:`CellsTooSmall`)."""
        if len(weights) != len(self.codes):
            raise LengthsDiffer(f"margin {self.name}", len(self.codes), len(weights))
        self.check_members(sum_by(self.codes, (weights > 0).astype(np.float64), len(self.totals)), least)

    def check_members(self, members: FloatArray, least: int) -> None:
        """As :meth:`check`, with the number of units in each group, (K,)."""
        self.check_sums(members)
        small = np.flatnonzero((members < least) & (self.totals > 0))
        if len(small):
            worst = small[np.argmin(members[small])]
            raise CellsTooSmall(
                f"margin {self.name}: got {members[worst]:g} respondents in group {self.label(int(worst))}, "
                f"expected at least {least}: merge it with another"
            )

    def check_sums(self, sums: FloatArray) -> None:
        """Raises :class:`MarginsCannotBeMet` where people are asked for and nobody can stand for them."""
        missing = np.flatnonzero((sums <= 0) & (self.totals > 0))
        if len(missing):
            raise MarginsCannotBeMet(
                f"margin {self.name}: got nobody in group {self.label(int(missing[0]))}, "
                f"expected somebody who can stand for {self.totals[missing[0]]:g}: merge it with another"
            )

    def factors(self, weights: FloatArray) -> FloatArray:
        """What meets the margin, per group, (K,): total / sum of the weights; 1 for a group of nobody."""
        sums = sum_by(self.codes, weights, len(self.totals))
        self.check_sums(sums)
        return np.divide(self.totals, sums, out=np.ones(len(sums)), where=sums > 0)
