"""Tables as offices keep them, CSV, XLSX or XLS, told apart by their content; every cell as text."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey.files import xls_files, xlsx_files
from survey.files.csv_files import decode, read_records
from survey.files.merged_cells import Row
from survey.messages import N_, BadInput, Message

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
#: The first record of an XLS file outside a compound document.
_BARE_XLS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_MARKUP = (b"<?xml", b"<html", b"<!doctype", b"<table", b"<meta", b"<head")


@dataclass(frozen=True, kw_only=True)
class SheetRows:
    """The rows of a table that are not blank, each with its number as the user sees it.

    ``sheet``: the sheet that was read, ``""`` for CSV. Rows of a workbook are equally long; those of a CSV file are
    as long as they came.
    """

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    sheet: str = ""


def read_rows(data: bytes, name: str) -> SheetRows:
    """The first visible sheet with anything in it, or the CSV table; ``name`` is the file's.

    Numbers come as the digits people saw (``440983102001``, ``3``), dates as ``2024-03-05``, errors as ``#N/A``
    (:func:`survey.files.cells.is_error`), a number too long to be exact as ``4.40983199001011E+17``
    (:func:`survey.files.csv_files.damaged_by_spreadsheet`). A cell merged over several rows counts in each of them.

    Raises:
        BadInput: no table, an empty one, a protected or damaged file, or one too large.
    """
    if data.startswith(_ZIP):
        return _first(((one.name, one.visible, one.rows) for one in xlsx_files.sheets(data, name)), name)
    if data.startswith(_OLE) and _ENCRYPTED_PART in data:
        raise BadInput(Message(N_("{file} 有密码：请在 Excel 里取消密码后再导入"), {"file": name}))
    if data.startswith((_OLE, *_BARE_XLS)):
        return _first(xls_files.sheets(data, name), name)
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if data.startswith(_PICTURES):
        raise BadInput(Message(N_("{file} 是图片，不是表格：请向提供者要原来的 Excel 或 CSV 文件"), {"file": name}))
    if start.startswith(_MARKUP):
        raise BadInput(
            Message(N_("{file} 其实是网页：请用 Excel 打开，另存为“Excel 工作簿（.xlsx）”再导入"), {"file": name})
        )
    records = read_records(decode(data, name), name)
    return SheetRows(name=name, rows=tuple((line, tuple(cell.strip() for cell in cells)) for line, cells in records))


def _first(sheets: Iterable[tuple[str, bool, list[Row]]], name: str) -> SheetRows:
    for sheet, visible, rows in sheets:
        if visible and rows:
            return SheetRows(name=name, rows=tuple(rows), sheet=sheet)
    raise BadInput(Message(N_("{file} 里没有一张可见的工作表有内容"), {"file": name}))
