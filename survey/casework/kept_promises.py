"""The commitment of a wave that waits for its public value: nothing else may be drawn or promised beside it."""

from collections.abc import Container

from sqlalchemy.orm import Session

from survey.messages import N_, Conflict, Message
from survey.store.draw_commitments import Commitment, list_commitments
from survey.store.draws import used_values


def find_waiting(session: Session, wave_id: int) -> Commitment | None:
    """The commitment that is neither withdrawn nor used up."""
    for one in list_commitments(session, wave_id):
        if one.withdrawn is None and len(used_values(session, one.id)) < len(one.public_values):
            return one
    return None


def refuse_other_draw(session: Session, wave_id: int) -> None:
    """Raises :class:`Conflict`: who may draw by another seed beside a promised value, or after it, can choose."""
    promised = find_waiting(session, wave_id)
    if promised is not None:
        message = N_(
            "第 {id} 号承诺还没有兑现，不能另外抽样：等公开数字产生后用 --public-values 照承诺抽；"
            "公开数字不会来了，就由另一人写明理由公开撤回承诺（survey draw withdraw {id} --reason …）"
        )
        raise Conflict(Message(message, {"id": promised.id}))


def withdrawn_late(commitment: Commitment, used: Container[str]) -> bool:
    """Whether the value that was next could be known when the commitment was withdrawn. ``used``: names."""
    left = [one.not_before for one in commitment.public_values if one.name not in used]
    return commitment.withdrawn is not None and bool(left) and left[0] <= commitment.withdrawn.at
