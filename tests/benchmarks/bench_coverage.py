"""The table of coverage: every rule of how often intervals must hold the true rate, beside Wald and logit."""

import itertools
from collections.abc import Callable, Iterable

import numpy as np

from tests.benchmarks.coverage import METHODS, Wave, finite_cells, simple_cells, simulated
from tests.benchmarks.measurement import Measurement

#: Waves of 16 communities in each simulated cell: 4,000 intervals, ± .007 at .95.
WAVES = 250
SEED = 20240917
RATES = np.arange(80, 100) / 100
CLUSTERS = (2, 5, 10, 20)
LEAST = {"default": 0.93, "Korn-Graubard": 0.95}


def run() -> list[Measurement]:
    return [*_enumerated(), *_simulated()]


def _enumerated() -> list[Measurement]:
    """n from 20 to 200, rates .80 to .99, every outcome; the same of communities of which a part answered."""
    endless = _together(simple_cells(n, RATES) for n in range(20, 201))
    finite = _together(
        finite_cells(n, round(n / fraction)) for n, fraction in itertools.product(range(20, 201, 20), (0.1, 0.25, 0.5))
    )
    found: list[Measurement] = []
    for name, cells in (("simple samples", endless), ("simple samples, f .1 to .5", finite)):
        title = f"coverage, {name}"
        few, mean = float((cells["default"] < 0.93).mean()), float(cells["default"].mean())
        found += [
            _at_least(f"{title}: default, least", float(cells["default"].min()), 0.90),
            _within(f"{title}: default, cells under .93", few, "at most 0.05", few <= 0.05),
            _within(f"{title}: default, mean", mean, "0.95 to 0.97", 0.95 <= mean <= 0.97),
            _at_least(f"{title}: Korn-Graubard, least", float(cells["Korn-Graubard"].min()), 0.95),
        ]
        for method in ("Wald", "logit"):
            found += [
                _shown(f"{title}: {method}, least", float(cells[method].min())),
                _shown(f"{title}: {method}, cells under .93", float((cells[method] < 0.93).mean())),
                _shown(f"{title}: {method}, mean", float(cells[method].mean())),
            ]
    return found


def _together(parts: Iterable[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    all_of_them = list(parts)
    return {method: np.concatenate([part[method] for part in all_of_them]) for method in METHODS}


def _simulated() -> list[Measurement]:
    """The least coverage of each kind of wave, over rates of .80, .90 and .97 and what else varies."""
    rng = np.random.default_rng(SEED)
    cells = [
        (wave, simulated(wave, rng, WAVES))
        for wave in (
            Wave(rate=rate, spread=spread, clusters=clusters, weighted=weighted, fraction=fraction)
            for rate, spread, clusters, weighted, fraction in itertools.product(
                (0.8, 0.9, 0.97), (0.0, 0.03), CLUSTERS, (False, True), (0.0, 0.25, 0.5)
            )
        )
    ]
    kinds: dict[str, Callable[[Wave], bool]] = {
        **{f"{clusters} clusters": _of_size(clusters) for clusters in CLUSTERS},
        "weighted": lambda wave: wave.weighted,
        "communities that differ": lambda wave: wave.spread > 0,
        "f .25 and .5": lambda wave: wave.fraction > 0,
    }
    found = []
    for name, belongs in kinds.items():
        for method in METHODS:
            least = min(coverage[method] for wave, coverage in cells if belongs(wave))
            title = f"coverage, {name}: {method}, least"
            found.append(_at_least(title, least, LEAST[method]) if method in LEAST else _shown(title, least))
    return found


def _of_size(clusters: int) -> Callable[[Wave], bool]:
    return lambda wave: wave.clusters == clusters


def _at_least(name: str, value: float, limit: float) -> Measurement:
    return _within(name, value, f"at least {limit:g}", value >= limit)


def _within(name: str, value: float, target: str, met: bool) -> Measurement:
    return Measurement(name=name, value=value, unit="", target=target, met=met)


def _shown(name: str, value: float) -> Measurement:
    return Measurement(name=name, value=value, unit="")
