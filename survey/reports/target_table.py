"""Rates against their targets: interval, p-value alone and in its family, and the word that follows."""

from collections.abc import Mapping, Sequence
from functools import partial

from analysis.publication import PublishedEstimate
from analysis.target_tests import TargetTest
from survey.messages import N_
from survey.reports.estimate_table import NOTHING, Named, drawing_of, number, percent_figure, rate_figure, rate_scale
from survey.reports.figure_table import Figure, FigureRow, FigureTable, LateDrawing
from survey.reports.wording import BAND_SIGNS, BAND_WORDS, Say, as_set, count, has_interval, remark

HEADINGS = (
    N_("比例（%）"),
    N_("区间下限（%）"),
    N_("区间上限（%）"),
    N_("目标（%）"),
    N_("人数 n"),
    N_("有效样本量"),
    N_("自由度"),
    N_("p值"),
    N_("校正后的p值"),
    N_("同族地区数"),
)
Tests = Mapping[tuple[str, str | None], TargetTest]


def target_table(
    say: Say, rows: Sequence[Named], tests: Tests, *, caption: str, names: Sequence[str], codes: Sequence[str]
) -> FigureTable:
    """``rows``: rates that have a target."""
    return FigureTable(
        caption=caption,
        names=tuple(names),
        codes=tuple(codes),
        figures=tuple(say(heading) for heading in HEADINGS),
        rows=tuple(_row(say, row, tests.get((row.estimate.indicator, row.estimate.area))) for row in rows),
        remark=say(N_("判断")),
        scale=rate_scale(say),
    )


def _row(say: Say, row: Named, test: TargetTest | None) -> FigureRow:
    estimate, digits = row.estimate, row.digits
    exact = has_interval(estimate)
    shown = test if exact else None
    figures = (
        rate_figure(estimate, digits),
        percent_figure(estimate.low if exact else None, digits),
        percent_figure(estimate.high if exact else None, digits),
        _target(estimate),
        Figure(text=count(estimate.n), value=estimate.n),
        number(estimate.n_effective if exact else None, 0),
        number(estimate.df if exact else None, 0),
        p_figure(shown.p_value if shown else None),
        p_figure(shown.adjusted if shown else None),
        NOTHING if shown is None else Figure(text=count(shown.family), value=shown.family),
    )
    return FigureRow(
        names=row.names,
        codes=row.codes,
        figures=figures,
        drawing=LateDrawing(partial(drawing_of, estimate, " ".join(row.names), digits)),
        words=verdict(estimate, say),
    )


def _target(estimate: PublishedEstimate) -> Figure:
    if estimate.target is None:
        return NOTHING
    return Figure(text=as_set(estimate.target), value=round(100 * estimate.target, 1))


def verdict(estimate: PublishedEstimate, say: Say) -> str:
    """The band, or why there is none."""
    if estimate.band is not None and has_interval(estimate):
        return f"{BAND_SIGNS[estimate.band]} {say(BAND_WORDS[estimate.band])}"
    return remark(estimate, say)


def p_figure(p: float | None) -> Figure:
    """With three decimals, and no smaller than .001.

    >>> p_figure(0.01234).text, p_figure(1e-9).text
    ('0.012', '<0.001')
    """
    if p is None:
        return NOTHING
    return Figure(text="<0.001") if p < 0.001 else Figure(text=f"{p:.3f}", value=round(p, 3))
