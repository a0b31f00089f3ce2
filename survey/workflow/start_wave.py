"""Start the fieldwork of a wave: its key and, where anybody may answer, an open link per community."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires.loading import from_document
from survey.areas import Area, Level
from survey.keys import KeyRing
from survey.messages import N_, CheckFailed, Conflict, Message, Problem
from survey.reports.fielded_modes import missing_modes
from survey.reports.introductions import missing_for_start
from survey.store.areas import get_frame
from survey.store.assignments import count_standing
from survey.store.draws import open_draw, standing_draw
from survey.store.instruments import get_instrument
from survey.store.open_links import add_open_links
from survey.store.team_draws import standing_teams
from survey.store.wave_keys import open_sealer
from survey.store.waves import change_state, get_wave
from survey.waves import Mode, WaveState


@dataclass(frozen=True, kw_only=True)
class Started:
    """``open_links``: code of the community -> token of its link; empty without an open link.

    ``warnings``: what is still to do before anybody goes out.
    """

    wave: int
    open_links: Mapping[str, str]
    warnings: tuple[Message, ...]


def start_wave(session: Session, keys: KeyRing, wave_id: int, *, at: datetime, by: str) -> Started:
    """A drawn wave goes into the field; so does a draft that has open links and paper forms alone and needs no draw.

    Raises :class:`CheckFailed` naming everything that is missing: the approved draw, what residents must be told.
    """
    wave = get_wave(session, wave_id)
    if wave.state not in (WaveState.DRAFT, WaveState.DRAWN):
        raise Conflict(Message(N_("轮次 {wave} 已经开始过调查"), {"wave": wave_id}))
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    modes = wave.details.modes or tuple(Mode(mode) for mode in questionnaire.modes)
    communities = _linked(get_frame(session, wave.frame_id).areas)
    drawn = open_draw(session, wave_id) is not None
    missing = missing_for_start(wave.details, state=wave.state, modes=modes, drawn=drawn)
    _refuse(wave_id, (*missing, *missing_modes(questionnaire, modes)))
    open_sealer(session, keys, wave_id, at=at)
    codes = [area.code for area in communities] if Mode.WEB_OPEN in modes else []
    links = add_open_links(session, wave_id, codes) if codes else {}
    change_state(session, wave_id, WaveState.FIELDING, at=at, by=by)
    return Started(wave=wave_id, open_links=links, warnings=_warnings(session, wave_id))


def _warnings(session: Session, wave_id: int) -> tuple[Message, ...]:
    draw = standing_draw(session, wave_id)
    if draw is None or count_standing(session, wave_id) or standing_teams(session, draw.id) is not None:
        return ()
    return (Message(N_("还没有抽队伍和日期：要抽，就在分派样本户之前抽（survey draw teams，或队伍页）")),)


def _linked(areas: Sequence[Area]) -> tuple[Area, ...]:
    """The communities and villages: each gets a link of its own, so that an answer knows where it belongs."""
    return tuple(area for area in areas if area.level in (Level.COMMUNITY, Level.VILLAGE))


def _refuse(wave_id: int, missing: Sequence[Message]) -> None:
    if missing:
        raise CheckFailed(
            Message(N_("轮次 {wave} 不能开始，还缺 {count} 项"), {"wave": wave_id, "count": len(missing)}),
            [Problem(where="", column="", got="", expected=message) for message in missing],
        )
