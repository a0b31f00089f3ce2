"""Publish a wave, or say what keeps it from being published; what makes its numbers weak is said, too.

A run that was compared with no wave is compared now: the wave before may have been published since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.publication import Base, Change, Subset
from questionnaires.definition import IndicatorSet
from questionnaires.loading import from_document
from survey.casework.publication_gaps import publication_gaps
from survey.casework.wave_comparison import compare_with_earlier
from survey.messages import N_, CheckFailed, Message, Problem
from survey.reports.sample_words import field_rates
from survey.runs import EstimateRun
from survey.store.changes import add_changes, compared_run, load_changes
from survey.store.disposition_counts import read_counts
from survey.store.draws import Draw, standing_draw
from survey.store.estimates import latest_run, load_estimates
from survey.store.fieldwork_counts import read_weights
from survey.store.instruments import get_instrument
from survey.store.waves import WaveRecord, change_state, get_wave
from survey.waves import WaveState

#: Below these a publication is warned of: answers of the sample, and the share of eligible cases that answered.
LEAST_RESPONSES = 30
LEAST_RR1 = 0.10


@dataclass(frozen=True, kw_only=True)
class PublishedWave:
    """``warnings``: why little can be read from what is published now."""

    warnings: tuple[Message, ...]


def publish_wave(session: Session, wave_id: int, *, at: datetime, by: str) -> PublishedWave:
    """From now on everyone who may sign in sees the numbers.

    Raises :class:`CheckFailed` naming everything that is missing: facts that every report carries, the closing of
    the wave, an estimate run of the answers as they stand.
    """
    wave = get_wave(session, wave_id)
    run = latest_run(session, wave_id)
    draw = standing_draw(session, wave_id)
    missing = publication_gaps(session, wave, run)
    if run is None or missing:  # without a run it is among the missing
        raise CheckFailed(
            Message(N_("轮次 {wave} 不能发布，还缺 {count} 项"), {"wave": wave_id, "count": len(missing)}),
            _problems(missing),
        )
    change_state(session, wave_id, WaveState.PUBLISHED, at=at, by=by, run_id=run.id)
    return PublishedWave(warnings=(*_warnings(session, wave, run, draw), *_compare(session, wave, run)))


def _compare(session: Session, wave: WaveRecord, run: EstimateRun) -> tuple[Message, ...]:
    """Compare a run that was not compared yet; what is on record already stays, with a warning where it is out of date
    (another wave was published since, or this one is described otherwise).
    """
    compared = compare_with_earlier(session, wave, run, load_estimates(session, run.id))
    before = compared_run(session, run.id)
    if before is None and compared is not None:
        add_changes(session, run.id, compared.earlier.run.id, compared.changes)
        return ()
    now = (compared.earlier.run.id, _said(compared.changes)) if compared else (None, ())
    if now == (before, _said(load_changes(session, run.id))):
        return ()
    name = compared.earlier.wave.name if compared else "—"
    message = N_("与上一轮的比较是以前算的：按现在的情况应与“{wave}”比较。读者看到的仍是以前的比较")
    return (Message(message, {"wave": name}),)


def _said(changes: Sequence[Change]) -> tuple[tuple[str, ...], ...]:
    """The words alone: another machine may differ in the last digit."""
    return tuple((each.indicator, str(each.area), str(each.finding), str(each.reason)) for each in changes)


def _warnings(session: Session, wave: WaveRecord, run: EstimateRun, draw: Draw | None) -> tuple[Message, ...]:
    """Nothing is missing, and yet readers get little: whoever publishes is to know, and not to be stopped by it."""
    warnings: list[Message] = []
    if not _has_headline_rate(session, wave, run):
        warnings.append(Message(N_("总体的每一个总体指标都没有数字：读者只看到“样本不足”")))
    if run.responses < LEAST_RESPONSES:
        message = N_("样本只有 {count} 份答卷，不到 {least} 份：总体的数字都要慎用")
        warnings.append(Message(message, {"count": run.responses, "least": LEAST_RESPONSES}))
    rates = field_rates(read_counts(session, wave.id), read_weights(session, wave.id)) if draw else None
    if rates is not None and rates.plain.rr1 is not None and rates.plain.rr1 < LEAST_RR1:
        message = N_("应答率RR1是 {rate}，不到 {least}：没有访到的人很可能与访到的人不同")
        rate, least = f"{100 * rates.plain.rr1:.1f}%", f"{100 * LEAST_RR1:.0f}%"
        warnings.append(Message(message, {"rate": rate, "least": least}))
    return tuple(warnings)


def _has_headline_rate(session: Session, wave: WaveRecord, run: EstimateRun) -> bool:
    """Whether the whole sample has a headline rate to show."""
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    headline = {i.code for i in questionnaire.indicators if i.set is IndicatorSet.HEADLINE}
    return any(
        row.published
        for row in load_estimates(session, run.id)
        if row.area is None and row.base is Base.ASKED and row.subset is Subset.ALL and row.indicator in headline
    )


def _problems(missing: Sequence[Message]) -> list[Problem]:
    return [Problem(where="", column="", got="", expected=message) for message in missing]
