import pytest

from analysis.publication import Reliability
from analysis.reliability import judge


@pytest.mark.parametrize(
    ("n", "df", "proportion", "low", "high", "expected"),
    [
        (29, 28, 0.9, 0.85, 0.94, Reliability.WITH_CARE),  # fewer than 30
        (30, 29, 0.9, 0.85, 0.94, Reliability.RELIABLE),
        (100, 7, 0.9, 0.85, 0.94, Reliability.WITH_CARE),  # few clusters
        (100, 8, 0.9, 0.85, 0.94, Reliability.RELIABLE),
        (100, 99, 0.5, 0.34, 0.65, Reliability.WITH_CARE),  # 31 points wide
        (100, 99, 0.5, 0.35, 0.645, Reliability.RELIABLE),
        (500, 499, 0.04, 0.01, 0.07, Reliability.WITH_CARE),  # 6 points wide, 150 % of the rate
        (500, 499, 0.04, 0.02, 0.069, Reliability.RELIABLE),  # 4.9 points: narrow enough for any rate
        (100, 99, 0.97, 0.91, 0.99, Reliability.RELIABLE),  # for the satisfied 8 points are narrow
        (100, 99, 0.03, 0.01, 0.09, Reliability.WITH_CARE),  # for the dissatisfied they are useless
        (1000, 999, 0.0, 0.0, 0.004, Reliability.RELIABLE),
    ],
)
def test_each_rule(n: int, df: float, proportion: float, low: float, high: float, expected: Reliability) -> None:
    assert judge(n=n, df=df, proportion=proportion, low=low, high=high) is expected
