"""What a closed wave keeps of canvassers' types and of who led the way: estimates that may be shown, no answer's own.

Beside each answer these would be a way back. Whoever led the way to five homes knows them; five answers marked as led
are theirs. And the assignments in an old backup tell which homes a community's only student went to. So closing
estimates the groups while the log can still be read, and keeps what disclosure control lets a page show.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, select, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import NullType

from analysis.publication import Base as Denominator
from analysis.publication import Method, PublishedEstimate, Reason, Reliability, Subset
from survey.groupings import OF_THE_LOG, Grouping
from survey.store.tables import Base, Choice, Json, one_of

_KEPT = StrEnum("_KEPT", {each.name: each.value for each in OF_THE_LOG})  # type: ignore[misc]  # members by name
_CHOICES: Mapping[str, type[StrEnum]] = {
    "base": Denominator,
    "subset": Subset,
    "method": Method,
    "reliability": Reliability,
    "reason": Reason,
}
_FIELDS = tuple(field.name for field in fields(PublishedEstimate) if field.name not in ("band", "target"))


class FrozenGroupsRow(Base):
    """``rows``: the estimates of one grouping, the group's code in place of an area's."""

    __tablename__ = "frozen_groups"
    __table_args__ = (one_of("grouping", _KEPT),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    grouping: Mapped[Grouping] = mapped_column(Choice(Grouping), primary_key=True)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json)


def freeze_groups(session: Session, wave_id: int, grouping: Grouping, rows: Sequence[PublishedEstimate]) -> None:
    """Once for each wave and grouping. Raises ``ValueError`` for a number that is not finite."""
    documents = [{name: getattr(row, name) for name in _FIELDS} for row in rows]
    for document in documents:
        for name, value in document.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(f"{document['indicator']} of {document['area']}: got {name} = {value}")
    session.add(FrozenGroupsRow(wave_id=wave_id, grouping=grouping, rows=documents))
    session.flush()


def read_frozen_groups(session: Session, wave_id: int) -> dict[Grouping, tuple[PublishedEstimate, ...]]:
    """What was kept; a wave that is open, or was closed before this was kept, has nothing."""
    query = select(FrozenGroupsRow).where(FrozenGroupsRow.wave_id == wave_id)
    return {row.grouping: tuple(map(_estimate, row.rows)) for row in session.scalars(query)}


def frozen_digest(session: Session, wave_id: int) -> str:
    """SHA-256 hex over all that :func:`read_frozen_groups` reads."""
    table = FrozenGroupsRow.__table__
    columns = [type_coerce(column, NullType) for column in table.columns]  # as the driver gives them
    rows = session.execute(select(*columns).where(table.c.wave_id == wave_id).order_by(table.c.grouping)).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


def _estimate(document: Mapping[str, Any]) -> PublishedEstimate:
    values = dict(document)
    for name, choices in _CHOICES.items():
        if values[name] is not None:
            values[name] = choices(values[name])
    if values["shown_range"] is not None:
        values["shown_range"] = tuple(values["shown_range"])
    return PublishedEstimate(**values)
