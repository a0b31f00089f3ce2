"""``/waves/<id>/estimates/alternates``: other readings of the rates, mean scores, and indexes with their weights."""

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from analysis.publication import AlternateFigure, Reading
from questionnaires.definition import Composite
from survey.areas import Level
from survey.casework.alternate_rates import AlternateRates
from survey.messages import N_
from survey.pages.access import needs
from survey.pages.site import current_site
from survey.pages.statisticians.estimate_models import blueprint
from survey.pages.statisticians.estimate_page import EstimatesPage, Select, TableSection, answer, choices
from survey.pages.statisticians.estimate_parts import WHOLE, not_estimated, read, stale, view_of, words_of
from survey.pages.whole_waves import require_whole_wave
from survey.reports.alternate_table import SHARE_WORDS, alternate_table, as_estimate, figure_label, weight_words
from survey.reports.estimate_table import area_labels
from survey.reports.rates import legend_of
from survey.reports.view import LEVEL_WORDS, View
from survey.reports.wording import Say, count
from survey.roles import Permission
from survey.workflow.show_alternates import show_alternates
from survey.workflow.show_estimates import EstimatedRun, EstimatesView

__all__ = ["blueprint"]

_SCORES, _SHARES = "", "shares"
Labels = dict[tuple[str, Reading], str]


@blueprint.get("/waves/<id:wave_id>/estimates/alternates")
@needs(Permission.SEE_UNPUBLISHED)
def alternates(wave_id: int) -> ResponseReturnValue:
    """Mean scores and indexes, or shares read in other ways, of the whole or of one level."""
    require_whole_wave()
    view = read(wave_id, level=WHOLE, indicator="")
    found = view.estimated
    if found is None:
        return answer(not_estimated(view.wave))
    site = current_site()
    with site.database.reading() as store:
        rates = show_alternates(store, site.keys, wave_id)
    seen = view_of(found, view.estimates)
    scores, level = request.args.get("of") != _SHARES, request.args.get("level", WHOLE)
    labels = _labels(seen, rates)
    shown = _shown(rates.figures, seen, scores=scores, level=level)
    chosen = request.args.get("indicator", "")
    known = list(dict.fromkeys(figure.indicator for figure in shown))
    if chosen in known:
        shown = [figure for figure in shown if figure.indicator == chosen]
    section = _section(seen, rates, shown, labels, scores=scores)
    return answer(
        EstimatesPage(
            wave=view.wave,
            run=found.run,
            selects=_selects(seen, view, known, labels, (chosen, level, scores)),
            intro=_intro(seen.say, rates),
            warnings=_warnings(seen.say, found, rates),
            sections=(section,) if shown else (),
            words=words_of([as_estimate(figure) for figure in shown]),
            empty=seen.say(N_("这份问卷没有可以换口径的指标，或者还没有人被问到。")),
        )
    )


def _shown(figures: Sequence[AlternateFigure], seen: View, *, scores: bool, level: str) -> list[AlternateFigure]:
    at_level = {area.code for area in seen.areas if area.level.value == level}
    wanted = {None} if level not in {each.value for each in Level} else at_level
    return [figure for figure in figures if figure.reading.is_score == scores and figure.area in wanted]


def _labels(seen: View, rates: AlternateRates) -> Labels:
    labels = {}
    for figure in rates.figures:
        words = figure_label(seen.questionnaire, rates.composites, figure).in_language(seen.language)
        told = SHARE_WORDS.get(figure.reading)
        labels[figure.indicator, figure.reading] = seen.say(told, label=words) if told else words
    return labels


def _selects(
    seen: View, view: EstimatesView, known: Sequence[str], labels: Labels, chosen: tuple[str, str, bool]
) -> tuple[Select, ...]:
    say, (indicator, level, scores) = seen.say, chosen
    kinds = [(_SCORES, say(N_("平均分和综合分"))), (_SHARES, say(N_("其他算法的比例")))]
    names = {code: label for (code, reading), label in labels.items() if reading.is_score}
    names |= {one.code: seen.label(one) for one in seen.questionnaire.indicators if not scores or one.code not in names}
    each = [(code, names[code]) for code in known]
    levels = [(WHOLE, say(N_("全部地区合计"))), *((one.value, say(LEVEL_WORDS[one])) for one in view.levels)]
    return (
        choices("of", say(N_("口径")), kinds, _SCORES if scores else _SHARES),
        choices("indicator", say(N_("指标")), [("", say(N_("全部指标"))), *each], indicator),
        choices("level", say(N_("级别")), levels, level),
    )


def _section(
    seen: View, rates: AlternateRates, shown: Sequence[AlternateFigure], labels: Labels, *, scores: bool
) -> TableSection:
    say = seen.say
    heading = say(N_("平均分和综合分")) if scores else say(N_("其他算法的比例"))
    table = alternate_table(say, shown, labels=labels, areas=area_labels(seen.areas), scores=scores, caption=heading)
    own = {figure.indicator for figure in shown if figure.reading is Reading.INDEX}
    composites = [one for one in rates.composites if one.code in own]
    return TableSection(
        id="alternates",
        heading=heading,
        table=table,
        legend=legend_of([as_estimate(figure) for figure in shown], seen.run, say),
        notes=(*_weights(say, composites, labels), *_notes(say, scores=scores)),
    )


def _weights(say: Say, composites: Sequence[Composite], labels: Labels) -> tuple[str, ...]:
    scores = {code: label for (code, reading), label in labels.items() if reading is Reading.SCORE}
    return tuple(weight_words(say, one, labels[one.code, Reading.INDEX], scores) for one in composites)


def _notes(say: Say, *, scores: bool) -> tuple[str, ...]:
    of_scores = say(
        N_("平均分是人们打分的平均（满意度），不是满意的人所占的比例（满意率）：两者不能互相代替，也不能放在一起比较。")
    )
    return (
        *((of_scores,) if scores else ()),
        say(N_("只在指标本身显示数字和区间的地方显示；并排看会泄露少数人回答的，一并藏起。")),
        say(N_("不排名，不与目标比较，不分档；区间只反映抽样误差。")),
    )


def _intro(say: Say, rates: AlternateRates) -> tuple[str, ...]:
    told = say(N_("同一批答卷的其他口径，附在指标旁边看，不代替指标。"))
    return (told, say(N_("由现在的{responses}份样本答卷临时算出。"), responses=count(rates.responses)))


def _warnings(say: Say, found: EstimatedRun, rates: AlternateRates) -> tuple[str, ...]:
    if rates.responses != found.run.responses:
        told = N_("估计用的是{used}份答卷，这里用的是{responses}份：与估计表对不齐，以重新估计后为准。")
        return (say(told, used=count(found.run.responses), responses=count(rates.responses)),)
    return stale(found, say)
