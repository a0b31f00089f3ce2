"""What the views of a wave's estimates have in common: what is read, what can be chosen, what is explained."""

from collections.abc import Sequence

from flask import request

from analysis.publication import Base, PublishedEstimate, Reliability
from questionnaires.definition import Indicator, IndicatorSet
from survey.areas import Level
from survey.messages import N_
from survey.pages.access import current_account
from survey.pages.language import current_language
from survey.pages.site import current_site
from survey.pages.statisticians.estimate_page import EstimatesPage, Select, choices
from survey.reports.estimate_table import BASE_WORDS
from survey.reports.view import View
from survey.reports.wording import Say
from survey.store.waves import WaveRecord
from survey.terms import Word
from survey.workflow.show_estimates import EstimatedRun, EstimatesView, show_estimates

WHOLE, ALL = "whole", "all"


def read(wave_id: int, *, level: str = ALL, indicator: str | None = None, compared: bool = False) -> EstimatesView:
    """What the run holds of the rate that the address names. ``level``: a level, :data:`WHOLE` or :data:`ALL`."""
    account = current_account()
    chosen = next((each for each in Level if each.value == level), None)
    with current_site().database.reading() as store:
        return show_estimates(
            store,
            wave_id,
            role=account.role,
            scope=account.scope,
            indicator=(request.args.get("indicator") if indicator is None else indicator) or None,
            level=chosen,
            whole=level == WHOLE,
            compared=compared,
        )


def view_of(found: EstimatedRun, estimates: Sequence[PublishedEstimate], read: EstimatesView | None = None) -> View:
    """The estimates as reports look at them: names of rates, and no coaching rate of a small area."""
    return View(
        questionnaire=found.questionnaire,
        area=None,
        areas=found.frame,
        estimates=estimates,
        run=found.run,
        language=current_language(),
        comparison=read.comparison if read else None,
    )


def not_estimated(wave: WaveRecord) -> EstimatesPage:
    """The page of a wave without a run."""
    return EstimatesPage(wave=wave, run=None)


def stale(found: EstimatedRun, say: Say) -> tuple[str, ...]:
    """That answers came in after the run, or other weights were frozen, where that is so."""
    if found.reweighed:
        return (say(N_("这些数字以后权重又定了版。用它重新计算：survey estimate --wave {wave}"), wave=found.wave.id),)
    if found.newer <= 0:
        return ()
    told = N_("这些数字来自 {used} 份答卷；之后又来了 {newer} 份。重新计算：survey estimate --wave {wave}")
    used = found.run.responses + found.run.open_responses
    return (say(told, used=f"{used:,}", newer=f"{found.newer:,}", wave=found.wave.id),)


def indicator_select(
    seen: View, indicators: Sequence[Indicator], chosen: Indicator | None, *, everything: bool
) -> Select:
    options = [(indicator.code, seen.label(indicator)) for indicator in indicators]
    first = [("", seen.say(N_("全部指标")))] if everything else []
    return choices("indicator", seen.say(N_("指标")), [*first, *options], chosen.code if chosen else "")


def headline_of(indicators: Sequence[Indicator]) -> list[Indicator]:
    """Those a report begins with, or all where the instrument marks none."""
    return [each for each in indicators if each.set is IndicatorSet.HEADLINE] or list(indicators)


def base_select(say: Say) -> Select:
    bases = [("", say(N_("两种基数"))), *((base.value, say(BASE_WORDS[base])) for base in Base)]
    return choices("base", say(N_("基数")), bases, request.args.get("base", ""))


def bases_asked_for() -> tuple[Base, ...]:
    """One base where the address names it, else both."""
    return tuple(base for base in Base if request.args.get("base") in (None, "", base.value)) or tuple(Base)


def words_of(shown: Sequence[PublishedEstimate]) -> tuple[Word, ...]:
    """The words on the page that need an explanation."""
    found = {
        Word.INTERVAL: any(estimate.low is not None for estimate in shown),
        Word.WITH_CARE: any(estimate.reliability is Reliability.WITH_CARE for estimate in shown),
        Word.TOO_FEW: any(not estimate.published for estimate in shown),
        Word.EFFECTIVE_SIZE: any(estimate.n_effective is not None for estimate in shown),
        Word.DESIGN_EFFECT: any(estimate.design_effect is not None for estimate in shown),
    }
    return tuple(word for word, here in found.items() if here)
