"""Design effects: a variance over that of a simple random sample of as many units.

Kish 1965, *Survey Sampling*, section 8.2: the sample compared with is drawn without replacement ("wor": the variance
gets the correction 1 - n / Σ weight) or with ("wr").
"""

from enum import StrEnum

import numpy as np

from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.estimation.values import checked, everyone


class Compared(StrEnum):
    WITHOUT_REPLACEMENT = "wor"
    WITH_REPLACEMENT = "wr"


def design_effect(
    design: SurveyDesign,
    y: FloatArray,
    inside: BoolArray | None = None,
    *,
    variance: float,
    kind: Compared = Compared.WITHOUT_REPLACEMENT,
    total: bool = False,
) -> float | Undefined:
    """``variance`` of the mean (or ``total``) of ``y`` (n,) inside, over that of a simple random sample.

    >>> design = SurveyDesign(weights=np.full(4, 5.0), strata=np.zeros(4, dtype=int))
    >>> y = np.array([1.0, 2.0, 3.0, 6.0])
    >>> design_effect(design, y, variance=14 / 3 / 4, kind=Compared.WITH_REPLACEMENT)
    1.0
    >>> design_effect(design, y, variance=14 / 3 / 4)  # 4 of 20 drawn: 1 / .8
    1.25
    """
    members = everyone(design, inside)
    values = checked(design, "y", y, members)[:, 0]
    weights = np.where(members, design.weights, 0.0)
    n, size = int(np.count_nonzero(weights)), float(weights.sum())
    if n < 2:
        return Undefined(reason=UndefinedReason.ONE_RESPONDENT if n else UndefinedReason.EMPTY_DOMAIN)
    mean = weights @ values / size
    compared = float(weights @ (values - mean) ** 2) / size / (n - 1)
    if kind is Compared.WITHOUT_REPLACEMENT:
        if size <= n:
            return Undefined(reason=UndefinedReason.CENSUS)
        compared *= (size - n) / size
    if total:
        compared *= size**2
    if not compared > 0:
        return Undefined(reason=UndefinedReason.NO_VARIANCE)
    return variance / compared
