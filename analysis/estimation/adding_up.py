"""From units to totals."""

from collections.abc import Sequence

import numpy as np

from analysis.answers import AnswerState
from analysis.design import DesignError, FloatArray, IntArray, SurveyDesign
from analysis.estimation.joint_sums import States, joint_sums
from analysis.estimation.mergeable import PsuTotals, in_order
from analysis.estimation.places import Places, place_units


def totals_of(
    design: SurveyDesign,
    *,
    areas: IntArray,
    states: Sequence[States],
    rates: Sequence[str] | None = None,
    counted: bool = True,
) -> PsuTotals:
    """The totals of ``n`` units: ``areas`` (n,) of codes, -1 for none, and ``states`` (n,) for each of ``rates``.

    Without ``counted`` nobody is counted, which saves a third of the time and leaves shares and their variances.

    >>> design = SurveyDesign(weights=np.array([1.0, 2.0, 4.0]), strata=np.zeros(3, dtype=int))
    >>> found = totals_of(design, areas=np.array([5, 5, 6]), states=[np.array([1, 1, 0], dtype=np.int8)])
    >>> found.areas.tolist(), found.units.tolist(), found.weights[0, AnswerState.COUNTED + 1].tolist()
    ([5, 6], [2, 1], [3.0, 0.0])
    >>> both = found + found
    >>> both.units.tolist(), both.squares[0, AnswerState.COUNTED + 1].tolist()
    ([4, 2], [10.0, 0.0])

    Raises :class:`DesignError` when lengths differ, for a state that is none, and for a design that totals do not
    serve.
    """
    check_plain(design)
    return add_up(
        place_units(areas=areas, strata=design.strata, psus=design.psus),
        weights=design.weights,
        states=states,
        rates=rates,
        population=population_of(design),
        counted=counted,
    )


def check_plain(design: SurveyDesign) -> None:
    """Raises :class:`DesignError` for a design whose variances need more than sums by PSU."""
    if not design.is_plain:
        raise DesignError("design: expected one stage, weights as drawn and lonely PSUs centred, got another")


def population_of(design: SurveyDesign) -> FloatArray | None:
    """Eligible adults per stratum, (H,), so that units ÷ eligible adults is the sampling fraction."""
    if design.sampling_fractions is None:
        return design.population
    units, fractions = np.bincount(design.strata, minlength=design.stratum_count), design.sampling_fractions
    population: FloatArray = np.full(len(fractions), np.inf)
    np.divide(units, fractions, out=population, where=fractions > 0)
    return population


def add_up(
    places: Places,
    *,
    weights: FloatArray,
    states: Sequence[States],
    rates: Sequence[str] | None = None,
    population: FloatArray | None = None,
    times: IntArray | None = None,
    counted: bool = True,
) -> PsuTotals:
    """As :func:`totals_of`, for units placed already; ``times`` (n,): how many units each one stands for that are
    alike in everything (of single units only, or within a PSU); ``population`` (H,) by code of the stratum.
    """
    names = tuple(rates) if rates is not None else tuple(str(number) for number in range(len(states)))
    lengths = {"weights": len(weights), **{name: len(found) for name, found in zip(names, states, strict=True)}}
    for name, length in lengths.items():
        if length != len(places.cells):
            raise DesignError(f"{name}: got {length} values, expected {len(places.cells)}, one per unit")
    if len(weights) and weights.min() == 0:
        states = [np.where(weights > 0, of_rate, np.int8(AnswerState.OUTSIDE)) for of_rate in states]
    repeats = None if times is None else times.astype(np.float64)
    counts, by_row, squares = _sums(places, weights, states, repeats, counted=counted)
    cells = len(places.areas)
    return in_order(
        PsuTotals(
            rates=names,
            areas=places.areas,
            strata=places.strata,
            units=_units(places, counts, repeats),
            population=np.full(cells, np.inf) if population is None else population[places.strata],
            counts=counts,
            psus=places.psus,
            row_cells=np.arange(cells) if places.row_cells is None else places.row_cells,
            weights=by_row,
            squares=squares,
        )
    )


def _sums(
    places: Places, weights: FloatArray, states: Sequence[States], repeats: FloatArray | None, *, counted: bool
) -> tuple[IntArray | None, FloatArray, FloatArray | None]:
    """Counts by cell, sums of weights by row, and of squared weights where units are PSUs."""
    cells, repeated = len(places.areas), weights if repeats is None else weights * repeats
    if places.rows is None or places.psus is None:  # units are PSUs
        values = [repeated, repeated * weights, *([repeats] if counted else [])]
        by_cell = joint_sums(places.cells, cells, states, values)
        return _whole(by_cell[2]) if counted else None, by_cell[0], by_cell[1]
    by_row = joint_sums(places.rows, len(places.psus), states, [repeated])[0]
    counts = _whole(joint_sums(places.cells, cells, states, [repeats])[0]) if counted else None
    return counts, by_row, None


def _whole(sums: FloatArray | IntArray) -> IntArray:
    return np.rint(sums).astype(np.int64)


def _units(places: Places, counts: IntArray | None, repeats: FloatArray | None) -> IntArray:
    """Units by cell, (C,): those of any state of a rate, if any rate was counted."""
    if counts is not None and len(counts):
        units: IntArray = counts[0].sum(axis=0)
        return units
    return _whole(np.asarray(np.bincount(places.cells, weights=repeats, minlength=len(places.areas))))
