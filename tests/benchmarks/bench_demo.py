"""What the demo city costs: CPU of the whole command, without PDFs and with all of them."""

import tempfile
from pathlib import Path

from tests.benchmarks.measurement import Measurement, at_most, command_cpu


def run() -> list[Measurement]:
    return [
        at_most("survey demo --scale small, without PDFs", _cpu("--scale", "small"), "s CPU", 15),
        at_most("survey demo --scale full, without PDFs", _cpu("--scale", "full"), "s CPU", 90),
        at_most("survey demo --scale full, with all PDFs", _cpu("--scale", "full", "--out", "out"), "s CPU", 180),
    ]


def _cpu(*arguments: str) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = [str(folder / one) if one == "out" else one for one in arguments]
        return command_cpu("demo", *given, environment={"SURVEY_INSTANCE": str(folder / "instance")})
