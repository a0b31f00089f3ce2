"""survey case assign | list"""

import pytest

from survey.workflow.assign_cases import assignment_seed
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance
from tests.survey.drawn_wave import EAST, SEED, add_canvasser, drawn_wave


@pytest.fixture
def drawn(empty_instance: Instance) -> Instance:
    """Wave 1 with an approved draw of twenty cases and one canvasser."""
    database = empty_instance.open()
    drawn_wave(database)
    add_canvasser(database, "甲")
    database.close()
    return empty_instance


def test_cases_are_listed_in_walking_order(drawn: Instance, run: Run) -> None:
    listed = run("case", "list", "--wave", 1, "--json").document["cases"]
    assert len(listed) == 20
    assert [case["unit"] for case in listed] == sorted(case["unit"] for case in listed)
    first = listed[0]
    assert (first["area"], first["inclusion_n"], first["inclusion_total"], first["canvasser"]) == (EAST, 10, 54, None)
    assert first["address"].startswith("花园小区 1栋 ")


def test_assigning_takes_two_canvassers(drawn: Instance, run: Run, refused: Refusals) -> None:
    assert "2 个社区可派的访员不足" in refused("case", "assign", "--wave", 1, code=1)
    problems = run("case", "assign", "--wave", 1, "--json").document["problems"]
    assert [(problem["column"], problem["got"]) for problem in problems] == [("东风社区", "1"), ("西湖社区", "1")]
    database = drawn.open()
    add_canvasser(database, "乙")
    database.close()
    done = run("case", "assign", "--wave", 1, "--json").document
    assert (done["cases"], done["round"], done["canvassers"]) == (20, 1, {"甲": 10, "乙": 10})
    assert done["seeds"] == {"1": assignment_seed(SEED, 1)}
    assert done["warnings"] == ["no teams were drawn for this draw: cases went to everybody who may go there"]
    listed = run("case", "list", "--wave", 1, "--json").document["cases"]
    assert {case["canvasser"] for case in listed} == {"甲", "乙"}
    refused("case", "assign", "--wave", 1)


def test_an_unknown_wave_is_refused(drawn: Instance, refused: Refusals) -> None:
    refused("case", "list", "--wave", 9)
    refused("case", "assign", "--wave", 9)
