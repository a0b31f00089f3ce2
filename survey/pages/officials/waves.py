"""``/waves``: the list; ``/waves/<id>``: one wave's facts, history and rates."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from survey.pages.access import current_account, needs
from survey.pages.language import current_language
from survey.pages.site import current_site
from survey.reports.rates import RatesSection, compose_rates
from survey.reports.sample_words import design_words, response_words, weighting_words
from survey.reports.wording import speaker
from survey.roles import SEES_UNPUBLISHED, Permission
from survey.waves import WaveState
from survey.workflow.show_wave import Numbers, WaveSummary, WaveView, list_waves, show_wave

blueprint = Blueprint("waves", __name__)


@dataclass(frozen=True, kw_only=True)
class WavesPage:
    waves: tuple[WaveSummary, ...]
    sees_unpublished: bool


@dataclass(frozen=True, kw_only=True)
class WavePage:
    """``sections`` is empty while there are no numbers; so is ``design``, how the sample was drawn and weighted.

    ``response``: the response rates, or why there are none.
    """

    view: WaveView
    sections: tuple[RatesSection, ...]
    published: bool
    design: str
    response: str


@blueprint.get("/waves")
@needs(Permission.SEE_PUBLISHED)
def show_list() -> ResponseReturnValue:
    account = current_account()
    with current_site().database.reading() as store:
        waves = list_waves(store, role=account.role, scope=account.scope)
    page = WavesPage(waves=waves, sees_unpublished=account.role in SEES_UNPUBLISHED)
    return render_template("officials/waves.html", page=page)


@blueprint.get("/waves/<id:wave_id>")
@needs(Permission.SEE_PUBLISHED)
def show(wave_id: int) -> ResponseReturnValue:
    account, area = current_account(), request.args.get("area") or None
    with current_site().database.reading() as store:
        view = show_wave(store, wave_id, role=account.role, scope=account.scope, area=area)
    say = speaker(current_language())
    page = WavePage(
        view=view,
        sections=_sections(view),
        published=view.wave.state is WaveState.PUBLISHED,
        design=_design(view.numbers) if view.numbers else "",
        response=response_words(view.rates, view.wave.details.no_response_rate, say, drawn=view.drawn),
    )
    return render_template("officials/wave.html", page=page)


def _design(numbers: Numbers) -> str:
    """Communities without answers are named to whoever sees the whole."""
    say, run = speaker(current_language()), numbers.run
    names = [area.name for area in numbers.unanswered] if numbers.sees_whole else []
    return f"{design_words(run, say)} {weighting_words(run, say, names)}"


def _sections(view: WaveView) -> tuple[RatesSection, ...]:
    if view.numbers is None:
        return ()
    return compose_rates(
        questionnaire=view.questionnaire,
        area=view.numbers.area,
        areas=view.numbers.frame,
        estimates=view.numbers.estimates,
        run=view.numbers.run,
        language=current_language(),
    )
