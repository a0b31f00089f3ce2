"""Some estimates of a run, for pages that look at one rate, or at one place."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from analysis.publication import PublishedEstimate, Subset
from survey.store.estimates import SHARED, TABLE

_SHOWN = (TABLE.c.subset != Subset.OPEN_LINK) | TABLE.c.area.is_(None)


def list_indicators(session: Session, run_id: int) -> tuple[str, ...]:
    """The codes of the rates that a run has estimates of; in no order."""
    return tuple(session.scalars(select(TABLE.c.indicator).where(TABLE.c.run_id == run_id).distinct()))


def select_estimates(
    session: Session, run_id: int, *, indicators: Collection[str] = (), whole: bool = False
) -> tuple[PublishedEstimate, ...]:
    """In the order of the run; ``indicators``: all where none is named; ``whole``: of no area.

    What came through open links is there of the whole alone: of its parts nobody shows it.
    """
    query = select(*(TABLE.c[name] for name in (*SHARED, "range_low", "range_high")))
    query = query.where(TABLE.c.run_id == run_id, _SHOWN)
    if indicators:
        query = query.where(TABLE.c.indicator.in_(indicators))
    if whole:
        query = query.where(TABLE.c.area.is_(None))
    return tuple(map(_estimate, session.execute(query.order_by(TABLE.c.position))))


def _estimate(row: Row[Any]) -> PublishedEstimate:
    values: Sequence[Any] = row
    low, high = values[-2:]
    return PublishedEstimate(
        **dict(zip(SHARED, values[:-2], strict=True)), shown_range=None if low is None or high is None else (low, high)
    )
