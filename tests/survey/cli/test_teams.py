"""survey draw teams | verify-teams"""

import json
from pathlib import Path

import pytest

from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance
from tests.survey.drawn_wave import EAST, WEST, add_canvasser, drawn_wave

DRAW = ("draw", "teams", "--wave", 1, "--from", "2026-05-06", "--to", "2026-05-12", "--without", "2026-05-09")


@pytest.fixture
def drawn(empty_instance: Instance) -> Instance:
    """Wave 1 with an approved draw of twenty cases, two canvassers and one who belongs to the east."""
    database = empty_instance.open()
    drawn_wave(database)
    for name in ("甲", "乙", "丙"):
        add_canvasser(database, name)
    add_canvasser(database, "本地", ties=[EAST])
    database.close()
    return empty_instance


def test_teams_are_drawn_saved_and_verified(drawn: Instance, run: Run, refused: Refusals, tmp_path: Path) -> None:
    record = tmp_path / "teams.json"
    done = run(*DRAW, "--per-day", 5, "--out", record, "--json").document
    assert {place for team in done["teams"] for place in team["visits"]} == {EAST, WEST}
    assert all(len(days) == 2 for team in done["teams"] for days in team["visits"].values())
    assert json.loads(record.read_text())["seed"] == done["seed"]
    assert set(done["names"].values()) == {"甲", "乙", "丙", "本地"}
    assert done["rules"]
    verified = run("draw", "verify-teams", done["team_draw"], "--json").document
    assert (verified["ok"], verified["digest"], verified["teams"]) == (True, done["digest"], 2)
    assert done["digest"] in run("draw", "verify-teams", 1, "--file", record).out
    record.write_text(record.read_text().replace('"size":2', '"size":3'))
    assert "核对不上" in refused("draw", "verify-teams", 1, "--file", record, code=1)
    assert "重抽要写明理由" in refused(*DRAW)
    again = run(*DRAW, "--reason", "队员离职", "--json").document
    assert (again["number"], again["seed"] != done["seed"]) == (2, True)
    assert "! drawn again since: teams 2 stand (team draw 2)" in run("draw", "verify-teams", 1).out


def test_people_read_names(drawn: Instance, run: Run) -> None:
    lines = run(*DRAW, language="zh_Hans").out.splitlines()
    assert "sizes and days: 设计里没有写；种子已经知道以后才定的" in lines
    rows = [line.split("\t") for line in lines if line[:1].isdecimal()]
    assert {name for row in rows for name in row[1].split(", ")} == {"甲", "乙", "丙", "本地"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--size", 1), 2),
        (("--size", 4), 1),
        (("--per-day", 0), 2),
        (("--without", "2026-06-01"), 2),
    ],
)
def test_what_cannot_be_drawn(drawn: Instance, refused: Refusals, options: tuple[object, ...], code: int) -> None:
    refused(*DRAW, *options, code=code)


def test_a_file_in_the_way_and_nothing_is_drawn(drawn: Instance, run: Run, refused: Refusals, tmp_path: Path) -> None:
    there = tmp_path / "there.json"
    there.write_text("mine")
    refused(*DRAW, "--out", there)
    assert there.read_text() == "mine"
    refused("draw", "verify-teams", 1)
