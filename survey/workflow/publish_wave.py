"""Publish a wave, or say what keeps it from being published."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from survey.messages import N_, CheckFailed, Message, Problem
from survey.runs import EstimateRun
from survey.store.draws import standing_draw
from survey.store.estimates import latest_run
from survey.store.responses import answers_digest
from survey.store.waves import WaveRecord, change_state, get_wave
from survey.waves import WaveState, missing_for_publication


def publish_wave(session: Session, wave_id: int, *, at: datetime, by: str) -> None:
    """From now on everyone who may sign in sees the numbers.

    Raises :class:`CheckFailed` naming everything that is missing: facts that every report carries, the closing of
    the wave, an estimate run of the answers as they stand.
    """
    wave = get_wave(session, wave_id)
    run = latest_run(session, wave_id)
    drawn = standing_draw(session, wave_id) is not None
    missing = [*missing_for_publication(wave.details, drawn=drawn), *_missing_steps(session, wave, run)]
    if missing:
        raise CheckFailed(
            Message(N_("轮次 {wave} 不能发布，还缺 {count} 项"), {"wave": wave_id, "count": len(missing)}),
            _problems(missing),
        )
    change_state(session, wave_id, WaveState.PUBLISHED, at=at, by=by, run_id=run.id if run else None)


def _missing_steps(session: Session, wave: WaveRecord, run: EstimateRun | None) -> list[Message]:
    steps = []
    if wave.state is not WaveState.CLOSED and wave.state is not WaveState.PUBLISHED:
        steps.append(Message(N_("先关闭轮次：survey wave close {wave}"), {"wave": wave.id}))
    if run is None or run.answers_digest != answers_digest(session, wave.id):
        steps.append(Message(N_("对现有答卷做一次估计：survey estimate --wave {wave}"), {"wave": wave.id}))
    return steps


def _problems(missing: Sequence[Message]) -> list[Problem]:
    return [Problem(where="", column="", got="", expected=message) for message in missing]
