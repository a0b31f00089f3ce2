"""How far an account reaches into outreach: whole communities, or for a grid worker single grids of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.areas import Area
from survey.messages import N_, Message, NotThere
from survey.outreach import LEAST_UNITS_OF_A_PLACE, ActionStatus
from survey.roles import Scope
from survey.store.areas import parents_in
from survey.store.outreach_actions import OutreachAction, change_action, get_action, wave_of
from survey.store.units import count_places
from survey.store.waves import WaveRecord, get_wave

#: Digits of an area's code; the code of a grid begins with that of its area.
AREA_DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class Reach:
    """``parents``: code -> code above, of the wave's frame."""

    scope: Scope
    parents: Mapping[str, str | None]

    @property
    def whole(self) -> bool:
        return not self.scope.areas

    def sees(self, area: str) -> bool:
        """Whether the whole area is within reach."""
        return self.scope.sees_area(area, self.parents)

    def touches(self, area: str) -> bool:
        """Whether the area, or a grid in it, is within reach.

        >>> reach = Reach(scope=Scope(areas=frozenset({"330106001001003"})), parents={"330106001001": None})
        >>> reach.touches("330106001001"), reach.sees("330106001001"), reach.touches("330106001002")
        (True, False, False)
        """
        return self.sees(area) or any(self._lies_in(code, area) for code in self.scope.areas)

    def sees_grid(self, grid: str, area: str) -> bool:
        """Whether a grid of the area is within reach; ``grid`` "": the whole area."""
        return self.sees(area) or (bool(grid) and grid in self.scope.areas)

    def _lies_in(self, code: str, area: str) -> bool:
        above = self.parents.get(code, code[:AREA_DIGITS] if len(code) > AREA_DIGITS else None)
        return above == area


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where in its community an action may be: grids (code -> homes) and estates (name -> homes), none of them so
    small that it would point at homes. ``homes``: of the whole community, 0 where the frame lists none.
    """

    homes: int
    grids: Mapping[str, int]
    estates: Mapping[str, int]

    def homes_at(self, place: str) -> int:
        return self.homes if not place else self.grids.get(place) or self.estates.get(place, 0)

    def __contains__(self, place: object) -> bool:
        return place == "" or place in self.grids or place in self.estates


@dataclass(frozen=True, kw_only=True)
class FoundAction:
    action: OutreachAction
    wave: WaveRecord
    reach: Reach


def reach_of(scope: Scope, areas: Mapping[str, Area]) -> Reach:
    return Reach(scope=scope, parents={code: area.parent for code, area in areas.items()})


def find_action(session: Session, action_id: int, *, scope: Scope, whole: bool = False) -> FoundAction:
    """The action and its wave; ``whole``: for those alone who reach its whole area, not single grids.

    Raises :class:`NotThere`, in the same words, for one out of reach.
    """
    refusal = NotThere(Message(N_("没有编号为 {id} 的行动"), {"id": action_id}))
    action = get_action(session, action_id)
    wave = get_wave(session, wave_of(session, action))
    # Homes are ticked by the thousand: the codes alone, and those only for who is limited to some.
    reach = Reach(scope=scope, parents=parents_in(session, wave.frame_id) if scope.areas else {})
    reached = reach.sees(action.area) if whole else reach.touches(action.area)
    if not scope.sees_wave(wave.id) or not reached:
        raise refusal
    return FoundAction(action=action, wave=wave, reach=reach)


def start_action(session: Session, action: OutreachAction, *, at: datetime, by: str) -> None:
    """The first work or tick starts an action that was not started: making the plan again leaves it alone then."""
    if action.status is ActionStatus.NOT_STARTED:
        changes = {"status": ActionStatus.IN_PROGRESS}
        change_action(session, action.id, changes, revision=action.revision, at=at, by=by)


def places_in(session: Session, frame_id: int, area: str) -> Places:
    counts = count_places(session, frame_id, area)
    estates = {name: sum(grids.values()) for name, grids in counts.estates.items()}
    return Places(homes=counts.units, grids=_large(counts.grids), estates=_large(estates))


def _large(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: homes for name, homes in counts.items() if homes >= LEAST_UNITS_OF_A_PLACE}
