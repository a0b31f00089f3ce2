"""What there is to know of a frame: its communities, their units, and what looks odd."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.areas import Area, Level
from survey.files.unit_places import CODE_DIGITS
from survey.messages import N_, Message
from survey.sampling.frame_digest import shown_digest
from survey.store.areas import Frame, get_frame
from survey.store.areas import list_frames as stored_frames
from survey.store.units import Residents, count_residents, count_units, grid_sizes
from survey.units import NOT_DRAWN, UnitKind, UnitStatus

#: Fewer units than this can hardly be reported by themselves.
FEW_UNITS = 30
#: A grid has one to three hundred homes; several times that is more often a wrong number.
LARGE_GRID = 1000
MUCH_VACANT = 0.5
#: Residents of all ages against adults: beyond these the two numbers hardly mean the same place.
LEAST_RESIDENTS, MOST_RESIDENTS = 0.8, 2.0


@dataclass(frozen=True, kw_only=True)
class FrameSummary:
    """``digest``: of areas and units together, where there are units."""

    id: int
    kind: UnitKind | None
    areas: int
    units: int
    digest: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class CommunityUnits:
    """A community or village; ``street``: the name of the area above. ``drawable``: units that a draw may take.

    ``residents``: as the frame says, ``None`` where no unit says it; ``population``: adults, from the areas.
    """

    code: str
    name: str
    street: str
    units: int
    drawable: int
    grids: int
    statuses: Mapping[UnitStatus, int]
    residents: int | None
    population: int | None


@dataclass(frozen=True, kw_only=True)
class FrameView:
    """``odd``: what is worth a look before anything is drawn, empty where nothing is."""

    summary: FrameSummary
    communities: tuple[CommunityUnits, ...]
    statuses: Mapping[UnitStatus, int]
    drawable: int
    residents: int | None
    population: int | None
    odd: tuple[Message, ...]


def list_frames(session: Session) -> tuple[FrameSummary, ...]:
    """All frames, the newest first."""
    return tuple(_summary(frame) for frame in reversed(stored_frames(session)))


def show_frame(session: Session, frame_id: int) -> FrameView:
    """One frame; raises ``NotThere``."""
    frame = get_frame(session, frame_id)
    counts, residents = count_units(session, frame_id), count_residents(session, frame_id)
    grids = grid_sizes(session, frame_id)
    names = {area.code: area.name for area in frame.areas}
    in_community = Counter(code[:CODE_DIGITS] for code in grids)
    communities = tuple(
        _community(area, names, counts.get(area.code, {}), residents.get(area.code), in_community[area.code])
        for area in frame.areas
        if area.level in (Level.COMMUNITY, Level.VILLAGE)
    )
    statuses = {status: sum(c.statuses.get(status, 0) for c in communities) for status in UnitStatus}
    said = [c.residents for c in communities if c.residents is not None]
    adults = [c.population for c in communities if c.population is not None]
    return FrameView(
        summary=_summary(frame),
        communities=communities,
        statuses={status: count for status, count in statuses.items() if count},
        drawable=sum(c.drawable for c in communities),
        residents=sum(said) if said else None,
        population=sum(adults) if adults else None,
        odd=tuple(_odd(frame, communities, residents, grids)) if frame.kind else (),
    )


def _summary(frame: Frame) -> FrameSummary:
    return FrameSummary(
        id=frame.id,
        kind=frame.kind,
        areas=len(frame.areas),
        units=frame.unit_count,
        digest=shown_digest(frame.digest, frame.units_digest),
        created_at=frame.created_at,
    )


def _community(
    area: Area, names: Mapping[str, str], counts: Mapping[UnitStatus, int], residents: Residents | None, grids: int
) -> CommunityUnits:
    return CommunityUnits(
        code=area.code,
        name=area.name,
        street=names.get(area.parent or "", ""),
        units=sum(counts.values()),
        drawable=sum(count for status, count in counts.items() if status not in NOT_DRAWN),
        grids=grids,
        statuses=counts,
        residents=residents.people if residents and residents.told else None,
        population=area.population,
    )


def _odd(
    frame: Frame, communities: Sequence[CommunityUnits], residents: Mapping[str, Residents], grids: Mapping[str, int]
) -> list[Message]:
    filled = [c for c in communities if c.units]
    names = Counter(c.name for c in communities)

    def called(some: Iterable[CommunityUnits]) -> list[str]:
        """Their names; where two are called the same, with the area above."""
        return [c.name if names[c.name] == 1 else f"{c.name} ({c.street or c.code})" for c in some]

    listed = [area.code for area in frame.areas if area.level is Level.GRID]
    empty_grids = [code for code in listed if code not in grids]
    in_grids = {code[:CODE_DIGITS] for code in grids}
    untold = sum(c.units - residents[c.code].told for c in filled if residents[c.code].told)
    found = [
        _named(N_("没有单元的社区：{names}"), called(c for c in communities if not c.units)),
        _named(N_("不到 {few} 个可抽单元的社区：{names}"), called(c for c in filled if c.drawable < FEW_UNITS),
               few=FEW_UNITS),
        _named(N_("地区表里有、单元表里没有的网格：{names}"), empty_grids),
        _named(N_("单元超过 {most} 个的网格，像是网格号填错：{names}"),
               [code for code, size in grids.items() if code and size > LARGE_GRID], most=LARGE_GRID),
        _named(N_("没有填网格的社区（别的社区填了）：{names}"),
               called(c for c in filled if grids and c.code not in in_grids)),
        _named(N_("一半以上空置的社区：{names}"),
               called(c for c in filled if c.statuses.get(UnitStatus.VACANT, 0) > MUCH_VACANT * c.units)),
        _named(N_("常住人口和成年人口对不上的社区（常住人口应当略多）：{names}"),
               called(c for c in filled if _do_not_fit(c))),
    ]  # fmt: skip
    if untold:
        found.append(Message(N_("有人填常住人口的社区里，还有 {count} 个单元没有填"), {"count": untold}))
    return [message for message in found if message]


def _do_not_fit(community: CommunityUnits) -> bool:
    if community.residents is None or not community.population:
        return False
    return not LEAST_RESIDENTS <= community.residents / community.population <= MOST_RESIDENTS


def _named(msgid: str, names: Sequence[str], **numbers: int) -> Message | None:
    """The sentence with the first names in it, ``None`` where there is no one to name."""
    if not names:
        return None
    shown = ", ".join(names[:10]) + (f" … ({len(names)})" if len(names) > 10 else "")
    return Message(msgid, {"names": shown, **numbers})
