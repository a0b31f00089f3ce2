"""When weights may be built: once the answers stand. And frozen: before anything of them is published."""

from sqlalchemy.orm import Session

from survey.messages import N_, Conflict, Message
from survey.runs import EstimateRun
from survey.store.draws import Draw, standing_draw
from survey.store.waves import WaveRecord
from survey.store.weight_versions import standing_version
from survey.waves import WaveState


def require_over(session: Session, wave: WaveRecord) -> Draw:
    """The draw of a wave that is closed or published. Raises :class:`Conflict`, saying what is in the way."""
    draw = standing_draw(session, wave.id)
    if draw is None:
        message = N_("轮次 {wave} 没有抽样：只有抽样得来的样本有权重")
        raise Conflict(Message(message, {"wave": wave.id}))
    if wave.state not in (WaveState.CLOSED, WaveState.PUBLISHED):
        message = N_("轮次 {wave} 还没有结束：先结束访问，答卷定下来以后再做权重")
        raise Conflict(Message(message, {"wave": wave.id}))
    return draw


def require_unpublished(session: Session, wave: WaveRecord) -> Draw:
    """As :func:`require_over`; of a published wave weights may be looked at, and nothing uses them."""
    draw = require_over(session, wave)
    if wave.state is WaveState.PUBLISHED:
        message = N_("轮次 {wave} 已经发布，它的数字和权重不再改变：做出的版本只供查看，不能定版")
        raise Conflict(Message(message, {"wave": wave.id}))
    return draw


def uses_standing_weights(session: Session, run: EstimateRun) -> bool:
    """Whether the run's weights are those of the version that was frozen last; of base weights where there is none."""
    if run.sample is None:
        return True
    version = standing_version(session, run.wave_id)
    return run.sample.weights_version == (version.id if version else None)
