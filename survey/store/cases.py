"""Cases: the drawn units of a draw. A case never changes, and holds nothing of what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Select, UniqueConstraint, Uuid, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message
from survey.store.bulk import broken_constraint, insert_rows
from survey.store.draws import DrawRow, get_draw
from survey.store.tables import Base

CHUNK = 5_000
#: Ids in one question; SQLite takes some thousands.
ASKED_AT_ONCE = 500


class CaseRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("inclusion_n >= 1 AND inclusion_n <= inclusion_total", name="inclusion"),
        # Both together: a case is a unit of the very frame its draw was made from.
        ForeignKeyConstraint(["draw_id", "frame_id"], ["draws.id", "draws.frame_id"], name="fk_cases_draw"),
        ForeignKeyConstraint(["frame_id", "unit_serial"], ["units.frame_id", "units.serial"], name="fk_cases_unit"),
        UniqueConstraint("draw_id", "frame_id", "unit_serial"),  # a unit is drawn once
        Index(None, "frame_id", "unit_serial"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    draw_id: Mapped[int]
    frame_id: Mapped[int]
    unit_serial: Mapped[int]
    area: Mapped[str]
    grid: Mapped[str]
    inclusion_n: Mapped[int]
    inclusion_total: Mapped[int]


TABLE = CaseRow.metadata.tables["cases"]
COLUMNS = ("id", "draw_id", "frame_id", "unit_serial", "area", "grid", "inclusion_n", "inclusion_total")


@dataclass(frozen=True, kw_only=True)
class NewCase:
    id: UUID
    area: str
    grid: str  # "" when the frame names none
    unit_serial: int
    inclusion_n: int  # its inclusion probability is n ÷ total
    inclusion_total: int


@dataclass(frozen=True, kw_only=True)
class Case(NewCase):
    draw_id: int
    wave_id: int
    frame_id: int


def add_cases(session: Session, draw_id: int, cases: Iterable[NewCase]) -> int:
    """How many were stored. Raises :class:`NotThere`; :class:`Conflict` for an id or a unit that is there already."""
    frame_id = get_draw(session, draw_id).frame_id
    count = 0
    rest = iter(cases)
    with session.begin_nested():
        while chunk := list(islice(rest, CHUNK)):
            rows = [_row(draw_id, frame_id, case) for case in chunk]
            try:
                with session.begin_nested():
                    insert_rows(session, TABLE, COLUMNS, rows)
            except broken_constraint() as error:
                if _taken(session, draw_id, chunk):
                    message = N_("第 {draw} 号抽样中有重复的样本户，全部没有保存")
                    raise Conflict(Message(message, {"draw": draw_id})) from error
                raise
            count += len(chunk)
    return count


def get_case(session: Session, case_id: UUID) -> Case | None:
    row = session.execute(_ONE, {"of": case_id}).one_or_none()
    return _case(row) if row else None


def list_cases(session: Session, draw_id: int) -> tuple[Case, ...]:
    """The cases of a draw by area and unit: the order in which one walks."""
    query = _cases().where(TABLE.c.draw_id == draw_id).order_by(TABLE.c.area, TABLE.c.unit_serial)
    return tuple(_case(row) for row in session.execute(query))


def inclusion_by_area(session: Session, draw_id: int) -> dict[str, tuple[int, int]]:
    """Area -> (cases, units they were drawn from), by area: what every inclusion probability there is made of."""
    columns = (TABLE.c.area, TABLE.c.inclusion_n, TABLE.c.inclusion_total)
    query = select(*columns).where(TABLE.c.draw_id == draw_id).distinct().order_by(TABLE.c.area)
    return {area: (cases, units) for area, cases, units in session.execute(query)}


def cases_by_ids(session: Session, ids: Iterable[UUID]) -> dict[UUID, Case]:
    """Id -> case; ids that are no case are left out."""
    found: dict[UUID, Case] = {}
    rest = iter(ids)
    while chunk := list(islice(rest, ASKED_AT_ONCE)):
        for row in session.execute(_cases().where(TABLE.c.id.in_(chunk))):
            case = _case(row)
            found[case.id] = case
    return found


def _cases() -> Select[Any]:
    columns = [TABLE.columns[name] for name in COLUMNS]
    return select(*columns, DrawRow.wave_id).join(DrawRow, DrawRow.id == TABLE.c.draw_id)


#: Asked for with every visit that comes in: put together once.
_ONE = _cases().where(TABLE.c.id == bindparam("of"))


def _case(row: Any) -> Case:
    return Case(
        id=row.id,
        area=row.area,
        grid=row.grid,
        unit_serial=row.unit_serial,
        inclusion_n=row.inclusion_n,
        inclusion_total=row.inclusion_total,
        draw_id=row.draw_id,
        wave_id=row.wave_id,
        frame_id=row.frame_id,
    )


def _row(draw_id: int, frame_id: int, case: NewCase) -> tuple[Any, ...]:
    """In the order of :data:`COLUMNS`; both databases read this writing of a UUID."""
    return (
        case.id.hex,
        draw_id,
        frame_id,
        case.unit_serial,
        case.area,
        case.grid,
        case.inclusion_n,
        case.inclusion_total,
    )


def _taken(session: Session, draw_id: int, cases: Sequence[NewCase]) -> bool:
    """Whether an id or a unit of ``cases`` is there already, or twice among them."""
    ids, serials = {case.id for case in cases}, {case.unit_serial for case in cases}
    if len(ids) < len(cases) or len(serials) < len(cases) or cases_by_ids(session, ids):
        return True
    drawn = session.scalars(select(TABLE.c.unit_serial).where(TABLE.c.draw_id == draw_id))
    return not serials.isdisjoint(drawn)
