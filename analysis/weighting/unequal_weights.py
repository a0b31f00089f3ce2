"""What unequal weights cost, and which of them are large."""

from dataclasses import dataclass

import numpy as np

from analysis.design import FloatArray, IntArray


def kish_effect(weights: FloatArray) -> float:
    """What unequal weights cost: n Σw² / (Σw)², 1 for equal ones and for nobody.

    >>> kish_effect(np.array([1.0, 1, 2, 2, 4]))
    1.3
    """
    total = float(weights.sum())
    return float(len(weights) * (weights**2).sum() / total**2) if total else 1.0


@dataclass(frozen=True, kw_only=True)
class WeightSummary:
    """``kish``: Kish's effect; ``n``: weights that are not 0; ``effective``: n / kish; ``largest`` (≤ 10,): places of
    the largest weights, first the largest; ``share_of_largest``: their part of all weight."""

    n: int
    kish: float
    effective: float
    largest: IntArray
    share_of_largest: float


def summarise(weights: FloatArray, largest: int = 10) -> WeightSummary:
    """Of weights (n,) from 0 up; units of weight 0 do not count.

    >>> found = summarise(np.array([1.0, 1, 2, 2, 4, 0]), largest=1)
    >>> found.n, found.kish, round(found.effective, 4), found.largest.tolist(), found.share_of_largest
    (5, 1.3, 3.8462, [4], 0.4)
    """
    used = weights[weights > 0]
    effect = kish_effect(used)
    places = np.argsort(-weights, kind="stable")[: min(largest, len(used))]
    total = float(used.sum())
    return WeightSummary(
        n=len(used),
        kish=effect,
        effective=len(used) / effect,
        largest=places,
        share_of_largest=float(weights[places].sum() / total) if total else 0.0,
    )
