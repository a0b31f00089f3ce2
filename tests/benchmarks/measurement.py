"""What a benchmark hands over, and how CPU time and memory are taken."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """``target`` in words; ``met`` is ``None`` where there is none."""

    name: str
    value: float
    unit: str
    target: str | None = None
    met: bool | None = None

    def document(self) -> dict[str, Any]:
        return asdict(self)


def at_most(name: str, value: float, unit: str, limit: float) -> Measurement:
    return Measurement(name=name, value=value, unit=unit, target=f"at most {limit:g} {unit}", met=value <= limit)


def median_cpu(action: Callable[[], object], times: int = 5) -> float:
    """Median CPU seconds of this process over ``times`` runs, after one that warms up."""
    action()
    taken = []
    for _ in range(times):
        start = time.process_time()
        action()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def command_cpu(*arguments: str, environment: Mapping[str, str] | None = None, times: int = 1) -> float:
    """Median CPU seconds (user and system) of ``python -m survey arguments``, its children included."""
    taken = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-m", "survey", *arguments],
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"survey {' '.join(arguments)}: {done.stderr}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken)
