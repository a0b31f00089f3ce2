"""Sheets as rows of text, and reading them column by column; what is wrong is noted with sheet, row and column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from questionnaires.codes import whole_number
from questionnaires.definition import Text
from questionnaires.problems import N_, InstrumentProblem, shown
from questionnaires.reading import joined, nearest
from questionnaires.xlsform.columns import Columns
from questionnaires.xlsform.languages import language_name, language_tag

#: Rows that are not blank, each with its number as people see it.
Grid = Sequence[tuple[int, Sequence[str]]]
#: Of all sheets together; a form of 500 items has some 3,000.
MOST_ROWS = 20_000
MOST_SURVEY_ROWS = 3_000
_MOST_GUESSES = 50
#: What a cell of a workbook can hold.
LONGEST_CELL = 32_767

#: Columns without which the rows of a sheet cannot be told apart.
NEEDED = {"survey": ("type", "name"), "choices": ("list_name", "name")}
BLANK = N_("文字，不能为空")
#: The key of a column without a heading.
_HEADLESS = "?"
_YES = {"yes", "true", "true()", "1", "是"}
_NO = {"no", "false", "false()", "0", "否"}
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(kw_only=True)
class Findings:
    """What one reading gathers. ``notes``: what was left out or assumed though nothing is wrong; ``filled``: sheet and
    column of wordings that a form does not have and that were taken from another column.
    """

    problems: list[InstrumentProblem] = field(default_factory=list)
    notes: list[InstrumentProblem] = field(default_factory=list)
    filled: set[tuple[str, str]] = field(default_factory=set)

    def problem(self, sheet: str, row: int, column: str, got: str, expected: str, /, **params: object) -> None:
        self.problems.append(finding(sheet, row, column, got, expected, **params))

    def near(self, word: str, known: Iterable[str]) -> str | None:
        """The known word that was perhaps meant; after many problems nobody looks for it any more, it takes long."""
        return nearest(word, known) if len(self.problems) < _MOST_GUESSES else None

    def note(self, sheet: str, row: int, column: str, got: str, expected: str, /, **params: object) -> None:
        self.notes.append(finding(sheet, row, column, got, expected, **params))


def finding(sheet: str, row: int, column: str, got: str, expected: str, /, **params: object) -> InstrumentProblem:
    place = f"{sheet}:{row}" if row else sheet
    text = shown(got) if got else ""
    return InstrumentProblem(item=place, field=column, got=text, expected_msgid=expected, params=params)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row. ``cells``: column (``label::zh_Hans`` for a translated one) -> text, blank ones left out. ``headings``:
    column -> how the author headed it; a wording that was taken from another column has that one's heading.
    """

    sheet: str
    number: int
    cells: Mapping[str, str]
    findings: Findings
    headings: Mapping[str, str] = field(default_factory=dict)

    def get(self, column: str) -> str:
        """The text of a cell without blanks around it."""
        return self.cells.get(column, "").strip()

    def heading(self, column: str) -> str:
        """What the author calls ``column``; a wording by the heading it has, where there is one for all languages."""
        if column in self.headings:
            return self.headings[column]
        theirs = {text for key, text in self.headings.items() if key.startswith(f"{column}::")}
        return theirs.pop() if len(theirs) == 1 else column

    def problem(self, column: str, expected: str, got: str | None = None, /, **params: object) -> None:
        self.findings.problem(
            self.sheet,
            self.number,
            self.heading(column),
            self.get(column) if got is None else got,
            expected,
            **params,
        )

    def note(self, column: str, expected: str, /, **params: object) -> None:
        self.findings.note(self.sheet, self.number, self.heading(column), self.get(column), expected, **params)

    def flag(self, column: str, *, default: bool = False) -> bool:
        text = self.get(column).lower()
        if text in _YES or text in _NO:
            return text in _YES
        if text:
            self.problem(column, N_("yes 或 no，或者空着"))
        return default

    def choice(self, column: str, choices: type[Choice]) -> Choice | None:
        text = self.get(column)
        found = next((choice for choice in choices if choice == text), None)
        if text and found is None:
            if near := nearest(text, choices):
                self.problem(column, N_("{choices} 之一，也许是 {near}"), choices=joined(choices), near=near)
            else:
                self.problem(column, N_("{choices} 之一"), choices=joined(choices))
        return found

    def integer(self, column: str) -> int | None:
        text = self.get(column)
        number = whole_number(text)
        if text and number is None:
            self.problem(column, N_("整数"))
        return number

    def decimal(self, column: str) -> float | None:
        text = self.get(column)
        try:
            return float(text) if text else None
        except ValueError:
            self.problem(column, N_("数"))
            return None

    def codes(self, column: str) -> frozenset[int]:
        """Whole numbers, blanks between them."""
        found = {whole_number(part) for part in self.words(column)}
        if None in found:
            self.problem(column, N_("选项代码，用空格分开"))
        return frozenset(code for code in found if code is not None)

    def words(self, column: str) -> tuple[str, ...]:
        return tuple(self.get(column).replace(",", " ").replace("，", " ").replace("、", " ").split())

    def wording(self, column: str = "label") -> Text | None:
        """The wordings in every language, exactly as they stand; ``None`` when there is none at all."""
        found = {key.partition("::")[2]: text for key, text in self.cells.items() if key.startswith(f"{column}::")}
        if not found:
            return None
        others = sorted((tag, text) for tag, text in found.items() if tag not in ("zh_Hans", "en"))
        return Text(zh_Hans=found.get("zh_Hans", ""), en=found.get("en", ""), others=tuple(others))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """``header``: the number of its first row. ``columns``: those it has, translated ones with their tag.
    ``headings``: as of its lines.
    """

    name: str
    header: int
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    headings: Mapping[str, str] = field(default_factory=dict)


def read_sheet(name: str, grid: Grid, columns: Columns, findings: Findings, default_language: str) -> Sheet:
    """``default_language``: the tag of a wording without a language of its own."""
    filled = [(number, cells) for number, cells in grid if any(cell.strip() for cell in cells)]
    if not filled:
        return Sheet(name=name, header=1, columns=(), lines=())
    (first, header), rows = filled[0], filled[1:]
    keys = list(_read_header(name, first, header, columns, findings, default_language))
    known = tuple(key for key in keys if key not in ("", _HEADLESS))
    headings = {key: " ".join(cell.split()) for key, cell in zip(keys, header, strict=False) if key in known}
    lines = tuple(_read_line(name, number, cells, keys, columns, findings, headings) for number, cells in rows)
    _fill_language(lines, known, first, name, findings, headings)
    return Sheet(name=name, header=first, columns=known, lines=lines, headings=headings)


def lacks_columns(sheet: Sheet) -> bool:
    """Whether nothing can be said of its rows."""
    return not set(NEEDED[sheet.name]) <= set(sheet.columns)


def _read_header(
    name: str, row: int, header: Sequence[str], columns: Columns, findings: Findings, default: str
) -> Iterator[str]:
    """A column's key; empty for one that is not read."""
    seen: set[str] = set()
    for cell in header:
        heading = " ".join(cell.split())
        key = _key(heading, columns, default) if heading else _HEADLESS
        if key is None:
            _unknown_header(name, row, cell.strip(), columns, findings)
        elif key in seen and key not in ("", _HEADLESS):
            findings.problem(name, row, cell.strip(), cell.strip(), N_("没有用过的列名；每列只写一次"))
        seen.add(key or "")
        yield key or ""


def _key(header: str, columns: Columns, default: str) -> str | None:
    """The column that a heading names, ``""`` for one of another tool, ``None`` when it is unknown."""
    plain = header.lower()
    plain = columns.aliases.get(plain, plain)
    if plain in columns.translated:
        return f"{plain}::{default}"
    if plain.startswith("$"):
        return ""
    if plain in columns.plain | columns.refused.keys() | columns.left_out.keys():
        return plain
    for mark in ("::", ":"):
        base, found, language = header.partition(mark)
        base = base.strip().lower()
        base = columns.aliases.get(base, base)
        if found and base in columns.translated and (tag := language_tag(language)):
            return f"{base}::{tag}"
        if found and base in columns.refused:
            return base
    return None


def _unknown_header(name: str, row: int, header: str, columns: Columns, findings: Findings) -> None:
    base, translated, language = header.partition("::")
    known = columns.plain | columns.translated | columns.refused.keys() | columns.left_out.keys()
    near = base.strip().lower() if base.strip().lower() in known else nearest(base.strip().lower(), known)
    if near in columns.translated and translated:
        near = f"{near}::{language_name(language_tag(language) or 'zh_Hans')}"
    if near:
        findings.problem(name, row, header, header, N_("已有的列名，也许是 {near}"), near=near)
    elif columns.others and not base.lower().startswith("civ_"):
        findings.note(name, row, header, header, columns.others)
    else:
        findings.problem(
            name,
            row,
            header,
            header,
            N_("已有的列名：{known}"),
            known=joined(sorted(columns.plain | columns.translated)),
        )


def _read_line(
    name: str,
    number: int,
    cells: Sequence[str],
    keys: Sequence[str],
    columns: Columns,
    findings: Findings,
    headings: Mapping[str, str],
) -> Line:
    found: dict[str, str] = {}
    line = Line(sheet=name, number=number, cells=found, findings=findings, headings=headings)
    for position, cell in enumerate(cells):
        key = keys[position] if position < len(keys) else _HEADLESS
        if not cell.strip():
            continue
        if len(cell) > LONGEST_CELL:
            line.problem(key, N_("不超过 {most} 个字符的文字"), cell, most=LONGEST_CELL)
        elif key in columns.refused:
            line.problem(key, columns.refused[key], cell)
        elif key == _HEADLESS:
            line.problem(_letters(position + 1), N_("有列名的一列；第一行没有写"), cell)
        elif key:
            found[key] = cell.replace("\r\n", "\n")
        if key in columns.left_out:
            line.note(key, columns.left_out[key])
    return line


def _fill_language(
    lines: Iterable[Line], keys: Sequence[str], row: int, name: str, findings: Findings, headings: dict[str, str]
) -> None:
    """Where a form has only one of Chinese and English, that one stands for both."""
    for base in {key.partition("::")[0] for key in keys if "::" in key}:
        given = [key for key in (f"{base}::zh_Hans", f"{base}::en") if key in keys]
        if len(given) == 2:
            continue
        source = given[0] if given else next(key for key in keys if key.startswith(f"{base}::"))
        missing = [key for key in (f"{base}::zh_Hans", f"{base}::en") if key not in keys]
        findings.filled.update((name, key) for key in missing)
        for line in lines:
            cells = line.cells
            if source in cells and isinstance(cells, dict):
                cells.update(dict.fromkeys(missing, cells[source]))
        header = "、".join(f"{base}::{language_name(key.partition('::')[2])}" for key in missing)
        findings.note(name, row, header, "", N_("没有这一列：用了 {source} 的文字"), source=headings[source])
        headings.update(dict.fromkeys(missing, headings[source]))


def _letters(column: int) -> str:
    """How a spreadsheet program calls a column.

    >>> _letters(1), _letters(28)
    ('A', 'AB')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
