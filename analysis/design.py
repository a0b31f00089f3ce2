"""The design as analysed: who stands for how many, and what was drawn first inside each stratum."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.codes import dense, holders
from analysis.design_errors import (
    DesignError as DesignError,
)
from analysis.design_errors import EmptyStratum, InvalidWeights, LengthsDiffer
from analysis.levels import Level, check_stage, levels
from analysis.levels import Stage as Stage

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class LonelyPsu(StrEnum):
    """What a stratum with a single PSU adds to a variance, unless it was taken with certainty (f = 1: nothing)."""

    #: Refuse: :class:`analysis.design_errors.LonelyPsuError`.
    FAIL = "fail"
    #: The square of its distance from the mean of all PSUs: overstates rather than understates.
    ADJUST = "adjust"
    #: Nothing, as if it had been taken with certainty.
    CERTAINTY = "certainty"
    #: Nothing, as if it were not there.
    REMOVE = "remove"
    #: As much as the other strata do on average.
    AVERAGE = "average"


class SelectionMethod(StrEnum):
    """Joint inclusion probabilities: how they are approximated, or that they are known."""

    BREWER = "brewer"
    OVERTON = "overton"
    HARTLEY_RAO = "hartley_rao"
    JOINT = "joint"


class JointVariance(StrEnum):
    HORVITZ_THOMPSON = "HT"
    YATES_GRUNDY = "YG"


class Adjustment(Protocol):
    """A step that changed the weights (calibration, trimming): how variances follow it."""

    def residuals(self, scores: FloatArray) -> FloatArray:
        """What is left of unweighted scores (n, k) once the step's auxiliary variables have explained their part."""

    def apply(self, weights: FloatArray) -> FloatArray:
        """The same step on other weights, (n,) or (n, R)."""


@dataclass(frozen=True, kw_only=True)
class Replicates:
    """Replicate weights: variance = ``scale`` x Σ ``rscales`` x (replicate - centre)².

    ``weights`` (n, R) are combined: the base weight is in them. The centre is the full estimate where ``mse``, else
    the mean of the replicates. ``df`` of the whole design, or ``None``: the rank of the weights less one.
    """

    weights: FloatArray
    scale: float
    rscales: FloatArray
    mse: bool = False
    df: int | None = None


@dataclass(frozen=True, kw_only=True)
class UnequalSelection:
    """PSUs drawn with unequal probabilities and without replacement.

    ``probabilities`` (n,): inclusion probability of the row's PSU, above 0 up to 1. ``joint`` (n, n): joint inclusion
    probabilities of the rows' PSUs, where ``method`` is joint. ``variance``: the estimator that uses them (Brewer's
    needs none).
    """

    method: SelectionMethod
    probabilities: FloatArray
    joint: FloatArray | None = None
    variance: JointVariance = JointVariance.HORVITZ_THOMPSON


@dataclass(frozen=True, kw_only=True)
class SurveyDesign:
    """``n`` units of a stratified sample.

    ``weights`` (n,): finite, not negative. ``strata`` (n,): codes 0…H-1. ``psus`` (n,): codes that are unique across
    strata, or ``None`` when every unit was drawn by itself. The population correction of the first stage is given by
    ``population`` (H,): eligible adults per stratum, f = completes / eligible adults (``inf`` where unknown: f = 0); or
    by ``sampling_fractions`` (H,): f itself; or by neither (f = 0).

    ``later_stages``: what was drawn inside the PSUs; they count as far as the stages above have a sampling fraction.
    ``lonely``: the rule for strata with a single PSU; ``adjust_domain_lonely``: it holds as well where a domain has one
    PSU left in a stratum. ``selection``: unequal probabilities at the first stage. ``order`` (n,): positions along a
    systematic draw; variances are then taken from successive differences of the PSUs in a stratum. ``replicates``:
    variances are taken from them and from nothing else. ``adjustments``: what was done to the weights since.

    A unit of weight 0 stands for nobody: it is in no base, though its PSU counts as drawn.

    Raises :class:`DesignError` for lengths that differ, weights that are negative or not finite, a PSU in two
    strata, stages that are not nested, a stratum with more completes than eligible adults or without a number of
    them, and a sampling fraction of a stratum that is empty.

    >>> design = SurveyDesign(weights=np.ones(3), strata=np.array([0, 0, 1]))
    >>> design.psu_counts.tolist()
    [2, 1]
    """

    weights: FloatArray
    strata: IntArray
    psus: IntArray | None = None
    population: FloatArray | None = None
    sampling_fractions: FloatArray | None = None
    later_stages: tuple[Stage, ...] = ()
    lonely: LonelyPsu = LonelyPsu.ADJUST
    adjust_domain_lonely: bool = False
    selection: UnequalSelection | None = None
    order: IntArray | None = None
    replicates: Replicates | None = None
    adjustments: tuple[Adjustment, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.weights)
        for name, array in (("strata", self.strata), ("psus", self.psus), ("order", self.order)):
            if array is not None and len(array) != n:
                raise LengthsDiffer(name, len(array), n)
        if n and (not np.isfinite(self.weights).all() or self.weights.min() < 0):
            raise InvalidWeights("weights: got a negative or not finite weight, expected numbers from 0 up")
        if n and self.strata.min() < 0:
            raise DesignError(f"strata: got {self.strata.min()}, expected codes from 0 up")
        if self.psus is not None:
            codes, known = dense(self.psus)
            if holders(codes, len(known), self.strata) is None:
                raise DesignError("psus: got a PSU in two strata, expected codes unique across strata")
        for number, stage in enumerate(self.later_stages, start=2):
            check_stage(stage, number, n)
        _check_population(self)
        _check_fractions(self)
        _check_selection(self)
        _check_replicates(self)

    def adjusted(self, *, weights: FloatArray, adjustment: Adjustment) -> "SurveyDesign":
        """The design after a step that changed the weights: replicate weights go through the same step."""
        replicates = self.replicates
        if replicates is not None:
            replicates = replace(replicates, weights=adjustment.apply(replicates.weights))
        return replace(self, weights=weights, replicates=replicates, adjustments=(*self.adjustments, adjustment))

    @property
    def stratum_count(self) -> int:
        for given in (self.population, self.sampling_fractions):
            if given is not None:
                return len(given)
        return int(self.strata.max()) + 1 if len(self.strata) else 0

    @property
    def is_plain(self) -> bool:
        """One stage with equal probabilities and weights as drawn, lonely PSUs centred at the grand mean: what sums by
        PSU, stratum and domain are enough for (:mod:`analysis.estimation.proportions`).
        """
        return not (
            self.later_stages
            or self.selection
            or self.replicates
            or self.adjustments
            or self.order is not None
            or self.lonely is not LonelyPsu.ADJUST
            or self.adjust_domain_lonely
        )

    @cached_property
    def psu_counts(self) -> IntArray:
        """PSUs per stratum, (H,)."""
        if self.psus is None:
            return np.bincount(self.strata, minlength=self.stratum_count).astype(np.int64)
        _, first = np.unique(self.psus, return_index=True)
        return np.bincount(self.strata[first], minlength=self.stratum_count).astype(np.int64)

    @cached_property
    def fractions(self) -> FloatArray:
        """The sampling fraction f per stratum, (H,): completes / eligible adults or as given, 0 without correction."""
        if self.sampling_fractions is not None:
            return self.sampling_fractions
        if self.population is None:
            return np.zeros(self.stratum_count)
        completes = np.bincount(self.strata, minlength=self.stratum_count)
        return np.divide(completes, self.population, out=np.zeros(self.stratum_count), where=self.population > 0)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The stages as arrays, from the first on."""
        fractions = self.fractions[self.strata] if self.selection is None else self.selection.probabilities
        return tuple(levels(strata=self.strata, psus=self.psus, fractions=fractions, later=self.later_stages))


def _check_population(design: SurveyDesign) -> None:
    population = design.population
    if population is None:
        return
    if design.sampling_fractions is not None:
        raise DesignError("population: got sampling_fractions as well, expected one of the two")
    if np.isnan(population).any():
        raise DesignError("population: got a value that is no number, expected inf where it is unknown")
    completes = np.bincount(design.strata, minlength=len(population))
    if len(completes) > len(population):
        raise DesignError(f"population: got {len(population)} values, expected one per stratum ({len(completes)})")
    if (completes > population).any():
        stratum = int(np.argmax(completes > population))
        raise DesignError(
            f"population: got {population[stratum]:g} eligible adults in stratum {stratum}, "
            f"expected at least its {completes[stratum]} completes"
        )


def _check_fractions(design: SurveyDesign) -> None:
    fractions = design.sampling_fractions
    if fractions is None:
        return
    units = np.bincount(design.strata, minlength=len(fractions))
    if len(units) > len(fractions):
        raise DesignError(f"sampling_fractions: got {len(fractions)} values, expected one per stratum ({len(units)})")
    if not ((fractions >= 0) & (fractions <= 1)).all():
        raise DesignError("sampling_fractions: got one outside 0-1, expected shares of the PSUs in the stratum")
    if ((units == 0) & (fractions > 0)).any():
        stratum = int(np.argmax((units == 0) & (fractions > 0)))
        raise EmptyStratum(
            f"sampling_fractions: got {fractions[stratum]:g} for stratum {stratum}, expected a unit in it"
        )


def _check_selection(design: SurveyDesign) -> None:
    selection, n = design.selection, len(design.weights)
    if selection is None:
        return
    if len(selection.probabilities) != n:
        raise LengthsDiffer("probabilities", len(selection.probabilities), n)
    if not ((selection.probabilities > 0) & (selection.probabilities <= 1)).all():
        raise DesignError("probabilities: got one outside 0-1, expected inclusion probabilities above 0 up to 1")
    if (selection.method is SelectionMethod.JOINT) != (selection.joint is not None):
        raise DesignError("joint: expected joint probabilities with the method joint and with no other")
    if selection.joint is not None:
        if selection.joint.shape != (n, n):
            raise DesignError(f"joint: got a matrix {selection.joint.shape}, expected {(n, n)}, one row per weight")
        if not ((selection.joint > 0) & (selection.joint <= 1)).all():
            raise DesignError("joint: got one outside 0-1, expected joint inclusion probabilities above 0 up to 1")


def _check_replicates(design: SurveyDesign) -> None:
    replicates, n = design.replicates, len(design.weights)
    if replicates is None:
        return
    if replicates.weights.ndim != 2 or len(replicates.weights) != n:
        raise DesignError(f"replicates: got weights {replicates.weights.shape}, expected {n} rows, one per weight")
    if replicates.rscales.shape != replicates.weights.shape[1:]:
        raise DesignError(
            f"rscales: got {len(replicates.rscales)} values, expected {replicates.weights.shape[1]}, one per replicate"
        )
    # Calibrated replicates may well hold negative weights: only numbers are asked for.
    if not np.isfinite(replicates.weights).all():
        raise InvalidWeights("replicates: got a weight that is not finite, expected numbers")
