"""Signs that an interview should be looked at: unusually short, at an odd hour, two at once, mostly skipped.

Signs, never verdicts: each has innocent explanations, and a person decides. Limits are this project's defaults.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from statistics import median
from zoneinfo import ZoneInfo

#: Shorter than this share of the median length.
SHORT = 1 / 3
#: A median of fewer interviews says little.
LEAST_FOR_MEDIAN = 5
#: From then to then (local time) people are visited.
EARLIEST, LATEST = time(8, 0), time(21, 30)
#: More of the items on the way left without an answer.
MANY_SKIPPED = 0.3


class Sign(StrEnum):
    SHORT = "short"
    ODD_HOUR = "odd_hour"
    OVERLAP = "overlap"
    MANY_SKIPPED = "many_skipped"


@dataclass(frozen=True, kw_only=True)
class InterviewTimes:
    """``skipped``: share 0-1 of the items on the way without a usable answer."""

    canvasser: int
    started: datetime
    finished: datetime
    skipped: float


def find_signs(interviews: Sequence[InterviewTimes], zone: ZoneInfo) -> tuple[frozenset[Sign], ...]:
    """The signs of each interview, in their order; the hours are those of ``zone``.

    >>> from datetime import UTC, timedelta
    >>> at, five = datetime(2026, 5, 4, 10, tzinfo=UTC), timedelta(minutes=5)
    >>> one = InterviewTimes(canvasser=1, started=at, finished=at + 2 * five, skipped=0.0)
    >>> two = InterviewTimes(canvasser=1, started=at + five, finished=at + 3 * five, skipped=0.5)
    >>> [sorted(sign.value for sign in signs) for signs in find_signs([one, two], ZoneInfo("Asia/Shanghai"))]
    [['overlap'], ['many_skipped', 'overlap']]
    """
    lengths = [(interview.finished - interview.started).total_seconds() for interview in interviews]
    enough = len(lengths) >= LEAST_FOR_MEDIAN
    shortest = median(lengths) * SHORT if enough else 0.0
    overlapping = _overlapping(interviews)
    found = []
    for index, (interview, length) in enumerate(zip(interviews, lengths, strict=True)):
        local = interview.started.astimezone(zone).time()
        signs = {
            Sign.SHORT: length < shortest,
            Sign.ODD_HOUR: not EARLIEST <= local <= LATEST,
            Sign.OVERLAP: index in overlapping,
            Sign.MANY_SKIPPED: interview.skipped > MANY_SKIPPED,
        }
        found.append(frozenset(sign for sign, there in signs.items() if there))
    return tuple(found)


def _overlapping(interviews: Sequence[InterviewTimes]) -> set[int]:
    """Indices of interviews that one canvasser would have held at the same time."""
    order = sorted(range(len(interviews)), key=lambda i: (interviews[i].canvasser, interviews[i].started))
    found: set[int] = set()
    latest: int | None = None  # the interview of this canvasser that ends last so far
    for index in order:
        one = interviews[index]
        if latest is not None and interviews[latest].canvasser == one.canvasser:
            if one.started < interviews[latest].finished:
                found |= {latest, index}
            if one.finished <= interviews[latest].finished:
                continue
        latest = index
    return found
