"""Show where a wave stands, what its next step needs, and the links it has given out."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.loading import from_document
from survey.areas import Area
from survey.messages import Message
from survey.reports.introductions import missing_for_start
from survey.roles import Scope
from survey.store.areas import get_frame
from survey.store.assignments import standing
from survey.store.draws import Draw, open_draw
from survey.store.inbox import PayloadState, count_states
from survey.store.instruments import get_instrument
from survey.store.open_links import list_open_links
from survey.store.responses import count_responses
from survey.store.waves import WaveEvent, WaveRecord, list_events
from survey.waves import Mode, WaveState


@dataclass(frozen=True, kw_only=True)
class OpenLink:
    area: Area
    token: str


@dataclass(frozen=True, kw_only=True)
class StateView:
    """``missing``: what keeps the wave from starting, while it has not started. ``undecided``: payloads that wait
    for a supervisor, and keep the wave from closing.
    """

    wave: WaveRecord
    questionnaire: Questionnaire
    modes: tuple[Mode, ...]
    draw: Draw | None
    assigned: int
    responses: int
    undecided: int
    missing: tuple[Message, ...]
    links: tuple[OpenLink, ...]
    events: tuple[WaveEvent, ...]

    @property
    def startable(self) -> bool:
        return self.wave.state in (WaveState.DRAFT, WaveState.DRAWN)

    @property
    def closable(self) -> bool:
        return self.wave.state in (WaveState.DRAFT, WaveState.DRAWN, WaveState.FIELDING)


def show_state(session: Session, wave: WaveRecord, *, scope: Scope) -> StateView:
    """Everything the page of a wave's state says; links as far as ``scope`` reaches."""
    document = get_instrument(session, wave.instrument_id).document
    questionnaire = from_document(document)
    modes = wave.details.modes or tuple(Mode(mode) for mode in questionnaire.modes)
    draw = open_draw(session, wave.id)
    waiting = count_states(session, wave.id)
    before = wave.state in (WaveState.DRAFT, WaveState.DRAWN)
    return StateView(
        wave=wave,
        questionnaire=questionnaire,
        modes=modes,
        draw=draw,
        assigned=len(standing(session, wave.id)),
        responses=count_responses(session, wave.id),
        undecided=sum(n for (_, state), n in waiting.items() if state is PayloadState.QUARANTINED),
        missing=missing_for_start(wave.details, state=wave.state, modes=modes, drawn=draw is not None)
        if before
        else (),
        links=_links(session, wave, scope),
        events=list_events(session, wave.id),
    )


def _links(session: Session, wave: WaveRecord, scope: Scope) -> tuple[OpenLink, ...]:
    tokens = list_open_links(session, wave.id)
    areas = get_frame(session, wave.frame_id).areas
    parents = {area.code: area.parent for area in areas}
    return tuple(
        OpenLink(area=area, token=tokens[area.code])
        for area in areas
        if area.code in tokens and scope.sees_area(area.code, parents)
    )
