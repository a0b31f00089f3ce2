"""One design for the units of several waves.

A pooled rate is about the whole period: each wave stands for the same people once, so its weights are divided by the
number of waves. Waves drawn apart are strata of their own; a PSU that was kept from one wave to the next is one PSU, so
that what its answers have in common is in the variance (as in rotating panels: Steel & McLaren 2009, *Handbook of
Statistics* 29B, chapter 33).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import Adjustment, DesignError, FloatArray, IntArray, SurveyDesign
from analysis.design_errors import LengthsDiffer
from analysis.estimation.sums import sum_by


def pool_designs(
    designs: Sequence[SurveyDesign], *, psu_labels: Sequence[Sequence[Hashable | None]] | None = None
) -> SurveyDesign:
    """One design of the units of all waves, wave after wave.

    ``psu_labels``: for each wave the label of each unit's PSU, the same in every wave that kept it, ``None`` for one of
    this wave alone; without them no wave shares a PSU. Strata with a shared PSU become one, its population correction
    that of all completes among all eligible adults of the waves.

    Raises :class:`DesignError` without a wave, for lengths that differ, rules for lonely PSUs that differ, and designs
    with replicate weights, later stages or unequal or systematic selection, which cannot be laid together.

    >>> one = SurveyDesign(weights=np.full(2, 6.0), strata=np.zeros(2, dtype=int))
    >>> both = pool_designs([one, one])
    >>> both.weights.tolist(), both.strata.tolist()
    ([3.0, 3.0, 3.0, 3.0], [0, 0, 1, 1])
    >>> pool_designs([one, one], psu_labels=["ab", "bc"]).psu_counts.tolist()  # one stratum, PSUs a, b and c
    [3]
    """
    _check(designs, psu_labels)
    labels = psu_labels or [[None] * len(design.weights) for design in designs]
    psus, strata = _codes(designs, labels)
    offsets = np.cumsum([0, *(design.stratum_count for design in designs)])
    merged = _merged(psus, strata, int(offsets[-1]))
    return SurveyDesign(
        weights=np.concatenate([design.weights for design in designs]) / len(designs),
        strata=merged[strata],
        psus=psus,
        lonely=designs[0].lonely,
        adjust_domain_lonely=designs[0].adjust_domain_lonely,
        population=_eligible(designs, strata, merged),
        adjustments=(_InTurn(designs=tuple(designs)),) if any(design.adjustments for design in designs) else (),
    )


def _check(designs: Sequence[SurveyDesign], psu_labels: Sequence[Sequence[Hashable | None]] | None) -> None:
    if not designs:
        raise DesignError("designs: got none, expected at least one wave")
    if psu_labels is not None and len(psu_labels) != len(designs):
        raise DesignError(f"psu_labels: got {len(psu_labels)} lists, expected {len(designs)}, one per wave")
    for design, labels in zip(designs, psu_labels or (), strict=bool(psu_labels)):
        if len(labels) != len(design.weights):
            raise LengthsDiffer("psu_labels", len(labels), len(design.weights))
    for design in designs:
        if design.replicates or design.later_stages or design.selection or design.order is not None:
            raise DesignError(
                "designs: got replicate weights, later stages or unequal or systematic selection, expected "
                "strata and PSUs alone"
            )
        if (design.lonely, design.adjust_domain_lonely) != (designs[0].lonely, designs[0].adjust_domain_lonely):
            raise DesignError("designs: got different rules for lonely PSUs, expected one")


def _codes(
    designs: Sequence[SurveyDesign], psu_labels: Sequence[Sequence[Hashable | None]]
) -> tuple[IntArray, IntArray]:
    """Of every unit: a code of its PSU, the same for a label in any wave, and of its wave's stratum, (n,) each."""
    codes: dict[Hashable, int] = {}
    psus: list[int] = []
    strata, before = [], 0
    for wave, (design, labels) in enumerate(zip(designs, psu_labels, strict=True)):
        own = np.arange(len(design.weights)) if design.psus is None else design.psus
        for psu, label in zip(own.tolist(), labels, strict=True):
            key = (wave, psu) if label is None else ("kept", label)
            psus.append(codes.setdefault(key, len(codes)))
        strata.append(design.strata + before)
        before += design.stratum_count
    return np.array(psus, dtype=np.int64), np.concatenate(strata).astype(np.int64)


def _merged(psus: IntArray, strata: IntArray, count: int) -> IntArray:
    """For each of ``count`` strata the one it becomes, numbered without gaps: strata that share a PSU are one."""
    lowest = np.arange(count)
    while True:
        # Every PSU's strata take the lowest number among them, until nothing changes.
        of_psu = np.full(int(psus.max(initial=-1)) + 1, count)
        np.minimum.at(of_psu, psus, lowest[strata])
        following = lowest.copy()
        np.minimum.at(following, strata, of_psu[psus])
        if (following == lowest).all():
            return np.unique(lowest, return_inverse=True)[1].astype(np.int64)
        lowest = following


def _eligible(designs: Sequence[SurveyDesign], strata: IntArray, merged: IntArray) -> FloatArray | None:
    """Eligible adults of each pooled stratum, (H,): of all its waves together, so that f is completes of all waves ÷
    eligible adults of all waves; ``None`` where no wave has a population correction.
    """
    each = np.concatenate([design.fractions for design in designs])
    if not each.any():
        return None
    completes = np.bincount(strata, minlength=len(merged)).astype(np.float64)
    eligible = np.divide(completes, each, out=np.where(completes > 0, np.inf, 0.0), where=each > 0)
    return sum_by(merged, eligible, int(merged.max(initial=-1)) + 1)


@dataclass(frozen=True, kw_only=True)
class _InTurn:
    """Each wave's own adjustments on its own units: they were made before pooling."""

    designs: tuple[SurveyDesign, ...]

    def residuals(self, scores: FloatArray) -> FloatArray:
        return self._each(scores, lambda adjustment, part: adjustment.residuals(part))

    def apply(self, weights: FloatArray) -> FloatArray:
        return self._each(weights, lambda adjustment, part: adjustment.apply(part))

    def _each(self, values: FloatArray, step: Callable[[Adjustment, FloatArray], FloatArray]) -> FloatArray:
        parts, start = [], 0
        for design in self.designs:
            part = values[start : start + len(design.weights)]
            for adjustment in design.adjustments:
                part = step(adjustment, part)
            parts.append(part)
            start += len(design.weights)
        return np.concatenate(parts)
