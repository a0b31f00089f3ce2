"""How often intervals hold the true rate: the short version of what ``make bench`` prints as a table."""

import numpy as np
import pytest

from tests.benchmarks.coverage import METHODS, Wave, finite_cells, simple_cells, simulated

RATES = np.arange(80, 100) / 100


def test_simple_samples_by_enumeration() -> None:
    parts = [simple_cells(n, RATES) for n in range(20, 201, 3)]
    cells = {method: np.concatenate([part[method] for part in parts]) for method in METHODS}
    assert cells["default"].min() >= 0.90
    assert (cells["default"] < 0.93).mean() <= 0.05
    assert 0.95 <= cells["default"].mean() <= 0.97
    assert cells["Korn-Graubard"].min() >= 0.95
    for rival in ("Wald", "logit"):
        assert (cells[rival] < 0.93).mean() > 0.1
        assert cells[rival].min() < 0.2


@pytest.mark.parametrize("fraction", [0.1, 0.5])
def test_communities_of_which_a_part_answered(fraction: float) -> None:
    parts = [finite_cells(n, round(n / fraction)) for n in (20, 60, 150)]
    cells = np.concatenate([part["default"] for part in parts])
    assert cells.min() >= 0.90
    assert (cells < 0.93).mean() <= 0.05
    assert 0.95 <= cells.mean() <= 0.97


@pytest.mark.parametrize(
    "wave",
    [
        Wave(rate=0.97, spread=0.0, clusters=5, weighted=False),
        Wave(rate=0.9, spread=0.03, clusters=2, weighted=True),
        Wave(rate=0.8, spread=0.03, clusters=10, weighted=True, fraction=0.25),
        Wave(rate=0.97, spread=0.03, clusters=20, weighted=False, fraction=0.5),
    ],
    ids=["few clusters", "two clusters that differ, weighted", "a quarter answered", "half answered"],
)
def test_clusters(wave: Wave) -> None:
    found = simulated(wave, np.random.default_rng(20240917), 60)
    assert found["default"] >= 0.93
    assert found["Korn-Graubard"] >= 0.95
    assert found["default"] > found["Wald"]
    assert found["default"] > found["logit"]
