"""Which sums each unit of a sample belongs to: found once, used for every rate."""

from dataclasses import dataclass

import numpy as np

from analysis.codes import NOTHING, dense, holders
from analysis.design import BoolArray, DesignError, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """n units in C cells (an area within a stratum) and R rows (a PSU within a cell).

    ``cells`` (n,): each unit's cell; ``areas`` and ``strata`` (C,): what the cells are. ``rows`` (n,): each unit's row,
    ``row_cells`` and ``psus`` (R,): what the rows are; all three ``None`` where units are PSUs.
    Some cells may be without units.
    """

    cells: IntArray
    areas: IntArray
    strata: IntArray
    rows: IntArray | None
    row_cells: IntArray | None
    psus: IntArray | None


def place_units(*, areas: IntArray, strata: IntArray, psus: IntArray | None = None) -> Places:
    """``areas`` (n,): codes, -1 for none; ``strata`` (n,): codes from 0; ``psus`` (n,): codes unique across strata.

    Three units of two strata in one area; the first two are one PSU:

    >>> found = place_units(areas=np.array([7, 7, 7]), strata=np.array([0, 0, 1]), psus=np.array([3, 3, 5]))
    >>> found.cells.tolist(), found.areas[found.cells].tolist(), found.strata[found.cells].tolist()
    ([0, 0, 1], [7, 7, 7], [0, 0, 1])
    >>> found.rows.tolist(), found.psus[found.rows].tolist()
    ([0, 0, 1], [3, 3, 5])

    Raises :class:`DesignError` when lengths differ.
    """
    for name, array in (("areas", areas), ("psus", psus)):
        if array is not None and len(array) != len(strata):
            raise DesignError(f"{name}: got {len(array)} values, expected {len(strata)}, one per unit")
    cells, cell_areas, cell_strata = _joined(areas, strata)
    if psus is None:
        return Places(cells=cells, areas=cell_areas, strata=cell_strata, rows=None, row_cells=None, psus=None)
    rows, row_cells, row_psus = _joined(cells, psus)
    return Places(cells=cells, areas=cell_areas, strata=cell_strata, rows=rows, row_cells=row_cells, psus=row_psus)


def _joined(first: IntArray, second: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """A code for each pair of codes, (n,), and the pair that each code stands for.

    Mostly one of the two is nested in the other and is the code already: that is looked at first, because to find the
    different pairs among a million takes longer than to estimate from them.
    """
    if first is second or np.array_equal(first, second):
        codes, known = dense(first)
        return codes, known, known
    second_codes, second_known = dense(second)
    if (of_code := holders(second_codes, len(second_known), first)) is not None:
        return _used(second_codes, of_code, second_known, of_code != NOTHING)
    first_codes, first_known = dense(first)
    if (of_code := holders(first_codes, len(first_known), second)) is not None:
        return _used(first_codes, first_known, of_code, of_code != NOTHING)
    pairs, joined = _different(first_codes * len(second_known) + second_codes, len(first_known) * len(second_known))
    return joined, first_known[pairs // len(second_known)], second_known[pairs % len(second_known)]


def _used(codes: IntArray, first: IntArray, second: IntArray, used: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Codes and what they stand for without those that no unit has."""
    if used.all():
        return codes, first, second
    return (np.cumsum(used) - 1)[codes], first[used], second[used]


def _different(keys: IntArray, bound: int) -> tuple[IntArray, IntArray]:
    """The different ``keys`` below ``bound`` in order, and the place of each key among them."""
    if bound > 16 * len(keys) + 1000:
        return np.unique(keys, return_inverse=True)
    seen: BoolArray = np.zeros(bound, dtype=bool)
    seen[keys] = True
    different = np.flatnonzero(seen)
    place = np.empty(bound, dtype=np.int64)
    place[different] = np.arange(len(different))
    return different, place[keys]
