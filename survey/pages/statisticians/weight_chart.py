"""How weights spread, drawn as SVG: how many answers have a weight so many times the mean.

Only attributes, no styles: the Content-Security-Policy allows none. The same figures stand in a table beside it.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, HEIGHT = 420, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 10, 14, 44
_BAR, _MEAN, _GRID, _TEXT = "#1f4e79", "#8a5a00", "#d5dbe1", "#484f57"
_SIZE = 14
#: Before the number at the right end, which takes the place of one that would run into it.
_ROOM = 48


def draw_histogram(bars: Sequence[tuple[float, float, int]], *, title: str, axis: str) -> Markup:
    """``bars``: from, to, answers, without gaps from 0 on; the last may be wider. A broken line stands at 1."""
    most = max((count for _, _, count in bars), default=1) or 1
    step = (WIDTH - _LEFT - _RIGHT) / max(len(bars), 1)
    bottom, height = HEIGHT - _BOTTOM, HEIGHT - _TOP - _BOTTOM
    parts = [_line(bottom), _text(_LEFT - 6, bottom + 5, "end", "0")]
    parts += [_line(_TOP), _text(_LEFT - 6, _TOP + 5, "end", f"{most:,}")]
    for place, (low, high, count) in enumerate(bars):
        x = _LEFT + place * step
        if count:
            tall = max(height * count / most, 1)
            parts.append(
                f'<rect x="{x + 1:.1f}" y="{bottom - tall:.1f}" width="{max(step - 2, 1):.1f}" height="{tall:.1f}" '
                f'fill="{_BAR}"/>'
            )
        if place % 4 == 0 and x + _ROOM < WIDTH - _RIGHT:
            parts.append(_text(x, bottom + 18, "middle" if place else "start", f"{low:g}"))
        if low < 1 <= high:
            mean = x + step * (1 - low) / (high - low)
            parts.append(
                f'<path d="M{mean:.1f} {_TOP}V{bottom}" stroke="{_MEAN}" stroke-width="2" stroke-dasharray="5 4"/>'
            )
    parts.append(_text(WIDTH - _RIGHT, bottom + 18, "end", f"{bars[-1][1]:.3g}" if bars else ""))
    parts.append(_text(_LEFT + (WIDTH - _LEFT - _RIGHT) / 2, HEIGHT - 8, "middle", axis))
    head = f'role="img" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="inherit"'
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {head}><title>{escape(title)}</title>{"".join(parts)}</svg>'
    return Markup(text)  # noqa: S704 - every part is escaped


def _line(y: float) -> str:
    return f'<path d="M{_LEFT} {y:g}H{WIDTH - _RIGHT}" stroke="{_GRID}" stroke-width="1"/>'


def _text(x: float, y: float, anchor: str, words: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:g}" font-size="{_SIZE}" text-anchor="{anchor}" fill="{_TEXT}">{escape(words)}</text>'
    )
