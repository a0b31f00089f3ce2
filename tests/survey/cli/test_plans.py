"""survey plan size | save | list | show"""

from pathlib import Path

import pytest

from survey.roles import Role, Scope
from survey.sampling.sample_designs import read_design
from tests.survey.cli.conftest import Run
from tests.survey.conftest import Instance
from tests.survey.drawn_wave import EAST, WEST, add_canvasser, open_wave_with_units


@pytest.fixture
def ready(empty_instance: Instance) -> Instance:
    """Frame 1 with units; a statistician, one of them limited to an area, and a supervisor."""
    database = empty_instance.open()
    open_wave_with_units(database)
    add_canvasser(database, "tongji", role=Role.STATISTICIAN)
    add_canvasser(database, "dongbian", role=Role.STATISTICIAN, scope=Scope(areas=frozenset({EAST})))
    add_canvasser(database, "dudao", role=Role.SUPERVISOR)
    database.close()
    return empty_instance


@pytest.mark.parametrize(("margin", "n"), [("5", 129), ("0.07", 68), ("10%", 34)])
def test_size_for_a_margin(run: Run, margin: str, n: int) -> None:
    said = run("plan", "size", "--margin", margin, "--rate", "0.9", "--population", 1778, "--response", ".5", "--json")
    assert (said.code, said.err) == (0, "")
    assert (said.document["goal"], said.document["n"], said.document["cases"]) == ("margin", n, 2 * n)
    assert said.document["planned"]["n"] >= said.document["published"]["n"] >= n


def test_size_for_a_change(run: Run) -> None:
    found = run("plan", "size", "--detect", "90", "85", "--power", "80", "--level", ".95", "--json").document
    assert (found["n"], found["published"]["n"], found["planned"]["n"]) == (686, 683, 686)
    assert found["power"]["normal"] >= 0.8


def test_the_design_makes_it_larger(run: Run) -> None:
    plain = run("plan", "size", "--margin", "5", "--json").document
    options = ("--per-cluster", 11, "--rho", 0.02, "--per-canvasser", 51, "--rho-canvasser", 0.02, "--deff", 1.1)
    designed = run("plan", "size", "--margin", "5", *options, "--json").document
    assert designed["design_effect"] == pytest.approx(1.2 * 2 * 1.1)
    assert designed["n"] == pytest.approx(2.64 * plain["effective"], abs=1)


def test_what_twenty_show(run: Run) -> None:
    shows = run("plan", "size", "--given", 20, "--json").document["shows"]
    assert shows["interval"] == pytest.approx([0.699, 0.972], abs=5e-4)
    assert (round(shows["falls_under_line"], 2), round(shows["weak_passes"], 2)) == (0.13, 0.41)
    assert (shows["smallest_rise"], round(shows["spread"], 3)) == (None, 0.249)


def test_a_change_may_be_asked_of_a_given_size(run: Run) -> None:
    found = run("plan", "size", "--given", 100, "--detect", "90", "80", "--json").document
    assert (found["goal"], found["planned"]["n"], round(found["power"]["published"], 2)) == ("given", 100, 0.51)
    assert run("plan", "size", "--given", 100, "--margin", 5).code != 0


def test_in_words(run: Run) -> None:
    said = run("plan", "size", "--margin", "5", "--population", 1778, language="zh_Hans")
    assert said.out.startswith("n = 129  cases = 129\n")
    assert "27个社区就算全都是90%" in said.out


def test_saved_listed_shown_and_made_into_a_design(ready: Instance, run: Run, tmp_path: Path) -> None:
    rates = tmp_path / "rates.txt"
    rates.write_text("西湖社区 80\n", encoding="utf-8")
    plan = ("--margin", "10", "--frame", 1, "--rule", "neyman", "--total", 40, "--rates", rates)
    saved = run("--as", "tongji", "plan", "save", "四十户", *plan, "--json")
    assert (saved.code, saved.err) == (0, "")
    assert (saved.document["plan"], saved.document["saved_by"]) == (1, "tongji")
    cases = {one["area"]: one["cases"] for one in saved.document["frame"]["communities"]}
    assert (sum(cases.values()), {EAST, WEST} <= set(cases)) == (40, True)

    (listed,) = run("plan", "list", "--json").document["plans"]
    assert (listed["name"], listed["cases_in_all"]) == ("四十户", 40)
    file = tmp_path / "design.toml"
    assert run("plan", "show", 1, "--design", file, "--json").document == saved.document
    design, _ = read_design(file.read_text(encoding="utf-8"))
    assert design.allocation is not None
    assert design.allocation.total == 40
    assert run("plan", "show", 1, "--design", file).code == 2, "an existing file is not overwritten"


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--margin", "5", "--given", "20"),
        ("--margin", "five"),
        ("--margin", "0"),
        ("--margin", "-5"),
        ("--margin", "nan"),
        ("--detect", "90", "90"),
        ("--detect", "90", "101"),
        ("--given", "20.5"),
        ("--given", "0"),
        ("--given", "30", "--population", "20"),
        ("--margin", "5", "--response", "0"),
        ("--margin", "5", "--rho", "1.5", "--per-cluster", "10"),
        ("--margin", "0.01", "--clusters", "3", "--rho", "0.1"),
        ("--margin", "5", "--frame", "9"),
        ("--margin", "5", "--frame", "1", "--rule", "proportional", "--total", "77"),
        ("--margin", "5", "--frame", "1", "--rates", "/nowhere"),
    ],
)
def test_bad_input(ready: Instance, run: Run, options: tuple[str, ...]) -> None:
    for language in ("en", "zh_Hans"):
        refused = run("plan", "save", "错", *options, language=language)
        assert refused.code == 2
        assert refused.err
    assert run("plan", "list", "--json").document == {"plans": []}


def test_rights(ready: Instance, run: Run) -> None:
    assert run("--as", "dudao", "plan", "size", "--margin", "5").code == 2
    assert run("--as", "dongbian", "plan", "list").code == 2


def test_a_plan_that_is_not_there(ready: Instance, run: Run) -> None:
    assert run("plan", "show", 7).code == 2
