"""Estimate a wave: read its answers, code them, estimate every rate in every area, and put the run on record.

A wave may hold a sample and, apart from it, answers that came through its open link. The sample of a drawn wave is what
came through its draw; that of a wave without one are its imported answers. Answers of the open link are estimated by
themselves: nothing of them enters a number of the sample.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.publication import PublishedEstimate, Subset
from analysis.wave_estimates import WaveAnswers
from analysis.wave_estimates import estimate_wave as estimate_answers
from questionnaires.loading import from_document
from survey.areas import RANK, Area, Level
from survey.casework.sample_answers import is_open_link
from survey.casework.wave_comparison import Compared, compare_with_earlier
from survey.casework.wave_sample import Asked, WaveSample, read_wave_sample, wave_answers
from survey.casework.weight_states import uses_standing_weights
from survey.keys import KeyRing
from survey.messages import N_, Conflict, Message
from survey.runs import EstimateRun
from survey.sampling.frame_digest import shown_digest
from survey.store.areas import get_frame
from survey.store.changes import add_changes
from survey.store.draws import standing_draw
from survey.store.estimates import add_run, latest_run
from survey.store.instruments import get_instrument
from survey.store.response_digests import answers_digest
from survey.store.responses import StoredResponse, read_responses
from survey.store.waves import get_wave
from survey.waves import Mode


@dataclass(frozen=True, kw_only=True)
class EstimatedWave:
    """The run's id, and its estimates: the whole first, then the areas of the wanted level in order of code; of the
    sample, then in the same order of the open link. ``compared``: with the wave before, all areas; ``None``: with none.
    """

    run: int
    estimates: tuple[PublishedEstimate, ...]
    compared: Compared | None


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A run not recorded yet (its id is 0), all its estimates, those of the wanted level, and what changed."""

    run: EstimateRun
    estimates: tuple[PublishedEstimate, ...]
    at_level: tuple[PublishedEstimate, ...]
    compared: Compared | None


def estimate_wave(
    session: Session, keys: KeyRing, wave_id: int, *, by_level: Level, code_version: str, at: datetime, by: str
) -> EstimatedWave:
    """Compute and record in one transaction; see the two steps for callers who should not hold a place that long."""
    computed = compute_estimates(session, keys, wave_id, by_level=by_level, code_version=code_version, at=at, by=by)
    return record_estimates(session, computed)


def compute_estimates(
    session: Session, keys: KeyRing, wave_id: int, *, by_level: Level, code_version: str, at: datetime, by: str
) -> Computed:
    """The estimates of all levels down to communities (down to grids when grids are wanted).

    All levels are decided together, because what one level prints could give away what another hides.
    Raises ``NotThere`` for an unknown wave, ``Conflict`` when there are no answers, ``Failure`` when the key of an open
    drawn wave is not to be read.
    """
    wave = get_wave(session, wave_id)
    frame = get_frame(session, wave.frame_id)
    record = get_instrument(session, wave.instrument_id)
    responses = list(read_responses(session, wave_id))
    sample = read_wave_sample(session, keys, wave, frame.areas, responses)
    open_link = [response for response in responses if is_open_link(response)]
    if not sample.responses and not open_link:
        raise Conflict(Message(_none_yet(session, wave_id), {"wave": wave_id}))
    asked = Asked(wave=wave, questionnaire=from_document(record.document), frame=frame.areas, finest=RANK[by_level])
    estimates = (*_estimate(asked, sample), *_estimate(asked, WaveSample(responses=open_link), Subset.OPEN_LINK))
    digest = answers_digest(session, wave_id)
    run = EstimateRun(
        id=0,
        wave_id=wave_id,
        by_level=by_level,
        instrument_fingerprint=record.fingerprint,
        frame_digest=shown_digest(frame.digest, frame.units_digest),
        answers_digest=digest,
        responses=len(sample.responses),
        mode_counts=Counter(response.mode for response in sample.responses),
        design=sample.name,
        level=WaveAnswers.level,
        seed=hashlib.sha256(f"{wave_id} {digest} {record.fingerprint}".encode()).hexdigest(),
        code_version=code_version,
        at=at,
        by=by,
        sample=sample.facts,
        open_responses=len(open_link),
    )
    compared = compare_with_earlier(session, wave, run, estimates, _modes_by_area(sample.responses))
    at_level = _at_level(estimates, frame.areas, by_level)
    return Computed(run=run, estimates=estimates, at_level=at_level, compared=compared)


def record_estimates(session: Session, computed: Computed) -> EstimatedWave:
    """Put the run on record. Raises ``Conflict`` when answers came in while it was computed."""
    run = computed.run
    if answers_digest(session, run.wave_id) != run.answers_digest:
        message = N_("估计时轮次 {wave} 又有答卷进来，没有保存：请再运行一次")
        raise Conflict(Message(message, {"wave": run.wave_id}))
    if not uses_standing_weights(session, run):
        message = N_("估计时轮次 {wave} 的权重有了新的版本，没有保存：请再运行一次")
        raise Conflict(Message(message, {"wave": run.wave_id}))
    number, compared = add_run(session, run, computed.estimates), computed.compared
    if compared is not None:
        add_changes(session, number, compared.earlier.run.id, compared.changes)
    return EstimatedWave(run=number, estimates=computed.at_level, compared=compared)


def is_estimated(session: Session, wave_id: int) -> bool:
    """Whether the newest run is of the answers as they stand, and of the weights that were frozen last."""
    run = latest_run(session, wave_id)
    return (
        run is not None
        and run.answers_digest == answers_digest(session, wave_id)
        and uses_standing_weights(session, run)
    )


def _none_yet(session: Session, wave_id: int) -> str:
    if standing_draw(session, wave_id) is not None:
        return N_("轮次 {wave} 还没有答卷：样本户还没有人答")
    return N_("轮次 {wave} 还没有答卷，先导入：survey response import")


def _estimate(asked: Asked, sample: WaveSample, subset: Subset = Subset.ALL) -> tuple[PublishedEstimate, ...]:
    if not sample.responses:
        return ()
    answers = wave_answers(asked, sample)
    if subset is not Subset.ALL:  # no rates without the coached: these stand apart already
        answers = replace(answers, subset=subset, headline=frozenset())
    return estimate_answers(answers)


def _modes_by_area(sample: Sequence[StoredResponse]) -> dict[str, Counter[Mode]]:
    found: defaultdict[str, Counter[Mode]] = defaultdict(Counter)
    for response in sample:
        found[response.area][response.mode] += 1
    return found


def _at_level(
    estimates: tuple[PublishedEstimate, ...], frame: Sequence[Area], level: Level
) -> tuple[PublishedEstimate, ...]:
    wanted = {None, *(area.code for area in frame if RANK[area.level] == RANK[level])}
    return tuple(estimate for estimate in estimates if estimate.area in wanted)
