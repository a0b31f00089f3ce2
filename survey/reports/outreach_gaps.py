"""How many residents a gap to the target stands for: always with the range that its interval leaves open."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from survey.messages import N_
from survey.reports.outreach_words import rounded
from survey.reports.wording import Say, count


@dataclass(frozen=True, kw_only=True)
class Gap:
    """``low_high``: the ends of its interval; ``None``: there is none to print."""

    residents: int
    low_high: tuple[int, int] | None

    def overlaps(self, other: "Gap") -> bool:
        """Whether it cannot be told which of the two is the larger; without an interval nothing can be."""
        if self.low_high is None or other.low_high is None:
            return True
        return self.low_high[0] <= other.low_high[1] and other.low_high[0] <= self.low_high[1]


def added(gaps: Iterable[Gap]) -> Gap:
    """Of several communities together. Their samples are independent: the distances to the ends add up as squares.

    >>> added([Gap(residents=300, low_high=(270, 340)), Gap(residents=200, low_high=(160, 230))])
    Gap(residents=500, low_high=(450, 550))
    >>> added([Gap(residents=300, low_high=(270, 340)), Gap(residents=200, low_high=None)])
    Gap(residents=500, low_high=None)
    """
    each = list(gaps)
    total = sum(gap.residents for gap in each)
    ends = [(gap.residents, *gap.low_high) for gap in each if gap.low_high is not None]
    if not each or len(ends) < len(each):
        return Gap(residents=total, low_high=None)
    below = math.hypot(*(residents - low for residents, low, _ in ends))
    above = math.hypot(*(high - residents for residents, _, high in ends))
    return Gap(residents=total, low_high=(max(0, round(total - below)), round(total + above)))


def rounded_range(low_high: tuple[int, int] | None) -> tuple[int, int] | None:
    return None if low_high is None else (rounded(low_high[0]), rounded(low_high[1]))


def gap_words(gap: Gap, say: Say) -> str:
    """>>> from survey.reports.wording import speaker
    >>> gap_words(Gap(residents=437, low_high=(214, 655)), speaker("zh_Hans"))
    '离目标约差440名居民（210–660）'
    """
    people, ends = count(rounded(gap.residents)), rounded_range(gap.low_high)
    if ends is None:
        return say(N_("离目标约差{people}名居民"), people=people)
    return say(N_("离目标约差{people}名居民（{low}–{high}）"), people=people, low=count(ends[0]), high=count(ends[1]))
