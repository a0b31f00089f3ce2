"""Show the draws of a wave, and before one is run what it would take and how precise it would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.areas import Area, Level
from survey.roles import Scope
from survey.sampling.samples import drawable
from survey.store.areas import Frame, get_frame
from survey.store.cases import Part, count_parts
from survey.store.draw_reviews import DrawReview, latest_review
from survey.store.draws import Draw, list_draws
from survey.store.units import count_units
from survey.store.waves import WaveRecord

#: A rate that surveys of this kind often find; the precision is told for it.
EXAMPLE_RATE = 0.9


@dataclass(frozen=True, kw_only=True)
class CommunityUnits:
    """``listed``: units in the frame. ``drawable``: those a draw may take."""

    area: Area
    listed: int
    drawable: int


@dataclass(frozen=True, kw_only=True)
class Planned:
    """``cases``: what a draw would take of the community, or those of a draw that are asked; ``held``: in reserve."""

    community: CommunityUnits
    cases: int
    held: int = 0


@dataclass(frozen=True, kw_only=True)
class Precision:
    """The default 95 % interval of a rate of 90 % with ``completes`` answers; ``None`` for fewer than two."""

    completes: int
    interval: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class DrawLine:
    """``communities``: as far as the reader's scope, each with its cases and what they were drawn from.

    ``review``: the latest that whoever decided could see; ``later``: the latest kept after that decision.
    """

    draw: Draw
    communities: tuple[Planned, ...]
    review: DrawReview | None
    later: DrawReview | None


@dataclass(frozen=True, kw_only=True)
class DrawView:
    """``draws``: the newest first."""

    wave: WaveRecord
    frame: Frame
    communities: tuple[CommunityUnits, ...]
    draws: tuple[DrawLine, ...]

    @property
    def standing(self) -> DrawLine | None:
        """The draw that is proposed or approved."""
        return next((line for line in self.draws if line.draw.state != "rejected"), None)

    @property
    def rejected(self) -> tuple[DrawLine, ...]:
        return tuple(line for line in self.draws if line.draw.state == "rejected")


def show_draw(session: Session, wave: WaveRecord, *, scope: Scope) -> DrawView:
    """The frame of ``wave`` in numbers, and its draws."""
    frame = get_frame(session, wave.frame_id)
    parents = {area.code: area.parent for area in frame.areas}
    counts = count_units(session, frame.id)
    communities = tuple(
        CommunityUnits(
            area=area,
            listed=sum(counts.get(area.code, {}).values()),
            drawable=drawable(counts.get(area.code, {})),
        )
        for area in frame.areas
        if area.level in (Level.COMMUNITY, Level.VILLAGE) and scope.sees_area(area.code, parents)
    )
    draws = tuple(_line(session, draw, communities) for draw in list_draws(session, wave.id))
    return DrawView(wave=wave, frame=frame, communities=communities, draws=draws)


def plan_cases(communities: Sequence[CommunityUnits], per_community: int) -> tuple[Planned, ...]:
    """What a draw of so many per community would take."""
    return tuple(Planned(community=one, cases=min(one.drawable, per_community)) for one in communities)


def plan_precision(per_community: int) -> tuple[Precision, Precision]:
    """If everybody answers, and if every second one does: one adult per dwelling, design effect 1.

    >>> [(one.completes, one.interval) for one in plan_precision(2)][1]
    (1, None)
    """
    return _precision(per_community), _precision(per_community // 2)


def _precision(completes: int) -> Precision:
    if completes < 2:
        return Precision(completes=completes, interval=None)
    # scipy takes a while to import, and only this line of one page needs it.
    import numpy as np

    from analysis.estimation.intervals import wilson

    low, high = wilson(np.array([EXAMPLE_RATE]), np.array([float(completes)]), completes - 1)
    return Precision(completes=completes, interval=(float(low[0]), float(high[0])))


def _line(session: Session, draw: Draw, communities: Sequence[CommunityUnits]) -> DrawLine:
    parts = count_parts(session, draw.id)
    seen, latest = latest_review(session, draw.id, until=draw.decided_at), latest_review(session, draw.id)
    return DrawLine(
        draw=draw,
        communities=tuple(_planned(one, parts.get(one.area.code, {})) for one in communities),
        review=seen,
        later=latest if latest != seen else None,
    )


def _planned(community: CommunityUnits, parts: Mapping[int, Part]) -> Planned:
    """Cases that are asked: reserves count once they are released."""
    asked = sum(part.cases for part in parts.values() if part.released)
    return Planned(community=community, cases=asked, held=sum(part.cases for part in parts.values()) - asked)
