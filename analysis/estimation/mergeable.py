"""Totals that add up: what every rate, its error and its interval are worked out from.

A :class:`PsuTotals` holds sums over PSUs and over cells (an area within a stratum): how many gave which answer, what
they weigh, and, where every unit is a PSU by itself, the squares of their weights. It is small beside the answers,
leads to no answer where PSUs are dwellings, and parts of one sample add up, whether they were added up in one memory,
by a database's ``GROUP BY`` or on several machines, as long as the codes of areas, strata and PSUs mean the same.

From totals alone come, the same as from units (:mod:`analysis.estimation.proportions`): totals of weights and of
respondents by answer; proportions on any base and in any domain made of areas, with their Taylor variance in one
stage of PSUs or of single units, population correction and centring of lonely PSUs; degrees of freedom; intervals;
shares of don't know and refusal; design effects; pooling over areas; changes between waves with the covariance of
overlapping PSUs. Ratios, means and their calibration (by linear calibration) come from sums of products, see
:mod:`analysis.estimation.cross_totals`. Quantiles, regressions, replicate weights and raking look at units again:
no totals serve them.
"""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from analysis.design import BoolArray, DesignError, FloatArray, IntArray

SumsT = TypeVar("SumsT", FloatArray, IntArray)


@dataclass(frozen=True, kw_only=True, eq=False)
class PsuTotals:
    """Sums of K rates over C cells and R rows, every cell and row once and in order.

    ``rates``: their codes. ``areas`` and ``strata`` (C,): what the cells are. ``units`` (C,): all of them, in a base or
    not: they were drawn. ``population`` (C,): eligible adults in the cell's *stratum*, ``inf`` where unknown or
    without correction. ``counts`` (K, states, C): respondents of a weight above 0 by answer state, or ``None`` where
    nobody counted them. Units without weight count as ``OUTSIDE``.

    ``psus`` and ``row_cells`` (R,): what the rows are, a PSU within a cell; ``psus`` is ``None`` where rows are cells
    because every unit is a PSU by itself. ``weights`` (K, states, R): sums of weights. ``squares`` (K, states, C):
    sums of squared weights where units are PSUs, else ``None``.
    """

    rates: tuple[str, ...]
    areas: IntArray
    strata: IntArray
    units: IntArray
    population: FloatArray
    counts: IntArray | None
    psus: IntArray | None
    row_cells: IntArray
    weights: FloatArray
    squares: FloatArray | None

    def __add__(self, other: "PsuTotals") -> "PsuTotals":
        """Two parts of one sample together; sums of a cell or PSU that is in both are added.

        Raises :class:`DesignError` when the parts were not made alike.
        """
        _check_alike(self, other)
        return in_order(_side_by_side(self, other))

    def in_areas(self, areas: IntArray) -> "PsuTotals":
        """The same sums with ``areas`` (C,) in place of the cells' own, say those of a coarser tier; -1 for none."""
        return in_order(replace(self, areas=areas))


def in_order(totals: PsuTotals) -> PsuTotals:
    """The same sums with every cell and row once and in order, and none without units."""
    groups = _groups(totals.areas, totals.strata, totals.units > 0)
    if groups is not None:
        totals = _cells_in_order(totals, *groups)
    if totals.psus is None or (groups := _groups(totals.psus, totals.row_cells, totals.row_cells >= 0)) is None:
        return totals
    order, starts = groups
    return replace(
        totals,
        psus=totals.psus[order][starts],
        row_cells=totals.row_cells[order][starts],
        weights=_sums(totals.weights, order, starts),
    )


def _cells_in_order(totals: PsuTotals, order: IntArray, starts: IntArray) -> PsuTotals:
    """The rows follow where they are cells; else they name the new ones."""
    place = np.full(len(totals.areas), -1, dtype=np.int64)
    place[order] = np.repeat(np.arange(len(starts)), np.diff([*starts, len(order)]))
    single = totals.psus is None
    return replace(
        totals,
        areas=totals.areas[order][starts],
        strata=totals.strata[order][starts],
        units=_sums(totals.units, order, starts),
        population=totals.population[order][starts],
        counts=None if totals.counts is None else _sums(totals.counts, order, starts),
        row_cells=np.arange(len(starts)) if single else place[totals.row_cells],
        weights=_sums(totals.weights, order, starts) if single else totals.weights,
        squares=None if totals.squares is None else _sums(totals.squares, order, starts),
    )


def _groups(first: IntArray, second: IntArray, wanted: BoolArray) -> tuple[IntArray, IntArray] | None:
    """Where the wanted pairs of codes stand when put in order, and where in that order a different pair begins.

    ``None`` where all are wanted, in order already and each there once.
    """
    rising = (first[1:] > first[:-1]) | ((first[1:] == first[:-1]) & (second[1:] > second[:-1]))
    if rising.all() and wanted.all():
        return None
    order = np.lexsort((second, first))
    order = order[wanted[order]]
    first, second = first[order], second[order]
    begins = np.concatenate([[True], (first[1:] != first[:-1]) | (second[1:] != second[:-1])])
    return order, np.flatnonzero(begins[: len(order)])


def _sums(values: SumsT, order: IntArray, starts: IntArray) -> SumsT:
    """Sums over the groups along the last axis."""
    ordered: SumsT = values[..., order]
    return ordered if len(starts) == len(order) else np.add.reduceat(ordered, starts, axis=-1)


def _side_by_side(one: PsuTotals, other: PsuTotals) -> PsuTotals:
    """The cells and rows of both, one after the other."""
    return replace(
        one,
        areas=np.concatenate([one.areas, other.areas]),
        strata=np.concatenate([one.strata, other.strata]),
        units=np.concatenate([one.units, other.units]),
        population=np.concatenate([one.population, other.population]),
        counts=_joined(one.counts, other.counts),
        psus=_joined(one.psus, other.psus),
        row_cells=np.concatenate([one.row_cells, other.row_cells + len(one.areas)]),
        weights=np.concatenate([one.weights, other.weights], axis=-1),
        squares=_joined(one.squares, other.squares),
    )


def _joined(one: SumsT | None, other: SumsT | None) -> SumsT | None:
    return None if one is None or other is None else np.concatenate([one, other], axis=-1)


def _check_alike(one: PsuTotals, other: PsuTotals) -> None:
    if one.rates != other.rates:
        raise DesignError(f"rates: got {', '.join(other.rates)}, expected {', '.join(one.rates)} as in the other part")
    for name in ("counts", "psus", "squares"):
        if (getattr(one, name) is None) != (getattr(other, name) is None):
            raise DesignError(f"{name}: expected both parts with them or both without")
    strata = np.concatenate([one.strata, other.strata])
    population = np.concatenate([one.population, other.population])
    _, first, of_cell = np.unique(strata, return_index=True, return_inverse=True)
    if not np.array_equal(population[first][of_cell], population):
        raise DesignError("population: got two numbers for one stratum, expected the same in both parts")
