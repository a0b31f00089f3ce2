"""Cases: the drawn units of a draw. A case never changes, and holds nothing of what came of it.

A draw with reserves has more cases than are asked: the replicates 1, 2, … of a community are asked once they are
released (:mod:`survey.store.replicate_releases`). Whoever asks for cases gets the released ones, with the probability
of a random part of the draw: as drawn × released ÷ drawn cases of the community. :func:`list_drawn_cases` alone gives
all as they were drawn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    UniqueConstraint,
    Uuid,
    and_,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.files.draw_record import CaseLine
from survey.messages import N_, Conflict, Message
from survey.store.bulk import broken_constraint, insert_rows
from survey.store.draws import DrawRow, get_draw
from survey.store.replicate_releases import ReplicateReleaseRow
from survey.store.tables import Base

CHUNK = 5_000
#: Ids in one question; SQLite takes some thousands.
ASKED_AT_ONCE = 500
#: Whole numbers of SQLite have 64 bits by themselves.
_WIDE = BigInteger().with_variant(Integer(), "sqlite")


class CaseRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("inclusion_n >= 1 AND inclusion_n <= inclusion_total", name="inclusion"),
        CheckConstraint("replicate >= 0", name="replicate"),
        # Both together: a case is a unit of the very frame its draw was made from.
        ForeignKeyConstraint(["draw_id", "frame_id"], ["draws.id", "draws.frame_id"], name="fk_cases_draw"),
        ForeignKeyConstraint(["frame_id", "unit_serial"], ["units.frame_id", "units.serial"], name="fk_cases_unit"),
        UniqueConstraint("draw_id", "frame_id", "unit_serial"),  # a unit is drawn once
        Index(None, "frame_id", "unit_serial"),
        Index(None, "draw_id", "area", "replicate"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    draw_id: Mapped[int]
    frame_id: Mapped[int]
    unit_serial: Mapped[int]
    area: Mapped[str]
    grid: Mapped[str]
    inclusion_n: Mapped[int] = mapped_column(_WIDE)
    inclusion_total: Mapped[int] = mapped_column(_WIDE)
    replicate: Mapped[int] = mapped_column(server_default="0")
    stratum: Mapped[str] = mapped_column(server_default=text("''"))
    psu: Mapped[str] = mapped_column(server_default=text("''"))
    stages: Mapped[str] = mapped_column(server_default=text("''"))


TABLE = CaseRow.metadata.tables["cases"]
COLUMNS = (
    *("id", "draw_id", "frame_id", "unit_serial", "area", "grid", "inclusion_n", "inclusion_total"),
    *("replicate", "stratum", "psu", "stages"),
)


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """``replicate``: 0 is asked from the start, 1, 2, … are reserves. ``stratum``: code of the community, or ``"*"``
    where communities were drawn. ``psu``: what was drawn first inside the stratum, ``""``: the dwelling itself.
    ``stages``: the probability of each stage, like ``"4/16 20/271"``.
    """

    id: UUID
    area: str
    grid: str  # "" when the frame names none
    unit_serial: int
    inclusion_n: int  # its inclusion probability is n ÷ total
    inclusion_total: int
    replicate: int = 0
    stratum: str = ""
    psu: str = ""
    stages: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A replicate of a community: its ``cases``, and whether they are asked."""

    cases: int
    released: bool


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
    """``None`` for a case in reserve, too."""
    row = session.execute(_ONE, {"of": case_id}).one_or_none()
    return next(iter(_fielded(session, [row], area=row.area)), None) if row else None


def list_cases(session: Session, draw_id: int, *, area: str | None = None) -> tuple[Case, ...]:
    """The released cases of a draw (of one ``area``) by area and unit: the order in which one walks."""
    query = _of_draw(draw_id) if area is None else _of_draw(draw_id).where(TABLE.c.area == area)
    return tuple(_fielded(session, session.execute(query).all(), area=area))


def list_drawn_cases(session: Session, draw_id: int) -> tuple[Case, ...]:
    """All cases of a draw, reserves too, as they were drawn, by area and unit."""
    return tuple(_case(row) for row in session.execute(_of_draw(draw_id)))


def read_drawn_lines(session: Session, draw_id: int) -> list[CaseLine]:
    """The same without their ids, for whoever verifies a draw."""
    columns = [TABLE.columns[name] for name in CaseLine._fields]
    query = select(*columns).where(TABLE.c.draw_id == draw_id).order_by(TABLE.c.area, TABLE.c.unit_serial)
    return [CaseLine._make(row) for row in session.execute(query).all()]


def count_parts(session: Session, draw_id: int, *, area: str | None = None) -> dict[str, dict[int, Part]]:
    """Area -> replicate -> its cases, by code and number; of the one ``area`` alone, if it is given."""
    parts: dict[str, dict[int, Part]] = {}
    query = _PARTS if area is None else _PARTS_IN
    for code, number, cases, released in session.execute(query, {"draw": draw_id, "area": area}):
        parts.setdefault(code, {})[number] = Part(cases=cases, released=number == 0 or released > 0)
    return parts


def count_released(session: Session, draw_id: int) -> int:
    """How many cases of a draw are asked."""
    areas = count_parts(session, draw_id).values()
    return sum(part.cases for parts in areas for part in parts.values() if part.released)


def cases_by_ids(session: Session, ids: Iterable[UUID]) -> dict[UUID, Case]:
    """Id -> case; ids that are no case, or one in reserve, are left out."""
    found: dict[UUID, Case] = {}
    rest = iter(ids)
    while chunk := list(islice(rest, ASKED_AT_ONCE)):
        rows = session.execute(_cases().where(TABLE.c.id.in_(chunk))).all()
        found.update((case.id, case) for case in _fielded(session, rows))
    return found


def _cases() -> Select[Any]:
    columns = [TABLE.columns[name] for name in COLUMNS]
    return select(*columns, DrawRow.wave_id, DrawRow.replicates).join(DrawRow, DrawRow.id == TABLE.c.draw_id)


def _of_draw(draw_id: int) -> Select[Any]:
    return _cases().where(TABLE.c.draw_id == draw_id).order_by(TABLE.c.area, TABLE.c.unit_serial)


#: Asked for with every visit that comes in: put together once.
_ONE = _cases().where(TABLE.c.id == bindparam("of"))
_PARTS = (
    select(TABLE.c.area, TABLE.c.replicate, func.count(), func.count(ReplicateReleaseRow.replicate))
    .outerjoin_from(
        TABLE,
        ReplicateReleaseRow,
        and_(
            ReplicateReleaseRow.draw_id == TABLE.c.draw_id,
            ReplicateReleaseRow.area == TABLE.c.area,
            ReplicateReleaseRow.replicate == TABLE.c.replicate,
        ),
    )
    .where(TABLE.c.draw_id == bindparam("draw"))
    .group_by(TABLE.c.area, TABLE.c.replicate)
    .order_by(TABLE.c.area, TABLE.c.replicate)
)
_PARTS_IN = _PARTS.where(TABLE.c.area == bindparam("area"))


def _fielded(session: Session, rows: Sequence[Any], *, area: str | None = None) -> Iterator[Case]:
    """The released ones of ``rows``, with the probability of being among them; ``area``: where they all are."""
    shares: dict[int, Mapping[str, tuple[int, int]]] = {}
    parts: dict[int, Mapping[str, Mapping[int, Part]]] = {}
    for row in rows:
        if not row.replicates:
            yield _case(row)
            continue
        if row.draw_id not in parts:
            parts[row.draw_id] = found = count_parts(session, row.draw_id, area=area)
            shares[row.draw_id] = {code: share_of(of_area.values()) for code, of_area in found.items()}
        if parts[row.draw_id][row.area][row.replicate].released:
            released, drawn = shares[row.draw_id][row.area]
            yield _case(row, *fielded(row.inclusion_n, row.inclusion_total, released=released, drawn=drawn))


def fielded(n: int, total: int, *, released: int, drawn: int) -> tuple[int, int]:
    """``n / total`` × ``released / drawn``; where the ``drawn`` cases are the ``n`` of one stage, as ``released`` of
    ``total``, else reduced.

    >>> fielded(120, 1000, released=100, drawn=120), fielded(3, 50, released=10, drawn=20)
    ((100, 1000), (3, 100))
    """
    if n == drawn or released == drawn:
        return (released if n == drawn else n), total
    both = Fraction(n * released, total * drawn)
    return both.numerator, both.denominator


def share_of(parts: Iterable[Part]) -> tuple[int, int]:
    """Cases of the ``parts`` of a community: released ones, and all."""
    held = tuple(parts)
    return sum(part.cases for part in held if part.released), sum(part.cases for part in held)


def _case(row: Any, n: int | None = None, total: int | None = None) -> Case:
    """``n`` and ``total``: the probability of being in the field, where it is not that on record."""
    return Case(
        id=row.id,
        area=row.area,
        grid=row.grid,
        unit_serial=row.unit_serial,
        inclusion_n=row.inclusion_n if n is None else n,
        inclusion_total=row.inclusion_total if total is None else total,
        replicate=row.replicate,
        stratum=row.stratum,
        psu=row.psu,
        stages=row.stages,
        draw_id=row.draw_id,
        wave_id=row.wave_id,
        frame_id=row.frame_id,
    )


def _row(draw_id: int, frame_id: int, case: NewCase) -> tuple[Any, ...]:
    """In the order of :data:`COLUMNS`; both databases read this writing of a UUID."""
    place = (case.id.hex, draw_id, frame_id, case.unit_serial, case.area, case.grid)
    return (*place, case.inclusion_n, case.inclusion_total, case.replicate, case.stratum, case.psu, case.stages)


def _taken(session: Session, draw_id: int, cases: Sequence[NewCase]) -> bool:
    """Whether an id or a unit of ``cases`` is there already, or twice among them."""
    ids, serials = {case.id for case in cases}, {case.unit_serial for case in cases}
    if len(ids) < len(cases) or len(serials) < len(cases):
        return True
    rest = iter(ids)
    while chunk := list(islice(rest, ASKED_AT_ONCE)):
        if session.scalars(select(TABLE.c.id).where(TABLE.c.id.in_(chunk))).first():
            return True
    drawn = session.scalars(select(TABLE.c.unit_serial).where(TABLE.c.draw_id == draw_id))
    return not serials.isdisjoint(drawn)
