"""The covariance of two waves' estimates that comes from PSUs drawn once and kept for both.

Cov = Σ over strata of c m/(m-1) Σ (z₁ - mean)(z₂ - mean) over the m PSUs both waves share, z being a PSU's weighted
total of scores; c = 1 - √(f₁f₂) √(n₁n₂)/m is the population correction for n₁ and n₂ PSUs drawn (Tam 1984, Amer.
Statist. 38:288-289; Qualité & Tillé 2008, Survey Methodology 34:173-181). With the same PSUs in both waves it is the
covariance within one design. PSUs that were drawn anew add nothing: such draws are independent.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import DesignError, FloatArray, IntArray, SurveyDesign
from analysis.design_errors import LengthsDiffer


@dataclass(frozen=True, kw_only=True)
class WaveScores:
    """One wave's statistic, ready to be held against another's.

    ``scores`` (n,) or (n, k): what one more unit of weight on each unit adds to the statistic, 0 outside its domain
    (see :class:`analysis.estimation.statistic.Statistic`). ``psu_labels`` (n,): of each unit's PSU, the same in every
    wave that kept it, ``None`` for one that belongs to this wave alone.
    """

    design: SurveyDesign
    scores: FloatArray
    psu_labels: Sequence[Hashable | None]

    def __post_init__(self) -> None:
        n = len(self.design.weights)
        for name, array in (("scores", self.scores), ("psu_labels", self.psu_labels)):
            if len(array) != n:
                raise LengthsDiffer(name, len(array), n)


@dataclass(frozen=True, kw_only=True)
class _Psus:
    """P labelled PSUs of a wave: their ``totals`` (P, k), strata (P,), how many were drawn there (P,), and f (P,)."""

    labels: list[Hashable]
    totals: FloatArray
    strata: IntArray
    drawn: FloatArray
    fractions: FloatArray


def overlap_covariance(earlier: WaveScores, later: WaveScores) -> FloatArray:
    """Covariance (k, l) of the earlier statistic (k numbers) and the later one (l numbers).

    Strata with one shared PSU say nothing about how PSUs vary together and count as independent, which can only make
    the interval of a rise of like estimates too wide.

    Raises :class:`DesignError` for lengths that differ, for a PSU label in two PSUs of one wave, and for replicate
    weights, which know nothing of another wave.

    >>> design = SurveyDesign(weights=np.ones(3), strata=np.zeros(3, dtype=int))
    >>> one, two = (WaveScores(design=design, scores=np.array(y), psu_labels="abc") for y in ([1.0, 2, 3], [1.0, 2, 6]))
    >>> overlap_covariance(one, two).tolist()  # 3/2 x (-1 x -2 + 0 x -1 + 1 x 3)
    [[7.5]]
    """
    one, two = _psus(earlier), _psus(later)
    place = {label: index for index, label in enumerate(two.labels)}
    shared = [(index, place[label]) for index, label in enumerate(one.labels) if label in place]
    found = np.zeros((one.totals.shape[1], two.totals.shape[1]))
    if not shared:
        return found
    here, there = np.array(shared, dtype=np.int64).T
    groups, group = np.unique(np.column_stack([one.strata[here], two.strata[there]]), axis=0, return_inverse=True)
    for number in range(len(groups)):
        members = group.ravel() == number
        mine, theirs, count = here[members], there[members], int(members.sum())
        if count < 2:
            continue
        drawn = float(np.sqrt(one.drawn[mine[0]] * two.drawn[theirs[0]]))
        fraction = float(np.sqrt(one.fractions[mine[0]] * two.fractions[theirs[0]]))
        # No more than chance would share: as good as independent.
        correction = max(0.0, 1 - fraction * drawn / count)
        first, second = one.totals[mine], two.totals[theirs]
        found += correction * count / (count - 1) * (first - first.mean(axis=0)).T @ (second - second.mean(axis=0))
    return found


def overlap_correlation(covariance: float, earlier_se: float, later_se: float) -> float:
    """What :func:`analysis.estimation.mover.mover` wants, kept inside -1 to 1; 0 where an estimate has no error.

    >>> overlap_correlation(0.0002, 0.02, 0.02), overlap_correlation(0.0009, 0.02, 0.02)
    (0.5, 1.0)
    """
    product = earlier_se * later_se
    return float(np.clip(covariance / product, -1, 1)) if product > 0 else 0.0


def _psus(wave: WaveScores) -> _Psus:
    design, n = wave.design, len(wave.design.weights)
    if design.replicates is not None:
        raise DesignError("replicates: got replicate weights, expected strata and PSUs to find those of two waves")
    scores = wave.scores.reshape(n, -1)
    for adjustment in design.adjustments:
        scores = adjustment.residuals(scores)
    units = np.arange(n) if design.psus is None else design.psus
    codes, first, of_unit = np.unique(units, return_index=True, return_inverse=True)
    totals = np.zeros((len(codes), scores.shape[1]))
    np.add.at(totals, of_unit, scores * design.weights[:, np.newaxis])
    names: dict[Hashable, int] = {}
    for label, code in zip(wave.psu_labels, of_unit.tolist(), strict=True):
        if label is not None and names.setdefault(label, code) != code:
            raise DesignError(f"psu_labels: got {label} in two PSUs of one wave, expected one PSU for each label")
    if len(set(names.values())) < len(names):
        raise DesignError("psu_labels: got two labels in one PSU, expected one label for each PSU")
    kept = np.array(list(names.values()), dtype=np.int64)
    strata = design.strata[first][kept] if len(kept) else kept
    return _Psus(
        labels=list(names),
        totals=totals[kept],
        strata=strata,
        drawn=design.psu_counts[strata].astype(np.float64),
        fractions=design.fractions[strata],
    )
