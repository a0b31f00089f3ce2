"""The design as analysed: who stands for how many, and what was drawn first inside each stratum."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class DesignError(ValueError):
    """A design that no estimator can use: says what was got and what was expected."""


@dataclass(frozen=True, kw_only=True)
class SurveyDesign:
    """``n`` units of a stratified sample.

    ``weights`` (n,): finite, not negative. ``strata`` (n,): codes 0…H-1. ``psus`` (n,): codes that are unique across
    strata, or ``None`` when every unit was drawn by itself. ``population`` (H,): eligible adults per stratum for the
    population correction f = completes / eligible adults (``inf`` where unknown: f = 0), or ``None`` for no correction.

    A unit of weight 0 stands for nobody: it is in no base, though its PSU counts as drawn.

    Raises :class:`DesignError` for lengths that differ, weights that are negative or not finite, a PSU in two
    strata, and a stratum with more completes than eligible adults or without a number of them.

    >>> design = SurveyDesign(weights=np.ones(3), strata=np.array([0, 0, 1]))
    >>> design.psu_counts.tolist()
    [2, 1]
    """

    weights: FloatArray
    strata: IntArray
    psus: IntArray | None = None
    population: FloatArray | None = None

    def __post_init__(self) -> None:
        n = len(self.weights)
        for name, array in (("strata", self.strata), ("psus", self.psus)):
            if array is not None and len(array) != n:
                raise DesignError(f"{name}: got {len(array)} values, expected {n}, one per weight")
        if n and (not np.isfinite(self.weights).all() or self.weights.min() < 0):
            raise DesignError("weights: got a negative or not finite weight, expected numbers from 0 up")
        if n and self.strata.min() < 0:
            raise DesignError(f"strata: got {self.strata.min()}, expected codes from 0 up")
        if self.psus is not None:
            _, first, of_unit = np.unique(self.psus, return_index=True, return_inverse=True)
            if (self.strata[first][of_unit] != self.strata).any():
                raise DesignError("psus: got a PSU in two strata, expected codes unique across strata")
        if self.population is not None:
            if np.isnan(self.population).any():
                raise DesignError("population: got a value that is no number, expected inf where it is unknown")
            completes = np.bincount(self.strata, minlength=len(self.population))
            if len(completes) > len(self.population):
                raise DesignError(
                    f"population: got {len(self.population)} values, expected one per stratum ({len(completes)})"
                )
            if (completes > self.population).any():
                stratum = int(np.argmax(completes > self.population))
                raise DesignError(
                    f"population: got {self.population[stratum]:g} eligible adults in stratum {stratum}, "
                    f"expected at least its {completes[stratum]} completes"
                )

    @property
    def stratum_count(self) -> int:
        if self.population is not None:
            return len(self.population)
        return int(self.strata.max()) + 1 if len(self.strata) else 0

    @cached_property
    def psu_counts(self) -> IntArray:
        """PSUs per stratum, (H,)."""
        if self.psus is None:
            return np.bincount(self.strata, minlength=self.stratum_count).astype(np.int64)
        _, first = np.unique(self.psus, return_index=True)
        return np.bincount(self.strata[first], minlength=self.stratum_count).astype(np.int64)

    @cached_property
    def fractions(self) -> FloatArray:
        """The sampling fraction f per stratum, (H,): completes / eligible adults, 0 without correction."""
        if self.population is None:
            return np.zeros(self.stratum_count)
        completes = np.bincount(self.strata, minlength=self.stratum_count)
        return np.divide(completes, self.population, out=np.zeros(self.stratum_count), where=self.population > 0)
