"""``/waves/<id>/estimates/groups``: the rates by sex, age, mode, canvassers' type, and whether somebody led the way."""

from flask import request
from flask.typing import ResponseReturnValue

from analysis.publication import PublishedEstimate
from questionnaires.definition import Indicator
from survey.casework.group_rates import GroupRates
from survey.groupings import GROUPING_NAMES, OF_THE_LOG, Grouping
from survey.messages import N_
from survey.pages.access import needs
from survey.pages.site import current_site
from survey.pages.statisticians.estimate_comparisons import blueprint
from survey.pages.statisticians.estimate_page import EstimatesPage, Select, TableSection, answer, choices
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
from survey.reports.group_table import group_table
from survey.reports.rates import legend_of
from survey.reports.view import View
from survey.reports.wording import Say, count
from survey.roles import Permission
from survey.waves import WaveState
from survey.workflow.show_estimates import EstimatedRun, show_groups

__all__ = ["blueprint"]

_HEADLINE, _EVERY = "", "all"


@blueprint.get("/waves/<id:wave_id>/estimates/groups")
@needs(Permission.SEE_UNPUBLISHED)
def groups(wave_id: int) -> ResponseReturnValue:
    """The headline rates by one grouping, or another rate; worked out now, of the answers as they stand."""
    require_whole_wave()
    told = request.args.get("indicator", _HEADLINE)
    view = read(wave_id, level=WHOLE, indicator="" if told == _EVERY else told)
    found = view.estimated
    if found is None:
        return answer(not_estimated(view.wave))
    seen = view_of(found, view.estimates)
    say, chosen = seen.say, [view.indicator] if view.indicator else headline_of(found.indicators)
    if told == _EVERY:
        chosen = list(found.indicators)
    codes = [indicator.code for indicator in chosen]
    site = current_site()
    with site.database.reading() as store:
        rates = show_groups(store, site.keys, found, indicators=codes)
    grouping = _grouping(rates)
    sections = () if grouping is None else (_section(seen, grouping, rates.rows[grouping], chosen),)
    return answer(
        EstimatesPage(
            wave=view.wave,
            run=found.run,
            selects=(
                _grouping_select(rates, grouping, say),
                _indicator_select(seen, found.indicators, told),
                base_select(say),
            ),
            intro=_intro(rates, grouping, found, say),
            warnings=_warnings(rates, found.run.responses, say),
            sections=sections,
            words=words_of(rates.rows[grouping]) if grouping else (),
            empty=say(N_("这一轮的答卷没有可以分的组。")),
        )
    )


def _section(
    seen: View, grouping: Grouping, rows: tuple[PublishedEstimate, ...], chosen: list[Indicator]
) -> TableSection:
    say = seen.say
    heading = say(N_("按{grouping}"), grouping=say(GROUPING_NAMES[grouping]))
    if len(chosen) == 1:
        heading = say(N_("{label}：按{grouping}"), label=seen.label(chosen[0]), grouping=say(GROUPING_NAMES[grouping]))
    codes = [indicator.code for indicator in chosen]
    table = group_table(seen, grouping, rows, indicators=codes, bases=bases_asked_for(), caption=heading)
    shown = [row for row in rows if row.indicator in codes]
    notes = [
        say(
            N_(
                "每个人只在一个组里。人数少的组，连同保护它们的组一起藏起；几乎人人答得一样的小组，连同陪着它的组只显示范围。"
                "还逐一检查过：与各地区、排在前面的分组并排看，也推算不出藏起的数字。"
            )
        ),
        *_of_differences(seen),
    ]
    if grouping in OF_THE_LOG:
        notes.append(
            say(
                N_(
                    "谁来访、有没有人带路，只有密封的入户记录知道。轮次结束时保留这张表，"
                    "不保留每份答卷的情况：带路的人认得自己带去的那几家。"
                )
            )
        )
    legend = legend_of([*shown, *seen.estimates], seen.run, say) if shown else ()
    return TableSection(id="groups", heading=heading, table=table, legend=legend, notes=tuple(notes))


def _of_differences(seen: View) -> tuple[str, ...]:
    """How two groups are to be read side by side."""
    if seen.run.design is None:
        return (seen.say(N_("非概率样本：只有估计值，没有置信区间，不能推断到全体居民。")),)
    return (
        seen.say(N_("各组是整个轮次里的域，方差用整个设计；组与组之间的差别没有检验，也可能来自别的因素。")),
        seen.say(
            N_("两组的区间不相交，差别才看得出来（没有为多次比较校正）；区间相交时，这张表分不出两组是否有差别。")
        ),
    )


def _grouping(rates: GroupRates) -> Grouping | None:
    """The one the address names, else the first that there is."""
    told = request.args.get("by")
    return next((each for each in rates.rows if each.value == told), next(iter(rates.rows), None))


def _grouping_select(rates: GroupRates, grouping: Grouping | None, say: Say) -> Select:
    options = [(each.value, say(GROUPING_NAMES[each])) for each in Grouping if each in rates.rows]
    return choices("by", say(N_("分组")), options, grouping.value if grouping else "")


def _indicator_select(seen: View, indicators: tuple[Indicator, ...], told: str) -> Select:
    plain = indicator_select(seen, indicators, None, everything=False)
    first = [(_HEADLINE, seen.say(N_("总体指标"))), (_EVERY, seen.say(N_("全部指标")))]
    return choices(plain.name, plain.label, [*first, *((o.value, o.text) for o in plain.options)], told)


def _intro(rates: GroupRates, grouping: Grouping | None, found: EstimatedRun, say: Say) -> tuple[str, ...]:
    if grouping in OF_THE_LOG and found.wave.state in (WaveState.CLOSED, WaveState.PUBLISHED):
        return (say(N_("轮次结束时由入户记录算出，从那以后不变。")),)
    if found.run.design is None:
        return (say(N_("由现在的{responses}份答卷临时算出。"), responses=count(rates.responses)),)
    return (say(N_("由现在的{responses}份样本答卷临时算出。"), responses=count(rates.responses)),)


def _warnings(rates: GroupRates, used: int, say: Say) -> tuple[str, ...]:
    found = []
    if rates.responses != used:
        told = N_("估计用的是{used}份答卷，这里用的是{responses}份：全部一行与各组对不齐，以重新估计后为准。")
        found.append(say(told, used=count(used), responses=count(rates.responses)))
    if rates.lost:
        names = say(N_("、")).join(say(GROUPING_NAMES[each]) for each in rates.lost)
        found.append(say(N_("这一轮结束时没有保留按{groupings}的估计，入户记录已经销毁，不能再算。"), groupings=names))
    return tuple(found)
