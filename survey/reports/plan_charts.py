"""Curves over the sample size as SVG text: half-width of the interval, chance that a change is seen.

Only figures stand in the drawing; its words are set by the page. Lines differ by dashes as well as by colour, so that
they print in black. Only attributes, no styles, as in :mod:`survey.reports.charts`.
"""

import math
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 360, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 12, 12, 30
_GRID, _AXIS, _QUIET, _WANTED = "#d5dce3", "#5a6675", "#3b4754", "#a4262c"
#: Colour and dashes of the first, second and third line.
STROKES = (("#1f4e79", ""), ("#8a5300", "7 4"), ("#4c2c92", "2 3"))


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Points (n, share 0-1) by rising n."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class CurveChart:
    """``top``: the share at the upper end; ``wanted``: a level line; ``planned``: an upright line at a size."""

    curves: tuple[Curve, ...]
    largest: float
    top: float
    wanted: float | None = None
    planned: int | None = None


#: What a scale may end with, and into how many steps it is divided then.
_ENDS = {1.0: 5, 1.5: 3, 2.0: 4, 3.0: 3, 4.0: 4, 5.0: 5, 6.0: 3, 8.0: 4, 10.0: 5}


def nice_end(number: float) -> float:
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8 and their tenfolds: a scale may end with it.

    >>> [nice_end(number) for number in (0.13, 0.36, 129, 258, 1372)]
    [0.15, 0.4, 150.0, 300.0, 1500.0]
    """
    power = 10.0 ** math.floor(math.log10(number))
    return float(f"{next(end * power for end in _ENDS if end * power >= number * (1 - 1e-9)):.6g}")


def _steps(end: float) -> list[float]:
    """The figures of a scale to a nice end.

    >>> _steps(150.0), _steps(1.0)
    ([0.0, 50.0, 100.0, 150.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    """
    power = 10.0 ** math.floor(math.log10(end) + 1e-9)
    parts = _ENDS.get(round(end / power, 6), 4)
    return [round(end * step / parts, 10) for step in range(parts + 1)]


def draw_curves(chart: CurveChart, *, title: str) -> Markup:
    """The drawing; ``title`` says in words what it shows.

    >>> chart = CurveChart(curves=(Curve(points=((10, 0.2), (100, 0.05))),), largest=100, top=0.2, planned=50)
    >>> drawn = draw_curves(chart, title="±")
    >>> drawn.count("<path"), "style" in drawn  # grid, axes, wanted and planned, the curve
    (4, False)
    """
    lines = [_curve(curve, chart, number) for number, curve in enumerate(chart.curves)]
    wanted = "" if chart.wanted is None else f"M{_LEFT} {_n(_y(chart.wanted, chart))}H{WIDTH - _RIGHT}"
    planned = "" if chart.planned is None else f"M{_n(_x(chart.planned, chart))} {_TOP}V{HEIGHT - _BOTTOM}"
    marks = f'<path d="{wanted}{planned}" stroke="{_WANTED}" stroke-width="1.2" fill="none"/>'
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" class="plan-curves"'
        f' font-size="11" font-family="inherit" fill="{_QUIET}"><title>{escape(title)}</title>'
        f"{_scales(chart)}{marks if wanted or planned else ''}{''.join(lines)}</svg>"
    )
    return Markup(text)  # noqa: S704 - every part is escaped


def draw_line_sample(number: int) -> Markup:
    """The line of a curve as it stands before its words in the legend."""
    colour, dashes = STROKES[number]
    path = f'<path d="M1 7H35" stroke="{colour}" stroke-width="2"{_dashed(dashes)}/>'
    head = 'xmlns="http://www.w3.org/2000/svg" aria-hidden="true" viewBox="0 0 36 14" width="36" height="14"'
    return Markup(f"<svg {head}>{path}</svg>")  # noqa: S704 - nothing from outside is in it


def _curve(curve: Curve, chart: CurveChart, number: int) -> str:
    inside = [(n, share) for n, share in curve.points if share <= chart.top * (1 + 1e-9)]
    if len(inside) < 2:
        return ""
    path = "M" + "L".join(f"{_n(_x(n, chart))} {_n(_y(share, chart))}" for n, share in inside)
    colour, dashes = STROKES[number % len(STROKES)]
    return f'<path d="{path}" stroke="{colour}" stroke-width="2" fill="none"{_dashed(dashes)}/>'


def _dashed(dashes: str) -> str:
    return f' stroke-dasharray="{dashes}"' if dashes else ""


def _scales(chart: CurveChart) -> str:
    up, along = _steps(chart.top), _steps(chart.largest)
    grid = "".join(f"M{_LEFT} {_n(_y(share, chart))}H{WIDTH - _RIGHT}" for share in up)
    shares = "".join(
        f'<text x="{_LEFT - 4}" y="{_n(_y(share, chart) + 4)}" text-anchor="end">{_percent(share)}</text>'
        for share in up
    )
    sizes = "".join(
        f'<text x="{_n(_x(n, chart))}" y="{HEIGHT - 12}" text-anchor="middle">{n:,.10g}</text>' for n in along
    )
    axis = f"M{_LEFT} {_TOP}V{HEIGHT - _BOTTOM}H{WIDTH - _RIGHT}"
    return (
        f'<path d="{grid}" stroke="{_GRID}" stroke-width="1"/>'
        f'<path d="{axis}" stroke="{_AXIS}" stroke-width="1.2" fill="none"/>{shares}{sizes}'
    )


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def _x(n: float, chart: CurveChart) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * min(n / chart.largest, 1.0)


def _y(share: float, chart: CurveChart) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * share / chart.top


def _n(number: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")
