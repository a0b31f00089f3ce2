"""Whose hand filled in the answers that came online: counted, and part of no rate."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.store.responses import ResponseRow
from survey.waves import FilledBy


def count_filled_by(session: Session, wave_id: int) -> dict[FilledBy, int]:
    """Whose hand filled in what came online; answers of which nothing was said are in none."""
    query = (
        select(ResponseRow.filled_by, func.count())
        .where(ResponseRow.wave_id == wave_id, ResponseRow.filled_by.is_not(None))
        .group_by(ResponseRow.filled_by)
    )
    return {row[0]: row[1] for row in session.execute(query) if row[0]}
