"""Show the reserves of a wave's draw: per community what was released and why, and what is held back."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.areas import Area, Level
from survey.roles import Scope
from survey.store.areas import get_frame
from survey.store.assignments import list_held
from survey.store.cases import count_parts
from survey.store.draws import Draw, standing_draw
from survey.store.replicate_releases import Release, list_releases
from survey.store.waves import WaveRecord
from survey.waves import WaveState


@dataclass(frozen=True, kw_only=True)
class Replicate:
    """``release``: ``None`` while it is held back."""

    number: int
    cases: int
    release: Release | None


@dataclass(frozen=True, kw_only=True)
class CommunityReserves:
    """``main``: cases of the main sample. ``replicates``: in their order; fewer where few homes were left.
    ``unassigned``: cases that are asked and that no canvasser has.
    """

    area: Area
    main: int
    replicates: tuple[Replicate, ...]
    unassigned: int

    @property
    def next(self) -> Replicate | None:
        """The one to be released next."""
        return next((one for one in self.replicates if one.release is None), None)

    @property
    def held(self) -> tuple[Replicate, ...]:
        return tuple(one for one in self.replicates if one.release is None)

    @property
    def asked(self) -> int:
        """Cases that are asked by now."""
        return self.main + sum(one.cases for one in self.replicates if one.release)


@dataclass(frozen=True, kw_only=True)
class ReservesView:
    """``draw``: the approved one, if there is one. ``communities``: those within reach that have cases."""

    wave: WaveRecord
    draw: Draw | None
    communities: tuple[CommunityReserves, ...]

    @property
    def is_open(self) -> bool:
        """Whether reserves may still be released in this wave."""
        return self.draw is not None and self.wave.state in (WaveState.DRAWN, WaveState.FIELDING)

    @property
    def releasable(self) -> tuple[CommunityReserves, ...]:
        return tuple(one for one in self.communities if one.next) if self.is_open else ()

    @property
    def unassigned(self) -> int:
        return sum(one.unassigned for one in self.communities)


def show_reserves(session: Session, wave: WaveRecord, *, scope: Scope) -> ReservesView:
    draw = standing_draw(session, wave.id)
    if draw is None:
        return ReservesView(wave=wave, draw=None, communities=())
    areas = get_frame(session, draw.frame_id).areas
    parents = {area.code: area.parent for area in areas}
    releases = {(one.area, one.replicate): one for one in list_releases(session, draw.id)}
    parts = count_parts(session, draw.id)
    unassigned = Counter(case.area for case in list_held(session, draw.id) if case.account is None)
    communities = tuple(
        CommunityReserves(
            area=area,
            main=parts[area.code][0].cases if 0 in parts[area.code] else 0,
            replicates=tuple(
                Replicate(number=number, cases=part.cases, release=releases.get((area.code, number)))
                for number, part in parts[area.code].items()
                if number
            ),
            unassigned=unassigned[area.code],
        )
        for area in areas
        if area.level in (Level.COMMUNITY, Level.VILLAGE) and area.code in parts and scope.sees_area(area.code, parents)
    )
    return ReservesView(wave=wave, draw=draw, communities=communities)
