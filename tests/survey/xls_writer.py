"""Writes small XLS files (BIFF8 in a compound document), as Excel 97–2003 and WPS save them, for tests of the reader.

Only what a table needs: shared texts, numbers, dates, errors, one merged range and sheets that are hidden.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

Cell = str | int | float | date | None
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_ERROR_CODES = {"#N/A": 42, "#REF!": 23}
#: Numbers of the cell formats below: general, a date, and digits shown with leading zeros.
_GENERAL, _DATE, _PADDED = 15, 16, 17


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """``merged``: first row, last row, first column, last column, counted from 0."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden: bool = False
    padded: frozenset[int] = field(default_factory=frozenset)  # columns whose numbers are shown as 000


def write_xls(*sheets: Sheet) -> bytes:
    """The bytes of a workbook with these sheets."""
    return _compound(_stream(sheets))


def _stream(sheets: Sequence[Sheet]) -> bytes:
    texts: dict[str, int] = {}
    for sheet in sheets:
        for row in sheet.rows:
            for cell in row:
                if isinstance(cell, str) and cell not in _ERROR_CODES:
                    texts.setdefault(cell, len(texts))
    bodies = [_sheet(sheet, texts) for sheet in sheets]
    # The place of each sheet is known only when everything before it has its length.
    offset = len(_globals(sheets, [0] * len(sheets), texts))
    offsets = []
    for body in bodies:
        offsets.append(offset)
        offset += len(body)
    return _globals(sheets, offsets, texts) + b"".join(bodies)


def _record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def _begin(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 1996, 0, 6))


def _wide(text: str, length: str = "<H") -> bytes:
    return struct.pack(length, len(text.encode("utf-16-le")) // 2) + b"\x01" + text.encode("utf-16-le")


def _globals(sheets: Sequence[Sheet], offsets: Sequence[int], texts: dict[str, int]) -> bytes:
    font = struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _wide("Arial", "<B")
    style = struct.pack("<HHHBBBBIIH", 0, 0, 0xFFF5, 0x20, 0, 0, 0, 0, 0, 0x20C0)
    cells = [struct.pack("<HHHBBBBIIH", 0, shown, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0) for shown in (0, 14, 164)]
    table = struct.pack("<II", len(texts), len(texts)) + b"".join(_wide(text) for text in texts)
    assert len(table) < 8000, "a longer table needs continuation records"
    return b"".join(
        [
            _begin(0x5),
            _record(0x42, struct.pack("<H", 1200)),
            *[_record(0x31, font)] * 4,
            _record(0x41E, struct.pack("<H", 164) + _wide("000")),
            *[_record(0xE0, style)] * 15,
            *(_record(0xE0, cell) for cell in cells),
            *(
                _record(0x85, struct.pack("<IBB", offset, sheet.hidden, 0) + _wide(sheet.name, "<B"))
                for sheet, offset in zip(sheets, offsets, strict=True)
            ),
            _record(0xFC, table),
            _record(0x0A, b""),
        ]
    )


def _sheet(sheet: Sheet, texts: dict[str, int]) -> bytes:
    parts = [_begin(0x10)]
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            parts.append(_cell(row, column, cell, texts, sheet.padded))
    if sheet.merged:
        body = b"".join(struct.pack("<HHHH", *merged) for merged in sheet.merged)
        parts.append(_record(0xE5, struct.pack("<H", len(sheet.merged)) + body))
    parts.append(_record(0x0A, b""))
    return b"".join(parts)


def _cell(row: int, column: int, cell: Cell, texts: dict[str, int], padded: frozenset[int]) -> bytes:
    if cell is None:
        return b""
    if isinstance(cell, date):
        days = (cell - date(1899, 12, 30)).days
        return _record(0x203, struct.pack("<HHHd", row, column, _DATE, days))
    if isinstance(cell, str):
        if cell in _ERROR_CODES:
            return _record(0x205, struct.pack("<HHHBB", row, column, _GENERAL, _ERROR_CODES[cell], 1))
        return _record(0xFD, struct.pack("<HHHI", row, column, _GENERAL, texts[cell]))
    shown = _PADDED if column in padded else _GENERAL
    return _record(0x203, struct.pack("<HHHd", row, column, shown, float(cell)))


def _compound(stream: bytes) -> bytes:
    """A compound document with one stream, ``Workbook``: directory, allocation table, then the stream."""
    # Below 4,096 bytes the stream would have to lie in the short-stream container.
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    assert sectors + 2 <= _SECTOR // 4, "one sector of allocation table is enough for tests"
    stream = stream.ljust(sectors * _SECTOR, b"\0")
    table = [_FAT, _END, *range(3, sectors + 2), _END]
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIII4xIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 4096, _END, 0,
        _END, 0,
    ) + struct.pack("<109I", 0, *[_FREE] * 108)  # fmt: skip
    root = _entry("Root Entry", kind=5, child=1, start=_END, size=0)
    book = _entry("Workbook", kind=2, child=_FREE, start=2, size=len(stream))
    directory = (root + book).ljust(_SECTOR, b"\0")
    return header + struct.pack(f"<{_SECTOR // 4}I", *table) + directory + stream


def _entry(name: str, *, kind: int, child: int, start: int, size: int) -> bytes:
    coded = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIII", coded, len(coded), kind, 1, _FREE, _FREE, child, 0, start, size, 0
    )  # fmt: skip
