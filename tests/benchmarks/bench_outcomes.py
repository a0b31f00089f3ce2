"""Outcome tables over 100,000 attempts: final codes, and plain and weighted rates by community, canvasser and day."""

import numpy as np

from analysis.fieldwork.attempt_times import local_times
from analysis.fieldwork.outcome_tables import OUTCOMES, Attempts, final_codes, tabulate
from tests.benchmarks.measurement import Measurement, at_most, median_cpu

ATTEMPTS, CASES = 100_000, 40_000
COMMUNITIES, CANVASSERS, DAYS = 300, 200, 30


def run() -> list[Measurement]:
    rng = np.random.default_rng(20260504)
    attempts = Attempts(
        case=rng.integers(0, CASES, ATTEMPTS),
        at=1_777_000_000 + rng.integers(0, DAYS * 86_400, ATTEMPTS),
        outcome=rng.integers(0, len(OUTCOMES), ATTEMPTS),
        occupied=rng.random(ATTEMPTS) < 0.3,
    )
    groupings = {size: rng.integers(0, size, CASES) for size in (COMMUNITIES, CANVASSERS)}
    weights = rng.uniform(5, 60, CASES)
    taken = median_cpu(lambda: _tables(attempts, groupings, weights))
    return [at_most("outcome_tables", taken, "s CPU", 0.2)]


def _tables(attempts: Attempts, groupings: dict[int, np.ndarray], weights: np.ndarray) -> None:
    found, times = final_codes(attempts, CASES), local_times(attempts.at)
    first, last = int(times.day.min()), int(times.day.max())
    day, case = np.divmod(np.unique((times.day - first) * CASES + attempts.case), CASES)  # tried on that day
    for size, groups in groupings.items():
        table = tabulate(found.dispositions, groups=groups, size=size, weights=weights)
        for group in range(size):
            table.rates(group)
            table.weighted_rates(group)
        for mark in (times.evening, times.weekend):
            np.bincount(groups[attempts.case[mark]], minlength=size)
    days = last - first + 1
    by_day = tabulate(found.dispositions[case], groups=day, size=days, weights=weights[case])
    for number in range(days):
        by_day.rates(number)
        by_day.weighted_rates(number)
    times.by_hour()
