"""``/waves/<id>/estimates``: every estimate of a wave with what a statistician signs it by."""

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from analysis.publication import PublishedEstimate
from survey.areas import Level
from survey.messages import N_
from survey.pages.access import current_account, needs
from survey.pages.statisticians.estimate_page import EstimatesPage, Select, TableSection, answer, blueprint, choices
from survey.pages.statisticians.estimate_parts import (
    ALL,
    WHOLE,
    base_select,
    bases_asked_for,
    indicator_select,
    not_estimated,
    read,
    stale,
    view_of,
    words_of,
)
from survey.reports.estimate_table import area_rows, estimate_table
from survey.reports.rates import legend_of
from survey.reports.view import LEVEL_WORDS
from survey.reports.wording import Say
from survey.roles import Permission
from survey.workflow.show_estimates import EstimatedRun, EstimatesView

__all__ = ["blueprint"]


@blueprint.get("/waves/<id:wave_id>/estimates")
@needs(Permission.SEE_UNPUBLISHED)
def show(wave_id: int) -> ResponseReturnValue:
    """All rates of the whole; of one rate, or on one level, whatever is asked for."""
    told, limited = request.args, bool(current_account().scope.areas)
    level = told.get("level") or (ALL if limited or told.get("indicator") else WHOLE)
    view = read(wave_id, level=level)
    found = view.estimated
    if found is None:
        return answer(not_estimated(view.wave))
    seen, bases = view_of(found, view.estimates), bases_asked_for()
    say = seen.say
    names = (say(N_("指标")), say(N_("地区")), say(N_("基数")))
    codes = (say(N_("指标代码")), say(N_("地区代码")))
    heading = seen.label(view.indicator) if view.indicator else say(N_("全部指标"))
    rows = area_rows(seen, view.estimates, bases=bases)
    shown = [row.estimate for row in rows]
    table = estimate_table(say, rows, caption=heading, names=names, codes=codes)
    section = TableSection(
        id="estimates",
        heading=heading,
        table=table,
        legend=legend_of(shown, found.run, say),
        notes=_notes(found, shown, say),
    )
    return answer(
        EstimatesPage(
            wave=view.wave,
            run=found.run,
            selects=(
                indicator_select(seen, found.indicators, view.indicator, everything=True),
                _level_select(view, found, level, say),
                base_select(say),
            ),
            lead=_area_words(level, say),
            warnings=stale(found, say),
            sections=(section,) if rows else (),
            words=words_of(shown),
            empty=say(N_("没有符合条件的估计值：请换一个指标、级别或基数。")),
        )
    )


def _level_select(view: EstimatesView, found: EstimatedRun, level: str, say: Say) -> Select:
    options = [(WHOLE, say(N_("全部地区合计")))] if found.sees_whole else []
    options += [(ALL, say(N_("各级地区")))]
    options += [(each.value, say(LEVEL_WORDS[each])) for each in view.levels]
    return choices("level", say(N_("级别")), options, level)


def _area_words(level: str, say: Say) -> str:
    if level == WHOLE:
        return say(N_("全部地区"))
    chosen = next((each for each in Level if each.value == level), None)
    return say(LEVEL_WORDS[chosen]) if chosen else ""


def _notes(found: EstimatedRun, shown: Sequence[PublishedEstimate], say: Say) -> tuple[str, ...]:
    notes = []
    if any(estimate.low is not None for estimate in shown):
        notes.append(say(N_("区间只反映抽样误差。")))
    if any(estimate.pooled for estimate in shown):
        notes.append(
            say(
                N_(
                    "合并设计效应：自由度不足8、没有方差、全部或没有人计入，或者自己的方差会泄露藏起的地区时，"
                    "用同一设计的各地区合并的设计效应。"
                )
            )
        )
    if any(estimate.area is not None for estimate in shown):
        notes.append(say(N_("地区的比例是整数百分点，下载的文件也一样；只显示范围的，其他数字都不显示。")))
        notes.append(say(N_("按代码排列，不是名次；不能由此比较地区之间的高低。")))
    if found.run.design is None:
        notes.append(say(N_("非概率样本：只有估计值，没有置信区间，不能推断到全体居民。")))
    return tuple(notes)
