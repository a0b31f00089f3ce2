"""Non-response where only sums are known: what the eligible cases of each area weigh, and who answered there.

Once a wave is closed no case keeps an outcome, but its areas keep what their cases weigh. In classes of areas the
factor is what the eligible cases weigh ÷ what the respondents weigh, both by 1 / inclusion probability (Little, Survey
nonresponse adjustments for estimates of means, Int. Stat. Review 1986). Or each area has a rate of its own, shrunk
towards that of all (:func:`analysis.weighting.nonresponse.shrunk_rates`).
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import DesignError, FloatArray, IntArray
from analysis.design_errors import LengthsDiffer
from analysis.estimation.sums import sum_by
from analysis.weighting.errors import CellsTooSmall
from analysis.weighting.nonresponse import shrunk_rates


@dataclass(frozen=True, kw_only=True)
class AreaResponse:
    """``areas`` (n,) and ``inclusion`` (n,): of each respondent, 0…A-1, and 1 / inclusion probability. ``eligible``
    (A,): what the eligible cases of each area weigh, those of unknown eligibility by the share taken to be eligible;
    never less than the respondents weigh. ``case_weights`` (A,): the mean weight of each area's cases, needed where
    nobody answered.

    Two areas; in the first two of three cases of weight 10 answered, in the second one of two of weight 5:

    >>> found = AreaResponse(
    ...     areas=np.array([0, 0, 1]), inclusion=np.array([10.0, 10, 5]), eligible=np.array([30.0, 10]))
    >>> found.in_classes(np.array([0, 1])).tolist()
    [1.5, 1.5, 2.0]
    >>> found.in_classes(np.array([0, 0])).tolist()  # together 40 / 25
    [1.6, 1.6, 1.6]
    """

    areas: IntArray
    inclusion: FloatArray
    eligible: FloatArray
    case_weights: FloatArray | None = None

    def __post_init__(self) -> None:
        if len(self.inclusion) != len(self.areas):
            raise LengthsDiffer("inclusion", len(self.inclusion), len(self.areas))
        weighed = sum_by(self.areas, self.inclusion, len(self.eligible))
        if (weighed > self.eligible * (1 + 1e-9)).any():
            worst = int(np.argmax(weighed - self.eligible))
            raise DesignError(
                f"area {worst}: got respondents that weigh {weighed[worst]:g}, expected at most "
                f"{self.eligible[worst]:g}, the weight of its eligible cases"
            )

    def in_classes(self, classes: IntArray) -> FloatArray:
        """The factor of each respondent, (n,); ``classes`` (A,): of each area, every one with respondents."""
        count = int(classes.max(initial=-1)) + 1
        of_respondent = classes[self.areas]
        answered = sum_by(of_respondent, self.inclusion, count)
        if (answered <= 0).any():
            raise CellsTooSmall(f"class {int(np.argmin(answered))}: got no respondent, expected some")
        factors: FloatArray = sum_by(classes, self.eligible, count) / answered
        return factors[of_respondent]

    def shrunk(self) -> FloatArray:
        """1 / the response rate of the own area, shrunk towards that of all, (n,).

        Those who did not answer are taken to be as many, at the mean weight of their area's respondents, as what they
        weigh makes; where nobody answered at that of its cases. Raises :class:`DesignError` where that is not known.

        In both areas five cases of weight 10, and in the second one nobody answered:

        >>> found = AreaResponse(areas=np.zeros(5, dtype=np.int64), inclusion=np.full(5, 10.0),
        ...     eligible=np.array([50.0, 50]), case_weights=np.array([10.0, 10]))
        >>> found.shrunk().tolist()
        [1.0, 1.0, 1.0, 1.0, 1.0]
        """
        count = len(self.eligible)
        weighed = sum_by(self.areas, self.inclusion, count)
        answers = np.bincount(self.areas, minlength=count)
        mean = np.divide(weighed, answers, out=self._case_weights(count), where=answers > 0)
        silent = np.maximum(np.rint((self.eligible - weighed) / mean), 0).astype(np.int64)
        areas = np.concatenate([self.areas, np.repeat(np.arange(count), silent)])
        weights = np.concatenate([self.inclusion, np.repeat(mean, silent)])
        responded = np.arange(len(areas)) < len(self.areas)
        factors: FloatArray = 1 / shrunk_rates(areas, responded, weights)[self.areas]
        return factors

    def _case_weights(self, count: int) -> FloatArray:
        if self.case_weights is not None:
            return np.array(self.case_weights, dtype=np.float64)
        silent = sorted({*range(count)} - {*self.areas.tolist()})
        if any(self.eligible[area] > 0 for area in silent):
            raise DesignError(f"area {silent[0]}: got no respondent, expected the mean weight of its cases")
        return np.ones(count)
