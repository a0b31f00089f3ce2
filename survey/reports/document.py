"""What a report says, settled before anything is drawn: texts in the reader's language, in the order of the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.publication import PublishedEstimate
from questionnaires.definition import Questionnaire
from survey.areas import Area
from survey.i18n import render
from survey.messages import N_
from survey.reports.area_response import (
    answers_words,
    own_rates_words,
    partial_answers,
    rates_within,
    respondents_of,
)
from survey.reports.changes import ChangesSection, compose_changes
from survey.reports.comparison import Comparison
from survey.reports.conclusions import allowed, not_allowed
from survey.reports.disclosure_page import (
    DisclosureItem,
    ItemWording,
    disclosure_items,
    headline_wordings,
    legal_marks,
    provenance,
)
from survey.reports.facts import WaveFacts
from survey.reports.rates import HEADLINE, NOT_COACHED, OPEN_LINK, RatesSection, sections_of
from survey.reports.sample_words import FieldRates, field_rates, response_words, short_design, short_rates
from survey.reports.tables import Look
from survey.reports.view import View
from survey.reports.wording import Say, count, percent, period
from survey.runs import ASSUMED_SRS, EstimateRun
from survey.terms import INTERVAL_TEXT, RESPONSE_RATE_TEXT
from survey.waves import WaveState, missing_for_publication

#: The one font of the PDFs, as named in ``fonts/``.
FONT_FAMILY = "Survey Sans SC"
_LOOK = Look(font_family=FONT_FAMILY, scale_size=8)
_FIRST = (HEADLINE, NOT_COACHED)
_DETAILS = ("domain", "other", "honesty")
_FOOTER_NAME = 28


@dataclass(frozen=True, kw_only=True)
class ReportDocument:
    """One report, ready for the template. Pairs are (label, value)."""

    language: str
    title: str
    wave_name: str
    watermark: str  # empty: none
    missing: tuple[str, ...]  # what a draft lacks for publication
    draft: bool
    labels: tuple[str, ...]  # 虚构数据, 设计为假定, 非概率样本
    marks: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    design: str  # how the sample was drawn, in one line; may be empty
    headline: tuple[RatesSection, ...]  # before the conclusions; empty: nothing to report
    changes: ChangesSection | None  # since the wave before; before the conclusions, too
    details: tuple[RatesSection, ...]  # domain, other and honesty indicators: one table
    parts: tuple[RatesSection, ...]  # of the whole: its areas, by headline indicator
    apart: tuple[RatesSection, ...]  # the open link, which is no part of the sample
    decimals: bool  # percentages of the first two have one
    allowed: tuple[str, ...]
    not_allowed: tuple[str, ...]
    explanations: tuple[tuple[str, str], ...]
    disclosure: tuple[DisclosureItem, ...]
    wordings: tuple[ItemWording, ...]
    provenance: tuple[tuple[str, str], ...]
    header: str  # of the pages after the first
    footer: str
    author: str
    created: datetime


def compose_report(
    *,
    wave: WaveFacts,
    questionnaire: Questionnaire,
    area: Area | None,
    areas: Sequence[Area],
    estimates: Sequence[PublishedEstimate],
    run: EstimateRun,
    language: str,
    comparison: Comparison | None = None,
) -> ReportDocument:
    """The report of one area, or of the whole (``area`` ``None``); ``areas`` is the whole frame. Pure."""
    view = View(
        questionnaire=questionnaire,
        area=area,
        areas=areas,
        estimates=estimates,
        run=run,
        language=language,
        comparison=comparison,
    )
    say, missing = view.say, missing_for_publication(wave.details, drawn=_is_drawn(wave, run))
    draft = bool(missing) or wave.state is not WaveState.PUBLISHED
    respondents = wave.responses if area is None else respondents_of(view.estimates, area.code)
    sections = sections_of(view, _LOOK)
    rates = field_rates(wave.dispositions, wave.weights)
    own = rates_within(area, areas, wave.dispositions, wave.weights) if area and respondents is not None else None
    return ReportDocument(
        language=language,
        title=say(N_("{area}居民调查报告"), area=view.area_name),
        wave_name=wave.name,
        watermark=_watermark(draft, wave.details.fictitious, say),
        missing=tuple(render(message, language) for message in missing),
        draft=draft,
        labels=_labels(wave, run, say),
        marks=legal_marks(wave.details, say),
        facts=_facts(view, wave, respondents, (rates, own)),
        design=short_design(run, say),
        headline=tuple(section for section in sections if section.name in _FIRST),
        changes=compose_changes(view),
        details=tuple(section for section in sections if section.name in _DETAILS),
        parts=tuple(section for section in sections if section.name not in (*_FIRST, *_DETAILS, OPEN_LINK)),
        apart=tuple(section for section in sections if section.name == OPEN_LINK),
        decimals=view.digits > 0,
        allowed=allowed(view),
        not_allowed=not_allowed(view, wave),
        explanations=_explanations(view, wave, rates, own),
        disclosure=disclosure_items(view, wave, respondents),
        wordings=headline_wordings(view, wave),
        provenance=provenance(view),
        header=say(N_("{area}居民调查报告"), area=_shortened(view.area_name)),
        footer=say(N_("{wave} · 运行摘要 {digest}"), wave=_shortened(wave.name), digest=run.digest[:12]),
        author=wave.details.fieldwork or wave.details.sponsor,
        created=run.at,
    )


def _is_drawn(wave: WaveFacts, run: EstimateRun) -> bool:
    return run.sample is not None or bool(wave.dispositions)


def _watermark(draft: bool, fictitious: bool, say: Say) -> str:
    words = [say(N_("草稿"))] if draft else []
    if fictitious:
        words.append(say(N_("虚构数据")))
    return " · ".join(words)


def _labels(wave: WaveFacts, run: EstimateRun, say: Say) -> tuple[str, ...]:
    labels = [say(N_("虚构数据"))] if wave.details.fictitious else []
    if run.design is None:
        labels.append(say(N_("非概率样本")))
    elif run.design == ASSUMED_SRS:
        labels.append(say(N_("设计为假定")))
    elif run.sample is not None and not run.sample.public:
        labels.append(say(N_("非公开抽签")))
    return tuple(labels)


def _facts(
    view: View, wave: WaveFacts, respondents: int | None, rates: tuple[FieldRates | None, FieldRates | None]
) -> tuple[tuple[str, str], ...]:
    """The line under the title: when, how many, of how many, who. ``rates``: of the wave, and of the report's area."""
    say = view.say
    missing = say(N_("（缺）"))
    return (
        (say(N_("调查日期")), period(wave.details, say) or missing),
        *(_area_facts(view, respondents, rates) if view.area else _whole_facts(view, wave, rates[0])),
        (say(N_("委托单位")), wave.details.sponsor or missing),
        (say(N_("实施单位")), wave.details.fieldwork or missing),
    )


def _whole_facts(view: View, wave: WaveFacts, rates: FieldRates | None) -> list[tuple[str, str]]:
    say = view.say
    facts = [(say(N_("答卷")), answers_words(wave.responses, partial_answers(wave.dispositions), say))]
    return [*facts, (say(N_("应答率")), short_rates(rates, say))] if rates else facts


def _area_facts(
    view: View, respondents: int | None, rates: tuple[FieldRates | None, FieldRates | None]
) -> list[tuple[str, str]]:
    """The area's own first; the whole wave's rates never stand beside its count without a name."""
    say, (of_wave, own) = view.say, rates
    size = say(N_("样本不足")) if respondents is None else say(N_("{number}份"), number=count(respondents))
    facts = [(say(N_("本地区答卷")), size)]
    if of_wave:
        facts.append((say(N_("本地区应答率")), own_rates_words(own, respondents, say)))
        facts.append((say(N_("全轮应答率")), short_rates(of_wave, say)))
    return facts


def _explanations(
    view: View, wave: WaveFacts, rates: FieldRates | None, own: FieldRates | None
) -> tuple[tuple[str, str], ...]:
    """``own``: of the report's own area, if the number of its respondents may be known."""
    say, run = view.say, view.run
    interval, rate = say(INTERVAL_TEXT, level=percent(run.level)), say(RESPONSE_RATE_TEXT)
    reason = response_words(rates, wave.details.no_response_rate, say, drawn=_is_drawn(wave, run))
    standing = say(N_("本轮次：{reason}"), reason=reason or say(N_("（缺）")))
    if own is not None:
        here = say(N_("本地区{cases}个样本户：{rates}。"), cases=count(own.cases), rates=short_rates(own, say))
        standing = f"{standing} {here}"
    share = say(N_("满意率是满意的人的比例，满意度是平均得分；两者不是一回事，本报告只有前者。"))
    return (
        (say(N_("置信区间")), interval),
        (say(N_("应答率")), f"{rate} {standing}"),
        (say(N_("满意率")), share),
    )


def _shortened(name: str) -> str:
    return name if len(name) <= _FOOTER_NAME else name[: _FOOTER_NAME - 1] + "…"
