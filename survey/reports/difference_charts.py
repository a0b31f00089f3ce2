"""Differences as SVG text: a mark with its interval on a scale of points around zero, drawn like those of rates."""

from dataclasses import dataclass

from markupsafe import Markup, escape

#: Drawing units, as those of :mod:`survey.reports.charts`.
WIDTH = 160
HEIGHT = 14
_MARGIN = 6
_BED, _ZERO, _MOVED, _STILL, _QUIET = "#eaeff4", "#5a6675", "#1f4e79", "#5f6b78", "#5a6675"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """In points; ``clear``: told from nothing, drawn filled. What lies beyond the scale is cut at its end."""

    low: float
    value: float
    high: float
    clear: bool


def reach_of(differences: list[Difference]) -> int:
    """The points to either side of zero that a scale shows: the least step of 10 that holds every limit, at most 100.

    >>> reach_of([Difference(low=-3, value=6, high=15, clear=False)]), reach_of([])
    (20, 10)
    """
    most = max((max(-one.low, one.high) for one in differences), default=0.0)
    return min(100, max(10, -int(-most // 10) * 10))


def draw_difference(difference: Difference, *, reach: int, title: str) -> Markup:
    """The drawing of one row; ``title`` says in words what it shows.

    >>> drawn = draw_difference(Difference(low=-3, value=6, high=15, clear=False), reach=20, title="+6")
    >>> "M68.9 7H135.5" in drawn  # 80 is zero, 3.7 units are a point
    True
    """
    low, value, high = (_x(number, reach) for number in (difference.low, difference.value, difference.high))
    colour, fill = (_MOVED, _MOVED) if difference.clear else (_STILL, "#ffffff")
    line = f'<path d="M{_n(low)} 7H{_n(high)}M{_n(low)} 4v6M{_n(high)} 4v6" fill="none" stroke="{colour}" '
    line += 'stroke-width="1.7"/>' if difference.clear else 'stroke-width="1.6" stroke-dasharray="3.5 2"/>'
    return _svg(
        f'role="img" viewBox="0 0 {WIDTH} {HEIGHT}"',
        f"<title>{escape(title)}</title>",
        f'<path d="M{_MARGIN} 2H{WIDTH - _MARGIN}v10H{_MARGIN}Z" fill="{_BED}"/>',
        f'<path d="M{WIDTH // 2} 0v{HEIGHT}" stroke="{_ZERO}" stroke-width="1"/>',
        line,
        f'<circle cx="{_n(value)}" cy="7" r="3.4" fill="{fill}" stroke="{colour}" stroke-width="1.4"/>',
    )


def draw_point_scale(*, reach: int, title: str, size: float = 12) -> Markup:
    """The figures of the scale for the head of the column."""
    half, height = size * 0.3, size * 1.1
    figures = (
        (f"−{reach}", 0.0),
        ("0", WIDTH / 2 - half),
        (f"+{reach}", WIDTH - 2.2 * half * (len(str(reach)) + 1) - 4),
    )
    return _svg(
        f'class="scale" aria-hidden="true" viewBox="0 0 {WIDTH} {_n(height)}" font-family="inherit"'
        f' font-size="{_n(size)}" fill="{_QUIET}"',
        f"<title>{escape(title)}</title>",
        *(f'<text x="{_n(x)}" y="{_n(height - size * 0.2)}">{text}</text>' for text, x in figures),
    )


def _x(points: float, reach: int) -> float:
    inside = max(-reach, min(reach, points))
    return WIDTH / 2 + (WIDTH / 2 - _MARGIN) * inside / reach


def _svg(attributes: str, *parts: str) -> Markup:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{"".join(parts)}</svg>'
    return Markup(text)  # noqa: S704 - every part is escaped


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
