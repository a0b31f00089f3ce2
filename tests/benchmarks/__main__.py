"""``make bench``: every measured claim in one run, as a table and as ``instance/bench.json``.

Each ``bench_*.py`` here has ``run() -> list[Measurement]``. CPU seconds, not wall time: the machines are noisy.
"""

import importlib
import json
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from survey.code_version import code_version
from survey.config import ROOT
from tests.benchmarks.measurement import Measurement


def main() -> int:
    wanted = sys.argv[1:]
    found: list[Measurement] = []
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if wanted and not any(name in path.stem for name in wanted):
            continue
        print(f"… {path.stem}", file=sys.stderr, flush=True)  # noqa: T201
        found += importlib.import_module(f"tests.benchmarks.{path.stem}").run()
    print_table(found)
    target = ROOT / "instance" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "code_version": code_version(),
        "machine": f"{platform.machine()} {platform.python_version()}",
        "measurements": [measurement.document() for measurement in found],
        # What others look up by name.
        **{measurement.name: measurement.value for measurement in found if measurement.name.isidentifier()},
    }
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"\nwritten to {target.relative_to(ROOT)}")  # noqa: T201
    return 0 if all(measurement.met is not False for measurement in found) else 1


def print_table(found: list[Measurement]) -> None:
    width = max((len(m.name) for m in found), default=10)
    for m in found:
        verdict = {True: "met", False: "MISSED", None: ""}[m.met]
        print(f"{m.name:<{width}}  {m.value:>10.3f} {m.unit:<10} {m.target or '':<24} {verdict}")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
