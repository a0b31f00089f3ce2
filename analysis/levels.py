"""The stages of a design as arrays: which unit of a stage each row is in, and which stratum each unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.design_errors import DesignError, LengthsDiffer


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage of selection after the first.

    ``units`` (n,): codes of what was drawn at this stage, unique across everything above. ``strata`` (n,): codes of the
    strata it was drawn in, unique across everything above. ``fractions`` (n,): the sampling fraction of the row's
    stratum at this stage, or ``None`` where it was drawn with replacement (0).
    """

    units: NDArray[np.int64]
    strata: NDArray[np.int64]
    fractions: NDArray[np.float64] | None = None


@dataclass(frozen=True, kw_only=True)
class Level:
    """One stage, numbered without gaps: U units in S strata inside the units of the stage above (parents).

    ``unit_of_row`` (n,) or ``None`` where every row is a unit of its own; ``stratum_of_unit`` (U,);
    ``parent_of_stratum`` (S,); ``sizes`` (S,): units per stratum; ``fractions`` (U,): the sampling fraction at this
    stage; ``factor`` (U,): the product of the sampling fractions of the stages above.
    """

    stage: int
    unit_of_row: NDArray[np.int64] | None
    stratum_of_unit: NDArray[np.int64]
    parent_of_stratum: NDArray[np.int64]
    sizes: NDArray[np.int64]
    fractions: NDArray[np.float64]
    factor: NDArray[np.float64]

    @property
    def unit_count(self) -> int:
        return len(self.stratum_of_unit)

    @property
    def stratum_count(self) -> int:
        return len(self.sizes)

    def totals(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums over the rows of each unit, (U, k); ``values`` (n, k)."""
        if self.unit_of_row is None:
            return values
        return np.column_stack(
            [np.bincount(self.unit_of_row, weights=column, minlength=self.unit_count) for column in values.T]
        )

    def any_row(self, marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The units with a marked row, (U,)."""
        if self.unit_of_row is None:
            return marked
        return np.bincount(self.unit_of_row[marked], minlength=self.unit_count) > 0


def levels(
    *,
    strata: NDArray[np.int64],
    psus: NDArray[np.int64] | None,
    fractions: NDArray[np.float64],
    later: Sequence[Stage],
) -> Iterator[Level]:
    """The stages from the first on; ``fractions`` (n,) of the first one.

    Raises :class:`DesignError` where the units or strata of a stage are not nested in what stands above them.
    """
    n = len(strata)
    above = np.zeros(n, dtype=np.int64)
    factor = np.ones(n)
    rows = np.arange(n, dtype=np.int64)
    stages = [Stage(units=rows if psus is None else psus, strata=strata, fractions=fractions), *later]
    for number, stage in enumerate(stages, start=1):
        own = number == 1 and psus is None
        if own:
            first, unit = rows, rows
        else:
            _, first, unit = np.unique(stage.units, return_index=True, return_inverse=True)
        _, stratum_first, stratum = np.unique(stage.strata, return_index=True, return_inverse=True)
        _check_nested(f"stage {number}: strata", stratum, above, above[stratum_first])
        _check_nested(f"stage {number}: units", unit, stratum, stratum[first])
        f = np.zeros(n) if stage.fractions is None else stage.fractions
        yield Level(
            stage=number,
            unit_of_row=None if own else unit.astype(np.int64, copy=False),
            stratum_of_unit=stratum[first],
            parent_of_stratum=above[stratum_first],
            sizes=np.bincount(stratum[first], minlength=len(stratum_first)).astype(np.int64),
            fractions=f[first],
            factor=factor[first],
        )
        above, factor = unit, factor * f


def check_stage(stage: Stage, number: int, n: int) -> None:
    """Raises :class:`DesignError` for a stage that does not fit ``n`` rows."""
    for name, array in (("units", stage.units), ("strata", stage.strata), ("fractions", stage.fractions)):
        if array is not None and len(array) != n:
            raise LengthsDiffer(f"stage {number} {name}", len(array), n)
    if stage.fractions is not None and n and not ((stage.fractions >= 0) & (stage.fractions <= 1)).all():
        raise DesignError(f"stage {number} fractions: got one outside 0-1, expected shares of the units in the stratum")


def _check_nested(name: str, code: NDArray[np.int64], above: NDArray[np.int64], of_code: NDArray[np.int64]) -> None:
    if (of_code[code] != above).any():
        raise DesignError(f"{name}: got a code under two of the stage above, expected codes unique across them")
