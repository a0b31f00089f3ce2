"""Goes through the rows of a table of units, with a list of all that does not fit."""

import math
from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from typing import TypeVar

from survey.files.cells import is_error, unprotect
from survey.files.personal_data import conceal
from survey.files.unit_columns import Columns, normalise
from survey.files.unit_headers import NEEDED
from survey.files.unit_notes import is_foot, is_guide, is_total
from survey.files.unit_places import CODE_DIGITS, GRID_DIGITS, Places
from survey.files.unit_values import (
    RANGES,
    Unfit,
    check_per_row,
    expand,
    natural_key,
    plain,
    read_day,
    read_residents,
    read_status,
    read_text,
    refuse_date,
)
from survey.messages import N_, Message, Problem
from survey.units import ADDRESS_FIELDS, Unit, UnitKind, UnitStatus

T = TypeVar("T")

#: Texts in which a phone may stand between words: it is cut out. Elsewhere it is a problem of its row.
_WORDS = frozenset({"estate", "location", "matter", "department", "school", "site", "window", "group"})
_NUMBERED = frozenset({"building", "entrance", "floor", "room", "serial", "group", "class", "grade"})
_SHORTEST_SENTENCE = 10


class UnitRows:
    """Goes through the rows once; what cells mean is worked out once for each different text."""

    def __init__(self, kind: UnitKind, columns: Columns, places: Places) -> None:
        self.kind, self.columns, self.areas = kind, columns, places
        self.fields = [field for field in ADDRESS_FIELDS[kind] if field in columns.places]
        self.problems: list[Problem] = []
        #: area, grid and address -> row number, status, residents
        self.found: dict[tuple[str, ...], tuple[int, UnitStatus, int | None]] = {}
        self.rows = self.totals = self.notes = self.concealed = 0
        self.personal = dict.fromkeys(columns.personal, 0)
        #: field and text of the cells out of which a number was cut
        self.concealing: set[tuple[str, str]] = set()
        self._read: dict[tuple[str, ...], object] = {}
        self._plain: dict[str, str] = {}
        self._header = [normalise(header) for header in columns.headers]

    def read_row(self, number: int, cells: tuple[str, ...]) -> None:
        """One row: its units are kept, or its problems."""
        width = len(self.columns.headers)
        if len(cells) < width:
            cells, given = (*cells, *[""] * (width - len(cells))), len(cells)
        else:
            given = len(cells)
        if self._is_no_unit(cells):
            return
        if any(cells[width:]) or given <= max(self.columns.places.values()):
            expected = Message(N_("{count} 格，和表头一样多"), {"count": width})
            self.problems.append(Problem(where=str(number), column="", got=str(given), expected=expected))
            return
        self.rows += 1
        for place in self.personal:
            self.personal[place] += bool(cells[place])
        before = len(self.problems)
        row = _Row(self, number, cells)
        area, grid = row.place()
        status, residents = row.status(), row.read("residents", read_residents)
        addresses = tuple(row.addresses())
        if len(self.problems) == before:
            # Where a row stands for several units, nobody knows how many of its people live in which.
            one = residents if len(addresses) == 1 else None
            for address in addresses:
                self._add(number, (area, grid, *address), status, one)

    def _add(self, number: int, key: tuple[str, ...], status: UnitStatus, residents: int | None) -> None:
        first = self.found.setdefault(key, (number, status, residents))
        if first[0] != number:
            said = " ".join(part for part in key if part)
            expected = Message(N_("每个单元只出现一次；第 {line} 行已有"), {"line": first[0]})
            self.problems.append(Problem(where=str(number), column="", got=said, expected=expected))

    def units(self) -> tuple[Unit, ...]:
        """In the canonical order: by area, grid and address, numbers inside by value."""
        ordered = sorted(self.found, key=lambda key: (key[0], key[1], [natural_key(part) for part in key[2:]]))
        made = []
        for serial, key in enumerate(ordered, start=1):
            _, status, residents = self.found[key]
            address = {field: part for field, part in zip(self.fields, key[2:], strict=True) if part}
            made.append(
                Unit(serial=serial, area=key[0], grid=key[1], address=address, status=status, residents=residents)
            )
        return tuple(made)

    # Rows that are no units

    def _is_no_unit(self, cells: tuple[str, ...]) -> bool:
        """Whether the row is a sum, a remark or the header once more; counted."""
        if is_total(cells):
            self.totals += 1
            return True
        if self._is_note(cells):
            self.notes += 1
            return True
        return False

    def _is_note(self, cells: tuple[str, ...]) -> bool:
        filled = [cell for cell in cells if cell]
        if is_foot(filled):
            return not self._names_a_place(cells)
        if self.rows:
            # Printed again on every page.
            return cells[0] == self.columns.headers[0] and [normalise(cell) for cell in cells] == self._header
        # A sentence merged over the whole table; a short text alone may be what is left of a unit.
        alone = len(filled) == 1 and len(filled[0]) >= _SHORTEST_SENTENCE
        return (alone or is_guide(filled)) and not self._names_a_place(cells)

    def _names_a_place(self, cells: tuple[str, ...]) -> bool:
        """Whether the community of the row is one of the frame."""
        texts = [self.text(cells, field) for field in ("area", "community", "street")]
        try:
            self.areas.find_community(*texts)
        except Unfit:
            return False
        return True

    # Cells

    def text(self, cells: tuple[str, ...], field: str) -> str:
        """The plain text of a field; ``""`` where the file has no such column."""
        place = self.columns.places.get(field)
        if place is None:
            return ""
        cell = cells[place]
        found = self._plain.get(cell)
        if found is None:
            found = self._plain[cell] = plain(unprotect(cell))
        return found

    def once(self, key: tuple[str, ...], read: Callable[[], T]) -> T:
        """What ``read`` makes of the texts in ``key``, remembered; raises :class:`Unfit` each time it did once."""
        if key not in self._read:
            try:
                self._read[key] = read()
            except Unfit as unfit:
                self._read[key] = unfit
        found = self._read[key]
        if isinstance(found, Unfit):
            raise found.with_traceback(None)
        return found  # type: ignore[return-value]  # the key begins with the name of its reader


class _Row:
    def __init__(self, reader: UnitRows, number: int, cells: tuple[str, ...]) -> None:
        self.reader, self.number, self.cells = reader, number, cells

    def problem(self, field: str, text: str, expected: Message) -> None:
        place = self.reader.columns.places.get(field)
        header = self.reader.columns.headers[place] if place is not None else ""
        shown = text[:100] if conceal(text) == text else "***"
        self.reader.problems.append(Problem(where=str(self.number), column=header, got=shown, expected=expected))

    def read(self, field: str, read: Callable[[str], T], default: T | None = None) -> T | None:
        """What ``read`` makes of a cell; a cell that does not fit is noted and becomes ``default``."""
        text = self.reader.text(self.cells, field)
        if not text:
            return default
        try:
            found = self.reader.once((field, text), lambda: read(_value(text)))
            self.reader.concealed += (field, text) in self.reader.concealing
            return found
        except Unfit as unfit:
            self.problem(field, text, unfit.expected)
            return default

    def place(self) -> tuple[str, str]:
        """Codes of community and grid."""
        code, name, street, grid = (
            self.reader.text(self.cells, field) for field in ("area", "community", "street", "grid")
        )
        if len(code) == GRID_DIGITS and code.isdecimal():
            code, grid = code[:CODE_DIGITS], grid or code  # the column of codes holds grids
        elif not code and not name and len(grid) == GRID_DIGITS:
            code = grid[:CODE_DIGITS]
        places = self.reader.areas
        try:
            area = self.reader.once(
                ("place", code, name, street), lambda: places.find_community(_value(code), _value(name), street)
            )
        except Unfit as unfit:
            field = "area" if code else "community" if "community" in self.reader.columns.places else "area"
            self.problem(field, code or name, unfit.expected)
            return "", ""
        try:
            return area, self.reader.once(("grid", area, grid), lambda: places.find_grid(area, _value(grid)))
        except Unfit as unfit:
            self.problem("grid", grid, unfit.expected)
            return "", ""

    def status(self) -> UnitStatus:
        """What stands under the use of a building decides where it says that nobody lives there."""
        use = self.read("use", read_status)
        status = self.read("status", read_status) or UnitStatus.UNKNOWN
        return use if use in (UnitStatus.COMMERCIAL, UnitStatus.DEMOLISHED) else status

    def addresses(self) -> Iterable[tuple[str, ...]]:
        """The address, or each of them where floors or rooms are ranges; fields in the order of their kind."""
        fields, wanted = self.reader.fields, NEEDED[self.reader.kind]
        before = len(self.reader.problems)
        parts = [self.read(field, partial(self._field, field)) or ("",) for field in fields]
        if not any(part != ("",) for field, part in zip(fields, parts, strict=True) if field in wanted):
            first = next(field for field in fields if field in wanted)
            if len(self.reader.problems) == before:
                text = self.reader.text(self.cells, first)
                self.problem(first, text, Message(N_("填写：没有它就找不到这个单元")))
        try:
            check_per_row(math.prod(len(part) for part in parts))
        except Unfit as unfit:
            self.problem(next(field for field in fields if field in RANGES), "", unfit.expected)
            return ()
        return product(*parts)

    def _field(self, field: str, text: str) -> tuple[str, ...]:
        if field == "date":
            return (read_day(text),)
        if field == "number":
            return (read_text(field, text),)  # long numbers of files are no phones
        if field in _NUMBERED:
            refuse_date(text)
        kept = conceal(text)
        if kept != text:
            if field not in _WORDS:
                raise Unfit(Message(N_("不是电话或证件号码（这里不显示它）")))
            self.reader.concealing.add((field, text))
        if field in RANGES:
            return expand(field, kept)
        return (read_text(field, kept),)


def _value(text: str) -> str:
    """``text`` unless it is an error of the spreadsheet."""
    if is_error(text):
        raise Unfit(Message(N_("一个值；公式出错或没有保存结果：在 Excel 里改正后另存")))
    return text
