"""``survey outreach``: what programs and people get of a plan."""

import io

import openpyxl
import pytest

from survey.roles import Role
from survey.store.accounts import add_account
from tests.survey.cli.conftest import CHINESE, Refusals, Run
from tests.survey.conftest import AT, Instance
from tests.survey.outreach_world import EAST, SOUTH, WEST, World, build_world, rate


@pytest.fixture
def world(empty_instance: Instance) -> World:
    return build_world(empty_instance.open())


def test_the_plan_as_json(world: World, run: Run) -> None:
    told = run("outreach", "plan", "--wave", 1, "--json").document
    assert [(a["area"], a["kind"], a["action"], a["quantity"], a["unit"]) for a in told["actions"]] == [
        (EAST, "tell", "HOME_VISIT", 29, "visits"),
        (EAST, "fix", "ISSUE_FIX", 1, "fixes"),
        (WEST, "tell", "HOME_VISIT", 20, "visits"),
        (WEST, "ask", "COURTYARD_MEETING", 2, "meetings"),
        (SOUTH, "ask", "INTERVIEWS", 139, "interviews"),
    ]
    first, last = told["actions"][0], told["actions"][-1]
    assert (first["indicator"], first["cost"], first["cost_assumed"], first["residents"]) == (
        "IND_AWARE",
        145,
        True,
        360,
    )
    assert "62%" in first["reason"]
    assert first["estimate"] == {
        **{"run": world.run, "position": 1, "indicator": "IND_AWARE", "area": EAST},
        **{"proportion": 0.62, "low": 0.54, "high": 0.70, "n": 100, "target": 0.8, "shown_range": None},
        **{"reliability": "reliable", "band": "below", "reason": None},
    }
    hidden = last["estimate"]
    assert {hidden[name] for name in ("proportion", "low", "high", "n", "band")} == {None}
    assert hidden["reason"] == "too_few_respondents_or_protects_such_a_group"
    assert run("outreach", "list", "--wave", 1, "--json").document == told


def test_a_range_tells_no_rate(empty_instance: Instance, run: Run) -> None:
    build_world(empty_instance.open(), (rate("IND_AWARE", SOUTH, 0.2, shown_range=(0.0, 0.25)),))
    (action,) = run("outreach", "plan", "--wave", 1, "--json").document["actions"]
    assert (action["estimate"]["proportion"], action["estimate"]["low"], action["residents"]) == (None, None, None)
    assert action["estimate"]["shown_range"] == [0.0, 0.25]
    assert (action["estimate"]["band"], action["estimate"]["reliability"]) == (None, None)
    assert "20%" not in action["reason"]


def test_a_budget(world: World, run: Run) -> None:
    told = run("outreach", "plan", "--wave", 1, "--budget", "25,100", "--json").document
    assert [action["quantity"] for action in told["actions"]] == [20, 1, 0, 0, 0]
    assert (told["budget"], told["cost"], told["cost_assumed"]) == (25_100, 25_100, True)


def test_people_read_lines_in_their_language(world: World, run: Run) -> None:
    english = run("outreach", "plan", "--wave", 1)
    assert english.code == 0
    assert "5 actions" in english.out
    assert "prices assumed" in english.out
    chinese = run("outreach", "list", "--wave", 1, language="zh_Hans")
    assert CHINESE.search(chinese.out)
    assert "明显低于目标80%" in chinese.out


def test_a_workbook_once(world: World, run: Run, refused: Refusals, tmp_path) -> None:
    run("outreach", "plan", "--wave", 1)
    path = tmp_path / "plan.xlsx"
    told = run("outreach", "export", "--wave", 1, path, "--json").document
    assert told == {"wave": 1, "file": str(path), "actions": 5}
    sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets[0]
    assert sheet.max_row == 6
    refused("outreach", "export", "--wave", 1, path)
    refused("outreach", "export", "--wave", 1, tmp_path / "plan.csv")


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "--wave", 99),
        ("plan", "--wave", 1, "--budget", "a lot"),
        ("plan", "--wave", 1, "--budget", "-5"),
        ("plan", "--wave", 1, "--budget", "nan"),
        ("list", "--wave", 99),
        ("export", "--wave", 1, "none.xlsx"),
    ],
)
def test_bad_input(world: World, refused: Refusals, arguments) -> None:
    refused("outreach", *arguments)


def test_not_before_publication(empty_instance: Instance, refused: Refusals) -> None:
    build_world(empty_instance.open(), published=False)
    refused("outreach", "plan", "--wave", 1)


def test_an_official_plans_a_leader_reads_a_canvasser_neither(world: World, run: Run) -> None:
    with world.database.writing() as session:
        for role in (Role.OFFICIAL, Role.LEADER, Role.CANVASSER, Role.SUPERVISOR):
            add_account(session, name=str(role), password_hash="hash", role=role, at=AT)
    assert run("--as", "official", "outreach", "plan", "--wave", 1).code == 0
    assert run("--as", "leader", "outreach", "plan", "--wave", 1).code == 2
    assert run("--as", "leader", "outreach", "list", "--wave", 1).code == 0
    for role in ("canvasser", "supervisor"):
        assert run("--as", role, "outreach", "list", "--wave", 1).code == 2
