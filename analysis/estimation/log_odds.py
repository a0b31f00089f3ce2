"""The log odds of a rate as a statistic: what a regression with nothing but a constant estimates."""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, FloatArray
from analysis.estimation.undefined import NotDefined, UndefinedReason


@dataclass(frozen=True, kw_only=True)
class LogOdds:
    """log(p/(1-p)) of the weighted rate p of ``counted`` among ``inside``, (n,) each.

    >>> odds = LogOdds(counted=np.array([True, False, False]), inside=np.array([True, True, False]))
    >>> odds.at(np.array([3.0, 1.0, 5.0])).round(4).tolist()  # log 3
    [1.0986]
    """

    counted: BoolArray
    inside: BoolArray

    def at(self, weights: FloatArray) -> FloatArray:
        """Raises :class:`NotDefined` where nobody is inside, or everyone or nobody of them is counted."""
        p = self._rate(weights)
        return np.array([np.log(p / (1 - p))])

    def scores(self, weights: FloatArray) -> FloatArray:
        """(y - p) / (Σw p(1-p)) inside, 0 outside; (n, 1)."""
        p, size = self._rate(weights), float(weights[self.inside].sum())
        inside = np.where(self.inside, (self.counted - p) / (size * p * (1 - p)), 0.0)
        return inside[:, np.newaxis]

    def _rate(self, weights: FloatArray) -> float:
        size, hit = float(weights[self.inside].sum()), float(weights[self.inside & self.counted].sum())
        if not size > 0:
            raise NotDefined(UndefinedReason.EMPTY_DOMAIN)
        if not 0 < hit < size:
            raise NotDefined(UndefinedReason.ALL_OR_NONE)
        return hit / size
