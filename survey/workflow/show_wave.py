"""Show waves: the list, and one wave with its history and what its newest estimate run holds."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from analysis.publication import PublishedEstimate
from questionnaires.definition import Questionnaire, Text
from questionnaires.loading import from_document
from survey.areas import Area
from survey.messages import N_, Message, NotThere
from survey.roles import SEES_UNPUBLISHED, Role
from survey.runs import EstimateRun
from survey.store import areas, estimates, instruments, responses, waves
from survey.store.waves import WaveEvent, WaveRecord
from survey.waves import WaveState, missing_for_publication


@dataclass(frozen=True, kw_only=True)
class WaveSummary:
    """One line of the list."""

    id: int
    name: str
    state: WaveState
    instrument: Text
    start: date | None
    end: date | None
    responses: int
    fictitious: bool


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The newest estimate run as one area sees it. ``choices`` are the areas it has estimates for, by code.

    ``area`` ``None``: the whole, with the estimates of all areas; else only those of that area.
    """

    run: EstimateRun
    by: str
    frame: tuple[Area, ...]
    choices: tuple[Area, ...]
    area: Area | None
    estimates: tuple[PublishedEstimate, ...]


@dataclass(frozen=True, kw_only=True)
class WaveView:
    """``numbers`` is ``None`` until the wave is estimated; ``missing`` is what a publication still lacks."""

    wave: WaveRecord
    questionnaire: Questionnaire
    events: tuple[WaveEvent, ...]
    responses: int
    numbers: Numbers | None
    missing: tuple[Message, ...]


def list_waves(session: Session, *, role: Role) -> tuple[WaveSummary, ...]:
    """The waves that ``role`` may see, the newest first."""
    return tuple(_summary(session, wave) for wave in waves.list_waves(session) if _may_see(role, wave.state))


def find_wave(session: Session, wave_id: int, *, role: Role) -> WaveRecord:
    """The wave. Raises :class:`NotThere`, in the same words, when it does not exist or ``role`` may not see it yet."""
    try:
        wave = waves.get_wave(session, wave_id)
    except NotThere:
        wave = None
    if wave is None or not _may_see(role, wave.state):
        raise NotThere(Message(N_("没有编号为 {id} 的轮次，或者它还没有发布。"), {"id": wave_id}))
    return wave


def show_wave(session: Session, wave_id: int, *, role: Role, area: str | None = None) -> WaveView:
    """Everything its page says of the area with the code ``area``, or of the whole.

    Raises :class:`NotThere` as :func:`find_wave`, and for an area without estimates.
    """
    wave = find_wave(session, wave_id, role=role)
    record = instruments.get_instrument(session, wave.instrument_id)
    run = estimates.standing_run(session, wave_id)
    return WaveView(
        wave=wave,
        questionnaire=from_document(record.document),
        events=waves.list_events(session, wave_id),
        responses=responses.count_responses(session, wave_id),
        numbers=_numbers(session, wave, run, area) if run else None,
        missing=missing_for_publication(wave.details) if wave.state is not WaveState.PUBLISHED else (),
    )


def _may_see(role: Role, state: WaveState) -> bool:
    return state is WaveState.PUBLISHED or role in SEES_UNPUBLISHED


def _summary(session: Session, wave: WaveRecord) -> WaveSummary:
    document = instruments.get_instrument(session, wave.instrument_id).document
    return WaveSummary(
        id=wave.id,
        name=wave.name,
        state=wave.state,
        instrument=from_document(document).title,
        start=wave.details.start,
        end=wave.details.end,
        responses=responses.count_responses(session, wave.id),
        fictitious=wave.details.fictitious,
    )


def _numbers(session: Session, wave: WaveRecord, run: EstimateRun, code: str | None) -> Numbers:
    frame = areas.get_frame(session, wave.frame_id).areas
    by_code = {area.code: area for area in frame}
    choices = tuple(by_code[c] for c in estimates.list_estimated_areas(session, run.id) if c in by_code)
    chosen = next((area for area in choices if area.code == code), None)
    if code is not None and chosen is None:
        raise NotThere(Message(N_("没有代码为“{got}”的地区的估计值：请从列表里选择。"), {"got": code[:20]}))
    return Numbers(
        run=run,
        by=run.by,
        frame=frame,
        choices=choices,
        area=chosen,
        estimates=estimates.load_area_estimates(session, run.id, chosen.code)
        if chosen
        else estimates.load_estimates(session, run.id),
    )
