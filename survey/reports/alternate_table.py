"""Other readings of rates as a table: shares in one, mean scores in another, for a share of people is no score."""

from collections.abc import Mapping, Sequence
from functools import partial

from markupsafe import Markup

from analysis.publication import AlternateFigure, Method, PublishedEstimate, Reading
from questionnaires.alternates import score_label
from questionnaires.definition import Composite, Questionnaire, Text
from survey.messages import N_
from survey.reports.charts import MarkedRate, draw_rate, draw_scale
from survey.reports.estimate_table import BASE_WORDS, METHOD_WORDS, NOTHING, number
from survey.reports.figure_table import Figure, FigureRow, FigureTable, LateDrawing
from survey.reports.tables import mark_of
from survey.reports.wording import DASH, Say, percent, remark

#: What a share is of is said by the rate's own name; a score has a name of its own.
SHARE_WORDS: Mapping[Reading, str] = {
    Reading.BROAD: N_("{label}（放宽：听说过、倾向于此的也计入）"),
    Reading.VALID: N_("{label}（只算有效回答）"),
    Reading.TOP_BOX: N_("{label}（只计最高一档）"),
}
_SHARES = (N_("比例（%）"), N_("区间下限（%）"), N_("区间上限（%）"), N_("标准误（百分点）"))
_SCORES = (N_("平均分（0—100）"), N_("区间下限（分）"), N_("区间上限（分）"), N_("标准误（分）"))
_COMMON = (N_("人数 n"), N_("有效样本量"), N_("自由度"), N_("合并设计效应"), N_("区间方法"))


def figure_label(questionnaire: Questionnaire, composites: Sequence[Composite], figure: AlternateFigure) -> Text:
    """The name of the rate, or of the score or index, which is never that of a rate."""
    if figure.reading is Reading.INDEX:
        return next(one.label for one in composites if one.code == figure.indicator)
    label = questionnaire.indicator(figure.indicator).label
    return score_label(label) if figure.reading is Reading.SCORE else label


def alternate_table(
    say: Say,
    figures: Sequence[AlternateFigure],
    *,
    labels: Mapping[tuple[str, Reading], str],
    areas: Mapping[str, str],
    scores: bool,
    caption: str,
) -> FigureTable:
    """``labels``: what each rate, score or index is called; ``areas``: code -> name. ``scores``: these are scores."""
    first, last = (_SCORES if scores else _SHARES)[:3], (_SCORES if scores else _SHARES)[3]
    scale = say(N_("各行的图以0到100分为横轴")) if scores else say(N_("各行的图以0到100%为横轴"))
    return FigureTable(
        caption=caption,
        names=(say(N_("口径")), say(N_("地区")), say(N_("基数"))),
        codes=(say(N_("指标代码")), say(N_("口径代码")), say(N_("地区代码"))),
        figures=tuple(say(heading) for heading in (*first, last, *_COMMON)),
        rows=tuple(_row(say, figure, labels, areas) for figure in figures),
        remark=say(N_("说明")),
        aside=(len(first) + len(_COMMON),),
        scale=draw_scale(title=scale, size=12, unit="" if scores else "%"),
    )


def weight_words(say: Say, composite: Composite, name: str, labels: Mapping[str, str]) -> str:
    """What an index is made of, with the weights it was worked out with."""
    total = sum(part.weight for part in composite.parts)
    parts = say(N_("、")).join(
        f"{labels[part.indicator]} {percent(part.weight / total, 1)}" for part in composite.parts
    )
    return say(N_("{name}是下列平均分的加权平均，每项只算有效回答；权重：{parts}。"), name=name, parts=parts)


def as_estimate(figure: AlternateFigure) -> PublishedEstimate:
    """The figure on the scale from 0 to 1, to be drawn and remarked on as rates are."""
    scale = 100.0 if figure.reading.is_score else 1.0
    value, low, high = (None if of is None else of / scale for of in (figure.value, figure.low, figure.high))
    return PublishedEstimate(
        indicator=figure.indicator,
        area=figure.area,
        base=figure.base,
        published=figure.published,
        n=figure.n,
        proportion=value,
        low=low,
        high=high,
        reliability=figure.reliability,
        reason=figure.reason,
    )


def _row(
    say: Say, figure: AlternateFigure, labels: Mapping[tuple[str, Reading], str], areas: Mapping[str, str]
) -> FigureRow:
    name = labels[figure.indicator, figure.reading]
    area = say(N_("全部地区")) if figure.area is None else areas.get(figure.area, figure.area)
    estimate = as_estimate(figure)
    return FigureRow(
        names=(name, area, say(BASE_WORDS[figure.base])),
        codes=(figure.indicator, figure.reading.value, figure.area or ""),
        figures=_figures(say, figure),
        drawing=LateDrawing(partial(_drawing, estimate, say, f"{name} {area}", figure)),
        words=remark(estimate, say),
    )


def _figures(say: Say, figure: AlternateFigure) -> tuple[Figure, ...]:
    if not figure.published:
        return (NOTHING,) * (len(_SHARES) + len(_COMMON))
    digits = _digits(figure)
    exact = figure.low is not None
    return (
        *(_number(value, figure, digits) for value in (figure.value, figure.low, figure.high)),
        _number(figure.se, figure, digits + 1, marked=False),
        number(figure.n, 0),
        number(figure.n_effective, 0),
        number(figure.df, 0),
        Figure(text=DASH if figure.pooled is None else say(N_("是") if figure.pooled else N_("否"))),
        Figure(text=say(METHOD_WORDS[Method.WILSON_EFFECTIVE]) if exact else DASH),
    )


def _digits(figure: AlternateFigure) -> int:
    """Areas in whole points, like their rates."""
    return 1 if figure.area is None else 0


def _number(value: float | None, figure: AlternateFigure, digits: int, *, marked: bool = True) -> Figure:
    if value is None:
        return NOTHING
    shown = value if figure.reading.is_score else 100 * value
    text = f"{shown:.{digits}f}"
    return Figure(text=text if figure.reading.is_score or not marked else f"{text}%", value=float(text))


def _drawing(estimate: PublishedEstimate, say: Say, name: str, figure: AlternateFigure) -> Markup:
    if not figure.published:
        return Markup()
    marked = MarkedRate(mark=mark_of(estimate), proportion=estimate.proportion, low=estimate.low, high=estimate.high)
    digits = _digits(figure)
    told = [_number(value, figure, digits).text for value in (figure.value, figure.low, figure.high)]
    value = say(N_("{value}分"), value=told[0]) if figure.reading.is_score else told[0]
    return draw_rate(marked, title=f"{name} {value}" if figure.low is None else f"{name} {value} ({told[1]}–{told[2]})")
