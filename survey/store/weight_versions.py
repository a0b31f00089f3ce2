"""Versions of a wave's weights: every factor of every answer. A version never changes; once frozen, estimates name it.

Factors stand beside the uuid of an answer. They tell nothing that does not follow from what stands there already (its
answers, community, inclusion probability, adults) and from counts of whole communities.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message, NotThere
from survey.store.bulk import insert_rows
from survey.store.tables import Base, Json
from survey.weights import WeightFactors, WeightLook, WeightPlan

_FACTORS = WeightFactors._fields[1:]


class WeightVersionRow(Base):
    """Triggers refuse any change but freezing, once."""

    __tablename__ = "weight_versions"
    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("(frozen_by IS NULL) = (frozen_at IS NULL)", name="frozen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), index=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    answers_digest: Mapped[str]
    plan: Mapped[dict[str, Any]] = mapped_column(Json)
    look: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str]
    built_at: Mapped[datetime]
    built_by: Mapped[str]
    frozen_at: Mapped[datetime | None]
    frozen_by: Mapped[str | None]
    frozen_reason: Mapped[str | None]


class WeightFactorsRow(Base):
    __tablename__ = "weight_factors"
    __table_args__ = (
        *(CheckConstraint(f"{name} > 0", name=name) for name in _FACTORS),
        Index(None, "uuid"),
        {"sqlite_with_rowid": False},
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("weight_versions.id"), primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, ForeignKey("responses.uuid"), primary_key=True)
    inclusion: Mapped[float] = mapped_column(Double)
    adults: Mapped[float] = mapped_column(Double)
    response: Mapped[float] = mapped_column(Double)
    calibration: Mapped[float] = mapped_column(Double)
    trimming: Mapped[float] = mapped_column(Double)


TABLE = WeightFactorsRow.metadata.tables["weight_factors"]


@dataclass(frozen=True, kw_only=True)
class NewWeightVersion:
    wave_id: int
    draw_id: int
    answers_digest: str
    plan: WeightPlan
    look: WeightLook
    digest: str
    built_at: datetime
    built_by: str


@dataclass(frozen=True, kw_only=True)
class WeightVersion(NewWeightVersion):
    """``frozen_at`` ``None``: it was built, and no estimate uses it. ``frozen_reason``: ``None`` of versions frozen
    before reasons were asked for, too.
    """

    id: int
    frozen_at: datetime | None
    frozen_by: str | None
    frozen_reason: str | None

    @property
    def frozen(self) -> bool:
        return self.frozen_at is not None


def add_version(session: Session, version: NewWeightVersion, factors: Iterable[WeightFactors]) -> int:
    """The id of the new version."""
    row = WeightVersionRow(
        wave_id=version.wave_id,
        draw_id=version.draw_id,
        answers_digest=version.answers_digest,
        plan=version.plan.document(),
        look=version.look.document(),
        digest=version.digest,
        built_at=version.built_at,
        built_by=version.built_by,
    )
    session.add(row)
    session.flush()
    # By uuid: in no order that tells anything.
    rows = [(row.id, one.uuid.hex, *one[1:]) for one in sorted(factors, key=lambda one: one.uuid.int)]
    insert_rows(session, TABLE, ("version_id", "uuid", *_FACTORS), rows)
    return row.id


def freeze_version(session: Session, version_id: int, *, reason: str, at: datetime, by: str) -> None:
    """Raises :class:`NotThere`; :class:`Conflict` for a version that is frozen already."""
    row = session.get(WeightVersionRow, version_id, populate_existing=True)
    if row is None:
        raise _not_there(version_id)
    if row.frozen_at is not None:
        raise Conflict(Message(N_("权重版本 {id} 已经定版，不再改变"), {"id": version_id}))
    row.frozen_at, row.frozen_by, row.frozen_reason = at, by, reason
    session.flush()


def get_version(session: Session, version_id: int) -> WeightVersion:
    """Raises :class:`NotThere`."""
    row = session.get(WeightVersionRow, version_id, populate_existing=True)
    if row is None:
        raise _not_there(version_id)
    return _version(row)


def list_versions(session: Session, wave_id: int) -> tuple[WeightVersion, ...]:
    """The newest first."""
    query = select(WeightVersionRow).where(WeightVersionRow.wave_id == wave_id)
    return tuple(map(_version, session.scalars(query.order_by(WeightVersionRow.id.desc()))))


def standing_version(session: Session, wave_id: int) -> WeightVersion | None:
    """The version that was frozen last: estimates use it."""
    query = select(WeightVersionRow).where(WeightVersionRow.wave_id == wave_id, WeightVersionRow.frozen_at.is_not(None))
    newest = query.order_by(WeightVersionRow.frozen_at.desc(), WeightVersionRow.id.desc()).limit(1)
    row = session.scalars(newest).one_or_none()
    return _version(row) if row else None


def read_version_factors(session: Session, version_id: int) -> dict[UUID, WeightFactors]:
    """By the uuid of the answer."""
    columns = [TABLE.columns[name] for name in WeightFactors._fields]
    query = select(*columns).where(TABLE.c.version_id == version_id).order_by(TABLE.c.uuid)
    return {row[0]: WeightFactors(*row) for row in session.execute(query)}


def _not_there(version_id: int) -> NotThere:
    return NotThere(Message(N_("没有编号为 {id} 的权重版本"), {"id": version_id}))


def _version(row: WeightVersionRow) -> WeightVersion:
    return WeightVersion(
        id=row.id,
        wave_id=row.wave_id,
        draw_id=row.draw_id,
        answers_digest=row.answers_digest,
        plan=WeightPlan.of_document(row.plan),
        look=WeightLook.of_document(row.look),
        digest=row.digest,
        built_at=row.built_at,
        built_by=row.built_by,
        frozen_at=row.frozen_at,
        frozen_by=row.frozen_by,
        frozen_reason=row.frozen_reason,
    )
