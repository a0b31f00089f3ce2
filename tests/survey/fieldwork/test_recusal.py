"""Who belongs to a community does not visit it, whatever level the tie is on record at."""

import pytest

from survey.fieldwork.recusal import OBSTACLE_WORDS, Obstacle, find_obstacle
from survey.roles import CanvasserType, Scope

STREET, EAST, WEST, GRID = "440983102000", "440983102001", "440983102002", "440983102001003"
PARENTS = {STREET: None, EAST: STREET, WEST: STREET, GRID: EAST}


def obstacle(
    community: str,
    ties: set[str],
    *,
    kind: CanvasserType | None = CanvasserType.STUDENT,
    scope: Scope = Scope(),  # noqa: B008 - frozen
    parents: dict[str, str | None] = PARENTS,
) -> Obstacle | None:
    return find_obstacle(canvasser_type=kind, ties=ties, scope=scope, wave_id=7, community=community, parents=parents)


@pytest.mark.parametrize("tie", [EAST, GRID, STREET])
@pytest.mark.parametrize("parents", [PARENTS, {EAST: None, WEST: None}])
def test_a_tie_to_it_to_its_street_or_to_a_grid_of_it_keeps_one_away(tie: str, parents: dict[str, str | None]) -> None:
    assert obstacle(EAST, {tie}, parents=parents) is Obstacle.TIED


@pytest.mark.parametrize("ties", [set(), {WEST}, {"110101001001"}, {"440983103000"}])
def test_other_ties_do_not(ties: set[str]) -> None:
    assert obstacle(EAST, ties) is None
    assert obstacle(EAST, ties, parents={EAST: None}) is None


def test_the_frame_is_believed_before_the_digits() -> None:
    """Communities numbered like streets: their codes share a beginning, but neither lies in the other."""
    parents = {"440983000000": None, "440983102000": "440983000000", "440983102001": "440983000000"}
    assert obstacle("440983102001", {"440983102000"}, parents=parents) is None


def test_community_staff_go_elsewhere_once_their_community_is_known() -> None:
    staff = CanvasserType.COMMUNITY_STAFF
    assert obstacle(EAST, set(), kind=staff) is Obstacle.TIES_UNKNOWN
    assert obstacle(EAST, {EAST}, kind=staff) is Obstacle.TIED
    assert obstacle(EAST, {WEST}, kind=staff) is None


def test_an_account_stays_within_its_reach() -> None:
    assert obstacle(EAST, set(), scope=Scope(waves=frozenset({8}))) is Obstacle.OUT_OF_REACH
    assert obstacle(EAST, set(), scope=Scope(areas=frozenset({WEST}))) is Obstacle.OUT_OF_REACH
    assert obstacle(EAST, set(), scope=Scope(areas=frozenset({STREET}), waves=frozenset({7}))) is None


def test_every_obstacle_has_words() -> None:
    assert set(OBSTACLE_WORDS) == set(Obstacle)
