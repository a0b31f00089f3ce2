"""100,000 answers to instrument A in 16 communities: from the file to the estimates."""

import csv
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from questionnaires.loading import BUILT_IN, load_file
from survey.demo.city import read_city
from survey.demo.patrol import patrol_columns, patrol_csv
from survey.demo.truth import make_truth
from tests.benchmarks.measurement import Measurement, at_most, command_cpu

ANSWERS, DIFFERENT = 100_000, 1_000
AREAS = 16


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"SURVEY_INSTANCE": str(folder)}
        _write_files(folder)
        command_cpu("init", environment=environment)
        command_cpu("frame", "import", "--areas", str(folder / "areas.csv"), environment=environment)
        command_cpu(
            "wave",
            "open",
            "--instrument",
            "urban-community",
            "--frame",
            "1",
            "--name",
            "bench",
            environment=environment,
        )
        imported = command_cpu(
            "response", "import", "--wave", "1", "--columns", str(folder / "columns.toml"),
            str(folder / "answers.csv"), environment=environment,
        )  # fmt: skip
        estimated = command_cpu("estimate", "--wave", "1", environment=environment)
    return [
        Measurement(name="import 100,000 answers", value=imported, unit="s CPU"),
        Measurement(name="estimate 100,000 answers", value=estimated, unit="s CPU"),
        at_most("import and estimate 100,000 answers", imported + estimated, "s CPU", 20),
    ]


def _write_files(folder: Path) -> None:
    """The example's answers many times over, spread over more communities."""
    questionnaire = load_file(BUILT_IN["urban-community"])
    codes = [f"990201001{number:03}" for number in range(1, AREAS + 1)]
    with (folder / "areas.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "level", "parent", "population"])
        writer.writerow(["990201000000", "City", "city", "", ""])
        writer.writerows([code, f"Community {code[-3:]}", "community", "990201000000", 20000] for code in codes)
    (folder / "columns.toml").write_text(patrol_columns(questionnaire, design="assumed-srs"), "utf-8")
    places = read_city().communities
    truth = make_truth(questionnaire, places, {place.code: 1 for place in places}, seed=1)
    table = patrol_csv(truth, answers=DIFFERENT, seed=1, first_day=datetime(2026, 3, 2, tzinfo=UTC), days=20)
    header, *rows = csv.reader(table.splitlines())
    with (folder / "answers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number in range(ANSWERS):
            row = rows[number % len(rows)]
            writer.writerow([f"B{number}", codes[number % AREAS], *row[2:]])
