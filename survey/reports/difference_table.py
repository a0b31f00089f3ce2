"""What changed since the wave before, with what the word stands on: both rates, the MOVER interval, the p-value.

The points are those of the printed figures, as in reports (:mod:`survey.reports.change_words`).
"""

from collections.abc import Sequence

from markupsafe import Markup

from analysis.publication import Base, Change, ChangeFinding, PublishedEstimate, Subset
from questionnaires.definition import Indicator
from survey.messages import N_
from survey.reports.change_words import FINDING_SIGNS, FINDING_WORDS, Points, points_of, reason_words, signed
from survey.reports.difference_charts import Difference, draw_difference, draw_point_scale, reach_of
from survey.reports.estimate_table import NOTHING, area_labels, rate_figure
from survey.reports.figure_table import Figure, FigureRow, FigureTable
from survey.reports.target_table import p_figure
from survey.reports.view import View
from survey.reports.wording import DASH, Say

HEADINGS = (
    N_("上一轮（%）"),
    N_("本轮（%）"),
    N_("差（百分点）"),
    N_("差的下限"),
    N_("差的上限"),
    N_("p值（单独）"),
)


def difference_table(
    view: View, indicators: Sequence[Indicator], *, areas: Sequence[str | None], caption: str
) -> FigureTable:
    """One row for each of the ``indicators`` in each of the ``areas`` (``None``: the whole), as far as compared."""
    say, labels = view.say, area_labels(view.areas)
    found = []
    for indicator in indicators:
        for area in areas:
            change = view.change(indicator, area)
            if change is not None and change.area == area:
                name = say(N_("全部地区")) if area is None else labels.get(area, area)
                found.append((indicator, name, change, _points(view, indicator, change)))
    reach = reach_of([_difference(change, points) for _, _, change, points in found if points is not None])
    return FigureTable(
        caption=caption,
        names=(say(N_("指标")), say(N_("地区"))),
        codes=(say(N_("指标代码")), say(N_("地区代码"))),
        figures=tuple(say(heading) for heading in HEADINGS),
        rows=tuple(_row(view, (view.label(each), name), change, points, reach) for each, name, change, points in found),
        remark=say(N_("判断")),
        before=2,
        scale=draw_point_scale(reach=reach, title=say(N_("各行的图以百分点为横轴，中间是0"))),
    )


def _points(view: View, indicator: Indicator, change: Change) -> Points | None:
    before, now = _both(view, indicator, change.area)
    return points_of(change, before, now, _digits(change)) if before and now else None


def _both(
    view: View, indicator: Indicator, area: str | None
) -> tuple[PublishedEstimate | None, PublishedEstimate | None]:
    return view.earlier(indicator, area), view.find(indicator, Base.ASKED, Subset.ALL, area=area)


def _digits(change: Change) -> int:
    return 1 if change.area is None else 0


def _difference(change: Change, points: Points) -> Difference:
    clear = change.finding in (ChangeFinding.ROSE, ChangeFinding.FELL)
    return Difference(low=points.low, value=points.difference, high=points.high, clear=clear)


def _row(view: View, names: tuple[str, str], change: Change, points: Points | None, reach: int) -> FigureRow:
    say, digits = view.say, _digits(change)
    indicator = view.questionnaire.indicator(change.indicator)
    rates = tuple(
        NOTHING if estimate is None else rate_figure(estimate, digits)
        for estimate in _both(view, indicator, change.area)
    )
    words, drawing = _words(change, say), Markup()
    if points is not None:
        told = f"{signed(points.difference, digits)} ({signed(points.low, digits)}–{signed(points.high, digits)})"
        drawing = draw_difference(_difference(change, points), reach=reach, title=f"{' '.join(names)} {told} {words}")
    numbers = (points.difference, points.low, points.high) if points else (None, None, None)
    return FigureRow(
        names=names,
        codes=(change.indicator, change.area or ""),
        figures=(*rates, *(_signed(value, digits) for value in numbers), p_figure(change.p_value)),
        drawing=drawing,
        words=words,
    )


def _signed(value: float | None, digits: int) -> Figure:
    return NOTHING if value is None else Figure(text=signed(value, digits), value=value)


def _words(change: Change, say: Say) -> str:
    if change.finding is None:
        reason = reason_words(change.reason, say)
        return DASH if reason == DASH else say(N_("不能比较：{reason}"), reason=reason)
    return f"{FINDING_SIGNS[change.finding]} {say(FINDING_WORDS[change.finding])}"
