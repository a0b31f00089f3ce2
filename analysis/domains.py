"""Every domain a wave is estimated in: the whole, and all areas of its tree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.answers import ASKED, VALID, AnswerState
from analysis.areas import AreaTree
from analysis.design import BoolArray, DesignError, FloatArray, IntArray, SurveyDesign
from analysis.disclosure import Cell
from analysis.estimation.adjusted_variance import AdjustedRate
from analysis.estimation.cell_variance import CellVariance, cell_variance
from analysis.estimation.domain_means import DomainMeans
from analysis.estimation.joint_sums import States
from analysis.estimation.proportions import DomainTotals, Layout, Proportions
from analysis.estimation.sums import sum_by
from analysis.publication import Base

_MEMBERS = {Base.ASKED: ASKED, Base.VALID: VALID}


@dataclass(frozen=True, kw_only=True, eq=False)
class RateTotals:
    """The totals of one rate in D domains that lie in ``tiers``: each domain is in one of them.

    ``adjusted``: where steps changed the weights, the variances come from there.
    """

    tiers: tuple[DomainTotals, ...]
    rate: int
    adjusted: AdjustedRate | None = None

    @cached_property
    def on(self) -> dict[Base, Proportions]:
        """The share of the counted on each base, in every domain."""
        found = {}
        for base, members in _MEMBERS.items():
            first, *others = (tier.proportions(self.rate, members) for tier in self.tiers)
            found[base] = sum(others, start=first)
            if self.adjusted is not None:
                variance = self.adjusted.variances(found[base].proportion, members)
                found[base] = replace(found[base], variance=variance)
        return found

    def weights(self, states: Sequence[AnswerState]) -> FloatArray:
        """What those of one of ``states`` weigh, (D,)."""
        first, *others = (tier.weights(self.rate, states) for tier in self.tiers)
        return sum(others, start=first)


@dataclass(frozen=True, kw_only=True)
class Domains:
    """D domains: 0 is the whole, i + 1 is area i of ``tree``. ``unit_areas`` (n,): the area of each respondent.

    Units are added up once, by the area they stand in; a respondent is in one domain of each tier at most.
    Raises :class:`DesignError` when a respondent has no area.
    """

    design: SurveyDesign
    tree: AreaTree
    unit_areas: IntArray

    def __post_init__(self) -> None:
        units, areas = len(self.design.weights), len(self.tree.codes)
        if len(self.unit_areas) != units:
            raise DesignError(f"unit_areas: got {len(self.unit_areas)} values, expected {units}, one per weight")
        if units and not 0 <= self.unit_areas.min() <= self.unit_areas.max() < areas:
            raise DesignError(f"unit_areas: expected indices from 0 to {areas - 1}, got others")

    @property
    def count(self) -> int:
        return len(self.tree.codes) + 1

    @cached_property
    def tiers(self) -> tuple[int | None, ...]:
        """The tier of each domain, (D,); ``None``: the whole."""
        return (None, *self.tree.tiers)

    @cached_property
    def parents(self) -> tuple[int | None, ...]:
        return (None, *(0 if parent is None else parent + 1 for parent in self.tree.parents))

    def code(self, domain: int) -> str | None:
        return None if domain == 0 else self.tree.codes[domain - 1]

    def on_tier(self, tier: int | None) -> BoolArray:
        """Which domains stand on a tier, (D,)."""
        return np.array([own == tier for own in self.tiers], dtype=bool)

    @cached_property
    def _layout(self) -> Layout:
        as_drawn = replace(self.design, adjustments=())
        return Layout(design=as_drawn, domains=self.unit_areas, domain_count=len(self.tree.codes))

    def totals(self, states: Sequence[States]) -> tuple[RateTotals, ...]:
        """Of each rate, whose answers stand in ``states`` (n,), in every domain."""
        totals = self._layout.totals(states).totals
        ancestors = [self.tree.ancestors_at(tier)[totals.areas] for tier in sorted(set(self.tree.tiers))]
        domains = [np.zeros_like(totals.areas), *(np.where(area >= 0, area + 1, -1) for area in ancestors)]
        tiers = tuple(DomainTotals(totals=totals.in_areas(areas), domain_count=self.count) for areas in domains)
        if not self.design.adjustments:
            return tuple(RateTotals(tiers=tiers, rate=rate) for rate in range(len(states)))
        units, cells = self._units, self._cells
        return tuple(
            RateTotals(
                tiers=tiers,
                rate=rate,
                adjusted=AdjustedRate(design=self.design, states=of_rate, units=units, cells=cells),
            )
            for rate, of_rate in enumerate(states)
        )

    @cached_property
    def _units(self) -> list[IntArray]:
        """The domain of each unit on each tier, (n,) each."""
        above = [self.tree.ancestors_at(tier)[self.unit_areas] for tier in sorted(set(self.tree.tiers))]
        return [np.zeros_like(self.unit_areas), *(np.where(area >= 0, area + 1, -1) for area in above)]

    @cached_property
    def _cells(self) -> CellVariance | None:
        """How variances of adjusted weights are added up, where that can be."""
        return cell_variance(self.design, self._units)

    @cached_property
    def means(self) -> DomainMeans:
        """Means in every domain."""
        cells = self._cells if self.design.adjustments else None
        return DomainMeans(design=self.design, units=self._units, count=self.count, cells=cells)

    def total(self, values: FloatArray) -> FloatArray:
        """Sums of ``values`` (n,) in every domain, (D,)."""
        of_areas = sum_by(self.unit_areas, values, self.count - 1)
        totals = np.concatenate([np.zeros(1), of_areas])
        for domain in reversed(range(1, self.count)):  # children stand after their parents
            parent = self.parents[domain]
            if parent is not None:
                totals[parent] += totals[domain]
        return totals

    @cached_property
    def respondents(self) -> FloatArray:
        return self.total(np.ones(len(self.unit_areas)))

    @cached_property
    def present(self) -> tuple[int, ...]:
        """The whole, and every area with respondents."""
        return tuple(index for index in range(self.count) if index == 0 or self.respondents[index] > 0)

    @cached_property
    def fractions(self) -> FloatArray:
        """Respondents ÷ eligible adults, (D,), 0 where unknown; of the smallest area that holds all of a domain's
        respondents, since that is the group whose unanimity would be known.
        """
        eligible = np.array([0, *(population or 0 for population in self.tree.populations)], dtype=np.float64)
        fractions = np.divide(self.respondents, eligible, out=np.zeros(self.count), where=eligible > 0)
        for domain in reversed(range(1, self.count)):
            parent = self.parents[domain]
            if parent is not None and 0 < self.respondents[parent] == self.respondents[domain]:
                fractions[parent] = max(fractions[parent], fractions[domain])
        return fractions

    def cells(self, sizes: Sequence[IntArray], count: IntArray) -> list[Cell]:
        """As disclosure control sees them: ``sizes`` on each base and ``count``, (D,) each."""
        return [
            Cell(sizes=tuple(int(size[index]) for size in sizes), count=int(count[index]), parent=parent)
            for index, parent in enumerate(self.parents)
        ]

    @cached_property
    def plain(self) -> BoolArray:
        """Where a variance says no more than n and the rate do, (D,): one stratum, units drawn singly, one weight."""
        if self.design.psus is not None or self.design.adjustments:
            return np.zeros(self.count, dtype=bool)
        alike: BoolArray = np.ones(self.count, dtype=bool)
        for values in (self.design.strata, self.design.weights):
            alike &= self._range_is_narrow(values.astype(np.float64))
        return alike

    def _range_is_narrow(self, values: FloatArray) -> BoolArray:
        """Where all who stand for someone have one value, or nobody does, (D,)."""
        low, high = np.full(self.count, np.inf), np.full(self.count, -np.inf)
        inside = self.design.weights > 0
        np.minimum.at(low, self.unit_areas[inside] + 1, values[inside])
        np.maximum.at(high, self.unit_areas[inside] + 1, values[inside])
        for domain in reversed(range(1, self.count)):
            parent = self.parents[domain]
            if parent is not None:
                low[parent], high[parent] = min(low[parent], low[domain]), max(high[parent], high[domain])
        narrow: BoolArray = low >= high
        return narrow

    def weight_effects(self, *, between: int | None = None) -> FloatArray:
        """What unequal weights cost, n Σw²/(Σw)² (Kish 1965), (D,), rounded up to a tenth; at least 1.

        ``between``: a tier; only what the weights differ between its areas, everyone having the mean of the area. What
        they differ inside is in the variances of the areas already.
        """
        weights = self.design.weights
        if between is not None:
            weights = self._mean_weights(between)
        squares, sums = self.total(weights * weights), self.total(weights)
        effects = np.divide(
            self.total((weights > 0).astype(np.float64)) * squares, sums**2, out=np.ones(self.count), where=sums > 0
        )
        return np.maximum(1.0, np.ceil(np.round(10 * effects, 9)) / 10)

    def _mean_weights(self, tier: int) -> FloatArray:
        """The mean weight of each respondent's area on ``tier``, (n,); outside of all, and where it is 0, the own."""
        weights, areas = self.design.weights, self.tree.ancestors_at(tier)[self.unit_areas]
        inside = (areas >= 0) & (weights > 0)
        sums = sum_by(areas[inside], weights[inside], self.count - 1)
        sizes = sum_by(areas[inside], np.ones(int(inside.sum())), self.count - 1)
        means = np.divide(sums, sizes, out=np.ones(self.count - 1), where=sizes > 0)
        return np.where(inside, means[areas], weights)
