"""survey draw review"""

import pytest

from survey.roles import Role
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance
from tests.survey.drawn_wave import add_canvasser, draw, open_wave_with_units


@pytest.fixture
def drawn(empty_instance: Instance) -> Instance:
    database = empty_instance.open()
    draw(database, open_wave_with_units(database))
    add_canvasser(database, "tongji", role=Role.STATISTICIAN)
    database.close()
    return empty_instance


def test_a_draw_is_looked_at_beside_frame_and_redraws(drawn: Instance, run: Run) -> None:
    found = run("draw", "review", 1, "--json").document
    assert (found["draw"], found["balance"]["cases"], found["balance"]["redraws"]) == (1, 20, 500)
    said = run("draw", "review", 1)
    assert said.out.startswith("draw 1: largest difference ")
    assert "doors that read like another" in said.out


def test_of_no_draw_there_is_no_review(drawn: Instance, refused: Refusals) -> None:
    refused("draw", "review", 9)
