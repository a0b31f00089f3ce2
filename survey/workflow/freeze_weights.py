"""Freeze a version of weights: estimates name it from then on, and it never changes."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.casework.reasons import LONGEST_REASON, read_reason
from survey.casework.weight_states import require_unpublished
from survey.messages import N_, CheckFailed, Conflict, Message
from survey.store.draws import get_draw
from survey.store.response_digests import answers_digest
from survey.store.waves import get_wave
from survey.store.weight_versions import freeze_version, get_version, read_version_factors
from survey.weights import version_digest


def freeze_weights(session: Session, version_id: int, *, reason: str, at: datetime, by: str) -> None:
    """``reason``: why this version, in some words; it stays beside who froze it.

    Raises ``NotThere``; ``BadInput`` without a reason; ``Conflict`` for a version that is frozen already, and for
    a wave that is not closed or is published; ``CheckFailed`` where what is stored is not what was built.
    """
    version = get_version(session, version_id)
    reason = read_reason(reason, Message(N_("请写明为什么用这一版，最多 {most} 个字"), {"most": LONGEST_REASON}))
    require_unpublished(session, get_wave(session, version.wave_id))
    if answers_digest(session, version.wave_id) != version.answers_digest:
        raise Conflict(Message(N_("权重版本 {id} 做成以后答卷变了：请重新做一次"), {"id": version_id}))
    factors = read_version_factors(session, version_id).values()
    draw = get_draw(session, version.draw_id)
    found = version_digest(version.plan, factors, draw_digest=draw.digest, answers_digest=version.answers_digest)
    if found != version.digest:
        raise CheckFailed(Message(N_("权重版本 {id} 与做成时不一样：数据库可能被改过，不能定版"), {"id": version_id}))
    freeze_version(session, version_id, reason=reason, at=at, by=by)
