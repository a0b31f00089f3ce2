"""Replicate weights made from a design: jackknife (JK1, JKn), balanced half samples (BRR) and Fay's.

PSUs are left out one by one (the others of the stratum take their weight), or one of the two of every stratum is
left out (BRR), or made light (Fay), along the columns of a Hadamard matrix. Weights made before calibration go
through it with :meth:`~analysis.weighting.steps.Weighting.apply`.

References: Wolter, Introduction to Variance Estimation (2007), 3 and 4; Judkins, Fay's method for variance estimation
(J. Official Stat. 1990).
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import DesignError, FloatArray, IntArray, LonelyPsu, Replicates, SurveyDesign
from analysis.design_errors import LonelyPsuError
from analysis.weighting.hadamard import hadamard


@dataclass(frozen=True, kw_only=True)
class FirstStage:
    """PSUs in the order of the file: ``of_unit`` (n,) 0…m-1, ``strata`` (m,), ``counts`` and ``fractions`` (H,)."""

    of_unit: IntArray
    strata: IntArray
    counts: IntArray
    fractions: FloatArray

    @property
    def df(self) -> int:
        """PSUs - strata that have any."""
        return int(len(self.strata) - (self.counts > 0).sum())


def first_stage(design: SurveyDesign) -> FirstStage:
    """Raises :class:`DesignError` for PSUs drawn with unequal probabilities: made replicates do not know of these."""
    if design.selection is not None:
        raise DesignError("replicates: got PSUs drawn with unequal probabilities, expected equal ones inside strata")
    if design.psus is None:
        of_unit, first = np.arange(len(design.strata)), np.arange(len(design.strata))
    else:
        _, first, inverse = np.unique(design.psus, return_index=True, return_inverse=True)
        order = np.argsort(first)
        of_unit, first = np.argsort(order)[inverse], first[order]
    return FirstStage(
        of_unit=of_unit, strata=design.strata[first], counts=design.psu_counts, fractions=design.fractions
    )


def jk1(design: SurveyDesign, *, mse: bool = False) -> Replicates:
    """The jackknife of a design with one stratum: one replicate per PSU.

    Three PSUs of weight 2: each replicate has two of weight 3; scale 2/3.

    >>> made = jk1(SurveyDesign(weights=np.full(3, 2.0), strata=np.zeros(3, dtype=np.int64)))
    >>> made.weights.tolist(), round(made.scale, 3)
    ([[0.0, 3.0, 3.0], [3.0, 0.0, 3.0], [3.0, 3.0, 0.0]], 0.667)
    """
    stage = first_stage(design)
    m = len(stage.strata)
    if (stage.counts > 0).sum() != 1 or m < 2:
        raise DesignError(
            f"JK1: got {m} PSUs in {(stage.counts > 0).sum()} strata, expected at least 2 in one: JKn is for strata"
        )
    factors = np.where(np.eye(m, dtype=bool), 0.0, m / (m - 1))
    return Replicates(
        weights=design.weights[:, np.newaxis] * factors[stage.of_unit],
        scale=(m - 1) / m * float(1 - stage.fractions[stage.strata[0]]),
        rscales=np.ones(m),
        mse=mse,
        df=stage.df,
    )


def jkn(design: SurveyDesign, *, mse: bool = False) -> Replicates:
    """The jackknife of a stratified design: one replicate per PSU, weighted (1 - f)(m - 1)/m of its stratum.

    A stratum with a single PSU taken with certainty (f = 1) makes none. Any other follows ``design.lonely``: an error,
    nothing, the square of its distance from the mean of all PSUs (adjust; its weight goes to all others), or as much
    as the other strata on average.

    >>> made = jkn(SurveyDesign(weights=np.ones(4), strata=np.array([0, 0, 1, 1])))
    >>> made.weights.tolist(), made.rscales.tolist()
    ([[0.0, 2.0, 1.0, 1.0], [2.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 2.0], [1.0, 1.0, 2.0, 0.0]], [0.5, 0.5, 0.5, 0.5])
    """
    stage = first_stage(design)
    size, m = stage.counts[stage.strata], len(stage.strata)
    lonely = (size == 1) & (stage.fractions[stage.strata] < 1)
    if lonely.any() and design.lonely is LonelyPsu.FAIL:
        raise LonelyPsuError(int(lonely.sum()), 1)
    shown = (size > 1) | (lonely & (design.lonely is LonelyPsu.ADJUST) & (m > 1))
    if not shown.any():
        raise DesignError("JKn: got no stratum with two PSUs, expected at least one")
    dropped = np.flatnonzero(shown)
    rscales = (1 - stage.fractions[stage.strata[dropped]]) * (size[dropped] - 1) / size[dropped]
    rscales[lonely[dropped]] = (1 - stage.fractions[stage.strata[dropped]][lonely[dropped]]) * ((m - 1) / m) ** 2
    factors = np.ones((m, len(dropped)))
    for column, psu in enumerate(dropped):
        takers = np.arange(m) if lonely[psu] else np.flatnonzero(stage.strata == stage.strata[psu])
        factors[takers, column] = len(takers) / (len(takers) - 1)
        factors[psu, column] = 0.0
    strata = int((stage.counts > 0).sum())
    average = design.lonely is LonelyPsu.AVERAGE
    return Replicates(
        weights=design.weights[:, np.newaxis] * factors[stage.of_unit],
        scale=strata / (strata - int(lonely.sum())) if average else 1.0,
        rscales=rscales,
        mse=mse,
        df=stage.df,
    )


def brr(design: SurveyDesign, *, fay: float = 0.0, mse: bool = False) -> Replicates:
    """Balanced half samples of two PSUs per stratum; ``fay`` from 0 up to below 1 leaves that part of the weight.

    Takes no account of a population correction. The number of replicates is the least order above the number of
    strata of a Hadamard matrix that can be made.

    Raises :class:`DesignError` if a stratum has other than two PSUs.

    >>> made = brr(SurveyDesign(weights=np.ones(4), strata=np.array([0, 0, 1, 1])))
    >>> made.weights.sum(axis=0).tolist(), made.scale
    ([4.0, 4.0, 4.0, 4.0], 0.25)
    """
    if not 0 <= fay < 1:
        raise DesignError(f"Fay: got {fay:g}, expected at least 0 and less than 1")
    stage = first_stage(design)
    used = np.flatnonzero(stage.counts > 0)
    if (stage.counts[used] != 2).any():
        wrong = used[np.argmax(stage.counts[used] != 2)]
        raise DesignError(f"BRR: got {stage.counts[wrong]} PSUs in stratum {wrong}, expected 2: use JKn")
    signs = hadamard(len(used) + 1)[1 : len(used) + 1]
    row = np.searchsorted(used, stage.strata)
    second = np.zeros(len(stage.strata), dtype=bool)
    second[np.setdiff1d(np.arange(len(stage.strata)), np.unique(stage.strata, return_index=True)[1])] = True
    factors = 1 + (1 - fay) * np.where(second[:, np.newaxis], -1, 1) * signs[row]
    count = signs.shape[1]
    return Replicates(
        weights=design.weights[:, np.newaxis] * factors[stage.of_unit],
        scale=1 / (count * (1 - fay) ** 2),
        rscales=np.ones(count),
        mse=mse,
        df=stage.df,
    )
