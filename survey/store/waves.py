"""Waves and every change of their state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Row, Select, Text, bindparam, select, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message, NotThere
from survey.store.instruments import InstrumentRow
from survey.store.tables import Base, Choice, Json, one_of
from survey.store.wave_details import from_document, read_details, to_document
from survey.waves import WaveDetails, WaveState

#: A wave of imported answers is never drawn or fielded; closing and publishing cannot be left out.
SKIPPABLE = frozenset({WaveState.DRAWN, WaveState.FIELDING})

STATE_NAMES = {
    WaveState.DRAFT: N_("草稿"),
    WaveState.DRAWN: N_("已抽样"),
    WaveState.FIELDING: N_("调查中"),
    WaveState.CLOSED: N_("已结束"),
    WaveState.PUBLISHED: N_("已发布"),
}


class WaveRow(Base):
    __tablename__ = "waves"
    __table_args__ = (one_of("state", WaveState),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    state: Mapped[WaveState] = mapped_column(Choice(WaveState))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), index=True)
    frame_id: Mapped[int] = mapped_column(ForeignKey("frames.id"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    opened_at: Mapped[datetime]


class WaveEventRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "wave_events"
    __table_args__ = (one_of("from_state", WaveState), one_of("to_state", WaveState))

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), index=True)
    from_state: Mapped[WaveState | None] = mapped_column(Choice(WaveState))
    to_state: Mapped[WaveState] = mapped_column(Choice(WaveState))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("estimate_runs.id"), index=True)  # what was published
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("changed_by")


@dataclass(frozen=True, kw_only=True)
class WaveRecord:
    id: int
    name: str
    state: WaveState
    instrument_id: int
    instrument_slug: str
    frame_id: int
    details: WaveDetails
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class WaveEvent:
    from_state: WaveState | None  # None: the wave was opened
    to_state: WaveState
    at: datetime
    by: str


def add_wave(
    session: Session,
    *,
    name: str,
    instrument_id: int,
    frame_id: int,
    details: WaveDetails,
    at: datetime,
    by: str,
) -> int:
    """The id of a new wave in draft, its first event on record."""
    row = WaveRow(
        name=name,
        state=WaveState.DRAFT,
        instrument_id=instrument_id,
        frame_id=frame_id,
        details=to_document(details),
        opened_at=at,
    )
    session.add(row)
    session.flush()
    _record_event(session, row.id, None, WaveState.DRAFT, at, by)
    return row.id


#: A row for each wave, as :func:`wave_in` reads it, with whatever a caller joins to it.
SELECT_WAVES: Select[Any] = select(
    *(column for column in WaveRow.__table__.columns if column.name != "details"),
    type_coerce(WaveRow.__table__.c.details, Text).label("details"),
    InstrumentRow.slug,
).join(InstrumentRow, InstrumentRow.id == WaveRow.instrument_id)
_ONE = SELECT_WAVES.where(WaveRow.id == bindparam("of"))


def get_wave(session: Session, wave_id: int) -> WaveRecord:
    """Raises :class:`NotThere`."""
    found = session.execute(_ONE, {"of": wave_id}).one_or_none()
    if found is None:
        raise NotThere(Message(N_("没有编号为 {id} 的轮次"), {"id": wave_id}))
    return wave_in(found)


def list_waves(session: Session) -> tuple[WaveRecord, ...]:
    """The newest first."""
    query = (
        select(WaveRow, InstrumentRow.slug)
        .join(InstrumentRow, InstrumentRow.id == WaveRow.instrument_id)
        .order_by(WaveRow.id.desc())
    )
    return tuple(_record(row, slug, from_document(row.details)) for row, slug in session.execute(query))


def may_follow(before: WaveState, after: WaveState) -> bool:
    """Whether a wave may go from ``before`` to ``after``.

    >>> may_follow(WaveState.DRAFT, WaveState.CLOSED), may_follow(WaveState.FIELDING, WaveState.PUBLISHED)
    (True, False)
    """
    order = list(WaveState)
    start, end = order.index(before), order.index(after)
    return start < end and SKIPPABLE.issuperset(order[start + 1 : end])


def change_state(
    session: Session, wave_id: int, to: WaveState, *, at: datetime, by: str, run_id: int | None = None
) -> None:
    """Move the wave on and record it, with the estimate run that is published by it.

    Raises :class:`Conflict` for a move that may not be.
    """
    row = session.get(WaveRow, wave_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的轮次"), {"id": wave_id}))
    if not may_follow(row.state, to):
        states = {"state": Message(STATE_NAMES[row.state]), "wanted": Message(STATE_NAMES[to])}
        raise Conflict(Message(N_("轮次的状态是“{state}”，不能改为“{wanted}”"), states))
    before, row.state = row.state, to
    session.flush()
    _record_event(session, wave_id, before, to, at, by, run_id)


def set_details(session: Session, wave_id: int, details: WaveDetails, *, at: datetime, by: str) -> None:
    """Replace the wave's details and record it: an event that leaves the state as it is."""
    row = session.get(WaveRow, wave_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的轮次"), {"id": wave_id}))
    row.details = to_document(details)
    session.flush()
    _record_event(session, wave_id, row.state, row.state, at, by)


def list_events(session: Session, wave_id: int) -> tuple[WaveEvent, ...]:
    """In the order they happened."""
    query = select(WaveEventRow).where(WaveEventRow.wave_id == wave_id).order_by(WaveEventRow.id)
    return tuple(
        WaveEvent(from_state=row.from_state, to_state=row.to_state, at=row.at, by=row.by)
        for row in session.scalars(query)
    )


def _record_event(
    session: Session,
    wave_id: int,
    before: WaveState | None,
    after: WaveState,
    at: datetime,
    by: str,
    run_id: int | None = None,
) -> None:
    session.add(WaveEventRow(wave_id=wave_id, from_state=before, to_state=after, run_id=run_id, at=at, by=by))
    session.flush()


def wave_in(row: Row[Any]) -> WaveRecord:
    """The wave in a row of :data:`SELECT_WAVES`."""
    return _record(row, row.slug, read_details(row.details))


def _record(row: WaveRow | Row[Any], slug: str, details: WaveDetails) -> WaveRecord:
    return WaveRecord(
        id=row.id,
        name=row.name,
        state=row.state,
        instrument_id=row.instrument_id,
        instrument_slug=slug,
        frame_id=row.frame_id,
        details=details,
        opened_at=row.opened_at,
    )
