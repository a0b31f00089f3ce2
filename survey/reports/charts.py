"""Interval charts as SVG text: the same picture on a web page and in a PDF.

Only attributes, no styles: a page's Content-Security-Policy allows none, and a page's style sheet does not reach
inline SVG in the PDF. Everything a user wrote is escaped here. One row has its label and its number on a first line
and the 0-100 % scale below them, so that long names and narrow screens both work.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup, escape

#: Drawing units; text is 12 of them high, so 480 suits a phone and 560 a page of A4.
WIDTH = 480
_MARGIN = 14
_TOP = 2
_LINE = 16  # one line of text
_TRACK = 14  # the scale below the text
_GAP = 7
_AXIS = 20
_LEGEND = 18
_SIZE = 12  # font size of labels and numbers
_SMALL = 10

_INK = "#1d2733"
_QUIET = "#5a6675"
_BED = "#eef2f6"
_MARK = "#1f4e79"
_CARE = "#6b7785"
_TARGET = "#a4262c"
_RANGE = "#b9cbdd"


class Mark(StrEnum):
    """How a row is drawn."""

    INTERVAL = "interval"  # filled point on a line
    CARE = "care"  # hollow point on a broken line
    POINT = "point"  # diamond without a line
    RANGE = "range"  # a bar in place of a point
    ABSENT = "absent"  # words only
    TARGET = "target"  # not a row: the tick of a target, for the legend


@dataclass(frozen=True, kw_only=True)
class ChartRow:
    """One row; rates 0-1. ``value`` is printed at the right end, ``verdict`` before it, ``words`` on the scale."""

    label: str
    mark: Mark
    value: str = ""
    verdict: str = ""
    words: str = ""
    proportion: float | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None


def interval_chart(
    rows: Sequence[ChartRow],
    *,
    prefix: str,
    title: str,
    description: str,
    legend: Mapping[Mark, str],
    font_family: str = "inherit",
    width: int = WIDTH,
) -> Markup:
    """The rows from top to bottom on one 0-100 % scale. ``prefix`` keeps the ids unique in the document.

    ``legend`` has the words for each kind of mark; only the kinds in use are explained.
    """
    scale = _Scale(width=width)
    body: list[str] = []
    y = float(_TOP)
    for row in rows:
        taken = _width(row.value, _SIZE) + _width(row.verdict, _SMALL) + 26
        lines = _wrap(row.label, width - 2 * _MARGIN - taken)
        body += _row_text(row, lines, y, scale)
        y += _LINE * len(lines)
        body += _row_marks(row, y, scale)
        y += _TRACK + _GAP
    explained, legend_lines = _draw_legend(_legend_entries(rows, legend), y + _AXIS, scale)
    height = y + _AXIS + _LEGEND * legend_lines + 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="interval-chart" role="img" viewBox="0 0 {width} {_n(height)}"'
        f' width="{width}" height="{_n(height)}" font-family="{escape(font_family)}" font-size="{_SIZE}"'
        f' aria-labelledby="{escape(prefix)}-title {escape(prefix)}-desc">'
        f'<title id="{escape(prefix)}-title">{escape(title)}</title>'
        f'<desc id="{escape(prefix)}-desc">{escape(description)}</desc>'
    )
    parts = [head, *body, *scale.figures(y - _GAP), *explained, "</svg>"]
    return Markup("".join(parts))  # noqa: S704 - every part is escaped


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """Where a rate lies on a drawing of ``width`` units."""

    width: int

    def x(self, proportion: float) -> float:
        return _MARGIN + (self.width - 2 * _MARGIN) * proportion

    def bed(self, y: float) -> list[str]:
        """The strip a row is drawn on, with a gap at every fifth of the scale."""
        ticks = "".join(f"M{_n(self.x(step / 5))} {_n(y)}v{_TRACK}" for step in range(1, 5))
        return [
            f'<rect x="{_MARGIN}" y="{_n(y)}" width="{self.width - 2 * _MARGIN}" height="{_TRACK}" fill="{_BED}"/>',
            f'<path d="{ticks}" stroke="#ffffff" stroke-width="1.2"/>',
        ]

    def figures(self, bottom: float) -> list[str]:
        """The percentages below the last row."""
        anchors = {0: "start", 5: "end"}
        return [
            _text(
                f"{20 * step}%",
                x=self.x(step / 5),
                y=bottom + 12,
                size=_SMALL,
                fill=_QUIET,
                anchor=anchors.get(step, "middle"),
            )
            for step in range(6)
        ]


def _row_text(row: ChartRow, lines: Sequence[str], y: float, scale: _Scale) -> list[str]:
    parts = [_text(line, x=_MARGIN, y=y + 11.5 + _LINE * number) for number, line in enumerate(lines)]
    right, baseline = scale.x(1), y + _LINE * (len(lines) - 1) + 11.5
    if row.value:
        weight = "normal" if row.mark is Mark.CARE else "bold"
        parts.append(_text(row.value, x=right, y=baseline, anchor="end", weight=weight))
    if row.verdict:
        x = right - _width(row.value, _SIZE) - 8
        parts.append(_text(row.verdict, x=x, y=baseline, anchor="end", size=_SMALL, fill=_QUIET))
    return parts


def _row_marks(row: ChartRow, y: float, scale: _Scale) -> list[str]:
    middle = y + _TRACK / 2
    parts = scale.bed(y)
    if row.mark is Mark.ABSENT:
        return [*parts, _text(row.words, x=scale.x(0) + 6, y=middle + 3.5, size=_SMALL, fill=_QUIET)]
    if row.mark is Mark.RANGE and row.low is not None and row.high is not None:
        left, right = scale.x(row.low), scale.x(row.high)
        parts.append(_bar(left, middle, right - left))
    elif row.low is not None and row.high is not None:
        parts += _interval_line(row.mark, scale.x(row.low), scale.x(row.high), middle)
    if row.target is not None:
        x = scale.x(row.target)
        parts.append(_line(x, y - 1.5, x, y + _TRACK + 1.5, _TARGET, 1.8))
    if row.proportion is not None and row.mark is not Mark.RANGE:
        parts.append(_point(row.mark, scale.x(row.proportion), middle))
    return parts


def _bar(x: float, y: float, width: float) -> str:
    return (
        f'<rect x="{_n(x)}" y="{_n(y - 4)}" width="{_n(width)}" height="8" fill="{_RANGE}" stroke="{_MARK}"'
        ' stroke-width="0.8"/>'
    )


def _interval_line(mark: Mark, left: float, right: float, y: float) -> list[str]:
    if mark is Mark.CARE:
        return [_line(left, y, right, y, _CARE, 2, dashes="4 2.5")]
    ends = [_line(end, y - 3.5, end, y + 3.5, _MARK, 1.4) for end in (left, right)]
    return [_line(left, y, right, y, _MARK, 2.4), *ends]


def _point(mark: Mark, x: float, y: float) -> str:
    if mark is Mark.POINT:
        corners = f"{_n(x)},{_n(y - 5)} {_n(x + 5)},{_n(y)} {_n(x)},{_n(y + 5)} {_n(x - 5)},{_n(y)}"
        return f'<polygon points="{corners}" fill="#ffffff" stroke="{_MARK}" stroke-width="1.6"/>'
    fill, stroke = ("#ffffff", _CARE) if mark is Mark.CARE else (_MARK, _MARK)
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="4" fill="{fill}" stroke="{stroke}" stroke-width="1.6"/>'


def _legend_entries(rows: Sequence[ChartRow], legend: Mapping[Mark, str]) -> list[tuple[Mark, str]]:
    used = {row.mark for row in rows}
    if any(row.target is not None for row in rows if row.mark is not Mark.ABSENT):
        used.add(Mark.TARGET)
    return [(mark, legend[mark]) for mark in Mark if mark in used and mark in legend]


def _draw_legend(entries: Sequence[tuple[Mark, str]], top: float, scale: _Scale) -> tuple[list[str], int]:
    """The drawn entries and the number of lines they take."""
    parts: list[str] = []
    x, line = float(_MARGIN), 0
    for mark, words in entries:
        width = 30 + _width(words, _SMALL) + 14
        if x > _MARGIN and x + width - 14 > scale.x(1):
            x, line = float(_MARGIN), line + 1
        y = top + _LEGEND * line + 8
        parts += _sample(mark, x, y)
        parts.append(_text(words, x=x + 30, y=y + 3.5, size=_SMALL, fill=_QUIET))
        x += width
    return parts, line + 1 if entries else 0


def _sample(mark: Mark, x: float, y: float) -> list[str]:
    """A mark 24 units wide beside its explanation."""
    if mark is Mark.TARGET:
        return [_line(x + 12, y - 6, x + 12, y + 6, _TARGET, 1.6)]
    if mark is Mark.RANGE:
        return [_bar(x, y, 24)]
    if mark is Mark.POINT:
        return [_point(mark, x + 12, y)]
    return [*_interval_line(mark, x, x + 24, y), _point(mark, x + 12, y)]


def _wrap(text: str, room: float) -> list[str]:
    """``text`` in at most three lines of ``room`` units; what does not fit ends in an ellipsis."""
    words = _pieces(text)
    lines = [""]
    for word in words:
        if lines[-1] and _width(lines[-1] + word.rstrip(), _SIZE) > room:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    lines = [line.strip() for line in lines]
    if len(lines) > 3:
        lines = [*lines[:2], lines[2][:-1] + "…"]
    return lines


def _pieces(text: str) -> list[str]:
    """Where a line may break: after a space, around a wide character, and inside a word of more than 24."""
    pieces: list[str] = []
    for character in text:
        joins = pieces and not _wide(character) and not _wide(pieces[-1][-1])
        if joins and not pieces[-1].endswith(" ") and len(pieces[-1]) < 24:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"


def _width(text: str, size: float) -> float:
    """About how wide ``text`` is; a little more than the truth.

    >>> _width("社区 A", 10)
    32.0
    """
    return sum(size if _wide(character) else size * 0.6 for character in text)


def _n(number: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float, dashes: str = "") -> str:
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{stroke}"'
        f' stroke-width="{width}"{broken}/>'
    )


def _text(
    text: str,
    *,
    x: float,
    y: float,
    size: float = _SIZE,
    fill: str = _INK,
    anchor: str = "start",
    weight: str = "normal",
) -> str:
    smaller = "" if size == _SIZE else f' font-size="{size}"'
    anchored = "" if anchor == "start" else f' text-anchor="{anchor}"'
    bold = "" if weight == "normal" else f' font-weight="{weight}"'
    return f'<text x="{_n(x)}" y="{_n(y)}" fill="{fill}"{smaller}{anchored}{bold}>{escape(text)}</text>'
