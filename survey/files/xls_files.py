"""XLS workbooks (Excel 97–2003, WPS): the cells of each sheet as text."""

import io
from collections.abc import Iterator
from typing import Any

from survey.files.cells import date_text, number_text
from survey.files.merged_cells import Row, fill_merged
from survey.messages import N_, BadInput, Message

MOST_COLUMNS = 256


def sheets(data: bytes, name: str) -> Iterator[tuple[str, bool, list[Row]]]:
    """Name, visibility and non-blank rows of each sheet in order; :class:`BadInput` for what cannot be read."""
    import xlrd

    try:
        # Formatting tells which cells are merged; what the reader has to say about the file is not for our output.
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        for sheet in book.sheets():
            yield sheet.name, sheet.visibility == 0, _rows(book, sheet)
    except BadInput:
        raise
    except Exception as error:  # a damaged file breaks this reader in many ways
        if "encrypted" in str(error):
            message = Message(N_("{file} 有密码：请在 Excel 里取消密码后再导入"), {"file": name})
        else:
            message = Message(N_("{file} 已损坏，或者不是 Excel 工作簿：请用 Excel 打开并另存后再导入"), {"file": name})
        raise BadInput(message) from error


def _rows(book: Any, sheet: Any) -> list[Row]:
    rows: list[tuple[int, dict[int, str]]] = []
    for number in range(sheet.nrows):
        cells = {
            column: text
            for column, cell in enumerate(sheet.row(number)[:MOST_COLUMNS], start=1)
            if (text := _text(book, cell))
        }
        if cells:
            rows.append((number + 1, cells))
    return fill_merged(rows, [(left + 1, top + 1, bottom) for top, bottom, left, _ in sheet.merged_cells])


def _text(book: Any, cell: Any) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value).strip()
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return number_text(cell.value, _least_digits(book, cell))
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return date_text(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (xlrd.XLDateError, OverflowError, ValueError):
            return number_text(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#VALUE!"))
    return ""


def _least_digits(book: Any, cell: Any) -> int:
    """How many digits a format such as ``000`` shows."""
    if cell.xf_index is None:
        return 0
    shown = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    return len(shown) if len(shown) > 1 and set(shown) == {"0"} else 0
