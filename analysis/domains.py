"""Every domain a wave is estimated in: the whole, and all areas of its tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.areas import AreaTree
from analysis.design import BoolArray, DesignError, FloatArray, IntArray, SurveyDesign
from analysis.disclosure import Cell
from analysis.estimation.proportions import Layout, Proportions, estimate_in
from analysis.estimation.sums import sum_by


@dataclass(frozen=True, kw_only=True)
class Domains:
    """D domains: 0 is the whole, i + 1 is area i of ``tree``. ``unit_areas`` (n,): the area of each respondent.

    A respondent is in one domain of each tier at most, so one layout per tier holds them all.
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
    def layouts(self) -> tuple[Layout, ...]:
        """One for the whole and one for each tier."""
        whole = np.zeros(len(self.unit_areas), dtype=np.int64)
        of_tiers = [self.tree.ancestors_at(tier)[self.unit_areas] for tier in sorted(set(self.tree.tiers))]
        partitions = [whole, *(np.where(area >= 0, area + 1, -1) for area in of_tiers)]
        return tuple(Layout(design=self.design, domains=domains, domain_count=self.count) for domains in partitions)

    def estimate(self, *, counted: BoolArray, in_base: BoolArray) -> Proportions:
        """The share of ``counted`` among ``in_base``, (n,) each, in every domain."""
        first, *others = (estimate_in(layout, counted=counted, in_base=in_base) for layout in self.layouts)
        return sum(others, start=first)

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
        plain = np.zeros(self.count, dtype=bool)
        if self.design.psus is not None:
            return plain
        for layout in self.layouts:
            domains = layout.domains[layout.inside]
            for values in (self.design.strata, self.design.weights):
                order = np.argsort(domains, kind="stable")
                sorted_domains, sorted_values = domains[order], values[layout.inside][order]
                changes = (np.diff(sorted_domains) == 0) & (np.diff(sorted_values) != 0)
                mixed = np.unique(sorted_domains[1:][changes])
                plain[mixed] = True
        return ~plain

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
