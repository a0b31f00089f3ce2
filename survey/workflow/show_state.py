"""Show where a wave stands, what its next step needs, and the links it has given out."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.loading import from_document
from survey.areas import Area
from survey.casework.paper_keying import NO_PAPER_LEFT, PaperLeft, paper_left
from survey.casework.publication_gaps import publication_gaps
from survey.messages import Message
from survey.reports.fielded_modes import missing_modes
from survey.reports.introductions import missing_for_residents, missing_for_start
from survey.roles import Scope
from survey.runs import EstimateRun
from survey.store.areas import get_frame
from survey.store.assignments import count_standing
from survey.store.cases import count_released
from survey.store.drafts import count_drafts
from survey.store.draws import Draw, open_draw
from survey.store.estimates import latest_run
from survey.store.filled_by import count_filled_by
from survey.store.inbox import PayloadState, count_states
from survey.store.instruments import get_instrument
from survey.store.open_links import list_open_links
from survey.store.responses import count_open_link, count_responses
from survey.store.wave_keys import KeyState, find_key
from survey.store.waves import WaveEvent, WaveRecord, list_events
from survey.waves import SELF_CHOSEN, FilledBy, Mode, WaveState


@dataclass(frozen=True, kw_only=True)
class OpenLink:
    area: Area
    token: str


@dataclass(frozen=True, kw_only=True)
class StateView:
    """``sample``: answers of the sample (or imported); ``open_link``: those of the open link, never added to them.
    ``by_self``, ``by_family``: whose hand filled in what came online.
    ``cases``: of the draw, without its reserves. ``missing``: what keeps the wave from starting, while it has not
    started; ``facts_missing``: facts of ``wave.toml`` are among it. ``with_units``: there is something to draw from.
    ``undecided``: payloads that wait for a supervisor, and keep the wave from closing; ``paper``: forms that do, too.
    ``unfinished``: questionnaires begun and not handed in; closing deletes them. ``links``: those that work now.
    ``key``: what became of the wave's key; ``None``: it never had one. ``run``: the newest estimate; ``gaps``: what
    keeps a closed wave from being published.
    """

    wave: WaveRecord
    questionnaire: Questionnaire
    modes: tuple[Mode, ...]
    draw: Draw | None
    cases: int
    assigned: int
    sample: int
    open_link: int
    by_self: int
    by_family: int
    undecided: int
    unfinished: int
    paper: PaperLeft
    missing: tuple[Message, ...]
    facts_missing: bool
    with_units: bool
    links: tuple[OpenLink, ...]
    key: KeyState | None
    events: tuple[WaveEvent, ...]
    run: EstimateRun | None
    gaps: tuple[Message, ...]

    @property
    def startable(self) -> bool:
        return self.wave.state in (WaveState.DRAFT, WaveState.DRAWN)

    @property
    def closable(self) -> bool:
        """In the field, or with answers from a file: before, there is nothing to close."""
        return self.wave.state is WaveState.FIELDING or (self.startable and self.sample + self.open_link > 0)

    @property
    def needs_draw(self) -> bool:
        """Whether the next step is a draw, or the word of the second person on it."""
        return self.wave.state is WaveState.DRAFT and not SELF_CHOSEN.issuperset(self.modes)


def show_state(session: Session, wave: WaveRecord, *, scope: Scope) -> StateView:
    """Everything the page of a wave's state says; links as far as ``scope`` reaches."""
    document = get_instrument(session, wave.instrument_id).document
    questionnaire = from_document(document)
    modes = wave.details.modes or tuple(Mode(mode) for mode in questionnaire.modes)
    draw = open_draw(session, wave.id)
    waiting = count_states(session, wave.id)
    open_link = count_open_link(session, wave.id)
    filled_by = count_filled_by(session, wave.id)
    key, run = find_key(session, wave.id), latest_run(session, wave.id)
    before = wave.state in (WaveState.DRAFT, WaveState.DRAWN)
    return StateView(
        wave=wave,
        questionnaire=questionnaire,
        modes=modes,
        draw=draw,
        cases=count_released(session, draw.id) if draw else 0,
        assigned=count_standing(session, wave.id),
        sample=count_responses(session, wave.id) - open_link,
        open_link=open_link,
        by_self=filled_by.get(FilledBy.SELF, 0),
        by_family=filled_by.get(FilledBy.FAMILY, 0),
        unfinished=count_drafts(session, wave.id),
        paper=paper_left(session, wave.id) if wave.state is WaveState.FIELDING else NO_PAPER_LEFT,
        undecided=sum(n for (_, state), n in waiting.items() if state is PayloadState.QUARANTINED),
        missing=(
            *missing_for_start(wave.details, state=wave.state, modes=modes, drawn=draw is not None),
            *missing_modes(questionnaire, modes),
        )
        if before
        else (),
        facts_missing=bool(missing_for_residents(wave.details)),
        with_units=get_frame(session, wave.frame_id).kind is not None,
        links=_links(session, wave, scope) if wave.state is WaveState.FIELDING else (),
        key=key.state if key else None,
        events=list_events(session, wave.id),
        run=run,
        gaps=publication_gaps(session, wave, run) if wave.state is WaveState.CLOSED else (),
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
