"""Withdraw a commitment whose public values will not come: openly, with a reason, by another person than made it.

It stays published with its reason, and says whether the next value could be known by then: who read the secret could
else see a draw, dislike it and call the promise off.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.account_rules import name_key
from survey.casework.reasons import LONGEST_REASON, read_reason
from survey.messages import N_, Conflict, Message
from survey.store.draw_commitments import Commitment, get_commitment, withdraw
from survey.store.draws import list_draws_of_commitment, open_draw, used_values
from survey.store.waves import get_wave
from survey.waves import WaveState


def withdraw_commitment(session: Session, commitment_id: int, *, reason: str, at: datetime, by: str) -> Commitment:
    """The commitment as it stands on record from now on; another one, or a draw that is not public, may follow.

    Raises ``NotThere``; :class:`BadInput` without a reason that says something; :class:`Conflict` for a commitment of
    the same person, one that is withdrawn or used up already, and once a draw of the wave stands.
    """
    commitment = get_commitment(session, commitment_id)
    message = N_("请写明撤回承诺的理由，最多 {most} 个字：哪个公开数字为什么不会来了。理由和承诺一起公布。")
    reason = read_reason(reason, Message(message, {"most": LONGEST_REASON}))
    _check_open(session, commitment)
    if name_key(commitment.committed_by) == name_key(by):
        message = N_("第 {id} 号承诺是“{by}”作的：撤回须由另一人来做")
        raise Conflict(Message(message, {"id": commitment.id, "by": by}))
    withdraw(session, commitment.id, reason=reason, at=at, by=by)
    return get_commitment(session, commitment_id)


def _check_open(session: Session, commitment: Commitment) -> None:
    facts = {"id": commitment.id}
    if commitment.withdrawn is not None:
        raise Conflict(Message(N_("第 {id} 号承诺已经撤回"), facts))
    if get_wave(session, commitment.wave_id).state is not WaveState.DRAFT or open_draw(session, commitment.wave_id):
        raise Conflict(Message(N_("第 {id} 号承诺的轮次已经抽样：承诺不能再撤回"), facts))
    if len(used_values(session, commitment.id)) == len(commitment.public_values):
        draws = ", ".join(str(draw.id) for draw in list_draws_of_commitment(session, commitment.id))
        message = N_("第 {id} 号承诺的公开数字都已用过（第 {draws} 号抽样）：不用撤回，可以另作承诺")
        raise Conflict(Message(message, facts | {"draws": draws}))
