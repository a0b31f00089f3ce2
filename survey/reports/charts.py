"""Interval marks as SVG text: the same drawing on a web page and in a PDF.

Each row of a table holds one drawing without any text, on a 0-100 % scale that all rows share; the scale's figures
stand once, in the head of the column. So labels and numbers are set by the page, in the page's own size, on narrow
screens too. Only attributes, no styles: a page's Content-Security-Policy allows none, and a page's style sheet does
not reach inline SVG in the PDF.
"""

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup, escape

#: Drawing units; a page may stretch the drawing to any width.
WIDTH = 160
HEIGHT = 14
_MARGIN = 6  # a mark at 0 or 100 % lies whole on the drawing

_BED = "#eaeff4"
_MARK = "#1f4e79"
_CARE = "#5f6b78"
_TARGET = "#a4262c"
_RANGE = "#b9cbdd"
_QUIET = "#5a6675"


class Mark(StrEnum):
    """How an estimate is drawn; the order is that of the legend."""

    INTERVAL = "interval"  # filled point on a line
    CARE = "care"  # hollow point on a broken line
    POINT = "point"  # diamond without a line
    RANGE = "range"  # a bar in place of a point
    TARGET = "target"  # not an estimate: the tick of a target, for the legend


@dataclass(frozen=True, kw_only=True)
class MarkedRate:
    """One estimate to draw; rates 0-1. A range and an interval both have ``low`` and ``high``."""

    mark: Mark
    proportion: float | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None


def draw_rate(rate: MarkedRate, *, title: str) -> Markup:
    """The drawing of one row. ``title`` says in words what it shows.

    >>> "<text" in draw_rate(MarkedRate(mark=Mark.POINT, proportion=0.5), title="50%")
    False
    """
    x = [None if value is None else _x(value) for value in (rate.low, rate.proportion, rate.high)]
    target = "" if rate.target is None else _tick(_x(rate.target))
    return _svg(
        f'role="img" viewBox="0 0 {WIDTH} {HEIGHT}"',
        f"<title>{escape(title)}</title>",
        f'<path d="{_BED_PATH}" fill="{_BED}"/>',
        target,
        _shape(rate.mark, *x),
    )


def draw_scale(*, title: str, size: float, font_family: str = "inherit", unit: str = "%") -> Markup:
    """The figures of the scale for the head of the column, ``size`` drawing units high."""
    half = size * 0.3  # of a figure; anchors other than the start cost the PDF a drawing of its own
    last = WIDTH - (9.5 if unit else 6) * half
    figures = (("0", _x(0) - half), ("50", _x(0.5) - 2 * half), (f"100{unit}", last))
    height = size * 1.1
    return _svg(
        f'class="scale" aria-hidden="true" viewBox="0 0 {WIDTH} {_n(height)}" font-family="{escape(font_family)}"'
        f' font-size="{_n(size)}" fill="{_QUIET}"',
        f"<title>{escape(title)}</title>",
        *(f'<text x="{_n(x)}" y="{_n(height - size * 0.2)}">{text}</text>' for text, x in figures),
    )


def draw_sample(mark: Mark, *, title: str) -> Markup:
    """A mark as it stands before its explanation in the legend."""
    width = 26
    middle = width / 2
    shape = _tick(middle) if mark is Mark.TARGET else _shape(mark, 1, middle, width - 1)
    head = f'aria-hidden="true" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}"'
    return _svg(head, f"<title>{escape(title)}</title>", shape)


def _svg(attributes: str, *parts: str) -> Markup:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{"".join(parts)}</svg>'
    return Markup(text)  # noqa: S704 - every part is escaped


def _shape(mark: Mark, low: float | None, point: float | None, high: float | None) -> str:
    """The mark itself, in as few elements as it can be: a report holds dozens, and each costs."""
    line = ends = bar = dot = ""
    if low is not None and high is not None:
        line = f"M{_n(low)} 7H{_n(high)}"
        ends = f"M{_n(low)} 4v6M{_n(high)} 4v6"
        bar = f"M{_n(low)} 3.5H{_n(max(low + 1, high))}v7H{_n(low)}Z"
    if point is not None:
        dot = f"M{_n(point)} 3.6c4.5 0 4.5 6.8 0 6.8c-4.5 0-4.5-6.8 0-6.8Z"
    if mark is Mark.RANGE:
        return _path(bar, _MARK, _RANGE, 0.8)
    if mark is Mark.CARE:
        return _path(line, _CARE, "none", 1.6, dashes="3.5 2") + _path(dot, _CARE, "#ffffff", 1.4)
    if mark is Mark.POINT:
        diamond = f"M{_n(point)} 2.5l4.5 4.5l-4.5 4.5l-4.5-4.5Z" if point is not None else ""
        return _path(diamond, _MARK, "#ffffff", 1.4)
    return _path(line + ends + dot, _MARK, _MARK, 1.7)


def _path(shape: str, stroke: str, fill: str, width: float, dashes: str = "") -> str:
    if not shape:
        return ""
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{shape}" fill="{fill}" stroke="{stroke}" stroke-width="{width}"{broken}/>'


def _tick(x: float) -> str:
    return f'<path d="M{_n(x)} 0v{HEIGHT}" stroke="{_TARGET}" stroke-width="1.6"/>'


def _x(proportion: float) -> float:
    return _MARGIN + (WIDTH - 2 * _MARGIN) * proportion


def _n(number: float) -> str:
    """A coordinate with at most one decimal.

    >>> _n(7.0), _n(12.34)
    ('7', '12.3')
    """
    return f"{number:.1f}".removesuffix(".0")


#: The strip a row is drawn on, with a gap at 50 %.
_BED_PATH = (
    f"M{_MARGIN} 2H{WIDTH // 2 - 0.5}v10H{_MARGIN}ZM{WIDTH // 2 + 0.5} 2H{WIDTH - _MARGIN}v10H{WIDTH // 2 + 0.5}Z"
)
