"""Drivers, areas against the whole, modelled areas and rank sets as tables for a statistician."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from analysis.drivers import Driver, OddsRatio
from analysis.estimation.families import ALPHA
from analysis.estimation.small_area.borrow_strength import ModelledRate
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.publication import Band
from analysis.wave_contrasts import Contrast, RankSet
from survey.messages import N_
from survey.reports.change_words import signed
from survey.reports.charts import Mark, MarkedRate, draw_rate
from survey.reports.difference_charts import Difference, draw_difference, draw_point_scale, reach_of
from survey.reports.estimate_table import NOTHING, number, percent_figure, rate_scale
from survey.reports.figure_table import Figure, FigureRow, FigureTable
from survey.reports.model_charts import draw_odds, draw_odds_scale, draw_rank_scale, draw_ranks
from survey.reports.target_table import p_figure
from survey.reports.wording import BAND_SIGNS, Say, count, percent, percent_range

UNDEFINED_WORDS: Mapping[UndefinedReason, str] = {
    UndefinedReason.EMPTY_DOMAIN: N_("没有人答过"),
    UndefinedReason.TOO_FEW_RESPONDENTS: N_("某一类回答的人太少"),
    # Said like too few: that all of a few answered alike would tell what each of them said.
    UndefinedReason.ALL_OR_NONE: N_("某一类回答的人太少"),
    UndefinedReason.SEPARATED: N_("两项回答完全对应，比值无穷大"),
    UndefinedReason.COLLINEAR: N_("各项回答彼此重复"),
    UndefinedReason.NO_CONVERGENCE: N_("计算没有收敛"),
    UndefinedReason.NO_DEGREES_OF_FREEDOM: N_("自由度不足"),
    UndefinedReason.TOO_FEW_AREAS: N_("有数字的社区不足30个，不用模型"),
}
CITY_BAND_WORDS: Mapping[Band, str] = {
    Band.ABOVE: N_("明显高于全部地区"),
    Band.INDISTINGUISHABLE: N_("与全部地区看不出差别"),
    Band.BELOW: N_("明显低于全部地区"),
}


def undefined_words(found: Undefined, say: Say) -> str:
    return say(UNDEFINED_WORDS.get(found.reason, N_("算不出来")))


def driver_table(drivers: Sequence[Driver], labels: Mapping[str, str], say: Say, *, caption: str) -> FigureTable:
    """In the order given, which is that of the questionnaire; columns of all together where there is any such ratio."""
    joint = has_together(drivers)
    together = (N_("共同：比值"), N_("共同：下限"), N_("共同：上限"), N_("共同：p值"), N_("共同：校正后的p值"))
    headings = (
        *(together if joint else ()),
        *(N_("单独：比值"), N_("单独：下限"), N_("单独：上限"), N_("单独：校正后的p值")),
        *(N_("人数 n"), N_("满意的比例（%）")),
    )
    return FigureTable(
        caption=caption,
        names=(say(N_("指标")),),
        codes=(say(N_("指标代码")),),
        figures=tuple(say(heading) for heading in headings),
        rows=tuple(_driver(driver, labels[driver.indicator], say, joint=joint) for driver in drivers),
        remark=say(N_("说明")),
        scale=draw_odds_scale(title=say(N_("各行的图以比值为横轴，中间是1，每格翻一倍"))),
    )


def has_together(drivers: Sequence[Driver]) -> bool:
    """Whether there is any odds ratio with the other services held equal."""
    return any(isinstance(driver.together, OddsRatio) for driver in drivers)


def _driver(driver: Driver, label: str, say: Say, *, joint: bool) -> FigureRow:
    together, alone = driver.together, driver.alone
    drawn = together if isinstance(together, OddsRatio) else alone
    drawing, words = Markup(), undefined_words(alone, say) if isinstance(alone, Undefined) else ""
    if isinstance(drawn, OddsRatio):
        told = f"{drawn.value:.2f} ({drawn.low:.2f}–{drawn.high:.2f})"
        clear = drawn.p_adjusted <= ALPHA
        drawing = draw_odds(drawn.low, drawn.value, drawn.high, clear=clear, title=f"{label} {told}")
        words = say(N_("看不出关联"))
        if clear:
            words = say(N_("对它满意的人里更高") if drawn.value > 1 else N_("对它满意的人里更低"))
        if drawn is alone and joint:
            words = say(N_("单独：{words}"), words=words)
    share = None if isinstance(driver.share, Undefined) else driver.share
    enough = isinstance(alone, OddsRatio)
    return FigureRow(
        names=(label,),
        codes=(driver.indicator,),
        figures=(
            *(_odds(together, both=True) if joint else ()),
            *_odds(alone, both=False),
            Figure(text=count(driver.n), value=driver.n) if enough else NOTHING,
            percent_figure(share if enough else None, 0),
        ),
        drawing=drawing,
        words=words,
    )


def _odds(found: OddsRatio | Undefined, *, both: bool) -> tuple[Figure, ...]:
    if isinstance(found, Undefined):
        return (NOTHING,) * (5 if both else 4)
    p_values = (p_figure(found.p_value),) if both else ()
    ratios = tuple(number(value, 2) for value in (found.value, found.low, found.high))
    return (*ratios, *p_values, p_figure(found.p_adjusted))


def contrast_table(contrasts: Sequence[Contrast], names: Mapping[str, str], say: Say, *, caption: str) -> FigureTable:
    """Areas less the whole, in whole points; in the order given, by code."""
    told = [
        Difference(
            low=float(round(100 * each.low)),
            value=float(round(100 * each.difference)),
            high=float(round(100 * each.high)),
            clear=each.band is not Band.INDISTINGUISHABLE,
        )
        for each in contrasts
    ]
    reach = reach_of(told)
    rows = []
    for each, points in zip(contrasts, told, strict=True):
        words = f"{BAND_SIGNS[each.band]} {say(CITY_BAND_WORDS[each.band])}"
        figures = f"{signed(points.value, 0)} ({signed(points.low, 0)}–{signed(points.high, 0)})"
        rows.append(
            FigureRow(
                names=(names[each.area],),
                codes=(each.indicator, each.area),
                figures=(
                    *(Figure(text=signed(v, 0), value=v) for v in (points.value, points.low, points.high)),
                    p_figure(each.p_value),
                ),
                drawing=draw_difference(points, reach=reach, title=f"{names[each.area]} {figures} {words}"),
                words=words,
            )
        )
    return FigureTable(
        caption=caption,
        names=(say(N_("地区")),),
        codes=(say(N_("指标代码")), say(N_("地区代码"))),
        figures=(say(N_("差（百分点）")), say(N_("差的下限")), say(N_("差的上限")), say(N_("p值（单独）"))),
        rows=tuple(rows),
        remark=say(N_("判断")),
        scale=draw_point_scale(reach=reach, title=say(N_("各行的图以百分点为横轴，中间是0"))),
    )


def modelled_table(
    rates: Sequence[ModelledRate], codes: Sequence[str], names: Mapping[str, str], say: Say, *, caption: str
) -> FigureTable:
    """``codes``: of the areas, in the order of ``rates``."""
    rows = []
    for rate in rates:
        code = codes[rate.area]
        interval = percent_range(rate.low, rate.high)
        title = f"{names[code]} {percent(rate.estimate)} ({interval})"
        words = say(N_("模型估计")) if rate.direct is not None else say(N_("只有模型：没有可以显示的直接估计"))
        marked = MarkedRate(mark=Mark.INTERVAL, proportion=rate.estimate, low=rate.low, high=rate.high)
        rows.append(
            FigureRow(
                names=(names[code],),
                codes=(code,),
                figures=(
                    *(percent_figure(value, 0) for value in (rate.estimate, rate.low, rate.high, rate.direct)),
                    Figure(text=count(rate.n), value=rate.n),
                    number(rate.n_effective, 0),
                    percent_figure(rate.shrinkage if rate.direct is not None else None, 0),
                ),
                drawing=draw_rate(marked, title=title),
                words=words,
            )
        )
    headings = (
        *(N_("模型估计（%）"), N_("区间下限（%）"), N_("区间上限（%）")),
        *(N_("直接估计（%）"), N_("人数 n"), N_("有效样本量"), N_("来自模型的部分（%）")),
    )
    return FigureTable(
        caption=caption,
        names=(say(N_("地区")),),
        codes=(say(N_("地区代码")),),
        figures=tuple(say(heading) for heading in headings),
        rows=tuple(rows),
        remark=say(N_("说明")),
        scale=rate_scale(say),
    )


def rank_table(sets: Sequence[RankSet], names: Mapping[str, str], say: Say, *, caption: str) -> FigureTable:
    """The ranks each area may have, by code and never by rank."""
    areas = sets[0].areas if sets else 0
    return FigureTable(
        caption=caption,
        names=(say(N_("地区")),),
        codes=(say(N_("指标代码")), say(N_("地区代码"))),
        figures=(say(N_("最前可能的名次")), say(N_("最后可能的名次")), say(N_("可比的地区数"))),
        rows=tuple(
            FigureRow(
                names=(names[each.area],),
                codes=(each.indicator, each.area),
                figures=tuple(Figure(text=count(value), value=value) for value in (each.low, each.high, each.areas)),
                drawing=draw_ranks(each.low, each.high, areas, title=f"{names[each.area]} {each.low}–{each.high}"),
            )
            for each in sets
        ),
        remark=say(N_("说明")),
        scale=draw_rank_scale(areas, title=say(N_("各行的图以名次为横轴"))),
    )
