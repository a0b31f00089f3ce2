"""Odds ratios and sets of ranks as SVG text, drawn like the rates of :mod:`survey.reports.charts`."""

import math

from markupsafe import Markup, escape

from survey.reports.charts import HEIGHT, WIDTH

_MARGIN = 6
_BED, _LINE, _MARK, _STILL = "#eaeff4", "#5a6675", "#1f4e79", "#5f6b78"
#: Odds ratios from a sixteenth to sixteen times; what lies beyond is cut at the end.
_DOUBLINGS = 4


def draw_odds(low: float, value: float, high: float, *, clear: bool, title: str) -> Markup:
    """An odds ratio with its limits; every doubling is as wide as the next one, 1 stands in the middle. ``clear``: told
    from 1 in its family, drawn filled.
    """
    left, point, right = (_odds_x(number) for number in (low, value, high))
    colour, fill = (_MARK, _MARK) if clear else (_STILL, "#ffffff")
    dashes = "" if clear else ' stroke-dasharray="3.5 2"'
    return _svg(
        title,
        f'<path d="M{WIDTH // 2} 0v{HEIGHT}" stroke="{_LINE}" stroke-width="1"/>',
        f'<path d="M{_n(left)} 7H{_n(right)}" stroke="{colour}" stroke-width="1.7"{dashes}/>',
        f'<circle cx="{_n(point)}" cy="7" r="3.4" fill="{fill}" stroke="{colour}" stroke-width="1.4"/>',
    )


def draw_odds_scale(*, title: str, size: float = 12) -> Markup:
    figures = (("1/16", 0.0), ("1", WIDTH / 2 - size * 0.3), ("16", WIDTH - size * 1.6))
    return _scale(title, figures, size)


def draw_ranks(low: int, high: int, count: int, *, title: str) -> Markup:
    """The ranks from ``low`` to ``high`` among 1…``count``, as a bar.

    >>> "H154v" in draw_ranks(1, 10, 10, title="1-10")
    True
    """
    step = (WIDTH - 2 * _MARGIN) / max(count, 1)
    left, right = _MARGIN + step * (low - 1), _MARGIN + step * high
    return _svg(title, f'<path d="M{_n(left)} 3.5H{_n(right)}v7H{_n(left)}Z" fill="#b9cbdd" stroke="{_MARK}"/>')


def draw_rank_scale(count: int, *, title: str, size: float = 12) -> Markup:
    return _scale(title, (("1", _MARGIN), (str(count), WIDTH - size * 0.7 * len(str(count)) - 4)), size)


def _odds_x(value: float) -> float:
    doublings = math.log2(value) if value > 0 else -_DOUBLINGS
    inside = max(-_DOUBLINGS, min(_DOUBLINGS, doublings))
    return WIDTH / 2 + (WIDTH / 2 - _MARGIN) * inside / _DOUBLINGS


def _svg(title: str, *parts: str) -> Markup:
    bed = f'<path d="M{_MARGIN} 2H{WIDTH - _MARGIN}v10H{_MARGIN}Z" fill="{_BED}"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}">'
    text = f"{head}<title>{escape(title)}</title>{bed}{''.join(parts)}</svg>"
    return Markup(text)  # noqa: S704 - every part is escaped


def _scale(title: str, figures: tuple[tuple[str, float], ...], size: float) -> Markup:
    height = size * 1.1
    words = "".join(f'<text x="{_n(x)}" y="{_n(height - size * 0.2)}">{text}</text>' for text, x in figures)
    head = f'class="scale" aria-hidden="true" viewBox="0 0 {WIDTH} {_n(height)}" font-family="inherit"'
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {head} font-size="{_n(size)}" fill="{_LINE}">'
        f"<title>{escape(title)}</title>{words}</svg>"
    )
    return Markup(text)  # noqa: S704 - every part is escaped


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
