"""When respondents say they were told how to answer: the point from which every page must say so."""

WARN_FROM_RATE = 0.05
WARN_FROM_CASES = 3
#: No community with fewer respondents is named for it.
NAME_FROM_RESPONDENTS = 30


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
