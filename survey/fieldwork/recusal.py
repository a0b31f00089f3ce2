"""Who must not visit whom: nobody interviews where they belong, and nobody beyond the reach of their account."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from survey.messages import N_
from survey.roles import CanvasserType, Scope

#: Where a statistical code may end: province, city, county, street, community.
_LEVELS = (2, 4, 6, 9, 12)


class Obstacle(StrEnum):
    """Why a canvasser gets no case of a community."""

    TIED = "tied"
    TIES_UNKNOWN = "ties_unknown"
    OUT_OF_REACH = "out_of_reach"


OBSTACLE_WORDS: Mapping[Obstacle, str] = {
    Obstacle.TIED: N_("回避：与该社区有关联"),
    Obstacle.TIES_UNKNOWN: N_("社区工作人员没有登记所属社区，无法判断是否回避"),
    Obstacle.OUT_OF_REACH: N_("账号的范围不包括该社区或该轮次"),
}


def find_obstacle(
    *,
    canvasser_type: CanvasserType | None,
    ties: Collection[str],
    scope: Scope,
    wave_id: int,
    community: str,
    parents: Mapping[str, str | None],
) -> Obstacle | None:
    """Why this canvasser gets no case of ``community``; ``None`` when nothing stands in the way.

    ``parents``: code -> code above, of the wave's frame.

    >>> student = dict(canvasser_type=CanvasserType.STUDENT, scope=Scope(), wave_id=1, parents={"21": "2", "2": None})
    >>> print(find_obstacle(ties=(), community="21", **student))
    None
    >>> find_obstacle(ties={"2"}, community="21", **student)
    <Obstacle.TIED: 'tied'>
    """
    if not scope.sees_wave(wave_id) or not scope.sees_area(community, parents):
        return Obstacle.OUT_OF_REACH
    if any(_within(community, tie, parents) or _within(tie, community, parents) for tie in ties):
        return Obstacle.TIED
    if canvasser_type is CanvasserType.COMMUNITY_STAFF and not ties:
        return Obstacle.TIES_UNKNOWN
    return None


def _within(code: str, other: str, parents: Mapping[str, str | None]) -> bool:
    """Whether ``code`` is ``other`` or lies in it: by the frame, else by how the codes are built."""
    above: str | None = code
    while above is not None:
        if above == other:
            return True
        above = parents.get(above)
    if code in parents and other in parents:
        return False
    return code.startswith(_stem(other))


def _stem(code: str) -> str:
    """What the codes inside ``code`` begin with.

    >>> _stem("440983102000"), _stem("440983102001"), _stem("440983000000"), _stem("440983102001003")
    ('440983102', '440983102001', '440983', '440983102001003')
    """
    ends = [end for end in _LEVELS if end < len(code) and set(code[end:]) == {"0"}]
    return code[: ends[0]] if ends and len(code) == _LEVELS[-1] else code
