"""Look at a design before anything is drawn: what every community would give, and with which probability."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from analysis.sampling.reserves import replicate_sizes
from analysis.sampling.sample_design import SampleDesign
from analysis.sampling.stage_plan import Plan, make_plan
from survey.areas import Area, Level
from survey.casework.draw_errors import refused_in_words
from survey.casework.drawing import find_earlier, read_ready_frame
from survey.sampling.sample_designs import canonical

#: Below this many cases a community will hardly get a figure of its own.
FEW = 10


@dataclass(frozen=True, kw_only=True)
class CommunityPreview:
    """``units``: drawable. ``main`` and ``reserves`` (one number each replicate): cases, if the community is drawn.

    ``chance``: of a unit to be in the main sample, the mean where grids make it differ; ``None`` without units.
    """

    area: Area
    units: int
    main: int
    reserves: tuple[int, ...]
    chance: Fraction | None

    @property
    def held(self) -> int:
        return sum(self.reserves)


@dataclass(frozen=True, kw_only=True)
class DrawPreview:
    """``text``: the design as it is kept, of which ``digest`` is the SHA-256. ``frame_digest``: of areas and units.

    ``communities``: in the order of the frame. ``drawn_communities``: how many of them are drawn, where not all give
    cases.
    """

    design: SampleDesign
    text: str
    digest: str
    frame_digest: str
    communities: tuple[CommunityPreview, ...]
    drawn_communities: int | None

    @property
    def units(self) -> int:
        return sum(one.units for one in self.communities)

    @property
    def main(self) -> int | None:
        """Cases of the main sample; ``None`` where it hangs on the communities that are drawn."""
        return None if self.drawn_communities is not None else sum(one.main for one in self.communities)

    @property
    def held(self) -> int | None:
        """Cases in reserve, likewise."""
        return None if self.drawn_communities is not None else sum(one.held for one in self.communities)

    @property
    def few(self) -> tuple[CommunityPreview, ...]:
        """Communities that give some cases, too few for a figure of their own."""
        return tuple(one for one in self.communities if 0 < one.main < FEW)


def preview_draw(session: Session, wave_id: int, design: SampleDesign, *, at: datetime) -> DrawPreview:
    """What ``design`` would draw from the wave's frame now; nothing is stored.

    Raises as a draw by this design: ``BadInput`` for one that cannot be drawn from this frame, :class:`Conflict` as
    :func:`survey.casework.drawing.read_ready_frame`.
    """
    ready = read_ready_frame(session, wave_id, design)
    find_earlier(session, ready, design, at=at)
    with refused_in_words(ready.frame.areas):
        plan = make_plan(ready.units.frame, design)
    text = canonical(design)
    return DrawPreview(
        design=design,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        frame_digest=ready.digest,
        communities=_communities(plan, ready.frame.areas),
        drawn_communities=None if design.strata_are_communities else design.stages[0].take,
    )


def _communities(plan: Plan, areas: tuple[Area, ...]) -> tuple[CommunityPreview, ...]:
    numbers = {code: number for number, code in enumerate(plan.communities.codes)}
    above = plan.community_chances()
    found = []
    for area in areas:
        if area.level not in (Level.COMMUNITY, Level.VILLAGE):
            continue
        number = numbers.get(area.code)
        if number is None:
            found.append(CommunityPreview(area=area, units=0, main=0, reserves=(), chance=None))
            continue
        units = int(plan.communities.units[number])
        main, *reserves = _sizes(plan, area.code)
        chance = Fraction(main, units) * (above.fraction(number) if above else 1)
        found.append(CommunityPreview(area=area, units=units, main=main, reserves=tuple(reserves), chance=chance))
    return tuple(found)


def _sizes(plan: Plan, community: str) -> tuple[int, ...]:
    reserves = plan.design.reserves
    return replicate_sizes(
        plan.drawn[community],
        main=plan.main[community],
        replicates=reserves.replicates if reserves else 0,
        each=reserves.per_community if reserves else 0,
    )
