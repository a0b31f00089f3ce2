"""Show waves: the list, and one wave with its history and what its newest estimate run holds."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from analysis.publication import PublishedEstimate
from questionnaires.definition import Questionnaire, Text
from questionnaires.loading import from_document
from survey.areas import Area
from survey.casework.shown_comparison import read_comparison
from survey.casework.taken_back import read_taken_back
from survey.messages import N_, Message, NotThere
from survey.reports.area_response import partial_answers, rates_within
from survey.reports.comparison import Comparison
from survey.reports.facts import TakenBack
from survey.reports.sample_words import FieldRates, field_rates
from survey.roles import SEES_UNPUBLISHED, Permission, Role, Scope, may
from survey.runs import EstimateRun
from survey.store import areas, disposition_counts, draws, estimates, fieldwork_counts, instruments, responses, waves
from survey.store.waves import WaveEvent, WaveRecord
from survey.waves import WaveState, missing_for_publication


@dataclass(frozen=True, kw_only=True)
class WaveSummary:
    """One line of the list. ``open_link``: answers that came through the open link, beside the ``responses``."""

    id: int
    name: str
    state: WaveState
    instrument: Text
    start: date | None
    end: date | None
    responses: int
    open_link: int
    fictitious: bool


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The newest estimate run as one area sees it. ``choices`` are the areas it has estimates for, and those drawn in
    that have no answer (``unanswered``), by code.

    ``area`` ``None``: the whole, with the estimates of all areas; else only those of that area. ``sees_whole`` false:
    the reader is limited to areas, and ``choices`` are those within reach. ``comparison``: with the wave before.
    """

    run: EstimateRun
    by: str
    frame: tuple[Area, ...]
    choices: tuple[Area, ...]
    unanswered: tuple[Area, ...]
    area: Area | None
    sees_whole: bool
    estimates: tuple[PublishedEstimate, ...]
    comparison: Comparison | None


@dataclass(frozen=True, kw_only=True)
class WaveView:
    """``numbers`` is ``None`` until the wave is estimated, and while the reader may not see them (``sees_numbers``).

    ``responses`` are of the sample, ``open_link`` those that came through the open link. ``drawn``: its sample is a
    draw, with ``rates`` from the visit log once the wave is closed, ``own_rates`` of the area shown, and how many of
    the answers are ``partly`` given. ``missing`` is what a publication still lacks.
    ``taken_back``: answers that the persons themselves took back, at any time; of the whole wave.
    """

    wave: WaveRecord
    questionnaire: Questionnaire
    events: tuple[WaveEvent, ...]
    responses: int
    open_link: int
    taken_back: TakenBack | None
    drawn: bool
    rates: FieldRates | None
    own_rates: FieldRates | None
    partly: int
    sees_numbers: bool
    numbers: Numbers | None
    missing: tuple[Message, ...]


def list_waves(session: Session, *, role: Role, scope: Scope) -> tuple[WaveSummary, ...]:
    """The waves whose numbers ``role`` may see, or in which it has work, within ``scope``; the newest first: by the
    first day of fieldwork, those without one before all others.
    """
    newest_first = sorted(waves.list_waves(session), key=lambda wave: wave.details.start or date.max, reverse=True)
    return tuple(
        _summary(session, wave)
        for wave in newest_first
        if (_may_see(role, wave.state) or may(role, Permission.SEE_FIELDWORK)) and _reaches(session, wave, scope)
    )


def find_wave(session: Session, wave_id: int, *, role: Role, scope: Scope) -> WaveRecord:
    """The wave, for those who may see its numbers.

    Raises :class:`NotThere`, in the same words, when it does not exist, is not published yet or lies out of reach.
    """
    wave = _find(session, wave_id)
    if wave is None or not _may_see(role, wave.state) or not _reaches(session, wave, scope):
        raise NotThere(Message(N_("没有编号为 {id} 的轮次，或者它还没有发布。"), {"id": wave_id}))
    return wave


def find_wave_at_work(session: Session, wave_id: int, *, role: Role, scope: Scope) -> WaveRecord:
    """The wave in whatever state, for those who work in the field or on it; they may see none of its numbers yet.

    Raises :class:`NotThere` when it does not exist, lies out of reach, or ``role`` has no work in waves.
    """
    wave = _find(session, wave_id)
    if wave is None or not may(role, Permission.SEE_FIELDWORK) or not _reaches(session, wave, scope):
        raise NotThere(Message(N_("没有编号为 {id} 的轮次。"), {"id": wave_id}))
    return wave


def show_wave(session: Session, wave_id: int, *, role: Role, scope: Scope, area: str | None = None) -> WaveView:
    """Everything its page says of the area with the code ``area``, or of the whole.

    Whoever is limited to areas never sees the whole: without ``area`` the first one within reach. Whoever works on
    the wave and may not see its numbers yet gets the facts alone. Raises :class:`NotThere` for a wave as
    :func:`find_wave` or, for those who work on it, :func:`find_wave_at_work`; and for an area without estimates or
    out of reach.
    """
    find = find_wave_at_work if may(role, Permission.SEE_FIELDWORK) else find_wave
    wave = find(session, wave_id, role=role, scope=scope)
    record = instruments.get_instrument(session, wave.instrument_id)
    sees_numbers = _may_see(role, wave.state)
    run = estimates.standing_run(session, wave_id) if sees_numbers else None
    draw = draws.standing_draw(session, wave_id)
    open_link = responses.count_open_link(session, wave_id)
    numbers = _numbers(session, wave, run, role, scope, area) if run else None
    counts = disposition_counts.read_counts(session, wave_id) if draw else {}
    weights = fieldwork_counts.read_weights(session, wave_id) if counts else {}
    return WaveView(
        wave=wave,
        questionnaire=from_document(record.document),
        events=waves.list_events(session, wave_id),
        responses=responses.count_responses(session, wave_id) - open_link,
        open_link=open_link,
        taken_back=read_taken_back(session, wave_id),
        drawn=draw is not None,
        rates=field_rates(counts, weights) if counts else None,
        own_rates=rates_within(numbers.area, numbers.frame, counts, weights)
        if counts and numbers and numbers.area
        else None,
        partly=partial_answers(counts),
        sees_numbers=sees_numbers,
        numbers=numbers,
        missing=missing_for_publication(wave.details, drawn=draw is not None)
        if wave.state is not WaveState.PUBLISHED
        else (),
    )


def _may_see(role: Role, state: WaveState) -> bool:
    return state is WaveState.PUBLISHED or role in SEES_UNPUBLISHED


def _summary(session: Session, wave: WaveRecord) -> WaveSummary:
    document = instruments.get_instrument(session, wave.instrument_id).document
    open_link = responses.count_open_link(session, wave.id)
    return WaveSummary(
        id=wave.id,
        name=wave.name,
        state=wave.state,
        instrument=from_document(document).title,
        start=wave.details.start,
        end=wave.details.end,
        responses=responses.count_responses(session, wave.id) - open_link,
        open_link=open_link,
        fictitious=wave.details.fictitious,
    )


def _numbers(
    session: Session, wave: WaveRecord, run: EstimateRun, role: Role, scope: Scope, code: str | None
) -> Numbers:
    frame = areas.get_frame(session, wave.frame_id).areas
    by_code = {area.code: area for area in frame}
    parents = {area.code: area.parent for area in frame}
    silent = set(run.sample.unanswered_areas if run.sample else ())
    known = sorted(silent.union(estimates.list_estimated_areas(session, run.id)))
    choices = tuple(by_code[c] for c in known if c in by_code and scope.sees_area(c, parents))
    chosen = next((area for area in choices if area.code == code), None)
    if code is not None and chosen is None:
        raise NotThere(Message(N_("没有代码为“{got}”的地区的估计值：请从列表里选择。"), {"got": code[:20]}))
    sees_whole = scope.sees_area(None, parents)
    if chosen is None and not sees_whole:
        chosen = next(iter(choices), None)
    return Numbers(
        run=run,
        by=run.by,
        frame=frame,
        choices=choices,
        unanswered=tuple(area for area in choices if area.code in silent),
        area=chosen,
        sees_whole=sees_whole,
        estimates=_estimates(session, run, chosen) if chosen or sees_whole else (),
        comparison=_comparison(session, run, role, chosen) if chosen or sees_whole else None,
    )


def _comparison(session: Session, run: EstimateRun, role: Role, area: Area | None) -> Comparison | None:
    """The work done of the earlier wave's plan is for those who see such plans."""
    found = read_comparison(session, run.id, area.code if area else None)
    return replace(found, done={}) if found and not may(role, Permission.SEE_OUTREACH) else found


def _estimates(session: Session, run: EstimateRun, area: Area | None) -> tuple[PublishedEstimate, ...]:
    if area is None:
        return estimates.load_shown_estimates(session, run.id)
    return estimates.load_area_estimates(session, run.id, area.code)


def _find(session: Session, wave_id: int) -> WaveRecord | None:
    try:
        return waves.get_wave(session, wave_id)
    except NotThere:
        return None


def _reaches(session: Session, wave: WaveRecord, scope: Scope) -> bool:
    """Whether the wave is among those of ``scope`` and asks in at least one of its areas."""
    if not scope.sees_wave(wave.id):
        return False
    return not scope.areas or any(area.code in scope.areas for area in areas.get_frame(session, wave.frame_id).areas)
