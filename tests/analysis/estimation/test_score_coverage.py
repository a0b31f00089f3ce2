"""Intervals of mean scores hold what they promise where mean ± t × standard error does not."""

import numpy as np
import pytest
from scipy.stats import t

from analysis.estimation.intervals import Pooled, pool, wilson_effective
from analysis.estimation.proportions import Proportions

STEPS = np.array([1.0, 0.75, 0.5, 0.25, 0.0])
#: Shares of the five answers; means of 60, 75, 88 and 95 points.
ANSWERS = ([15, 35, 30, 15, 5], [35, 40, 18, 5, 2], [65, 25, 7, 2, 1], [85, 11, 3, 0.7, 0.3])
SAMPLES = 4000


@pytest.mark.parametrize("shares", ANSWERS, ids=lambda shares: str(round(np.array(shares) @ STEPS)))
@pytest.mark.parametrize("n", [20, 50, 100])
def test_an_interval_of_a_score_covers_its_mean(shares: list[float], n: int) -> None:
    chances = np.array(shares) / np.sum(shares)
    mean = float(chances @ STEPS)
    counts = np.random.default_rng(7).multinomial(n, chances, size=SAMPLES)
    found = counts @ STEPS / n
    spread = (counts * (STEPS - found[:, np.newaxis]) ** 2).sum(axis=1) / (n - 1) / n
    estimates = Proportions(
        n=np.full(SAMPLES, n),
        count=np.zeros(SAMPLES, dtype=np.int64),
        proportion=found,
        variance=spread,
        df=np.full(SAMPLES, n - 1),
        fraction=np.zeros(SAMPLES),
    )
    pooled = Pooled(design_effect=pool(estimates, least=0.0).design_effect, df=n - 1)
    intervals = wilson_effective(estimates, pooled, capped=False)
    covered = ((intervals.low <= mean) & (mean <= intervals.high)).mean()
    assert 0.92 <= covered <= 0.985
    assert (intervals.high > intervals.low).all()
    reach = t.ppf(0.975, n - 1) * np.sqrt(spread)
    plain = (np.abs(found - mean) <= reach).mean()
    assert covered > plain - 0.005  # of 20 answers around 95 points the plain one covers .86
