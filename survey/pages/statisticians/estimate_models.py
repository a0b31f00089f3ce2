"""``/waves/<id>/estimates/drivers``, ``…/modelled`` and ``…/ranks``: what models say, and the method annex."""

from flask import request
from flask.typing import ResponseReturnValue

from analysis.estimation.small_area.borrow_strength import BorrowedStrength
from analysis.estimation.undefined import Undefined
from analysis.wave_contrasts import rank_sets
from questionnaires.definition import Indicator, IndicatorSet
from survey.areas import RANK, Level
from survey.messages import N_
from survey.pages.access import needs
from survey.pages.site import current_site
from survey.pages.statisticians.estimate_page import EstimatesPage, TableSection, answer
from survey.pages.statisticians.estimate_parts import (
    WHOLE,
    headline_of,
    indicator_select,
    not_estimated,
    read,
    stale,
    view_of,
)
from survey.pages.statisticians.estimate_periods import blueprint
from survey.pages.whole_waves import require_whole_wave
from survey.reports.estimate_table import area_labels
from survey.reports.model_tables import driver_table, has_together, modelled_table, rank_table, undefined_words
from survey.reports.view import View
from survey.reports.wording import Say, count, percent
from survey.roles import Permission
from survey.workflow.show_estimates import EstimatedRun
from survey.workflow.show_models import communities_of, show_drivers, show_modelled

__all__ = ["blueprint"]

OVERALL = "IND_SAT_OVERALL"


@blueprint.get("/waves/<id:wave_id>/estimates/drivers")
@needs(Permission.SEE_UNPUBLISHED)
def drivers(wave_id: int) -> ResponseReturnValue:
    """Odds ratios of satisfaction with single services on a headline rate."""
    require_whole_wave()
    view = read(wave_id, level=WHOLE, indicator="")
    found = view.estimated
    if found is None:
        return answer(not_estimated(view.wave))
    seen = view_of(found, view.estimates)
    outcomes = headline_of(found.indicators)
    outcome = _chosen(outcomes, OVERALL)
    services = [each for each in found.indicators if each.set is IndicatorSet.DOMAIN and each.code != outcome.code]
    site, say = current_site(), seen.say
    with site.database.reading() as store:
        rows = show_drivers(
            store, site.keys, view.wave, overall=outcome.code, services=[each.code for each in services]
        )
    heading = say(N_("与{label}的关联"), label=seen.label(outcome))
    labels = {each.code: seen.label(each) for each in found.indicators}
    section = TableSection(
        id="drivers",
        heading=heading,
        table=driver_table(rows, labels, say, caption=heading),
        notes=(
            *(
                (say(N_("没有共同的比值：不满意的人太少，分不给这么多项；只有单独的。")),)
                if not has_together(rows)
                else ()
            ),
            say(N_("比值：对这项满意的人“满意与不满意之比”，是其他人的几倍。共同：其他各项相同时；单独：只看这一项。")),
            say(
                N_("按设计加权的逻辑回归（拟二项），区间和p值用设计的方差；各项为一族用Holm校正。没有答这项的人不计。")
            ),
            say(
                N_(
                    "人数和满意的比例是“单独”一列的：这项和总体都有效回答的人。“共同”只用各项都有效回答的人，所以人数更少。"
                )
            )
            if has_together(rows)
            else say(N_("人数和满意的比例：这项和总体都有效回答的人。")),
            say(N_("只说明一起出现，不说明谁引起谁。")),
        ),
    )
    return answer(
        EstimatesPage(
            wave=view.wave,
            run=found.run,
            selects=(indicator_select(seen, outcomes, outcome, everything=False),),
            warnings=stale(found, say),
            sections=(section,) if rows else (),
            empty=say(N_("算不出关联：问卷没有分项满意率，还没有样本答卷，或者样本是非概率样本。")),
        )
    )


@blueprint.get("/waves/<id:wave_id>/estimates/modelled")
@needs(Permission.SEE_UNPUBLISHED)
def modelled(wave_id: int) -> ResponseReturnValue:
    """One rate of every community with the strength of all of them, labelled as modelled."""
    require_whole_wave()
    view = read(wave_id, indicator=request.args.get("indicator") or _default(wave_id))
    found = view.estimated
    if found is None or view.indicator is None:
        return answer(not_estimated(view.wave))
    seen = view_of(found, view.estimates)
    say, areas = seen.say, communities_of(found.frame)
    result = show_modelled(view.estimates, areas)
    sections: tuple[TableSection, ...] = ()
    if isinstance(result, BorrowedStrength):
        sections = (_modelled(result, seen, view.indicator, found),)
    return answer(
        EstimatesPage(
            wave=view.wave,
            run=found.run,
            selects=(indicator_select(seen, found.indicators, view.indicator, everything=False),),
            warnings=stale(found, say),
            sections=sections,
            empty=_not_modelled(result, found, say),
        )
    )


def _modelled(result: BorrowedStrength, seen: View, indicator: Indicator, found: EstimatedRun) -> TableSection:
    say, codes = seen.say, [area.code for area in communities_of(found.frame)]
    heading = say(N_("{label}：模型估计"), label=seen.label(indicator))
    return TableSection(
        id="modelled",
        heading=heading,
        table=modelled_table(result.rates, codes, area_labels(found.frame), say, caption=heading),
        notes=(
            say(
                N_(
                    "这些是模型估计，不是直接估计：二项逻辑混合模型，用有效样本量，由{areas}个社区学来，"
                    "区间用{samples}次参数自助法；再整体移动，使各社区合起来等于全部地区的{whole}。"
                ),
                areas=count(result.areas),
                samples=count(result.samples),
                whole=percent(result.whole, 1),
            ),
            say(
                N_(
                    "来自模型的部分：0%是只看这个社区自己的答卷，100%是只看模型。"
                    "这部分越大，各社区的模型估计越接近，真正突出的社区也会被拉向中间。"
                )
            ),
            say(N_("藏起的和只显示范围的社区没有进入模型，给出的是模型对同类社区的说法。")),
            say(N_("按代码排列，不是名次；不能由此比较地区之间的高低。")),
        ),
    )


def _not_modelled(result: object, found: EstimatedRun, say: Say) -> str:
    if found.run.design is None:
        return say(N_("非概率样本：没有区间，也不用模型。"))
    reason = undefined_words(result, say) if isinstance(result, Undefined) else ""
    return say(N_("没有模型估计：{reason}。"), reason=reason)


@blueprint.get("/waves/<id:wave_id>/estimates/ranks")
@needs(Permission.SEE_UNPUBLISHED)
def ranks(wave_id: int) -> ResponseReturnValue:
    """The method annex: which ranks each community may have. Never a list in order of rank."""
    require_whole_wave()
    view = read(wave_id, indicator=request.args.get("indicator") or _default(wave_id))
    found = view.estimated
    if found is None or view.indicator is None:
        return answer(not_estimated(view.wave))
    seen = view_of(found, view.estimates)
    say, tiers = seen.say, {area.code: RANK[area.level] for area in found.frame}
    rows = [row for row in view.estimates if row.area is None or row.area in tiers]
    sets = sorted(rank_sets(rows, tiers, RANK[Level.COMMUNITY], level=found.run.level), key=lambda one: one.area)
    heading = say(N_("{label}：各社区可能的名次"), label=seen.label(view.indicator))
    section = TableSection(
        id="ranks",
        heading=heading,
        table=rank_table(sets, area_labels(found.frame), say, caption=heading),
        notes=(
            say(
                N_(
                    "名次1是比例最高。每个社区的名次以{level}的把握同时落在所列范围内"
                    "（Klein–Wright–Wieczorek，各区间用Sidak联合水平）；慎用和藏起的社区不在内。"
                ),
                level=percent(found.run.level),
            ),
            say(N_("按代码排列。这里没有排行榜：范围大多重叠，说明数据分不出先后。")),
        ),
    )
    return answer(
        EstimatesPage(
            wave=view.wave,
            run=found.run,
            selects=(indicator_select(seen, found.indicators, view.indicator, everything=False),),
            intro=(say(N_("有人一定要问名次时，用这张表回答；报告和其他页面都不排名。")),),
            warnings=stale(found, say),
            sections=(section,) if len(sets) > 1 else (),
            empty=say(N_("可靠的社区不足两个，没有名次可说。")),
        )
    )


def _chosen(indicators: list[Indicator], default: str) -> Indicator:
    told = request.args.get("indicator") or default
    return next((each for each in indicators if each.code == told), indicators[0])


def _default(wave_id: int) -> str:
    """The first headline rate that the run has; nothing where there is no run."""
    found = read(wave_id, level=WHOLE, indicator="").estimated
    return headline_of(found.indicators)[0].code if found and found.indicators else ""
