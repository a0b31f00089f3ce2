"""XLSX workbooks: the cells of each sheet as text, read as a stream so that a hostile file costs little.

Only what a table needs is read: names of sheets, texts, number formats, cells and merged ranges. Nothing is unpacked
to disk, no part is trusted to be as large as it says, and a part that declares entities is refused.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.parsers import expat

from survey.files.cells import UNCOMPUTED, date_text, number_text
from survey.files.merged_cells import Row, fill_merged
from survey.files.xml_parts import Forbidden, TooLarge, elements, parse_part, relations
from survey.messages import N_, BadInput, Message

MOST_CELLS = 6_000_000
MOST_COLUMNS = 256
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")


@dataclass(frozen=True, kw_only=True)
class _Styles:
    """Style number -> is it a date, and how many digits are shown at least."""

    dates: frozenset[str]
    widths: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class WorkbookSheet:
    """``rows``: those that are not blank; ``hidden``: the numbers of those among them that nobody sees."""

    name: str
    visible: bool
    rows: list[Row]
    hidden: frozenset[int]


def sheets(data: bytes, name: str, *, exact: bool = False) -> Iterator[WorkbookSheet]:
    """Each sheet in order; :class:`BadInput` for what cannot be read.

    ``exact``: white space around the text of a cell stays.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _sheets(archive, name, exact)
    except TooLarge as error:
        raise BadInput(
            Message(N_("{file} 解开后太大：请只留下要导入的工作表，删掉多余的行和列"), {"file": name})
        ) from error
    except Forbidden as error:
        raise BadInput(Message(N_("{file} 里有工作簿不该有的声明：请用 Excel 另存后再导入"), {"file": name})) from error
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, expat.ExpatError, NotImplementedError, KeyError, ValueError,
        IndexError, OverflowError,
    ) as error:  # fmt: skip
        raise BadInput(
            Message(N_("{file} 已损坏，或者不是 Excel 工作簿：请用 Excel 打开并另存后再导入"), {"file": name})
        ) from error
    except RuntimeError as error:  # the archive itself is encrypted
        raise BadInput(Message(N_("{file} 有密码：请在 Excel 里取消密码后再导入"), {"file": name})) from error


def _sheets(archive: zipfile.ZipFile, name: str, exact: bool) -> Iterator[WorkbookSheet]:
    members = set(archive.namelist())
    book = next((part for kind, part in relations(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml")
    if book not in members or book.endswith(".bin"):
        raise BadInput(
            Message(N_("{file} 不是 xlsx 工作簿：请在 Excel 里另存为“Excel 工作簿（.xlsx）”"), {"file": name})
        )
    found, from_1904 = _contents(archive, book)
    related = relations(archive, book)
    texts: list[str] = []
    styles = _Styles(dates=frozenset(), widths={})
    for kind, part in related.values():
        if kind == "sharedStrings" and part in members:
            texts = _shared_texts(archive, part, exact)
        elif kind == "styles" and part in members:
            styles = _styles(archive, part)
    for sheet, visible, relation in found:
        kind, part = related[relation]
        if kind == "worksheet":
            found_sheet = _Sheet(texts, styles, from_1904, exact)
            parse_part(archive, part, found_sheet.start, found_sheet.end, found_sheet.text)
            rows = found_sheet.filled_rows()
            yield WorkbookSheet(name=sheet, visible=visible, rows=rows, hidden=frozenset(found_sheet.hidden))


def _contents(archive: zipfile.ZipFile, book: str) -> tuple[list[tuple[str, bool, str]], bool]:
    """Name, visibility and relation of each sheet; and whether days are counted from 1904."""
    found, from_1904 = [], False
    for name, attributes in elements(archive, book):
        if name == "sheet":
            found.append((attributes["name"], attributes.get("state", "visible") == "visible", attributes["id"]))
        elif name == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in ("1", "true")
    return found, from_1904


def _styles(archive: zipfile.ZipFile, part: str) -> _Styles:
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

    formats = dict(BUILTIN_FORMATS)
    dates, widths = set(), {}
    inside, style = False, 0
    for name, attributes in elements(archive, part):
        if name == "numFmt" and "numFmtId" in attributes:
            formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name in ("cellXfs", "/cellXfs"):
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            shown = formats.get(int(attributes.get("numFmtId", 0)), "")
            if is_date_format(shown) and not is_timedelta_format(shown):
                dates.add(str(style))
            elif re.fullmatch("0{2,15}", shown):
                widths[str(style)] = len(shown)
            style += 1
    return _Styles(dates=frozenset(dates), widths=widths)


def _shared_texts(archive: zipfile.ZipFile, part: str, exact: bool) -> list[str]:
    """The texts that cells refer to by number; readings written above the characters are left out."""
    found: list[str] = []
    pieces: list[str] = []
    inside = reading = False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal inside, reading
        if name == "t":
            inside = not reading
        elif name == "rPh":
            reading = True
        elif name == "si":
            pieces.clear()

    def end(name: str) -> None:
        nonlocal inside, reading
        if name == "t":
            inside = False
        elif name == "rPh":
            reading = False
        elif name == "si":
            text = _unescape("".join(pieces))
            found.append(text if exact else text.strip())

    parse_part(archive, part, start, end, lambda text: pieces.append(text) if inside else None)
    return found


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _Sheet:
    """Collects the cells of one sheet while it streams past."""

    def __init__(self, texts: Sequence[str], styles: _Styles, from_1904: bool, exact: bool) -> None:
        self.texts, self.styles, self.from_1904, self.exact = texts, styles, from_1904, exact
        self.rows: list[tuple[int, dict[int, str]]] = []
        self.merged: list[str] = []
        self.hidden: set[int] = set()
        self.row_hidden = False
        self.row = self.column = self.count = 0
        self.cells: dict[int, str] = {}
        self.kind, self.style, self.formula = "n", "0", False
        self.pieces: list[str] = []
        self.inside = self.reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            place = attributes.get("r")
            self.column = _column(place.rstrip("0123456789")) if place else self.column + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.formula = False
            self.pieces.clear()
        elif name == "v" or (name == "t" and not self.reading):
            self.inside = True
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column, self.cells = 0, {}
            self.row_hidden = attributes.get("hidden", "0") in ("1", "true")
        elif name == "rPh":
            self.reading = True
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name == "c":
            if text := self._cell():
                self._keep(text)
        elif name in ("v", "t"):
            self.inside = False
        elif name == "row":
            if self.cells:
                self.rows.append((self.row, self.cells))
                if self.row_hidden:
                    self.hidden.add(self.row)
        elif name == "rPh":
            self.reading = False

    def text(self, text: str) -> None:
        if self.inside:
            self.pieces.append(text)

    def _keep(self, text: str) -> None:
        self.count += 1
        if self.count > MOST_CELLS or self.column > MOST_COLUMNS:
            raise TooLarge
        self.cells[self.column] = text

    def _cell(self) -> str:
        value = "".join(self.pieces)
        if not value:
            return UNCOMPUTED if self.formula and self.kind != "str" else ""
        if self.kind == "s":
            return self.texts[int(value)]
        if self.kind == "n":
            return self._number(value)
        if self.kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if self.kind == "d":
            return value.replace("T", " ").removesuffix(" 00:00:00")
        return _unescape(value) if self.exact else _unescape(value).strip()

    def filled_rows(self) -> list[Row]:
        """The rows with what merged cells stand for."""
        ranges = [match.groups() for ref in self.merged if (match := _RANGE.fullmatch(ref))]
        merged = [(_column(left), int(top), int(bottom or top)) for left, top, _, bottom in ranges if len(left) < 3]
        return fill_merged(self.rows, merged)

    def _number(self, value: str) -> str:
        if self.style in self.styles.dates:
            from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

            found = from_excel(float(value), MAC_EPOCH if self.from_1904 else WINDOWS_EPOCH)
            return date_text(found) if found is not None and not hasattr(found, "days") else number_text(value)
        return number_text(value, self.styles.widths.get(self.style, 0))


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """The number of a column: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
