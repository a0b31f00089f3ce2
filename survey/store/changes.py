"""What changed since an earlier wave, beside the estimates it is about: append-only like them.

A row has the number of the estimate of this run whose change it is, and leads to the estimate of the earlier run.
"""

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from analysis.publication import Base as Denominator
from analysis.publication import Change, ChangeFinding, NotCompared, Subset
from survey.store.estimates import EstimateRow
from survey.store.tables import Base, Choice, one_of

NUMBERS = ("difference", "low", "high", "p_value")


class ChangeRow(Base):
    __tablename__ = "changes"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "position"], ["estimates.run_id", "estimates.position"]),
        ForeignKeyConstraint(
            ["earlier_run_id", "earlier_position"],
            ["estimates.run_id", "estimates.position"],
            name="fk_changes_earlier_position",
        ),
        Index(None, "earlier_run_id", "earlier_position"),
        one_of("finding", ChangeFinding),
        one_of("reason", NotCompared),
        CheckConstraint("(finding IS NULL) <> (reason IS NULL)", name="either"),
        *(CheckConstraint(f"(finding IS NULL) = ({name} IS NULL)", name=name) for name in NUMBERS),
        CheckConstraint("finding IS NULL OR earlier_position IS NOT NULL", name="earlier"),
        # The database itself refuses a word that the number beside it contradicts.
        CheckConstraint("finding IS NULL OR finding <> 'rose' OR difference > 0", name="rose"),
        CheckConstraint("finding IS NULL OR finding <> 'fell' OR difference < 0", name="fell"),
        CheckConstraint("finding IS NULL OR (low <= difference AND difference <= high)", name="interval"),
    )

    run_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    earlier_run_id: Mapped[int] = mapped_column(ForeignKey("estimate_runs.id"))
    earlier_position: Mapped[int | None]
    level: Mapped[float]
    finding: Mapped[ChangeFinding | None] = mapped_column(Choice(ChangeFinding))
    reason: Mapped[NotCompared | None] = mapped_column(Choice(NotCompared))
    difference: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    p_value: Mapped[float | None]


#: The fields a row and a change share by name; indicator and area are those of the estimate.
SHARED = tuple(field.name for field in fields(Change) if field.name not in ("indicator", "area"))
TABLE = ChangeRow.metadata.tables["changes"]


def add_changes(session: Session, run_id: int, earlier_run_id: int, changes: Sequence[Change]) -> None:
    """Put on record what changed from the earlier run to this one; both and their estimates are stored already.

    Raises ``ValueError`` for a change of no estimate and for a number not finite.
    """
    here, before = _positions(session, run_id), _positions(session, earlier_run_id)
    rows = []
    for change in changes:
        key = (change.indicator, change.area)
        if key not in here:
            raise ValueError(f"{change.indicator} of {change.area}: run {run_id} has no such estimate")
        places = {"run_id": run_id, "position": here[key]}
        earlier = {"earlier_run_id": earlier_run_id, "earlier_position": before.get(key)}
        rows.append({**places, **earlier, **_values(change)})
    if rows:
        session.execute(insert(ChangeRow), rows)


def load_changes(session: Session, run_id: int, *, area: str | None = None) -> tuple[Change, ...]:
    """The changes of a run in the order of its estimates: of every area and the whole, or of one ``area``."""
    query = (
        select(EstimateRow.indicator, EstimateRow.area, *(TABLE.c[name] for name in SHARED))
        .join(EstimateRow, (EstimateRow.run_id == ChangeRow.run_id) & (EstimateRow.position == ChangeRow.position))
        .where(ChangeRow.run_id == run_id)
        .order_by(ChangeRow.position)
    )
    if area is not None:
        query = query.where(EstimateRow.area == area)
    return tuple(
        Change(indicator=indicator, area=code, **dict(zip(SHARED, values, strict=True)))
        for indicator, code, *values in session.execute(query)
    )


def compared_run(session: Session, run_id: int) -> int | None:
    """The id of the earlier run that a run was compared with, if it was with any."""
    return session.scalar(select(ChangeRow.earlier_run_id).where(ChangeRow.run_id == run_id).limit(1))


def _positions(session: Session, run_id: int) -> dict[tuple[str, str | None], int]:
    """Indicator and area -> number of the estimate that is compared: of everyone in the sample, on the asked base."""
    query = select(EstimateRow.indicator, EstimateRow.area, EstimateRow.position).where(
        EstimateRow.run_id == run_id, EstimateRow.base == Denominator.ASKED, EstimateRow.subset == Subset.ALL
    )
    return {(indicator, area): position for indicator, area, position in session.execute(query)}


def _values(change: Change) -> dict[str, Any]:
    values = {name: getattr(change, name) for name in SHARED}
    for name, value in values.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{change.indicator} of {change.area}: got {name} = {value}, expected a number")
    return values
