"""``/waves``: the list; ``/waves/<id>``: one wave's facts, history and rates."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from analysis.publication import Band, ChangeFinding, Reliability
from survey.messages import N_
from survey.pages.access import current_account, needs
from survey.pages.language import current_language
from survey.pages.site import current_site
from survey.reports.area_response import answers_words, own_rates_words, respondents_of
from survey.reports.changes import ChangesSection, compose_changes
from survey.reports.rates import HEADLINE, NOT_COACHED, RatesSection, compose_rates
from survey.reports.sample_words import design_words, response_words, weighting_words
from survey.reports.view import COACHING, View
from survey.reports.wording import Say, speaker
from survey.roles import SEES_UNPUBLISHED, Permission, may
from survey.terms import Word
from survey.waves import WaveState
from survey.workflow.show_wave import Numbers, WaveSummary, WaveView, list_waves, show_wave

blueprint = Blueprint("waves", __name__)


@dataclass(frozen=True, kw_only=True)
class WavesPage:
    """``may_open``: the reader may begin a new wave."""

    waves: tuple[WaveSummary, ...]
    sees_unpublished: bool
    may_open: bool


@dataclass(frozen=True, kw_only=True)
class WavePage:
    """``sections`` is empty while there are no numbers; so is ``design``, how the sample was drawn and weighted.
    ``changes`` since the wave before, if there is one, stand after the ``first`` sections.

    ``answers``: how many of the whole wave. ``own``: (label, value) of the area shown, its answers and response rates.
    ``response``: the response rates, or why there are none. ``words``: what is explained.
    """

    view: WaveView
    sections: tuple[RatesSection, ...]
    changes: ChangesSection | None
    published: bool
    design: str
    answers: str
    own: tuple[tuple[str, str], ...]
    response: str
    words: tuple[Word, ...]
    first: tuple[str, ...] = (HEADLINE, NOT_COACHED)


@blueprint.get("/waves")
@needs(Permission.SEE_PUBLISHED)
def show_list() -> ResponseReturnValue:
    account = current_account()
    with current_site().database.reading() as store:
        waves = list_waves(store, role=account.role, scope=account.scope)
    limited = account.scope.areas or account.scope.waves
    page = WavesPage(
        waves=waves,
        sees_unpublished=account.role in SEES_UNPUBLISHED,
        may_open=may(account.role, Permission.MANAGE_WAVES) and not limited,
    )
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
        changes=_changes(view),
        published=view.wave.state is WaveState.PUBLISHED,
        design=_design(view.numbers) if view.numbers else "",
        answers=answers_words(view.responses, view.partly, say),
        own=_own(view, say),
        response=response_words(view.rates, view.wave.details.no_response_rate, say, drawn=view.drawn),
        words=_words(view),
    )
    return render_template("officials/wave.html", page=page)


def _words(view: WaveView) -> tuple[Word, ...]:
    """The words that stand on the page, as far as they need an explanation."""
    if view.numbers is None:
        return ()
    run, shown = view.numbers.run, view.numbers.estimates
    changes = view.numbers.comparison.changes if view.numbers.comparison else ()
    found = {
        Word.INTERVAL: any(estimate.low is not None for estimate in shown),
        Word.UNDECIDED: any(estimate.band is Band.INDISTINGUISHABLE for estimate in shown),
        Word.NO_CHANGE: any(change.finding is ChangeFinding.NO_CHANGE for change in changes),
        Word.WITH_CARE: any(estimate.reliability is Reliability.WITH_CARE for estimate in shown),
        Word.TOO_FEW: any(not estimate.published for estimate in shown),
        Word.COACHING: any(estimate.indicator == COACHING for estimate in shown),
        Word.RESPONSE_RATE: view.rates is not None,
        Word.NON_PROBABILITY: run.design is None or run.open_responses > 0,
        Word.PRIVATE_DRAW: run.sample is not None and not run.sample.public,
        Word.EFFECTIVE_SIZE: run.sample is not None,
        Word.DESIGN_EFFECT: run.sample is not None,
    }
    return tuple(word for word, here in found.items() if here)


def _design(numbers: Numbers) -> str:
    """Communities without answers are named to whoever sees the whole."""
    say, run = speaker(current_language()), numbers.run
    names = [area.name for area in numbers.unanswered] if numbers.sees_whole else []
    return f"{design_words(run, say)} {weighting_words(run, say, names)}"


def _own(view: WaveView, say: Say) -> tuple[tuple[str, str], ...]:
    """The answers and response rates of the area shown, by its name; of the whole they are the wave's."""
    if view.numbers is None or view.numbers.area is None:
        return ()
    area = view.numbers.area
    respondents = respondents_of(view.numbers.estimates, area.code)
    size = say(N_("样本不足")) if respondents is None else answers_words(respondents, 0, say)
    facts = [(say(N_("{area}的答卷数"), area=area.name), size)]
    if view.rates:
        rates = own_rates_words(view.own_rates, respondents, say)
        facts.append((say(N_("{area}的应答率"), area=area.name), rates))
    return tuple(facts)


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


def _changes(view: WaveView) -> ChangesSection | None:
    if view.numbers is None:
        return None
    seen = View(
        questionnaire=view.questionnaire,
        area=view.numbers.area,
        areas=view.numbers.frame,
        estimates=view.numbers.estimates,
        run=view.numbers.run,
        language=current_language(),
        comparison=view.numbers.comparison,
    )
    return compose_changes(seen)
