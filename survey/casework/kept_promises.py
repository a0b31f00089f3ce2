"""The commitment of a wave that waits for its public value: nothing else may be drawn or promised beside it."""

from collections.abc import Container

from sqlalchemy.orm import Session

from analysis.sampling.sample_design import SampleDesign
from survey.messages import N_, BadInput, Conflict, Message
from survey.sampling.promised_method import promised_method
from survey.sampling.sample_designs import canonical, from_canonical
from survey.store.draw_commitments import Commitment, get_commitment, list_commitments
from survey.store.draws import Draw, used_values
from survey.store.waves import get_wave


def find_waiting(session: Session, wave_id: int) -> Commitment | None:
    """The commitment that is neither withdrawn nor used up."""
    for one in list_commitments(session, wave_id):
        if one.withdrawn is None and len(used_values(session, one.id)) < len(one.public_values):
            return one
    return None


def find_promised(session: Session, wave_id: int, design: SampleDesign | None) -> Commitment:
    """The wave's last commitment.

    Raises ``NotThere``; :class:`Conflict` without one, and for one that is withdrawn; :class:`BadInput` where a
    ``design`` is given that is not the promised one.
    """
    commitments = list_commitments(session, get_wave(session, wave_id).id)
    if not commitments:
        message = N_("本轮还没有公开抽签的承诺：请先用 --commit 公布抽样框、设计和密数的摘要，等公开数字产生后再抽")
        raise Conflict(Message(message))
    commitment = commitments[0]
    if commitment.withdrawn is not None:
        message = N_("第 {id} 号承诺已经撤回，不能再照它抽：请另作承诺，约定新的公开数字")
        raise Conflict(Message(message, {"id": commitment.id}))
    if design is not None and canonical(design) != commitment.design:
        message = N_("给出的设计和第 {id} 号承诺的不同：公开抽签只能用承诺过的设计；不写设计就用它")
        raise BadInput(Message(message, {"id": commitment.id}))
    return commitment


def refuse_other_teams(session: Session, draw: Draw) -> None:
    """Raises :class:`Conflict` where the draw's commitment promised teams and dates by another method."""
    promised = get_commitment(session, draw.commitment_id).method if draw.commitment_id is not None else None
    got = promised_method(draw.method, from_canonical(draw.design))
    if promised not in (None, got):
        message = N_(
            "第 {id} 号承诺写明队伍和日期按方法 {promised} 抽，本程序按 {got} 抽：会抽出另一批队伍。什么也没有抽："
            "请用作承诺时的那一版程序抽"
        )
        raise Conflict(Message(message, {"id": draw.commitment_id, "promised": promised, "got": got}))


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
