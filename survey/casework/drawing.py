"""What every way to draw a wave's sample goes through: the frame as it was published, and what was drawn before."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.sampling.earlier_draws import EarlierDraw, EarlierDraws, windows_of
from analysis.sampling.sample_design import SampleDesign
from survey.casework.draw_errors import refused_in_words
from survey.messages import N_, Conflict, Message
from survey.sampling.drawable_units import DrawableUnits
from survey.sampling.frame_digest import areas_digest, frame_digest
from survey.sampling.samples import needs_keys
from survey.store.areas import Frame, get_frame
from survey.store.draws import STATE_NAMES, Draw, DrawState, list_draws_of_kind, open_draw
from survey.store.unit_columns import read_columns
from survey.store.waves import WaveRecord, get_wave
from survey.waves import WaveState

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: The windows of a draw without permanent numbers.
_NO_WINDOWS = "{}"


@dataclass(frozen=True, kw_only=True)
class ReadyFrame:
    """A wave's frame, just read and found unchanged. ``digest``: of areas and units."""

    wave: WaveRecord
    frame: Frame
    units: DrawableUnits
    digest: str


def read_ready_frame(session: Session, wave_id: int, design: SampleDesign) -> ReadyFrame:
    """Raises ``NotThere``; :class:`Conflict` for a wave that is no draft or has a draw that is not rejected, a frame
    without units, and one that was changed since it was imported.
    """
    wave = get_wave(session, wave_id)
    if wave.state is not WaveState.DRAFT:
        raise Conflict(Message(N_("轮次 {wave} 不是草稿，不能再抽样"), {"wave": wave.id}))
    if (other := open_draw(session, wave_id)) is not None:
        message = N_("轮次已有第 {draw} 号抽样（{state}），否决后才能重新抽取")
        raise Conflict(Message(message, {"draw": other.id, "state": Message(STATE_NAMES[other.state])}))
    frame = get_frame(session, wave.frame_id)
    if frame.kind is None or not frame.unit_count:
        message = N_("抽样框 {frame} 只有地区，没有住户等单元：请导入带单元的抽样框，再用它建立轮次")
        raise Conflict(Message(message, {"frame": frame.id}))
    with refused_in_words(frame.areas):
        columns = read_columns(session, frame.id, keys=needs_keys(design))
    found = (areas_digest(frame.areas), columns.digest, columns.count)
    if found != (frame.digest, frame.units_digest, frame.unit_count):
        message = N_(
            "抽样框 {frame} 在导入以后被改动：摘要应为 {expected}，现在算出 {got}。什么也没有抽；请重新导入，另建轮次"
        )
        published = frame_digest(frame.digest, frame.units_digest or "")
        facts = {"frame": frame.id, "expected": published, "got": frame_digest(*found[:2])}
        raise Conflict(Message(message, facts))
    return ReadyFrame(wave=wave, frame=frame, units=columns.units, digest=frame_digest(*found[:2]))


def find_earlier(session: Session, ready: ReadyFrame, design: SampleDesign, *, at: datetime) -> EarlierDraws | None:
    """What a draw by permanent numbers must know of the approved draws of the same kind of units; ``None``: nothing.

    Without a draw of the series before it, those of other methods matter as far as their homes are to rest: the draw
    is refused then, whatever its seed. Raises :class:`Conflict` while another draw of the series waits for its
    approval: which homes are to rest hangs on it.
    """
    if not design.uses_permanent_numbers or ready.frame.kind is None:
        return None
    draws = list_draws_of_kind(session, ready.frame.kind)
    waiting = [draw for draw in draws if draw.state is DrawState.PROPOSED and is_by_numbers(draw)]
    if waiting:
        message = N_("第 {draw} 号抽样也用永久随机数，还没有决定：先批准或否决它，再抽本轮")
        raise Conflict(Message(message, {"draw": waiting[0].id}))
    approved = [draw for draw in draws if draw.state is DrawState.APPROVED]
    visited = sorted((visited_on(session, draw), draw.id, draw.windows) for draw in approved)
    earlier = EarlierDraws(
        series_seed=next((bytes.fromhex(draw.seed) for draw in approved if is_by_numbers(draw)), b"\0"),
        on=first_day(ready, at),
        draws=tuple(EarlierDraw(visited_on=day, windows=windows_of(text or _NO_WINDOWS)) for day, _, text in visited),
    )
    months = design.rest.months if design.rest else 0
    return earlier if any(map(is_by_numbers, approved)) or earlier.within(months) else None


def is_by_numbers(draw: Draw) -> bool:
    """Whether permanent random numbers had a part in it."""
    return draw.windows not in (None, _NO_WINDOWS)


def first_day(ready: ReadyFrame, at: datetime) -> date:
    """From which months of rest are counted back."""
    return ready.wave.details.start or _day(at)


def visited_on(session: Session, draw: Draw) -> date:
    """The last day."""
    return get_wave(session, draw.wave_id).details.end or _day(draw.drawn_at)


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
