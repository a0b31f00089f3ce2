"""The real file: 1,033 residents of Kansas City, from CSV to rates and PDFs; figures counted here once more.

The answers are not part of the project: they lie in ``../shared/data`` beside the checkout, or the walk is not done.
"""

import contextlib
import csv
import io
import json
import math
import random
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scipy.special import stdtrit

from survey.cli import main
from survey.config import ROOT

FOLDER = Path(__file__).parent / "kansas_city"
ANSWERS = ROOT.parent / "shared" / "data" / "kansas-city-2021-09.csv"
DISTRICTS = {str(number): f"29009500000{number}" for number in range(1, 7)}

#: Item, its indicator, and the codes that count.
COUNTED = {
    "q31_22": ("IND_AWARE", {"1"}),
    "q31_21": ("IND_PARTICIPATE", {"1"}),
    "q2_01": ("IND_SAT_Q2_01", {"4", "5"}),
    "q2_06": ("IND_SAT_Q2_06", {"4", "5"}),
    "q3_03": ("IND_SAT_Q3_03", {"4", "5"}),
    "q3_11": ("IND_SAT_Q3_11", {"4", "5"}),
    "q3_16": ("IND_SAT_Q3_16", {"4", "5"}),
}
DONT_KNOW = "9"

pytestmark = pytest.mark.skipif(not ANSWERS.exists(), reason=f"the answers are not here: {ANSWERS}")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    code: int
    document: dict[str, Any]
    error: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """An instance of its own, and the command line on it."""

    folder: Path

    def survey(self, *arguments: object) -> Outcome:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SURVEY_INSTANCE", str(self.folder / "instance"))
            patch.delenv("SURVEY_DATABASE_URL", raising=False)
            patch.setattr(sys, "argv", ["survey", *map(str, arguments), "--json"])
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    main()
                except SystemExit as stop:
                    code = int(stop.code or 0)
                else:
                    code = 0
        return Outcome(code=code, document=json.loads(out.getvalue()), error=err.getvalue())

    def open_wave(self) -> None:
        """As in the README."""
        for arguments in (
            ["init"],
            ["frame", "import", "--areas", FOLDER / "areas.csv"],
            ["instrument", "add", FOLDER / "instrument.toml"],
            ["wave", "open", "--instrument", "kansas-city-residents", "--frame", 1, "--name", "Kansas City 2021-09"],
        ):
            done = self.survey(*arguments)
            assert done.code == 0, done.error

    def import_file(self, file: Path) -> Outcome:
        return self.survey("response", "import", "--wave", 1, "--columns", FOLDER / "columns.toml", file)


@pytest.fixture(scope="module")
def residents() -> list[dict[str, str]]:
    with ANSWERS.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Outcome]:
    place = Place(folder=tmp_path_factory.mktemp("kansas_city"))
    place.open_wave()
    return place, place.import_file(ANSWERS)


@pytest.fixture(scope="module")
def place(imported: tuple[Place, Outcome]) -> Place:
    return imported[0]


@pytest.fixture(scope="module")
def estimates(place: Place) -> dict[tuple[str, str | None, str], dict[str, Any]]:
    done = place.survey("estimate", "--wave", 1, "--by", "community")
    assert (done.code, done.error) == (0, "")
    return {(row["indicator"], row["area"], row["base"]): row for row in done.document["estimates"]}


@pytest.fixture
def empty_place(tmp_path: Path) -> Place:
    place = Place(folder=tmp_path)
    place.open_wave()
    return place


def test_every_resident_comes_in_and_every_answer_is_understood(
    imported: tuple[Place, Outcome], residents: list[dict[str, str]]
) -> None:
    place, done = imported
    assert (done.code, done.error) == (0, "")
    assert done.document["imported"] == len(residents) == 1033
    assert (done.document["not_understood"], done.document["unknown_modes"]) == ([], {})
    blank = Counter(item for item in COUNTED for row in residents if row[item] in ("", "NA", "99"))
    assert {item: n for item, n in done.document["blank"].items() if item in COUNTED} == blank
    counted = place.survey("response", "count", "--wave", 1).document
    districts = Counter(row["counci"] for row in residents)
    assert counted["by_area"] == {DISTRICTS[number]: n for number, n in sorted(districts.items())}


@dataclass(frozen=True, kw_only=True)
class Expected:
    n: int
    proportion: float
    low: float
    high: float


def expect(strata: Sequence[Sequence[int | None]]) -> Expected:
    """A rate by Taylor linearisation in strata whose persons were drawn one by one, with Wilson's limits.

    Each person has 1 (counted), 0, or ``None`` (outside the base). v = Σ n/(n-1) Σ (z - mean z)², z = (y - p)/N inside
    the base and 0 outside; effective size p(1-p)/v, at most N; Student's t with N less the strata in the base.
    """
    inside = [y for people in strata for y in people if y is not None]
    size, p = len(inside), sum(inside) / len(inside)
    variance, used = 0.0, 0
    for people in strata:
        scores = [0.0 if y is None else (y - p) / size for y in people]
        mean = sum(scores) / len(scores)
        variance += len(people) / (len(people) - 1) * sum((score - mean) ** 2 for score in scores)
        used += any(y is not None for y in people)
    effective = min(p * (1 - p) / variance, size)
    t2 = float(stdtrit(size - used, 0.975)) ** 2 / effective
    half = math.sqrt(t2 * (p * (1 - p) + t2 / 4)) / (1 + t2)
    centre = (p + t2 / 2) / (1 + t2)
    return Expected(n=size, proportion=p, low=centre - half, high=centre + half)


def coded(row: dict[str, str], item: str, base: str) -> int | None:
    answer = row[item]
    if base == "valid" and answer not in {"1", "2", "3", "4", "5"}:
        return None
    return int(answer in COUNTED[item][1])


@pytest.mark.parametrize("base", ["asked", "valid"])
@pytest.mark.parametrize("item", COUNTED)
def test_rates_and_intervals_are_those_counted_by_hand(
    item: str,
    base: str,
    residents: list[dict[str, str]],
    estimates: dict[tuple[str, str | None, str], dict[str, Any]],
) -> None:
    by_district = {
        number: [coded(row, item, base) for row in residents if row["counci"] == number] for number in DISTRICTS
    }
    cases: dict[str | None, list[list[int | None]]] = {DISTRICTS[n]: [people] for n, people in by_district.items()}
    cases[None] = list(by_district.values())
    for area, strata in cases.items():
        expected, row = expect(strata), estimates[COUNTED[item][0], area, base]
        assert row["published"]
        assert not row["pooled"]
        assert row["n"] == expected.n
        assert row["proportion"] == pytest.approx(expected.proportion, abs=1e-12)
        assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_shares_of_those_who_do_not_know(
    residents: list[dict[str, str]], estimates: dict[tuple[str, str | None, str], dict[str, Any]]
) -> None:
    for item, (indicator, _) in COUNTED.items():
        row = estimates[indicator, None, "asked"]
        answers = Counter(resident[item] for resident in residents)
        assert row["dont_know_share"] == pytest.approx(answers[DONT_KNOW] / 1033)
        missing = answers[""] + answers["NA"] + answers["99"]
        assert row["no_answer_share"] == pytest.approx(missing / 1033)


def test_awareness_and_participation_as_anyone_can_count_them(residents: list[dict[str, str]]) -> None:
    """What the test above must not get wrong the same way: plain counts of the file."""
    assert Counter(row["q31_22"] for row in residents)["1"] == 84
    assert Counter(row["q31_21"] for row in residents)["1"] == 166


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return unicodedata.normalize("NFKC", done.stdout)


@pytest.mark.slow
def test_reports_say_what_was_estimated(
    place: Place, estimates: dict[tuple[str, str | None, str], dict[str, Any]], tmp_path: Path
) -> None:
    done = place.survey("report", "--wave", 1, "--out", tmp_path, "--language", "en")
    assert (done.code, done.error) == (0, "")
    assert [report["area"] for report in done.document["reports"]] == [None, *DISTRICTS.values()]
    assert {report["missing_characters"] for report in done.document["reports"]} == {""}
    for report in done.document["reports"]:
        text = text_of(Path(report["path"]))
        digits = 1 if report["area"] is None else 0
        for indicator in ("IND_AWARE", "IND_PARTICIPATE", "IND_SAT_Q2_01"):
            row = estimates[indicator, report["area"], "asked"]
            rate, low, high = (f"{100 * row[name]:.{digits}f}%" for name in ("proportion", "low", "high"))
            # The figure is larger than what stands beside it: pdftotext may put it on a line of its own.
            assert re.search(rf"{re.escape(rate)}\D[\s\S]{{0,900}}?{low}–{high}", text), (rate, low, high)
        assert "Assumed design" in text
        assert "Draft" in text
        assert "Before publication it still lacks" in text
    fonts = subprocess.run(
        ["pdffonts", done.document["reports"][0]["path"]], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert fonts
    assert all("SurveySansSC" in line.replace("-", "") and " yes yes " in line for line in fonts)


@pytest.fixture
def later(residents: list[dict[str, str]]) -> list[dict[str, str]]:
    """A later wave as real files are: another code for missing, a new category, more columns, another order."""
    rng = random.Random(2022)  # noqa: S311 - an invented file
    rows = [
        {**row, "id": f"L{row['id']}", "remarks": '说了"很多"，还有逗号,\r\n和换行', "weight, raw": "1.0"}
        for row in residents
    ]
    rng.shuffle(rows)
    for row in rows[:20]:
        row["q2_01"] = "-1"
    for row in rows[20:50]:
        row["q3_03"] = "6"
    for row in rows[50:57]:
        row["method"] = "Text"
    for row in rows[57:60]:
        row["q31_22"] = "NA"
    return rows


def write(path: Path, rows: Sequence[dict[str, str]], encoding: str) -> Path:
    columns = sorted(rows[0], reverse=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_later_wave_that_differs_in_small_ways_comes_in_with_a_report(
    encoding: str, later: list[dict[str, str]], empty_place: Place, tmp_path: Path
) -> None:
    done = empty_place.import_file(write(tmp_path / "later.csv", later, encoding))
    assert (done.code, done.error) == (0, "")
    document = done.document
    assert document["imported"] == 1033
    assert {(e["item"], e["value"], e["problem"], e["rows"]) for e in document["not_understood"]} == {
        ("q2_01", "-1", "unknown_code", 20),
        ("q3_03", "6", "unknown_code", 30),
    }
    assert document["not_understood_rows"] == 50
    assert document["blank"]["q31_22"] == 3
    assert document["unknown_modes"] == {"Text": 7}
    assert {"remarks", "weight, raw"} <= set(document["ignored_columns"])
    rows = empty_place.survey("estimate", "--wave", 1).document["estimates"]
    whole = {(row["indicator"], row["base"]): row for row in rows if row["area"] is None}
    counted = Counter(row["q3_03"] for row in later)
    asked, valid = (whole["IND_SAT_Q3_03", base] for base in ("asked", "valid"))
    assert (asked["n"], asked["proportion"]) == (1033, pytest.approx((counted["4"] + counted["5"]) / 1033))
    assert asked["no_answer_share"] == pytest.approx(30 / 1033)
    assert valid["n"] == 1033 - 30 - counted[DONT_KNOW]


@pytest.mark.parametrize(
    ("changes", "column"),
    [({"counci": "7"}, "counci"), ({"counci": "NA"}, "counci"), ({"id": "L58"}, "id"), ({"id": " "}, "id")],
)
def test_an_unknown_district_or_a_doubled_resident_refuses_the_whole_file(
    changes: dict[str, str], column: str, later: list[dict[str, str]], empty_place: Place, tmp_path: Path
) -> None:
    other = next(row for row in later if row["id"] != "L58")
    other.update(changes)
    done = empty_place.import_file(write(tmp_path / "later.csv", later, "utf-8"))
    assert done.code == 2
    assert len(done.error.splitlines()) == 1
    (problem,) = done.document["problems"]
    assert (problem["column"], problem["got"]) == (column, changes[column].strip())
    assert empty_place.survey("response", "count", "--wave", 1).document["count"] == 0


def test_the_file_does_not_come_in_twice(place: Place) -> None:
    done = place.import_file(ANSWERS)
    assert (done.code, len(done.error.splitlines())) == (2, 1)
    assert place.survey("response", "count", "--wave", 1).document["count"] == 1033
