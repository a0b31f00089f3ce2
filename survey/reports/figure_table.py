"""Tables of figures for a statistician: the same rows on a page, as CSV and as a workbook."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from survey.files.cells import protect
from survey.reports.wording import DASH

#: The sheets of a workbook that is written as a stream are not typed.
Sheet = Any
Value = str | int | float | None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """``text`` on a page; in a file ``value`` where it is a number: as rounded as the text, never more exact."""

    text: str
    value: Value = None


@dataclass(frozen=True)
class LateDrawing:
    """Drawn when it is shown: of a long table a page shows a part, and a file none."""

    draw: Callable[[], Markup]

    def __html__(self) -> str:
        return self.draw()


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """``names`` say what the figures are of, ``codes`` the same for machines, in files alone. ``words`` stand below the
    drawing on a page, in a last column of a file.
    """

    names: tuple[str, ...]
    figures: tuple[Figure, ...]
    codes: tuple[str, ...] = ()
    drawing: Markup | LateDrawing = field(default_factory=Markup)
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class FigureTable:
    """``scale``: in the head of the column of drawings, which stands after ``before`` figures. ``remark``:
    the heading of the rows' words in a file. ``aside``: places of figures that are said below a page's table, not in
    a column of it, where all rows have the same.

    Raises :class:`ValueError` where a row has not one cell for each heading: in a file the columns would be shifted.
    """

    caption: str
    names: tuple[str, ...]
    figures: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    remark: str
    codes: tuple[str, ...] = ()
    before: int = 1
    aside: tuple[int, ...] = ()
    scale: Markup = field(default_factory=Markup)

    def __post_init__(self) -> None:
        headings = (len(self.codes), len(self.names), len(self.figures))
        for row in self.rows:
            cells = (len(row.codes), len(row.names), len(row.figures))
            if cells != headings:
                raise ValueError(f"a row of {self.caption!r} has {cells} codes, names and figures, expected {headings}")

    @property
    def drawn(self) -> bool:
        return bool(self.scale)

    def alike(self) -> dict[int, str]:
        """Of the figures ``aside`` those that are the same in all rows that have one: place -> text."""
        texts = {place: {row.figures[place].text for row in self.rows} - {DASH} for place in self.aside}
        return {place: "".join(found) for place, found in texts.items() if len(found) < 2}

    def narrowed(self, first: int = 0, last: int | None = None) -> "FigureTable":
        """For a page: its rows from ``first`` to before ``last``, without the names that are the same in all of several
        rows, and without :meth:`alike`; what is the same is judged by all rows, shown or not.
        """
        alike = self.alike()
        figures = [place for place in range(len(self.figures)) if place not in alike]
        every = range(len(self.names))
        names = [place for place in every if len({row.names[place] for row in self.rows}) != 1]
        if len(self.rows) < 2 or not names:
            names = list(every)
        rows = tuple(
            replace(
                row,
                names=tuple(row.names[place] for place in names),
                figures=tuple(row.figures[place] for place in figures),
            )
            for row in self.rows[first:last]
        )
        return replace(
            self,
            names=tuple(self.names[place] for place in names),
            figures=tuple(self.figures[place] for place in figures),
            rows=rows,
            aside=(),
        )


class FileFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


def write_tables(
    tables: Sequence[FigureTable], about: Sequence[str], form: FileFormat, *, sheets: Sequence[str]
) -> bytes:
    """The tables one below the other (CSV), or each on its sheet; ``about``: what is said of all of them, at the end.

    ``sheets``: the names of the sheets, that of ``about`` the last one.
    """
    return _csv(tables, about) if form is FileFormat.CSV else _workbook(tables, about, sheets)


def _csv(tables: Sequence[FigureTable], about: Sequence[str]) -> bytes:
    """UTF-8 with a mark, as spreadsheets want it."""
    text = io.StringIO()
    writer = csv.writer(text)
    for table in tables:
        if len(tables) > 1:
            writer.writerow([_plain(table.caption)])
        writer.writerow([_plain(heading) for heading in _headings(table)])
        writer.writerows([_csv_cell(value) for value in _values(row)] for row in table.rows)
        writer.writerow([])
    writer.writerows([_plain(line)] for line in about)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    return _plain(value) if isinstance(value, str) else f"{value:.10g}"


def _workbook(tables: Sequence[FigureTable], about: Sequence[str], sheets: Sequence[str]) -> bytes:
    from openpyxl import Workbook  # a quarter of a second that no page needs

    book = Workbook(write_only=True)
    *names, last = sheets
    for name, table in zip(names, tables, strict=True):
        sheet = book.create_sheet(_sheet_name(name))
        sheet.freeze_panes = "B2"
        for number in range(len(_headings(table))):
            sheet.column_dimensions[_letter(number)].width = 24 if number < len(table.codes) + len(table.names) else 13
        _append(sheet, _headings(table), bold=True)
        for row in table.rows:
            _append(sheet, _values(row))
    sheet = book.create_sheet(_sheet_name(last))
    sheet.column_dimensions["A"].width = 100
    for line in about:
        _append(sheet, [line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _headings(table: FigureTable) -> list[Value]:
    return [*table.codes, *table.names, *table.figures, table.remark]


def _values(row: FigureRow) -> list[Value]:
    figures = [figure.text if figure.value is None else figure.value for figure in row.figures]
    return [*row.codes, *row.names, *figures, row.words]


def _append(sheet: Sheet, values: Iterable[Value], *, bold: bool = False) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells: list[Any] = []
    for value in values:
        cell: Any = _plain(value) if isinstance(value, str) else value
        if bold:
            cell = WriteOnlyCell(sheet, cell)
            cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)


def _plain(text: Value) -> str:
    """A text that a spreadsheet shows and never runs, on one line.

    >>> _plain("=1+1"), _plain("a\\nb")
    ("'=1+1", 'a b')
    """
    return protect("".join(c if c.isprintable() else " " for c in str(text)))


def _sheet_name(name: str) -> str:
    """What a workbook takes for the name of a sheet.

    >>> _sheet_name("a/b: [c]?")
    'a b c'
    """
    kept = "".join(c if c.isprintable() and c not in "[]:*?/\\'" else " " for c in name)
    return " ".join(kept.split())[:31] or "1"


def _letter(number: int) -> str:
    """The name of one of the first 702 columns.

    >>> _letter(0), _letter(26)
    ('A', 'AA')
    """
    first, second = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
