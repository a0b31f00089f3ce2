"""Raking a million people on five margins, beside ipfn and samplics where they are installed, to the same weights."""

import importlib.util
import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np

from analysis.design import FloatArray, IntArray
from analysis.estimation.sums import sum_by
from analysis.weighting.margins import Margin
from analysis.weighting.raking import Raking
from tests.benchmarks.measurement import Measurement

UNITS = 1_000_000
GROUPS = {"sex": 2, "age": 7, "district": 16, "education": 5, "home": 3}
SEED = 20240917
FASTER = 20
SAME = 1e-6


def run() -> list[Measurement]:
    codes, base, totals = _people()
    ours, own = _timed(lambda: _rake(codes, base, totals), times=7)
    found = [Measurement(name="raking 1,000,000 units on 5 margins", value=own * 1000, unit="ms")]
    for peer, rake in (("ipfn", _ipfn), ("samplics", _samplics)):
        if importlib.util.find_spec(peer) is None:
            found.append(Measurement(name=f"raking: {peer} is not installed, no comparison", value=0, unit=""))
            continue
        theirs, taken = _timed(lambda rake=rake: rake(codes, base, totals), times=3)
        apart = float(np.abs(theirs / ours - 1).max())
        found += [
            Measurement(name=f"raking: {peer}", value=taken, unit="s"),
            Measurement(
                name=f"raking_over_{peer}",
                value=taken / own,
                unit="times",
                target=f"at least {FASTER} times",
                met=taken / own >= FASTER,
            ),
            Measurement(
                name=f"raking: largest difference of a weight from {peer}",
                value=apart,
                unit="",
                target=f"at most {SAME:g}",
                met=apart <= SAME,
            ),
        ]
    return found


def _people() -> tuple[dict[str, IntArray], FloatArray, dict[str, FloatArray]]:
    """People whose characteristics go together, and totals that are those of other weights."""
    rng = np.random.default_rng(SEED)
    leaning = rng.normal(size=UNITS)
    codes, wanted = {}, np.ones(UNITS)
    for name, count in GROUPS.items():
        place = (leaning + 2 * rng.normal(size=UNITS)) / np.sqrt(5)
        edges = np.quantile(place[:10_000], np.arange(1, count) / count)
        codes[name] = np.searchsorted(edges, place).astype(np.int64)
        wanted *= rng.uniform(0.6, 1.6, size=count)[codes[name]]
    base = rng.uniform(5, 15, size=UNITS)
    return codes, base, {name: sum_by(codes[name], base * wanted, count) for name, count in GROUPS.items()}


def _rake(codes: dict[str, IntArray], base: FloatArray, totals: dict[str, FloatArray]) -> FloatArray:
    """With everything that a caller pays: the checks of the margins as well."""
    step = Raking(margins=tuple(Margin(name=name, codes=codes[name], totals=totals[name]) for name in codes))
    step.check(base)
    return base * step.factor(base)


def _ipfn(codes: dict[str, IntArray], base: FloatArray, totals: dict[str, FloatArray]) -> FloatArray:
    import pandas as pd
    from ipfn import ipfn

    frame = pd.DataFrame({**codes, "total": base})
    margins = [pd.Series(totals[name], index=pd.Index(range(len(totals[name])), name=name)) for name in codes]
    done = ipfn.ipfn(frame, margins, [[name] for name in codes], convergence_rate=1e-8).iteration()
    return done["total"].to_numpy()


def _samplics(codes: dict[str, IntArray], base: FloatArray, totals: dict[str, FloatArray]) -> FloatArray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from samplics.weighting import SampleWeight

        control = {name: dict(enumerate(totals[name].tolist())) for name in codes}
        return np.asarray(
            SampleWeight().rake(samp_weight=base, margins=codes, control=control, tol=1e-8, ctrl_tol=1e-8, max_iter=500)
        )


def _timed(action: Callable[[], FloatArray], times: int) -> tuple[FloatArray, float]:
    """The weights and the median of CPU seconds."""
    taken, weights = [], np.zeros(0)
    for _ in range(times):
        start = time.process_time()
        weights = action()
        taken.append(time.process_time() - start)
    return weights, statistics.median(taken)
