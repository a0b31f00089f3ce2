"""What keeps a wave from being published: facts that every report carries, its closing, an estimate as things stand."""

from sqlalchemy.orm import Session

from survey.casework.weight_states import uses_standing_weights
from survey.messages import N_, Message
from survey.runs import EstimateRun
from survey.store.draws import standing_draw
from survey.store.response_digests import answers_digest
from survey.store.waves import WaveRecord
from survey.waves import WaveState, missing_for_publication


def publication_gaps(session: Session, wave: WaveRecord, run: EstimateRun | None) -> tuple[Message, ...]:
    """Everything that is missing; empty when the wave may be published. ``run``: its newest."""
    facts = missing_for_publication(wave.details, drawn=standing_draw(session, wave.id) is not None)
    steps = []
    if wave.state is not WaveState.CLOSED and wave.state is not WaveState.PUBLISHED:
        steps.append(Message(N_("先关闭轮次：survey wave close {wave}"), {"wave": wave.id}))
    if run is None or run.answers_digest != answers_digest(session, wave.id):
        steps.append(Message(N_("对现有答卷做一次估计：survey estimate --wave {wave}"), {"wave": wave.id}))
    elif not uses_standing_weights(session, run):
        steps.append(Message(N_("用定版的权重再估计一次：survey estimate --wave {wave}"), {"wave": wave.id}))
    return (*facts, *steps)
