"""Modelled rates of the areas of a wave, from the rows of its run: only what may be shown goes into the model.

Rows that are hidden, or shown as a range, are left out of the model; such an area gets what the model says about any
area like it, for from a modelled rate, its shrinkage and the others the direct one would follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimation.small_area.borrow_strength import BorrowedStrength, DirectRates, borrow_strength
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.publication import Base, PublishedEstimate, Subset


@dataclass(frozen=True, kw_only=True)
class ModelArea:
    """``population``: eligible adults, if known."""

    code: str
    population: int | None


def model_areas(
    rows: Sequence[PublishedEstimate], areas: Sequence[ModelArea], *, samples: int = 200
) -> BorrowedStrength | Undefined:
    """Of one indicator on the asked base: a modelled rate for each of ``areas``, in their order, those where nobody
    answered among them; they add up to the direct estimate of the whole.

    Undefined where :func:`~analysis.estimation.small_area.borrow_strength.borrow_strength` is, and without intervals
    (a non-probability sample).
    """
    direct = {row.area: row for row in rows if row.base is Base.ASKED and row.subset is Subset.ALL}
    found = [direct.get(area.code) for area in areas]
    usable = [row is not None and _is_usable(row) for row in found]
    if not any(usable):
        return Undefined(reason=UndefinedReason.TOO_FEW_AREAS)
    whole = direct.get(None)
    known = all(area.population for area in areas)
    return borrow_strength(
        DirectRates(
            proportions=np.array([_of(row, "proportion") for row in found]),
            effective_sizes=np.array([_of(row, "n_effective") or 1.0 for row in found]),
            n=np.array([0 if row is None else row.n or 1 for row in found], dtype=np.int64),
            shares=np.array([float(area.population or 1) if known else 1.0 for area in areas]),
            hidden=~np.array(usable, dtype=bool),
        ),
        whole=whole.proportion if whole is not None and _is_usable(whole) else None,
        level=next(row.level for row in found if row is not None),
        samples=samples,
    )


def _is_usable(row: PublishedEstimate) -> bool:
    return row.published and row.shown_range is None and row.n_effective is not None and row.proportion is not None


def _of(row: PublishedEstimate | None, name: str) -> float:
    return 0.0 if row is None or not _is_usable(row) else float(getattr(row, name))
