"""The rates of a wave by group: worked out when they are asked for, and what closing keeps of them.

The log tells who asked and who led the way as long as the wave is open. Closing works these groups out once more and
keeps what may be shown (:mod:`survey.store.frozen_groups`); the other groups follow from the answers at any time. As
later divisions never change what is shown of earlier ones, closing changes none of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.group_estimates import estimate_groups
from analysis.publication import PublishedEstimate
from questionnaires.loading import from_document
from survey.areas import RANK, Level
from survey.casework.case_log import CaseLog, read_case_logs
from survey.casework.kept_results import kept_result
from survey.casework.sample_answers import find_sample
from survey.casework.wave_groups import divisions_by_answer, divisions_by_log, read_asked
from survey.casework.wave_sample import Asked, WaveSample, drawn_sample, read_wave_sample, wave_answers
from survey.groupings import OF_THE_LOG, Grouping
from survey.keys import KeyRing
from survey.store.areas import get_frame
from survey.store.draws import standing_draw
from survey.store.frozen_groups import freeze_groups, read_frozen_groups
from survey.store.instruments import get_instrument
from survey.store.responses import StoredResponse, read_responses
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord
from survey.waves import WaveState

_CLOSED = (WaveState.CLOSED, WaveState.PUBLISHED)


@dataclass(frozen=True, kw_only=True)
class GroupRates:
    """``rows``: of each grouping that can be told, the group's code in place of an area's. ``responses`` in the sample.

    ``lost``: groupings that the log told while the wave was open, and that nothing was kept of.
    """

    rows: dict[Grouping, tuple[PublishedEstimate, ...]]
    responses: int
    lost: tuple[Grouping, ...] = ()


def read_group_rates(
    session: Session, keys: KeyRing, wave: WaveRecord, *, indicators: Collection[str] | None = None
) -> GroupRates:
    """Of the answers as they stand; ``indicators``: the codes wanted, ``None``: all.

    Raises :class:`~survey.messages.Failure` when the key of an open wave is not to be read.
    """
    question = ("groups", None if indicators is None else frozenset(indicators))
    return kept_result(session, keys, [wave], question, lambda: _read(session, keys, wave, indicators))


def _read(session: Session, keys: KeyRing, wave: WaveRecord, indicators: Collection[str] | None) -> GroupRates:
    asked = _asked(session, wave)
    responses = list(read_responses(session, wave.id))
    draw, logs = standing_draw(session, wave.id), None
    if draw is not None and wave.state not in _CLOSED:
        logs = read_case_logs(session, find_sealer(session, keys, wave.id), wave)
        sample = drawn_sample(session, draw, asked.frame, responses, find_sample(logs, responses))
    else:
        sample = read_wave_sample(session, keys, wave, asked.frame, responses)
    if not sample.responses:
        return GroupRates(rows={}, responses=0)
    rows = _estimate(session, asked, sample, logs, indicators)
    if draw is None or logs is not None:
        return GroupRates(rows=rows, responses=len(sample.responses))
    for grouping, kept in read_frozen_groups(session, wave.id).items():
        rows[grouping] = tuple(row for row in kept if indicators is None or row.indicator in indicators)
    lost = tuple(grouping for grouping in OF_THE_LOG if grouping not in rows)
    return GroupRates(rows=rows, responses=len(sample.responses), lost=lost)


def freeze_log_groups(
    session: Session, wave: WaveRecord, logs: Sequence[CaseLog], responses: Sequence[StoredResponse]
) -> None:
    """Keep of a drawn wave that is being closed what may be shown by canvassers' type and by guidance."""
    draw, answers = standing_draw(session, wave.id), find_sample(logs, responses)
    if draw is None or not answers:
        return
    asked = _asked(session, wave)
    sample = drawn_sample(session, draw, asked.frame, responses, answers)
    found = _estimate(session, asked, sample, logs, None)
    for grouping in OF_THE_LOG:
        freeze_groups(session, wave.id, grouping, found[grouping])


def _asked(session: Session, wave: WaveRecord) -> Asked:
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    frame = get_frame(session, wave.frame_id).areas
    return Asked(wave=wave, questionnaire=questionnaire, frame=frame, finest=RANK[Level.COMMUNITY])


def _estimate(
    session: Session,
    asked: Asked,
    sample: WaveSample,
    logs: Sequence[CaseLog] | None,
    indicators: Collection[str] | None,
) -> dict[Grouping, tuple[PublishedEstimate, ...]]:
    divisions = divisions_by_answer(asked.questionnaire, sample.responses)
    if logs is not None:
        divisions += divisions_by_log(read_asked(session, logs), sample.responses)
    found = estimate_groups(wave_answers(asked, sample, indicators), divisions, indicators)
    return {Grouping(name): rows for name, rows in found.items()}
