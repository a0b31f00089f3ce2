"""Approve or reject a draw: the second person's part."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.account_rules import name_key
from survey.casework.reasons import LONGEST_REASON, read_reason
from survey.messages import N_, Conflict, Message
from survey.store.draw_reviews import latest_review
from survey.store.draws import Draw, DrawState, get_draw
from survey.store.draws import decide_draw as record_decision
from survey.store.waves import change_state
from survey.waves import WaveState


def approve_draw(session: Session, draw_id: int, *, unreviewed: str = "", at: datetime, by: str) -> Draw:
    """The draw stands: its wave is drawn from now on, and its cases may be assigned.

    ``unreviewed``: why it is approved although nobody reviewed it; it stays on record. Raises ``NotThere``;
    :class:`Conflict` when it is decided already, or when ``by`` drew it; :class:`BadInput` without review and reason.
    """
    _check_second_person(get_draw(session, draw_id), by)
    reason = ""
    if latest_review(session, draw_id) is None:
        message = N_("这次抽样还没有审核过：请先审核，或者写明不审核就批准的理由，最多 {most} 个字。")
        reason = read_reason(unreviewed, Message(message, {"most": LONGEST_REASON}))
    record_decision(session, draw_id, state=DrawState.APPROVED, by=by, at=at, reason=reason)
    draw = get_draw(session, draw_id)
    change_state(session, draw.wave_id, WaveState.DRAWN, at=at, by=by)
    return draw


def reject_draw(session: Session, draw_id: int, *, reason: str, at: datetime, by: str) -> Draw:
    """The draw is void and stays on record with its cases; another may be run.

    Raises as :func:`approve_draw`, and :class:`BadInput` without a reason: a draw is rejected only for an error in
    frame or program, and which one it was is part of the record.
    """
    message = N_("请写明否决的理由，最多 {most} 个字：抽样框或程序错在哪里。不喜欢抽到的住户不是理由。")
    reason = read_reason(reason, Message(message, {"most": LONGEST_REASON}))
    _check_second_person(get_draw(session, draw_id), by)
    record_decision(session, draw_id, state=DrawState.REJECTED, by=by, at=at, reason=reason)
    return get_draw(session, draw_id)


def _check_second_person(draw: Draw, by: str) -> None:
    if name_key(draw.drawn_by) == name_key(by):
        message = N_("第 {draw} 号抽样由“{by}”抽取：批准或否决须由另一人来做")
        raise Conflict(Message(message, {"draw": draw.id, "by": by}))
