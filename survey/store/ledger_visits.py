"""The ledger of outreach visits: which home was reached, found empty, or wants no visits; nothing anybody said.

No opinion stands here and no key leads from here to one: survey answers know neither homes nor actions.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.outreach import LedgerOutcome
from survey.store.single_rows import rows_changed, save_row
from survey.store.tables import Base, Choice, one_of
from survey.store.units import ASKED_AT_ONCE


class LedgerVisitRow(Base):
    __tablename__ = "ledger_visits"
    __table_args__ = (
        one_of("outcome", LedgerOutcome),
        ForeignKeyConstraint(
            ["frame_id", "unit_serial"], ["units.frame_id", "units.serial"], name="fk_ledger_visits_unit"
        ),
        Index(None, "frame_id", "unit_serial"),
        {"sqlite_with_rowid": False},
    )

    action_id: Mapped[int] = mapped_column(ForeignKey("outreach_actions.id"), primary_key=True)
    frame_id: Mapped[int] = mapped_column(primary_key=True)
    unit_serial: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[LedgerOutcome] = mapped_column(Choice(LedgerOutcome))
    day: Mapped[date]
    by: Mapped[str] = mapped_column("ticked_by")


TABLE = LedgerVisitRow.metadata.tables["ledger_visits"]
_SAVE = save_row(
    TABLE,
    key="action_id, frame_id, unit_serial",
    same=("action_id",),
    change=("outcome", "day", "ticked_by"),
)


@dataclass(frozen=True, kw_only=True)
class Tick:
    outcome: LedgerOutcome
    day: date
    by: str


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Different units ticked for one action: each counts once, as it was last found."""

    units: int
    reached: int
    nobody: int
    do_not_disturb: int


def tick(
    session: Session,
    *,
    action_id: int,
    frame_id: int,
    unit_serial: int,
    outcome: LedgerOutcome,
    day: date,
    by: str,
) -> None:
    """Note what a unit was found as; an earlier note of the same action gives way."""
    values = {
        "action_id": action_id,
        "frame_id": frame_id,
        "unit_serial": unit_serial,
        "outcome": outcome,
        "day": day,
        "ticked_by": by,
    }
    session.execute(_SAVE, values)


def untick(session: Session, *, action_id: int, frame_id: int, unit_serial: int) -> bool:
    """Whether there was a note to take away."""
    gone = (
        TABLE.delete()
        .where(TABLE.c.action_id == action_id)
        .where(TABLE.c.frame_id == frame_id, TABLE.c.unit_serial == unit_serial)
    )
    return rows_changed(session, gone) == 1


def ticks(session: Session, action_id: int, frame_id: int, serials: Iterable[int]) -> dict[int, Tick]:
    """Serial -> its note of this action; units without one are left out."""
    found: dict[int, Tick] = {}
    for chunk in _chunks(serials):
        query = (
            select(TABLE.c.unit_serial, TABLE.c.outcome, TABLE.c.day, TABLE.c.ticked_by)
            .where(TABLE.c.action_id == action_id, TABLE.c.frame_id == frame_id)
            .where(TABLE.c.unit_serial.in_(chunk))
        )
        found |= {row[0]: Tick(outcome=row[1], day=row[2], by=row[3]) for row in session.execute(query)}
    return dict(sorted(found.items()))


def not_to_disturb(session: Session, frame_id: int, serials: Iterable[int]) -> dict[int, date]:
    """Serial -> the last day a unit of the frame asked, in whatever action, not to be visited."""
    found: dict[int, date] = {}
    for chunk in _chunks(serials):
        query = (
            select(TABLE.c.unit_serial, func.max(TABLE.c.day))
            .where(TABLE.c.frame_id == frame_id, TABLE.c.outcome == LedgerOutcome.DO_NOT_DISTURB)
            .where(TABLE.c.unit_serial.in_(chunk))
            .group_by(TABLE.c.unit_serial)
        )
        found |= {row[0]: row[1] for row in session.execute(query)}
    return dict(sorted(found.items()))


def coverage(session: Session, action_id: int) -> Coverage:
    return coverages(session, [action_id])[action_id]


def coverages(session: Session, action_ids: Collection[int]) -> dict[int, Coverage]:
    """As :func:`coverage`, of many actions at once."""
    query = (
        select(TABLE.c.action_id, TABLE.c.outcome, func.count())
        .where(TABLE.c.action_id.in_(action_ids))
        .group_by(TABLE.c.action_id, TABLE.c.outcome)
    )
    found: dict[int, dict[LedgerOutcome, int]] = {action: {} for action in action_ids}
    for action, outcome, count in session.execute(query):
        found[action][outcome] = count
    return {
        action: Coverage(
            units=sum(counts.values()), **{outcome.value: counts.get(outcome, 0) for outcome in LedgerOutcome}
        )
        for action, counts in found.items()
    }


def ticked_by_day(session: Session, action_id: int, *, by: str) -> dict[date, int]:
    """Day -> how many homes ``by`` ticked for it."""
    query = (
        select(TABLE.c.day, func.count().label("homes"))
        .where(TABLE.c.action_id == action_id, TABLE.c.ticked_by == by)
        .group_by(TABLE.c.day)
    )
    return {row.day: row.homes for row in session.execute(query)}


def _chunks(serials: Iterable[int]) -> Iterable[list[int]]:
    rest = iter(sorted(set(serials)))
    while chunk := list(islice(rest, ASKED_AT_ONCE)):
        yield chunk
