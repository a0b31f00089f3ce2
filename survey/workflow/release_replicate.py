"""Release a reserve: the next replicate of a community, whole, for a reason that stays on record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.casework.reasons import LONGEST_REASON, read_reason
from survey.messages import N_, Conflict, Message, NotThere
from survey.store.areas import get_frame
from survey.store.cases import Part, count_parts
from survey.store.draws import Draw, standing_draw
from survey.store.replicate_releases import Release, add_release
from survey.store.waves import get_wave
from survey.waves import WaveState


@dataclass(frozen=True, kw_only=True)
class Released:
    """``cases``: of the replicate; ``left``: replicates of the community still in reserve."""

    release: Release
    cases: int
    left: int


def release_replicate(session: Session, wave_id: int, *, area: str, reason: str, at: datetime, by: str) -> Released:
    """The next replicate of the community ``area`` (its code) is asked from now on; that is never taken back.

    All cases of a replicate or none: a part of it, somebody chose. Raises :class:`NotThere` for a community without
    cases in the draw, ``BadInput`` without a reason that says something, and :class:`Conflict` without an approved
    draw, after the wave was closed, and when nothing is in reserve.
    """
    missing = N_("请写明放出备用样本的理由，1 到 {most} 个字：放出以后不能收回")
    reason = read_reason(reason, Message(missing, {"most": LONGEST_REASON}))
    draw = _fielded_draw(session, wave_id)
    parts = count_parts(session, draw.id).get(area)
    if parts is None:
        raise NotThere(Message(N_("第 {draw} 号抽样在社区 {area} 没有样本户"), {"draw": draw.id, "area": area}))
    number, part = _next(session, draw, area, parts)
    release = Release(draw_id=draw.id, area=area, replicate=number, reason=reason, released_at=at, released_by=by)
    add_release(session, release)
    left = sum(not one.released for one in parts.values()) - 1
    return Released(release=release, cases=part.cases, left=left)


def _fielded_draw(session: Session, wave_id: int) -> Draw:
    wave = get_wave(session, wave_id)
    draw = standing_draw(session, wave_id)
    if draw is None:
        raise Conflict(Message(N_("本轮没有批准的抽样，没有备用样本可以放出")))
    if wave.state not in (WaveState.DRAWN, WaveState.FIELDING):
        raise Conflict(Message(N_("轮次 {wave} 已经结束，不能再放出备用样本"), {"wave": wave.id}))
    return draw


def _next(session: Session, draw: Draw, area: str, parts: dict[int, Part]) -> tuple[int, Part]:
    """A small community that was taken whole may have fewer replicates than the design."""
    for number, part in parts.items():
        if not part.released:
            return number, part
    names = {one.code: one.name for one in get_frame(session, draw.frame_id).areas}
    message = N_("{community}没有备用样本可以放出：设计的 {replicates} 组已全部放出，或者它的单元已全部抽中")
    raise Conflict(Message(message, {"community": names.get(area, area), "replicates": draw.replicates}))
