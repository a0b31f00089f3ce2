"""Instruments as they were added: one version of one questionnaire, its wording fingerprinted, never changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, Text, UniqueConstraint, bindparam, select, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message, NotThere
from survey.store.tables import Base, Json


class InstrumentRow(Base):
    __tablename__ = "instruments"
    __table_args__ = (UniqueConstraint("slug", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    version: Mapped[str]
    fingerprint: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    added_at: Mapped[datetime]


@dataclass(frozen=True, kw_only=True)
class InstrumentRecord:
    """``document`` is nobody's to change: records of the same instrument share it."""

    id: int
    slug: str
    version: str
    fingerprint: str
    document: Mapping[str, Any]
    added_at: datetime


#: Instruments kept in memory; a site has a few, and their documents are long.
_MOST = 32
_ROWS = InstrumentRow.metadata.tables[InstrumentRow.__tablename__]
_ONE: Select[Any] = select(
    *(column for column in _ROWS.c if column.name != "document"), type_coerce(_ROWS.c.document, Text).label("document")
).where(_ROWS.c.id == bindparam("of"))


def add_instrument(
    session: Session, *, slug: str, version: str, fingerprint: str, document: Mapping[str, Any], at: datetime
) -> InstrumentRecord:
    """The stored instrument; adding the same wording again gives the one already there.

    Raises :class:`Conflict` when this version exists with another wording.
    """
    existing = session.scalars(
        select(InstrumentRow).where(InstrumentRow.slug == slug, InstrumentRow.version == version)
    ).one_or_none()
    if existing is None:
        existing = InstrumentRow(
            slug=slug, version=version, fingerprint=fingerprint, document=dict(document), added_at=at
        )
        session.add(existing)
        session.flush()
    elif existing.fingerprint != fingerprint:
        raise Conflict(
            Message(
                N_("问卷 {slug} 的版本 {version} 已经存在，但措辞不同；请改用新的版本号"),
                {"slug": slug, "version": version},
            )
        )
    return _record(existing, existing.document)


def find_instrument(session: Session, slug: str, version: str | None = None) -> InstrumentRecord:
    """That version, or the one added last. Raises :class:`NotThere`."""
    query = select(InstrumentRow).where(InstrumentRow.slug == slug).order_by(InstrumentRow.id.desc()).limit(1)
    if version is not None:
        query = query.where(InstrumentRow.version == version)
    row = session.scalars(query).one_or_none()
    if row is None:
        name = slug if version is None else f"{slug} {version}"
        raise NotThere(Message(N_("没有问卷“{name}”，请先添加"), {"name": name}))
    return _record(row, row.document)


def find_wording(session: Session, slug: str, fingerprint: str) -> InstrumentRecord | None:
    """The version with this fingerprint, the one added last if there are several."""
    query = select(_ROWS.c.id).where(_ROWS.c.slug == slug, _ROWS.c.fingerprint == fingerprint)
    found = session.scalars(query.order_by(_ROWS.c.id.desc()).limit(1)).one_or_none()
    return None if found is None else get_instrument(session, found)


def get_instrument(session: Session, instrument_id: int) -> InstrumentRecord:
    """Raises :class:`NotThere`."""
    row = session.execute(_ONE, {"of": instrument_id}).one_or_none()
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的问卷"), {"id": instrument_id}))
    return _record(row, _read(row.document))


def list_instruments(session: Session) -> tuple[InstrumentRecord, ...]:
    """By slug, the newest version of each first."""
    query = select(InstrumentRow).order_by(InstrumentRow.slug, InstrumentRow.id.desc())
    return tuple(_record(row, row.document) for row in session.scalars(query))


@lru_cache(maxsize=_MOST)
def _read(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read


def _record(row: InstrumentRow | Row[Any], document: Mapping[str, Any]) -> InstrumentRecord:
    return InstrumentRecord(
        id=row.id,
        slug=row.slug,
        version=row.version,
        fingerprint=row.fingerprint,
        document=document,
        added_at=row.added_at,
    )
