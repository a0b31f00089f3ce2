"""Show the ledger of an action at the door: the units of a grid in walking order, a page at a time, and their ticks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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
#: Instead of a grid: all of them within reach.
EVERY_GRID = "*"


class LedgerShow(StrEnum):
    """Which homes of the ledger are wanted; those of an outcome are called like it."""

    TODO = "todo"  # not ticked yet, and nobody there asked to be left alone
    REACHED = "reached"
    NOBODY = "nobody"
    DO_NOT_DISTURB = "do_not_disturb"  # in this action, or in an earlier one and not ticked since


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """``tick``: of this action. ``left_alone_since``: somebody there asked not to be visited, in any action."""

    unit: Unit
    tick: Tick | None
    left_alone_since: date | None

    @property
    def stands_as(self) -> str:
        """The :class:`LedgerShow` under which it is found."""
        if self.tick is not None:
            return self.tick.outcome
        return LedgerShow.TODO if self.left_alone_since is None else LedgerShow.DO_NOT_DISTURB


@dataclass(frozen=True, kw_only=True)
class LedgerView:
    """``grids``: code -> units, within reach; "" stands for units without a grid. ``page`` counts from 1.

    ``lines``: the units of ``grid`` (:data:`EVERY_GRID`: of all ``grids``) on this page; ``found``: on all pages.
    ``coverage``: of the whole action. ``units``: it could reach.
    """

    wave: WaveRecord
    action: OutreachAction
    area: Area
    grids: Mapping[str, int]
    grid: str
    page: int
    pages: int
    found: int
    lines: tuple[LedgerLine, ...]
    coverage: Coverage
    units: int
    grid_names: Mapping[str, str]

    def place_name(self, grid: str) -> str:
        """A grid's name instead of its code."""
        return self.grid_names.get(grid, grid)


def show_ledger(
    session: Session,
    action_id: int,
    *,
    scope: Scope,
    grid: str | None = None,
    page: int = 1,
    only: LedgerShow | None = None,
    keep: int | None = None,
) -> LedgerView:
    """The ledger at one grid, without ``grid`` at the first within reach, at :data:`EVERY_GRID` at all of them.

    ``only``: nothing but such homes, and the one with the serial ``keep``; a page behind the last is then the last.
    Raises :class:`NotThere` for an action, a grid or a page out of reach, :class:`Conflict` for an action that is not
    done at doors.
    """
    found = find_action(session, action_id, scope=scope)
    action, frame, area = found.action, found.wave.frame_id, found.action.area
    if action.type_code not in DOOR_TO_DOOR:
        raise Conflict(Message(N_("这项行动不上门，没有走访台账")))
    grids = _grids(session, frame, action)
    within = {code: count for code, count in grids.items() if found.reach.sees_grid(code, area)}
    chosen = next(iter(within), "") if grid is None else grid
    units = [unit for unit in _units(session, frame, area, within, chosen) if _lies_at(unit, action.place)]
    if only is not None:
        lines = _lines(session, action, frame, units)
        units = [line.unit for line in lines if line.stands_as == only or line.unit.serial == keep]
    pages = max(1, -(-len(units) // PAGE))
    page = page if only is None else min(page, pages)
    if not 1 <= page <= pages:
        raise NotThere(Message(N_("台账没有第 {page} 页"), {"page": page}))
    areas = get_frame(session, frame).areas
    return LedgerView(
        wave=found.wave,
        action=action,
        area=next(place for place in areas if place.code == area),
        grids=within,
        grid=chosen,
        page=page,
        pages=pages,
        found=len(units),
        lines=_lines(session, action, frame, units[(page - 1) * PAGE : page * PAGE]),
        coverage=ledger_visits.coverage(session, action_id),
        units=sum(grids.values()),
        grid_names={place.code: place.name for place in areas if place.level is Level.GRID},
    )


def _units(session: Session, frame: int, area: str, within: Mapping[str, int], chosen: str) -> Iterator[Unit]:
    """Of the grid that was chosen, in walking order."""
    if not within or (chosen not in within and chosen != EVERY_GRID):
        raise NotThere(Message(N_("没有这个网格，或者它不归您负责")))
    for grid in within if chosen == EVERY_GRID else (chosen,):
        yield from list_grid_units(session, frame, area, grid)


def _lines(session: Session, action: OutreachAction, frame: int, units: Sequence[Unit]) -> tuple[LedgerLine, ...]:
    serials = [unit.serial for unit in units]
    noted = ledger_visits.ticks(session, action.id, frame, serials)
    left_alone = ledger_visits.not_to_disturb(session, frame, serials)
    return tuple(
        LedgerLine(unit=unit, tick=noted.get(unit.serial), left_alone_since=left_alone.get(unit.serial))
        for unit in units
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
