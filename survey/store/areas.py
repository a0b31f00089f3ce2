"""Frames: the tree of areas as it was imported, with or without units (:mod:`survey.store.units`).

A frame never changes; a new file makes a new frame.
"""

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.areas import Area, Level
from survey.messages import N_, Message, NotThere
from survey.store.tables import Base, Choice, one_of
from survey.store.waves import WaveRow
from survey.units import UnitKind


class FrameRow(Base):
    __tablename__ = "frames"
    __table_args__ = (
        one_of("kind", UnitKind),
        CheckConstraint("(kind IS NULL) = (units_digest IS NULL)", name="units_digest"),
        CheckConstraint("unit_count >= 0 AND (kind IS NOT NULL OR unit_count = 0)", name="unit_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    kind: Mapped[UnitKind | None] = mapped_column(Choice(UnitKind))
    units_digest: Mapped[str | None]
    unit_count: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]


class AreaRow(Base):
    __tablename__ = "areas"
    __table_args__ = (
        one_of("level", Level),
        CheckConstraint("population >= 0", name="population"),
        # Checked at commit: a file may name a child before its parent.
        ForeignKeyConstraint(
            ["frame_id", "parent"],
            ["areas.frame_id", "areas.code"],
            name="fk_areas_parent",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index(None, "frame_id", "parent"),
    )

    frame_id: Mapped[int] = mapped_column(ForeignKey("frames.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    level: Mapped[Level] = mapped_column(Choice(Level))
    parent: Mapped[str | None]
    population: Mapped[int | None]


@dataclass(frozen=True, kw_only=True)
class Frame:
    id: int
    digest: str
    areas: tuple[Area, ...]  # in the order of the file
    created_at: datetime
    kind: UnitKind | None = None  # None: areas alone, nothing to draw from
    units_digest: str | None = None
    unit_count: int = 0


def add_frame(
    session: Session,
    *,
    areas: Sequence[Area],
    digest: str,
    at: datetime,
    kind: UnitKind | None = None,
    units_digest: str | None = None,
    unit_count: int = 0,
) -> int:
    """The id of a new frame; a parent must be one of ``areas``. A frame with units has a kind and a digest of them."""
    frame = FrameRow(digest=digest, created_at=at, kind=kind, units_digest=units_digest, unit_count=unit_count)
    session.add(frame)
    session.flush()
    session.add_all(
        AreaRow(
            frame_id=frame.id,
            code=area.code,
            position=position,
            name=area.name,
            level=area.level,
            parent=area.parent,
            population=area.population,
        )
        for position, area in enumerate(areas)
    )
    session.flush()
    return frame.id


def get_frame(session: Session, frame_id: int) -> Frame:
    """Raises :class:`NotThere`."""
    row = session.get(FrameRow, frame_id)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的抽样框"), {"id": frame_id}))
    return _frame(session, row)


def parents_in(session: Session, frame_id: int) -> Mapping[str, str | None]:
    """Code of each area of the frame -> the code above it.

    Every visit asks for it, and a frame may have thousands: it is read once and kept in the process.
    """
    digest = session.scalar(_DIGEST, {"of": frame_id})
    # The digest, for a restored database may hold another frame under the same number.
    kept, key = _kept.setdefault(session.get_bind().engine.pool, {}), (frame_id, digest)
    found = kept.get(key)
    if found is None:
        found = {row[0]: row[1] for row in session.execute(_PARENTS, {"of": frame_id})}
        while len(kept) >= _MOST:
            kept.pop(next(iter(kept)), None)
        kept[key] = found
    return found


def frame_digests(session: Session, frame_id: int) -> tuple[str, str | None]:
    """Of its areas and of its units, which tell what it holds without reading it."""
    query = select(FrameRow.digest, FrameRow.units_digest).where(FrameRow.id == frame_id)
    row = session.execute(query).one()  # a wave's frame is always there
    return row.digest, row.units_digest


def list_frames(session: Session) -> tuple[Frame, ...]:
    """All frames, the oldest first."""
    return tuple(_frame(session, row) for row in session.scalars(select(FrameRow).order_by(FrameRow.id)))


def known_areas(session: Session) -> dict[str, Area]:
    """Every area of any frame by its code, as the newest frame describes it."""
    rows = session.scalars(select(AreaRow).order_by(AreaRow.frame_id, AreaRow.position))
    return {
        row.code: Area(code=row.code, name=row.name, level=row.level, parent=row.parent, population=row.population)
        for row in rows
    }


def _frame(session: Session, row: FrameRow) -> Frame:
    areas = session.scalars(select(AreaRow).where(AreaRow.frame_id == row.id).order_by(AreaRow.position))
    return Frame(
        id=row.id,
        digest=row.digest,
        areas=tuple(
            Area(
                code=area.code,
                name=area.name,
                level=area.level,
                parent=area.parent,
                population=area.population,
            )
            for area in areas
        ),
        created_at=row.created_at,
        kind=row.kind,
        units_digest=row.units_digest,
        unit_count=row.unit_count,
    )


#: Frames kept in memory, of each database.
_MOST = 8
_kept: "weakref.WeakKeyDictionary[object, dict[tuple[int, str | None], Mapping[str, str | None]]]" = (
    weakref.WeakKeyDictionary()
)
_FRAMES = FrameRow.metadata.tables[FrameRow.__tablename__]
_DIGEST = select(_FRAMES.c.digest).where(_FRAMES.c.id == bindparam("of"))
_AREAS = AreaRow.metadata.tables[AreaRow.__tablename__]
_PARENTS = select(_AREAS.c.code, _AREAS.c.parent).where(_AREAS.c.frame_id == bindparam("of"))
_NAME_IN_WAVE = (
    select(AreaRow.name)
    .join(WaveRow, WaveRow.frame_id == AreaRow.frame_id)
    .where(WaveRow.id == bindparam("wave"), AreaRow.code == bindparam("code"))
)


def name_in_wave(session: Session, wave_id: int, code: str) -> str:
    """What an area of the wave's frame is called; its code where the frame does not know it."""
    return session.scalar(_NAME_IN_WAVE, {"wave": wave_id, "code": code}) or code
