"""How the redraws of a design lie, as SVG text: bars of their largest differences, and a mark for the draw itself."""

from collections.abc import Sequence

from markupsafe import Markup, escape

#: Drawing units; a page may stretch the drawing to any width.
WIDTH, HEIGHT = 320, 110
_LEFT, _BASE, _TOP, _SIZE = 6, 88, 10, 11
_BAR, _OWN, _QUIET = "#b9cbdd", "#a4262c", "#5a6675"


def draw_redraws(bars: Sequence[int], *, top: float, own: float, title: str) -> Markup:
    """``bars``: redraws in equal parts of 0 … ``top`` (standard deviations); ``own``: the draw's, a red line.

    >>> drawn = draw_redraws([1, 3], top=0.2, own=0.1, title="redraws")
    >>> drawn.count("<rect"), 'x1="160"' in drawn, ">0.20<" in drawn
    (2, True, True)
    """
    step, most = (WIDTH - 2 * _LEFT) / len(bars), max([*bars, 1])
    boxes = []
    for place, count in enumerate(bars):
        height = (_BASE - _TOP) * count / most
        x, y = _LEFT + place * step, _BASE - height
        boxes.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{step - 1:.1f}" height="{height:.1f}" fill="{_BAR}"/>')
    at = _LEFT + (WIDTH - 2 * _LEFT) * min(own / top, 1.0)
    figures = "".join(
        f'<text x="{x}" y="{_BASE + 15}" text-anchor="{anchor}">{value:.2f}</text>'
        for x, anchor, value in ((_LEFT, "start", 0.0), (WIDTH / 2, "middle", top / 2), (WIDTH - _LEFT, "end", top))
    )
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="redraws" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="inherit" font-size="{_SIZE}" fill="{_QUIET}"><title>{escape(title)}</title>{"".join(boxes)}'
        f'<path d="M{_LEFT} {_BASE}H{WIDTH - _LEFT}" stroke="{_QUIET}"/>{figures}'
        f'<line x1="{at:g}" x2="{at:g}" y1="2" y2="{_BASE}" stroke="{_OWN}" stroke-width="2"/></svg>'
    )
    return Markup(text)  # noqa: S704 - every part is a number or escaped
