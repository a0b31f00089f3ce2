"""Results that do not exist: a named reason, never a NaN."""

from dataclasses import dataclass
from enum import StrEnum


class UndefinedReason(StrEnum):
    EMPTY_DOMAIN = "empty_domain"
    ONE_RESPONDENT = "one_respondent"
    #: Strata with one PSU only, and no other stratum to borrow a variance from.
    SINGLE_PSU = "single_psu"
    #: Everyone was asked: there is nothing to be uncertain about.
    CENSUS = "census"
    NO_VARIANCE = "no_variance"
    #: Everyone or nobody counted, where the method needs both.
    ALL_OR_NONE = "all_or_none"
    NO_DEGREES_OF_FREEDOM = "no_degrees_of_freedom"
    #: A ratio to a total of zero.
    ZERO_DENOMINATOR = "zero_denominator"
    #: Values missing inside the domain.
    MISSING_VALUES = "missing_values"
    NO_CONVERGENCE = "no_convergence"
    #: A regressor that tells the outcomes apart without error: its coefficient is infinite.
    SEPARATED = "separated"
    #: Regressors of which one follows from the others.
    COLLINEAR = "collinear"
    #: Probabilities of selection that leave a negative estimate of a variance.
    NEGATIVE_VARIANCE = "negative_variance"
    #: A limit of a share below 0 or above 1: no answer stands there.
    BEYOND_THE_ANSWERS = "beyond_the_answers"
    #: Fewer areas with a sample than a model of areas needs.
    TOO_FEW_AREAS = "too_few_areas"
    #: Fewer respondents on one side of a comparison than it needs.
    TOO_FEW_RESPONDENTS = "too_few_respondents"


@dataclass(frozen=True, kw_only=True)
class Undefined:
    """In place of a number that does not exist.

    >>> Undefined(reason=UndefinedReason.EMPTY_DOMAIN).reason.value
    'empty_domain'
    """

    reason: UndefinedReason


class NotDefined(Exception):
    """Raised inside a statistic that has no value under some weights; ``estimate`` turns it into Undefined."""

    def __init__(self, reason: UndefinedReason) -> None:
        super().__init__(reason.value)
        self.reason = reason
