"""``/waves/<id>/estimates/pooled``: one rate over several waves that asked alike, with their dates."""

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue

from analysis.estimation.pooling import NotPooled
from analysis.publication import Base
from questionnaires.definition import Indicator
from survey.casework.pooled_rates import PooledRates
from survey.messages import N_
from survey.pages.access import needs
from survey.pages.site import current_site
from survey.pages.statisticians.estimate_groups import blueprint
from survey.pages.statisticians.estimate_page import EstimatesPage, TableSection, answer, choices
from survey.pages.statisticians.estimate_parts import (
    WHOLE,
    base_select,
    bases_asked_for,
    headline_of,
    indicator_select,
    not_estimated,
    read,
    view_of,
    words_of,
)
from survey.pages.whole_waves import require_whole_wave
from survey.reports.estimate_table import area_rows, estimate_table
from survey.reports.rates import legend_of
from survey.reports.view import View
from survey.reports.wording import Say, count, day
from survey.roles import Permission
from survey.workflow.show_models import show_pooled

__all__ = ["blueprint"]

PERIODS = (182, 365, 730, 1096)
_PERIOD_WORDS = {182: N_("半年"), 365: N_("一年"), 730: N_("两年"), 1096: N_("三年")}
_LEFT_OUT: Mapping[NotPooled, str] = {
    NotPooled.NON_PROBABILITY: N_("非概率样本，或者没有问这项"),
    NotPooled.WORDING: N_("问法不同"),
    NotPooled.POPULATION: N_("总体或地区不同"),
    NotPooled.OUTSIDE_PERIOD: N_("在这段时间以外"),
}


@blueprint.get("/waves/<id:wave_id>/estimates/pooled")
@needs(Permission.SEE_UNPUBLISHED)
def pooled(wave_id: int) -> ResponseReturnValue:
    """For communities too small to be shown from one wave alone."""
    require_whole_wave()
    view = read(wave_id, level=WHOLE, indicator="")
    found = view.estimated
    if found is None:
        return answer(not_estimated(view.wave))
    told = request.args.get("indicator", "")
    indicator = next((each for each in found.indicators if each.code == told), headline_of(found.indicators)[0])
    period = request.args.get("days", "")
    days = int(period) if period in {str(each) for each in PERIODS} else 365
    site = current_site()
    with site.database.reading() as store:
        rates = show_pooled(store, site.keys, view.wave, indicator=indicator.code, days=days)
    seen = view_of(found, rates.rows)
    say = seen.say
    periods = [(str(each), say(_PERIOD_WORDS[each])) for each in PERIODS]
    return answer(
        EstimatesPage(
            wave=view.wave,
            run=found.run,
            selects=(
                indicator_select(seen, found.indicators, indicator, everything=False),
                choices("days", say(N_("合并的时段")), periods, str(days)),
                base_select(say),
            ),
            intro=_intro(rates, say),
            sections=(_section(seen, rates, indicator, bases_asked_for()),) if rates.rows else (),
            words=words_of(rates.rows),
            empty=_why_nothing(rates, say),
        )
    )


def _section(seen: View, rates: PooledRates, indicator: Indicator, bases: tuple[Base, ...]) -> TableSection:
    say = seen.say
    heading = say(N_("{label}：{waves}轮合并"), label=seen.label(indicator), waves=len(rates.waves))
    rows = area_rows(seen, rates.rows, bases=bases)
    names = (say(N_("指标")), say(N_("地区")), say(N_("基数")))
    codes = (say(N_("指标代码")), say(N_("地区代码")))
    return TableSection(
        id="pooled",
        heading=heading,
        table=estimate_table(say, rows, caption=heading, names=names, codes=codes),
        legend=legend_of([row.estimate for row in rows], seen.run, say),
        notes=(
            say(N_("每一轮各代表同一批居民一次，权重各占一份；各轮分别抽样，各自成层。说的是整段时间，不是最后一轮。")),
            say(N_("与各轮单独的表并排检查过：合并后减去某一轮，也推算不出那些轮里藏起的数字。")),
            say(N_("目标取本轮的；按代码排列，不是名次。")),
        ),
    )


def _intro(rates: PooledRates, say: Say) -> tuple[str, ...]:
    told = [
        say(
            N_("{name}：{first}至{last}，{responses}份样本答卷。"),
            name=wave.name,
            first=day(wave.first, say),
            last=day(wave.last, say),
            responses=count(wave.responses),
        )
        for wave in rates.waves
    ]
    if rates.period is not None and len(rates.waves) > 1:
        first, last = day(min(wave.first for wave in rates.waves), say), day(rates.period.last, say)
        told.insert(0, say(N_("时段：{first}至{last}。"), first=first, last=last))
    told += [
        say(N_("没有并入“{name}”：{reason}。"), name=name, reason=say(_LEFT_OUT[reason]))
        for name, reason in rates.left_out
    ]
    return tuple(told)


def _why_nothing(rates: PooledRates, say: Say) -> str:
    if rates.period is None:
        return say(N_("本轮没有起止日期，不能与其他轮合并。"))
    return say(N_("这段时间里没有可以合并的另一轮：同一问卷、同样的问法和总体、概率样本。"))
