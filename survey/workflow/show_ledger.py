"""Show the ledger of an action at the door: the units of a grid in walking order, a page at a time, and their ticks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.areas import Area, Level
from survey.casework.outreach_reach import find_action
from survey.messages import N_, Conflict, Message, NotThere
from survey.outreach import DOOR_TO_DOOR
from survey.roles import Scope
from survey.store import ledger_visits
from survey.store.areas import get_frame
from survey.store.ledger_visits import Coverage, Tick
from survey.store.outreach_actions import OutreachAction
from survey.store.units import count_places, list_grid_units
from survey.store.waves import WaveRecord
from survey.units import Unit

PAGE = 100


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """``tick``: of this action. ``left_alone_since``: somebody there asked not to be visited, in any action."""

    unit: Unit
    tick: Tick | None
    left_alone_since: date | None


@dataclass(frozen=True, kw_only=True)
class LedgerView:
    """``grids``: code -> units, within reach; "" stands for units without a grid. ``page`` counts from 1.

    ``lines``: the units of ``grid`` on this page. ``coverage``: of the whole action. ``units``: it could reach.
    """

    wave: WaveRecord
    action: OutreachAction
    area: Area
    grids: Mapping[str, int]
    grid: str
    page: int
    pages: int
    lines: tuple[LedgerLine, ...]
    coverage: Coverage
    units: int
    grid_names: Mapping[str, str]

    def place_name(self, grid: str) -> str:
        """A grid's name instead of its code."""
        return self.grid_names.get(grid, grid)


def show_ledger(
    session: Session, action_id: int, *, scope: Scope, grid: str | None = None, page: int = 1
) -> LedgerView:
    """The ledger at one grid, without ``grid`` at the first within reach.

    Raises :class:`NotThere` for an action, a grid or a page out of reach, :class:`Conflict` for an action that is not
    done at doors.
    """
    found = find_action(session, action_id, scope=scope)
    action, frame, area = found.action, found.wave.frame_id, found.action.area
    if action.type_code not in DOOR_TO_DOOR:
        raise Conflict(Message(N_("这项行动不上门，没有走访台账")))
    grids = _grids(session, frame, action)
    within = {code: count for code, count in grids.items() if found.reach.sees_grid(code, area)}
    chosen = next(iter(within), None) if grid is None else grid
    if chosen not in within:
        raise NotThere(Message(N_("没有这个网格，或者它不归您负责")))
    units = [unit for unit in list_grid_units(session, frame, area, chosen) if _lies_at(unit, action.place)]
    pages = max(1, -(-len(units) // PAGE))
    if not 1 <= page <= pages:
        raise NotThere(Message(N_("台账没有第 {page} 页"), {"page": page}))
    shown = units[(page - 1) * PAGE : page * PAGE]
    serials = [unit.serial for unit in shown]
    noted = ledger_visits.ticks(session, action_id, frame, serials)
    left_alone = ledger_visits.not_to_disturb(session, frame, serials)
    areas = {place.code: place for place in get_frame(session, frame).areas}
    return LedgerView(
        wave=found.wave,
        action=action,
        area=areas[area],
        grids=within,
        grid=chosen,
        page=page,
        pages=pages,
        lines=tuple(
            LedgerLine(unit=unit, tick=noted.get(unit.serial), left_alone_since=left_alone.get(unit.serial))
            for unit in shown
        ),
        coverage=ledger_visits.coverage(session, action_id),
        units=sum(grids.values()),
        grid_names={code: place.name for code, place in areas.items() if place.level is Level.GRID},
    )


def _grids(session: Session, frame_id: int, action: OutreachAction) -> Mapping[str, int]:
    """Grid -> units of the action, by code; units without a grid come last, under ""."""
    counts = count_places(session, frame_id, action.area)
    if action.place in counts.grids:
        return {action.place: counts.grids[action.place]}
    if action.place in counts.estates:
        of_estate = counts.estates[action.place]
        return {code: of_estate[code] for code in sorted(of_estate, key=lambda code: (not code, code))}
    nowhere = counts.units - sum(counts.grids.values())
    return {**counts.grids, **({"": nowhere} if nowhere else {})}


def _lies_at(unit: Unit, place: str) -> bool:
    return place in ("", unit.grid, unit.address.get("estate", ""))
