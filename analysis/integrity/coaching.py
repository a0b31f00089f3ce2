"""When respondents say they were told how to answer: the point from which every page must say so, and how exactly."""

from analysis.shown_ranges import APART, Counts

WARN_FROM_RATE = 0.05
WARN_FROM_CASES = 3
#: No community with fewer respondents is named for it.
NAME_FROM_RESPONDENTS = 30
#: Fewer people than this who said it, or who denied it, are not counted out: whoever told them might look for them.
COUNT_FROM_CASES = 10


def warns(*, respondents: int, coached: int) -> bool:
    """Whether ``coached`` among ``respondents`` with a substantive answer calls for a warning.

    >>> warns(respondents=100, coached=5), warns(respondents=100, coached=4), warns(respondents=40, coached=2)
    (True, False, False)
    >>> warns(respondents=29, coached=29)
    False
    """
    return (
        respondents >= NAME_FROM_RESPONDENTS and coached >= WARN_FROM_CASES and coached >= WARN_FROM_RATE * respondents
    )


def untold_counts(*, respondents: int, coached: int) -> Counts | None:
    """Between which numbers of people the coached may only be said to be, where few said so, or few denied it;
    ``None``: they may be counted.

    The warning is printed, so a range never reaches over the point from which it stands; and as that is known, both
    sides of it hold at least three possible counts.

    >>> untold_counts(respondents=53, coached=1), untold_counts(respondents=53, coached=4)
    ((0, 2), (3, 9))
    >>> untold_counts(respondents=170, coached=9), untold_counts(respondents=53, coached=12)
    ((9, 11), None)
    >>> untold_counts(respondents=53, coached=53)
    (44, 53)
    """
    few = COUNT_FROM_CASES - 1
    warned = next((k for k in range(COUNT_FROM_CASES) if warns(respondents=respondents, coached=k)), None)
    below, above = (few, few) if warned is None else (warned - 1, max(few, warned + APART))
    least = respondents - few if coached >= respondents - few else 0
    if coached <= below:
        return 0, min(below, respondents) if not least else respondents
    if warned is not None and coached <= above:
        return warned, above
    return (least, respondents) if least else None
