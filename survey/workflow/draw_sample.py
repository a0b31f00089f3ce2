"""Draw the sample of a wave: in every community so many units, systematically along the canonical order."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from survey.areas import Area, Level
from survey.frame_digest import frame_digest
from survey.messages import N_, Conflict, Message
from survey.samples import (
    METHOD,
    SALT_BYTES,
    Design,
    Selected,
    check_per_community,
    draw_digest,
    drawable,
    read_seed,
    select_units,
)
from survey.store.areas import Frame, get_frame
from survey.store.cases import NewCase, add_cases
from survey.store.draws import add_draw
from survey.store.units import count_units, read_units
from survey.store.waves import WaveRecord, get_wave
from survey.units import UnitStatus
from survey.waves import SeedSource, WaveState

DEFAULT_PER_COMMUNITY = 100
SEED_BYTES = 32
#: Below this many cases a community will hardly get a figure of its own.
FEW = 10


@dataclass(frozen=True, kw_only=True)
class CommunityDraw:
    """``units``: those that could be drawn. Each was drawn with probability ``cases`` ÷ ``units``."""

    area: Area
    units: int
    cases: int


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """``warnings``: communities without units, taken whole, or with few cases."""

    draw: int
    seed_source: SeedSource
    digest: str
    cases: int
    communities: tuple[CommunityDraw, ...]  # in the order of the frame
    warnings: tuple[Message, ...]


def draw_sample(
    session: Session,
    wave_id: int,
    *,
    per_community: int = DEFAULT_PER_COMMUNITY,
    seed: str | None,
    at: datetime,
    by: str,
) -> Drawn:
    """Propose a draw; another person approves it. ``seed``: 16 to 128 hex digits; ``None``: the machine makes one.

    Neither is a public draw (非公开抽签), and the record says which it was.

    Raises ``BadInput`` for a seed or number that cannot be used, :class:`Conflict` for a wave that is no draft, a
    frame without units, and while another draw is proposed or approved.
    """
    source = SeedSource.MACHINE if seed is None else SeedSource.GIVEN
    seed = read_seed(secrets.token_hex(SEED_BYTES) if seed is None else seed)
    check_per_community(per_community)
    wave = get_wave(session, wave_id)
    frame = _frame(session, wave)
    selected = select_units(read_units(session, frame.id), per_community=per_community, seed=seed)
    if not selected:
        raise Conflict(Message(N_("抽样框 {frame} 里没有可以抽取的单元：全部已拆除或作商用"), {"frame": frame.id}))
    design = Design(
        frame_digest=frame_digest(frame.digest, frame.units_digest or ""),
        method=METHOD,
        per_community=per_community,
        seed=seed,
    )
    salt = secrets.token_bytes(SALT_BYTES)
    digest = draw_digest(design, selected, salt=salt)
    draw_id = add_draw(
        session,
        wave_id=wave_id,
        frame_id=frame.id,
        frame_digest=design.frame_digest,
        method=design.method,
        per_community=per_community,
        seed=seed,
        salt=salt.hex(),
        digest=digest,
        cases=len(selected),
        by=by,
        at=at,
        seed_source=source,
    )
    add_cases(session, draw_id, [_case(one) for one in selected])
    communities = plan_draw(frame, count_units(session, frame.id), per_community)
    return Drawn(
        draw=draw_id,
        seed_source=source,
        digest=digest,
        cases=len(selected),
        communities=communities,
        warnings=warnings_of(communities, per_community),
    )


def plan_draw(
    frame: Frame, counts: Mapping[str, Mapping[UnitStatus, int]], per_community: int
) -> tuple[CommunityDraw, ...]:
    """How many cases each community and village of the frame gives, known before anything is drawn."""
    return tuple(
        CommunityDraw(area=area, units=units, cases=min(units, per_community))
        for area in frame.areas
        if area.level in (Level.COMMUNITY, Level.VILLAGE)
        for units in [drawable(counts.get(area.code, {}))]
    )


def warnings_of(communities: Sequence[CommunityDraw], per_community: int) -> tuple[Message, ...]:
    """What the one who draws and the one who approves should know of it."""
    found = []
    for community in communities:
        facts = {"community": community.area.name, "units": community.units, "asked": per_community}
        if not community.units:
            found.append(Message(N_("{community}没有可以抽取的单元：本轮没有它的样本"), facts))
        elif community.units <= per_community:
            found.append(Message(N_("{community}只有 {units} 个单元，不多于要抽的 {asked} 个：全部抽中"), facts))
        if 0 < community.cases < FEW:
            facts = {"community": community.area.name, "cases": community.cases, "least": FEW}
            found.append(Message(N_("{community}只有 {cases} 个样本户，少于 {least} 个：不会有它自己的数字"), facts))
    return tuple(found)


def _frame(session: Session, wave: WaveRecord) -> Frame:
    if wave.state is not WaveState.DRAFT:
        raise Conflict(Message(N_("轮次 {wave} 不是草稿，不能再抽样"), {"wave": wave.id}))
    frame = get_frame(session, wave.frame_id)
    if frame.kind is None or not frame.unit_count:
        message = N_("抽样框 {frame} 只有地区，没有住户等单元：请导入带单元的抽样框，再用它建立轮次")
        raise Conflict(Message(message, {"frame": frame.id}))
    return frame


def _case(selected: Selected) -> NewCase:
    """The id is random, not drawn: who knows the seed must not be able to work it out."""
    return NewCase(
        id=uuid4(),
        area=selected.area,
        grid=selected.grid,
        unit_serial=selected.unit_serial,
        inclusion_n=selected.inclusion_n,
        inclusion_total=selected.inclusion_total,
        stratum=selected.area,
        stages=f"{selected.inclusion_n}/{selected.inclusion_total}",
    )
