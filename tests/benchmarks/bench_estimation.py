"""A province at once: rates, errors and intervals of all communities from 1,000,000 answers.

Times stand beside those of one ``numpy.bincount`` over the same weights, taken in turn in the same run: the machine's
own speed goes out. Beside svy (``make peers`` installs it) and R's ``svyby``, where they are there, with the same
numbers or no comparison.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from analysis.answers import ASKED, VALID, AnswerState
from analysis.design import FloatArray, IntArray, SurveyDesign
from analysis.estimation.intervals import Intervals, pool, wilson_effective
from analysis.estimation.joint_sums import States
from analysis.estimation.proportions import Layout, Proportions, on_base
from tests.benchmarks.measurement import Measurement, median_cpu

UNITS, COMMUNITIES, RATES = 1_000_000, 3_000, 8
PSUS = 33  # of a community, where units are clustered
#: Outside, not counted, counted, don't know, refused, no answer.
SHARES = (0.05, 0.12, 0.70, 0.06, 0.04, 0.03)
ROUNDS = 9
PEER = (100_000, 300)
MEGABYTE = 1024  # of the kilobytes the system counts in


@dataclass(frozen=True, kw_only=True)
class Sample:
    communities: IntArray
    psus: IntArray | None
    weights: FloatArray
    states: Sequence[States]
    count: int


def make_sample(units: int, communities: int, rates: int, *, clustered: bool = False) -> Sample:
    """Unequal weights, no order of communities, every answer state."""
    rng = np.random.default_rng(20240917)
    of_unit = rng.integers(0, communities, units)
    return Sample(
        communities=of_unit,
        psus=of_unit * PSUS + rng.integers(0, PSUS, units) if clustered else None,
        weights=rng.random(units) + 0.5,
        states=[rng.choice(np.arange(-1, 5, dtype=np.int8), units, p=SHARES) for _ in range(rates)],
        count=communities,
    )


def layout_of(sample: Sample) -> Layout:
    """The communities are strata and domains; nothing of it is kept from one estimate to the next."""
    design = SurveyDesign(weights=sample.weights, strata=sample.communities, psus=sample.psus)
    return Layout(design=design, domains=sample.communities, domain_count=sample.count)


def estimate_all(sample: Sample) -> list[tuple[Proportions, Intervals]]:
    """n, rate, error and default interval on both bases, and what the undecided weigh."""
    totals, found = layout_of(sample).totals(sample.states), []
    for rate in range(len(sample.states)):
        totals.weights(rate, (AnswerState.DONT_KNOW,))
        for base in (ASKED, VALID):
            proportions = totals.proportions(rate, base)
            found.append((proportions, wilson_effective(proportions, pool(proportions))))
    return found


def estimate_errors(sample: Sample) -> list[tuple[FloatArray, FloatArray]]:
    """Rate and error on one base, nothing else."""
    totals = layout_of(sample).totals(sample.states, counted=False)
    shares = [totals.shares(rate, VALID) for rate in range(len(sample.states))]
    return [(share, np.sqrt(variance)) for share, variance in shares]


def on_asked(sample: Sample) -> Sample:
    """Each rate's answers on the asked base alone."""
    states = [on_base(of_rate == AnswerState.COUNTED, of_rate >= 0) for of_rate in sample.states]
    return Sample(
        communities=sample.communities, psus=sample.psus, weights=sample.weights, states=states, count=sample.count
    )


def run() -> list[Measurement]:
    return [*_beside_bincount(), *_more_communities(), *_memory(), *_peers()]


def _beside_bincount() -> list[Measurement]:
    sample, clustered = (make_sample(UNITS, COMMUNITIES, RATES, clustered=clustered) for clustered in (False, True))
    one_base = on_asked(sample)
    times = _in_turn(
        {
            "bincount": lambda: np.bincount(sample.communities, weights=sample.weights, minlength=COMMUNITIES),
            "all": lambda: estimate_all(sample),
            "one base": lambda: estimate_errors(one_base),
            "clustered": lambda: estimate_all(clustered),
        }
    )
    bincount = times["bincount"]
    return [
        Measurement(name="one bincount of 1,000,000 weights", value=1000 * bincount, unit="ms CPU"),
        Measurement(name="8 rates of 3,000 communities, both bases", value=1000 * times["all"], unit="ms CPU"),
        _at_most("bincount_ratio", times["all"] / bincount, 40),
        _at_most("bincount_ratio_one_base", times["one base"] / bincount, 15),
        _shown("the same where units are in 99,000 PSUs", times["clustered"] / bincount),
    ]


def _more_communities() -> list[Measurement]:
    """One rate, both bases, intervals: the cost goes with the answers, hardly with the communities."""
    found = []
    for rates in (1, RATES):
        few, many = (make_sample(UNITS, communities, rates) for communities in (300, 30_000))
        times = _in_turn({"few": lambda few=few: estimate_all(few), "many": lambda many=many: estimate_all(many)})
        found.append(times["many"] / times["few"])
    return [_at_most("communities_cost_ratio", found[0], 2), _shown("the same for 8 rates at once", found[1])]


def _memory() -> list[Measurement]:
    """The largest memory of a process that does this and nothing else, answers and libraries included."""
    code = (
        "from tests.benchmarks import bench_estimation as bench; import resource;"
        "bench.estimate_all(bench.make_sample(bench.UNITS, bench.COMMUNITIES, bench.RATES));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    value = int(done.stdout) / MEGABYTE
    return [
        Measurement(
            name="memory of 8 rates of 3,000 communities",
            value=value,
            unit="MB",
            target="under 400 MB",
            met=value < 400,
        )
    ]


def _peers() -> list[Measurement]:
    units, communities = PEER
    sample = on_asked(make_sample(units, communities, 1))
    # Nobody is outside, as peers are asked for all of them.
    sample = Sample(
        communities=sample.communities,
        psus=None,
        weights=sample.weights,
        states=[np.maximum(sample.states[0], 0)],
        count=communities,
    )
    own = median_cpu(lambda: estimate_errors(sample), ROUNDS)
    return [
        Measurement(name="1 rate of 300 communities, 100,000 answers", value=1000 * own, unit="ms CPU"),
        _beside("svy", _svy(sample), own, least=150),
        _beside("R", _svyby(sample), own, least=1000),
    ]


def _beside(peer: str, seconds: float | None, own: float, *, least: int) -> Measurement:
    name = {"svy": "svy_ratio", "R": "svyby_ratio"}[peer]
    if seconds is None:
        return Measurement(name=f"{name} ({peer} is not installed)", value=0, unit="", target=f"at least {least}")
    ratio = seconds / own
    return Measurement(name=name, value=ratio, unit="times", target=f"at least {least} times", met=ratio >= least)


def _svy(sample: Sample) -> float | None:
    """CPU seconds svy takes for the means of all communities, or ``None`` without it."""
    if find_spec("svy") is None:
        return None
    import polars
    import svy

    data = {"community": sample.communities, "weight": sample.weights, "counted": sample.states[0].astype(np.int64)}
    design = svy.Design(stratum="community", wgt="weight")
    taken = []
    for _ in range(3):
        frame = svy.Sample(polars.DataFrame(data), design)
        start = time.process_time()
        found = frame.estimation.mean("counted", by="community")
        taken.append(time.process_time() - start)
    table = found.to_polars().sort("community")
    _must_agree("svy", sample, table["est"].to_numpy(), table["se"].to_numpy())
    return statistics.median(taken)


_R = """
library(survey)
data <- read.csv("sample.csv")
design <- svydesign(ids = ~1, strata = ~community, weights = ~weight, data = data)
taken <- numeric(3)
for (i in 1:3) taken[i] <- sum(system.time(found <- svyby(~counted, ~community, design, svymean))[1:2])
write.csv(found, "found.csv", row.names = FALSE)
cat(median(taken))
"""


def _svyby(sample: Sample) -> float | None:
    """CPU seconds R's svyby takes for the same, or ``None`` without R or its package survey."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    if subprocess.run([program, "-e", "library(survey)"], capture_output=True, check=False).returncode:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        columns = np.column_stack([sample.communities, sample.weights, sample.states[0]])
        np.savetxt(folder / "sample.csv", columns, delimiter=",", header="community,weight,counted", comments="")
        done = subprocess.run([program, "-e", _R], cwd=folder, capture_output=True, text=True, check=True)
        found = np.loadtxt(folder / "found.csv", delimiter=",", skiprows=1)
    _must_agree("R", sample, found[:, 1], found[:, 2])
    return float(done.stdout)


def _must_agree(peer: str, sample: Sample, rates: FloatArray, errors: FloatArray) -> None:
    (own,) = estimate_errors(sample)
    if not (np.allclose(own[0], rates, rtol=1e-9) and np.allclose(own[1], errors, rtol=1e-9)):
        raise RuntimeError(f"{peer} says something else: its time says nothing")


def _in_turn(actions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median CPU seconds of each, one after the other in every round, after one that warms up."""
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(ROUNDS + 1):
        for name, action in actions.items():
            start = time.process_time()
            action()
            taken[name].append(time.process_time() - start)
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


def _at_most(name: str, value: float, limit: int) -> Measurement:
    return Measurement(name=name, value=value, unit="times", target=f"at most {limit} times", met=value <= limit)


def _shown(name: str, value: float) -> Measurement:
    return Measurement(name=name, value=value, unit="times")
