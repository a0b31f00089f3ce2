"""What may leave the analysis: one estimate after disclosure control, reliability and bands were decided, and the
change of one between two waves.

No numpy here: reports and pages read these values without loading the numerical libraries.
"""

from dataclasses import dataclass
from enum import StrEnum


class Base(StrEnum):
    """Who stands in the denominator: everyone routed to the item, or those who gave a substantive answer."""

    ASKED = "asked"
    VALID = "valid"


class Subset(StrEnum):
    """All respondents of the sample, or those who were not told how to answer (printed beside where coaching shows);
    and apart from the sample, never added to it, those who chose themselves to answer through an open link.
    """

    ALL = "all"
    NOT_COACHED = "not_coached"
    OPEN_LINK = "open_link"


class Method(StrEnum):
    WILSON_EFFECTIVE = "wilson_effective"


class Reliability(StrEnum):
    RELIABLE = "reliable"
    WITH_CARE = "with_care"


class Band(StrEnum):
    """Against the target: 明显高于 / 看不出差别 / 明显低于."""

    ABOVE = "above"
    INDISTINGUISHABLE = "indistinguishable"
    BELOW = "below"


class Reading(StrEnum):
    """Another reading of a rate, printed beside it and never in its place; an index is made of several scores."""

    BROAD = "broad"
    VALID = "valid"
    TOP_BOX = "top_box"
    SCORE = "score"
    INDEX = "index"

    @property
    def is_score(self) -> bool:
        """A mean between 0 and 100, no share of people."""
        return self in (Reading.SCORE, Reading.INDEX)


class Reason(StrEnum):
    """Why a number is not there."""

    #: One reason for both on purpose: saying which cell is small and which protects it would undo the protection.
    TOO_FEW = "too_few_respondents_or_protects_such_a_group"
    NON_PROBABILITY = "non_probability_sample"
    NOBODY_ASKED = "nobody_in_base"
    ONE_RESPONDENT = "one_respondent"
    SINGLE_PSU = "single_psu"
    CENSUS = "census"


class ChangeFinding(StrEnum):
    """From an earlier wave to this one: 上升 / 下降 / 看不出变化."""

    ROSE = "rose"
    FELL = "fell"
    NO_CHANGE = "no_change"


class NotCompared(StrEnum):
    """Why nothing is said about a change; the first that holds."""

    NON_PROBABILITY = "non_probability_sample"
    NOT_ASKED_BEFORE = "not_asked_before"
    WORDING = "wording_differs"
    POPULATION = "population_differs"
    NO_EARLIER_ANSWERS = "no_earlier_answers"
    MODE_MIX = "mode_mix_differs"
    SUPPRESSED = "suppressed"
    SHOWN_AS_RANGE = "shown_as_range"
    NO_INTERVAL = "no_interval"
    WITH_CARE = "used_with_care"


@dataclass(frozen=True, kw_only=True)
class PublishedEstimate:
    """One rate of one area on one base, as it may be shown. Rates are 0-1.

    ``published`` false: every number is ``None`` and ``reason`` says why. ``published`` true without ``low``:
    there is a point but no interval, ``reason`` says why. ``shown_range`` set: the point may be shown only as this
    range (unanimous or nearly so), without its interval.
    """

    indicator: str
    area: str | None  # area code; None = the whole
    base: Base
    subset: Subset = Subset.ALL
    published: bool
    n: int | None = None
    n_effective: float | None = None
    proportion: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    method: Method | None = None
    df: float | None = None
    pooled: bool | None = None
    design_effect: float | None = None
    reliability: Reliability | None = None
    band: Band | None = None
    target: float | None = None
    shown_range: tuple[float, float] | None = None
    dont_know_share: float | None = None
    refusal_share: float | None = None
    no_answer_share: float | None = None
    reason: Reason | None = None


@dataclass(frozen=True, kw_only=True)
class AlternateFigure:
    """One other reading of a rate in one area, or an index, as it may be shown: only where the rate itself (every score
    of the index) is shown as a point, and in a probability sample with its interval.

    ``value``, ``se``, ``low`` and ``high``: shares 0-1, scores and indexes 0-100. ``n`` of an index: of the part with
    the fewest. ``published`` false: every number is ``None``, ``reason`` says why.
    """

    indicator: str
    reading: Reading
    area: str | None  # area code; None = the whole
    base: Base
    published: bool
    n: int | None = None
    n_effective: float | None = None
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    df: float | None = None
    pooled: bool | None = None
    reliability: Reliability | None = None
    reason: Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """From an earlier wave's published rate (asked base, everyone of the sample) to this wave's.

    Either a ``finding`` with all numbers, or a ``reason`` and none. ``difference``, ``low`` and ``high``: of rates, −1
    to 1, the interval at ``level``; ``p_value``: of this comparison alone, before its family is looked at.
    """

    indicator: str
    area: str | None  # area code; None = the whole
    level: float
    finding: ChangeFinding | None = None
    reason: NotCompared | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
