"""The drawings of the fieldwork monitor as SVG: completes beside the plan, and when somebody was at the doors.

Only attributes, no styles: the Content-Security-Policy allows none. Figures are drawn large, so that they can be read
on a phone, where a drawing is half as wide; everything a drawing tells stands in a table, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from analysis.fieldwork.attempt_times import EVENING, SATURDAY

WIDTH, HEIGHT = 420, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 12, 28
_DONE, _PLAN, _GRID, _TEXT = "#1f4e79", "#8a5a00", "#d5dbe1", "#484f57"
_SIZE = 14
_CELL, _ROW = 20, 22
#: As many steps of blue as an eye tells apart.
_SHADES = ("#f1f4f7", "#c9d8e6", "#93b3cf", "#4f80ab", "#1f4e79")


@dataclass(frozen=True, kw_only=True)
class Line:
    """Points in the order of their days: how many there were at the end of each."""

    points: Sequence[tuple[date, float]]


def draw_progress(done: Line, plan: Line | None, *, title: str) -> Markup:
    """Completes day by day; the plan broken beside it. There is at least one point."""
    every = [*done.points, *(plan.points if plan else ())]
    first, last = min(point[0] for point in every), max(point[0] for point in every)
    most = nice_limit(max(point[1] for point in every))
    days = max((last - first).days, 1)

    def place(point: tuple[date, float]) -> str:
        x = _LEFT + (WIDTH - _LEFT - _RIGHT) * (point[0] - first).days / days
        y = HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * point[1] / most
        return f"{x:.1f} {y:.1f}"

    parts = [_level(most * step / 2, most) for step in range(3)]
    parts.append(_text(_LEFT, HEIGHT - 8, "start", _day(first)))
    parts.append(_text(WIDTH - _RIGHT, HEIGHT - 8, "end", _day(last)))
    if plan:
        way = "L".join(place(point) for point in plan.points)
        parts.append(f'<path d="M{way}" fill="none" stroke="{_PLAN}" stroke-width="2" stroke-dasharray="7 5"/>')
    way = "L".join(place(point) for point in done.points)
    end = place(done.points[-1]).split(" ")
    parts.append(f'<path d="M{way}" fill="none" stroke="{_DONE}" stroke-width="3" stroke-linejoin="round"/>')
    parts.append(f'<circle cx="{end[0]}" cy="{end[1]}" r="4.5" fill="{_DONE}"/>')
    return _svg(WIDTH, HEIGHT, title, parts)


def _day(day: date) -> str:
    return f"{day.month}-{day.day:02}"


def nice_limit(most: float) -> int:
    """An even number from ``most`` up that can be read at a glance; at least 2.

    >>> [nice_limit(number) for number in (0, 3, 17, 240, 754, 1001)]
    [2, 4, 20, 400, 800, 2000]
    """
    unit = 1
    while True:
        for factor in (2, 4, 6, 8, 10):
            if factor * unit >= most:
                return factor * unit
        unit *= 10


def draw_hours(hours: Sequence[Sequence[int]], weekdays: Sequence[str], *, title: str) -> Markup:
    """7 weekdays x 24 hours: the darker, the more attempts. The line stands where the evening begins."""
    used = [hour for row in hours for hour, attempts in enumerate(row) if attempts]
    first, last = min([8, *used]), max([21, *used])
    most = max(max(row) for row in hours)
    left, top = 46, 20
    parts = []
    for weekday, row in enumerate(hours):
        y = top + weekday * _ROW + (6 if weekday >= SATURDAY else 0)
        parts.append(_text(left - 6, y + 15, "end", weekdays[weekday]))
        for hour in range(first, last + 1):
            shade = _SHADES[_step(row[hour], most)]
            x = left + (hour - first) * _CELL
            parts.append(f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_ROW - 2}" fill="{shade}"/>')
    for hour in range(first, last + 1):
        if hour % 3 == 0:
            parts.append(_text(left + (hour - first) * _CELL, 14, "middle", str(hour)))
    bottom = top + 7 * _ROW + 6
    x = left + (EVENING - first) * _CELL - 1
    parts.append(f'<path d="M{x} {top - 2}V{bottom}" stroke="{_PLAN}" stroke-width="2" stroke-dasharray="4 3"/>')
    return _svg(left + (last - first + 1) * _CELL + 8, bottom + 2, title, parts)


def _step(attempts: int, most: int) -> int:
    """0 for none, else 1 to 4 by the share of the most."""
    return 0 if not attempts else 1 + min(3, 4 * attempts // (most + 1))


def _level(value: float, most: float) -> str:
    y = HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / most
    line = f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="{_GRID}" stroke-width="1"/>'
    return line + _text(_LEFT - 6, y + 5, "end", f"{value:g}")


def _text(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{_SIZE}" text-anchor="{anchor}" fill="{_TEXT}">{escape(words)}</text>'


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> Markup:
    head = f'role="img" viewBox="0 0 {width:g} {height:g}" font-family="inherit"'
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {head}><title>{escape(title)}</title>{"".join(parts)}</svg>'
    return Markup(text)  # noqa: S704 - every part is escaped


def plan_line(expected: float, start: date, end: date) -> Line:
    """Evenly from nothing on the day before ``start``."""
    return Line(points=((start - timedelta(days=1), 0.0), (end, expected)))
