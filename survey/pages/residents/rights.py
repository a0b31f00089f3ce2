"""``/rights``: what is collected, why, who sees it, for how long, and how to stop."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from survey.pages import language
from survey.pages.access import for_residents
from survey.pages.residents import refusals, rendering
from survey.pages.residents.cookies import TOLD, ToldCookie
from survey.pages.residents.refusals import NO_WAVE, refuse
from survey.pages.residents.visitors import current_visitor
from survey.pages.residents.whose import is_theirs
from survey.pages.site import current_site
from survey.store.fielded_waves import FieldedWave, find_fielded_wave
from survey.waves import WaveDetails, WaveState
from survey.workflow.show_suggestions import KEPT_DAYS

blueprint = Blueprint("rights", __name__)
rendering.init_blueprint(blueprint)
refusals.init_blueprint(blueprint)

_TOLD = (WaveState.FIELDING, WaveState.CLOSED, WaveState.PUBLISHED)


@dataclass(frozen=True, kw_only=True)
class RightsPage:
    """``filling``: whoever reads is in the middle of a questionnaire, their own."""

    details: WaveDetails
    filling: bool
    suggestion_days: int = KEPT_DAYS
    cookies: Sequence[ToldCookie] = TOLD


@blueprint.get("/rights")
@for_residents
def show() -> ResponseReturnValue:
    """Of the wave that this browser answers; in general where it answers none."""
    visitor = current_visitor()
    wave = _find(visitor.entrance.wave_id) if visitor else None
    return _draw(wave, filling=visitor is not None and not visitor.ending and is_theirs(visitor))


@blueprint.get("/rights/<id:wave_id>")
@for_residents
def show_of_wave(wave_id: int) -> ResponseReturnValue:
    """For letters, posters and whoever was asked at the door."""
    wave = _find(wave_id)
    return _draw(wave, filling=False) if wave and wave.state in _TOLD else refuse(NO_WAVE)


def _find(wave_id: int) -> FieldedWave | None:
    with current_site().database.reading() as store:
        return find_fielded_wave(store, wave_id)


def _draw(wave: FieldedWave | None, *, filling: bool) -> Response:
    if wave:
        language.offer(wave.questionnaire.languages)

    def page() -> RightsPage:
        return RightsPage(details=wave.details if wave else WaveDetails(), filling=filling)

    return rendering.render_kept("residents/rights.html", page, key=(wave.wording if wave else None, filling))
