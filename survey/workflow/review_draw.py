"""Review a draw: look at its frame, and at the sample beside frame and redraws; what was seen is kept."""

from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from survey.casework.draw_balance import balance_draw, main_sample
from survey.casework.frame_quality import judge_frame
from survey.messages import N_, Conflict, Message
from survey.sampling.draw_review import Review
from survey.sampling.sample_designs import from_canonical
from survey.sampling.samples import needs_keys
from survey.store.areas import get_frame
from survey.store.cases import list_drawn_cases
from survey.store.draw_reviews import DrawReview, add_review, latest_review
from survey.store.draws import get_draw
from survey.store.unit_columns import read_columns
from survey.store.units import read_units
from survey.units import NOT_DRAWN


def review_draw(session: Session, draw_id: int, *, at: datetime, by: str) -> DrawReview:
    """:func:`look_at_draw` and :func:`keep_review` in one transaction."""
    return keep_review(session, draw_id, look_at_draw(session, draw_id), at=at, by=by)


def keep_review(session: Session, draw_id: int, review: Review, *, at: datetime, by: str) -> DrawReview:
    """The review on record with who looked and when. A draw may be reviewed at any time and more than once."""
    number = add_review(session, draw_id, review, at=at, by=by)
    return DrawReview(id=number, draw_id=draw_id, review=review, reviewed_at=at, reviewed_by=by)


def look_at_draw(session: Session, draw_id: int) -> Review:
    """Only reads: all the redraws take seconds, and whoever writes must not wait for them.

    Raises ``NotThere``; :class:`Conflict` when the cases are not units of the frame any more: then the draw has to be
    verified first.
    """
    draw = get_draw(session, draw_id)
    frame = get_frame(session, draw.frame_id)
    units = list(read_units(session, frame.id))
    columns = read_columns(session, frame.id, keys=needs_keys(from_canonical(draw.design))).units
    rows = {serial: row for row, serial in enumerate(columns.serials.tolist())}
    cases = list_drawn_cases(session, draw_id)
    if frame.kind is None or not all(case.unit_serial in rows for case in cases):
        message = N_("第 {draw} 号抽样的样本户不都在抽样框里：请先核对这次抽样（重抽一遍），再审核")
        raise Conflict(Message(message, {"draw": draw_id}))
    sample = main_sample(
        columns.frame,
        np.array([rows[case.unit_serial] for case in cases], np.int64),
        np.array([case.inclusion_n / case.inclusion_total for case in cases]),
        np.array([case.replicate for case in cases], np.int64),
    )
    drawable = [unit for unit in units if unit.status not in NOT_DRAWN]
    return Review(
        quality=judge_frame(frame.areas, units, frame.kind),
        balance=balance_draw(draw, columns.frame, drawable, sample),
    )


def show_review(session: Session, draw_id: int) -> DrawReview | None:
    """The latest review of a draw; ``None`` before the first. Raises ``NotThere``."""
    return latest_review(session, get_draw(session, draw_id).id)
