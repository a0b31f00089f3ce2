"""Which published estimates are to be used with care: never banded, compared or ranked."""

from analysis.publication import Reliability
from analysis.shown_ranges import RANGE_BELOW

LEAST_RESPONDENTS = RANGE_BELOW
LEAST_DF = 8
WIDEST = 0.30
WIDE = 0.05
WIDE_FOR_RATE = 1.3


def judge(*, n: int, df: float, proportion: float, low: float, high: float) -> Reliability:
    """Use with care: n < 30, df < 8, wider than 30 points, or wider than 5 points and than 130 % of the rate.

    >>> str(judge(n=100, df=99, proportion=0.97, low=0.915, high=0.99))
    'reliable'
    >>> str(judge(n=100, df=99, proportion=0.03, low=0.01, high=0.085))  # 7.5 points wide, rate 3 points
    'with_care'
    """
    width = high - low
    careful = (
        n < LEAST_RESPONDENTS
        or df < LEAST_DF
        or width > WIDEST
        or (width > WIDE and width > WIDE_FOR_RATE * proportion)
    )
    return Reliability.WITH_CARE if careful else Reliability.RELIABLE
