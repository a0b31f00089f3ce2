"""Which canvasser goes to which case, now: a new assignment takes the place of the old one."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, Uuid, bindparam, delete, func, select, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.bulk import insert_rows, written_time
from survey.store.cases import CaseRow, count_parts, fielded, share_of
from survey.store.draws import DrawRow
from survey.store.tables import Base, UuidText

CHUNK = 500


class AssignmentRow(Base):
    __tablename__ = "assignments"
    __table_args__ = ({"sqlite_with_rowid": False},)

    case_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("assigned_by")


TABLE = AssignmentRow.metadata.tables["assignments"]
_HOLDER = select(TABLE.c.account_id).where(TABLE.c.case_id == bindparam("of"))
COLUMNS = ("case_id", "account_id", "at", "assigned_by")


def assign(session: Session, pairs: Iterable[tuple[UUID, int]], *, at: datetime, by: str) -> None:
    """Give each case to the account beside it; whoever had it before has it no longer."""
    wanted = dict(pairs)
    rest, old = iter(wanted), TABLE.c.case_id
    while chunk := list(islice(rest, CHUNK)):
        session.connection().execute(delete(TABLE).where(old.in_(chunk)))
    moment = written_time(session, at)
    if wanted:
        insert_rows(session, TABLE, COLUMNS, [(case.hex, account, moment, by) for case, account in wanted.items()])


def standing(session: Session, wave_id: int) -> dict[UUID, int]:
    """Case -> account, of the wave's assigned cases."""
    query = (
        select(AssignmentRow.case_id, AssignmentRow.account_id)
        .join(CaseRow, CaseRow.id == AssignmentRow.case_id)
        .join(DrawRow, DrawRow.id == CaseRow.draw_id)
        .where(DrawRow.wave_id == wave_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def standing_since(session: Session, wave_id: int) -> dict[UUID, tuple[int, datetime]]:
    """Case -> account and when it got the case, of the wave's assigned cases."""
    query = (
        select(AssignmentRow.case_id, AssignmentRow.account_id, AssignmentRow.at)
        .join(CaseRow, CaseRow.id == AssignmentRow.case_id)
        .join(DrawRow, DrawRow.id == CaseRow.draw_id)
        .where(DrawRow.wave_id == wave_id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


class HeldCase(NamedTuple):
    id: str  # with dashes
    area: str
    account: int | None  # None: nobody's
    weight: float  # 1 / probability of being in the field


def list_held(session: Session, draw_id: int) -> tuple[HeldCase, ...]:
    """The released cases of a draw, each with the account that has it, in the order in which one walks."""
    columns = (CaseRow.area, AssignmentRow.account_id, CaseRow.replicate, CaseRow.inclusion_n, CaseRow.inclusion_total)
    query = (
        select(type_coerce(CaseRow.id, UuidText), *columns)
        .outerjoin(AssignmentRow, AssignmentRow.case_id == CaseRow.id)
        .where(CaseRow.draw_id == draw_id)
        .order_by(CaseRow.area, CaseRow.unit_serial)
    )
    parts = count_parts(session, draw_id)
    shares = {area: share_of(of_area.values()) for area, of_area in parts.items()}

    @cache
    def weight(area: str, n: int, total: int) -> float:
        released, drawn = shares[area]
        part, whole = fielded(n, total, released=released, drawn=drawn)
        return whole / part

    return tuple(
        HeldCase(case_id, area, account, weight(area, n, total))
        for case_id, area, account, replicate, n, total in session.execute(query).all()
        if parts[area][replicate].released
    )


def count_standing(session: Session, wave_id: int) -> int:
    """How many of the wave's cases are somebody's."""
    query = (
        select(func.count())
        .select_from(AssignmentRow)
        .join(CaseRow, CaseRow.id == AssignmentRow.case_id)
        .join(DrawRow, DrawRow.id == CaseRow.draw_id)
        .where(DrawRow.wave_id == wave_id)
    )
    return session.scalar(query) or 0


def standing_for(session: Session, case_id: UUID) -> int | None:
    """The account that has the case."""
    return session.scalar(_HOLDER, {"of": case_id})


def cases_of(session: Session, account_id: int) -> tuple[UUID, ...]:
    """The cases of one account, in the order in which one walks."""
    query = (
        select(CaseRow.id)
        .join(AssignmentRow, AssignmentRow.case_id == CaseRow.id)
        .where(AssignmentRow.account_id == account_id)
        .order_by(CaseRow.draw_id, CaseRow.area, CaseRow.unit_serial)
    )
    return tuple(session.scalars(query))


def drop_assignments(session: Session, wave_id: int) -> int:
    """Forget who had which case of the wave; how many there were."""
    cases = select(CaseRow.id).join(DrawRow, DrawRow.id == CaseRow.draw_id).where(DrawRow.wave_id == wave_id)
    return session.connection().execute(delete(TABLE).where(TABLE.c.case_id.in_(cases))).rowcount
