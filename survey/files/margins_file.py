"""``margins.csv``: known totals of the population, one group a row; CSV or a workbook, headers English or Chinese.

variable,category,count
F1,1,4800
F1,2,5200
community,330106001001,2400

``variable``: id of a single-choice item of the instrument, or ``community``. ``category``: the code of an option or its
words, the code of a community or its name; several that stand together are joined by ``+``. ``count``: people; or
``share`` in its place, as 0.48 or 48%.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.files.spreadsheets import SheetRows
from survey.messages import N_, BadInput, Message, Problem

#: Fields and their headers, compared without blanks and in lower case.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "variable": ("variable", "变量", "题号", "题目", "项目", "指标"),
    "category": ("category", "类别", "分类", "选项", "组别", "组"),
    "count": ("count", "总数", "人数", "人口数", "数量", "total"),
    "share": ("share", "比例", "占比", "百分比", "比重", "percent"),
}
COLUMNS = N_("变量、类别、总数（或比例）")
MOST_ROWS = 5_000
#: The header stands in one of the first rows.
_HEADER_WITHIN = 10
#: Characters of a first row that are told back: of a file that is no table it may be all of it.
_LONGEST_QUOTE = 80
_JOINED = re.compile(r"[+＋]")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_NOT_A_NUMBER = N_("0 以上的数；百分数写在“比例”（share）一列")
_NOT_A_SHARE = N_("0 到 1 的数，或 0% 到 100%")


@dataclass(frozen=True, kw_only=True)
class MarginRow:
    """``categories``: as written, those joined by ``+`` apart. ``value``: people, or of a ``share`` 0-1; no number
    unless ``counted``.
    """

    line: int
    variable: str
    categories: tuple[str, ...]
    value: float
    share: bool
    counted: bool = True


@dataclass(frozen=True, kw_only=True)
class MarginTable:
    """``problems``: of the cells; the ``rows`` that have some are there as far as they can be held against anything."""

    rows: tuple[MarginRow, ...]
    problems: tuple[Problem, ...]


def read_margins(table: SheetRows) -> MarginTable:
    """The rows in their order, with what is wrong in the cells: whoever reads on tells everything at once.

    Raises :class:`BadInput` for a table that is none.
    """
    places, body = _header(table)
    if not body:
        raise BadInput(Message(N_("{file} 只有表头，没有数据行"), {"file": table.name}))
    if len(body) > MOST_ROWS:
        message = N_("{file} 有 {rows} 行，最多 {most} 行")
        raise BadInput(Message(message, {"file": table.name, "rows": len(body), "most": MOST_ROWS}))
    problems: list[Problem] = []
    rows = [_row(line, cells, places, problems) for line, cells in body]
    return MarginTable(rows=tuple(row for row in rows if row is not None), problems=tuple(problems))


def _header(table: SheetRows) -> tuple[dict[str, int], Sequence[tuple[int, tuple[str, ...]]]]:
    """Field -> column, and the rows below the header."""
    known = {header: name for name, headers in HEADERS.items() for header in headers}
    for place, (_, cells) in enumerate(table.rows[:_HEADER_WITHIN]):
        found = [known.get("".join(cell.split()).lower()) for cell in cells]
        if "variable" in found and "category" in found and {"count", "share"} & set(found):
            twice = sorted({name for name in found if name and found.count(name) > 1})
            if twice:
                message = N_("{file} 的表头有重复的列：{columns}")
                raise BadInput(Message(message, {"file": table.name, "columns": ", ".join(twice)}))
            return {name: column for column, name in enumerate(found) if name}, table.rows[place + 1 :]
    message = N_("{file} 里找不到表头：应有这些列：{columns}；第一行是 {found}")
    first = ", ".join(table.rows[0][1]) if table.rows else "—"
    quote = first if len(first) <= _LONGEST_QUOTE else first[:_LONGEST_QUOTE] + "…"
    raise BadInput(Message(message, {"file": table.name, "columns": Message(COLUMNS), "found": quote}))


def _row(line: int, cells: Sequence[str], places: Mapping[str, int], problems: list[Problem]) -> MarginRow | None:
    written = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
    before = len(problems)

    def wrong(column: str, expected: str) -> None:
        got = written.get(column, "")
        problems.append(Problem(where=str(line), column=column, got=got, expected=Message(expected)))

    if not written["variable"]:
        wrong("variable", N_("题号，或 community（社区）"))
    categories = tuple(part.strip() for part in _JOINED.split(written["category"]))
    if not all(categories):
        wrong("category", N_("选项的代码或文字，或者社区的代码或名称；几个合并时用 + 连接"))
    nameless = len(problems) > before
    filled = [name for name in ("count", "share") if written.get(name)]
    share, value = filled == ["share"], None
    if len(filled) != 1:
        wrong("count", N_("总数和比例里填一个"))
    elif (value := _number(written[filled[0]], share=share)) is None:
        wrong(filled[0], _NOT_A_SHARE if share else _NOT_A_NUMBER)
    if nameless:
        return None
    return MarginRow(
        line=line,
        variable=written["variable"],
        categories=categories,
        value=value or 0.0,
        share=share,
        counted=value is not None,
    )


def _number(written: str, *, share: bool) -> float | None:
    """A number from 0 up; ``None`` for anything else.

    >>> _number("12,345", share=False), _number("48.5%", share=True), _number("0.485", share=True)
    (12345.0, 0.485, 0.485)
    >>> _number("-3", share=False), _number("1.2", share=True), _number("inf", share=False)
    (None, None, None)
    """
    plain = re.sub(r"[,，\s]", "", written)
    percent = share and plain.endswith(("%", "％"))
    plain = plain[:-1] if percent else plain
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain) / (100 if percent else 1)
    if not math.isfinite(value) or (share and value > 1):
        return None
    return round(value, 12) if share else value


def variables(rows: Iterable[MarginRow]) -> dict[str, list[MarginRow]]:
    """The rows of each variable, in order of its first row."""
    found: dict[str, list[MarginRow]] = {}
    for row in rows:
        found.setdefault(row.variable, []).append(row)
    return found
