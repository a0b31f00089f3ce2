"""Workbooks of texts, read back by an independent reader and by our own."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from survey.files.spreadsheets import read_rows
from survey.files.text_workbooks import text_workbook

TEXTS = st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cn"]), max_size=8)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
@settings(deadline=None)
def test_texts_come_back_as_they_were(rows: list[tuple[str, str]]) -> None:
    data = text_workbook(("代码", "<&>"), rows, sheet="住户 & 'x'")
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    found = [tuple(value or "" for value in row) for row in sheet.iter_rows(values_only=True)]
    assert (sheet.title, sheet.freeze_panes) == ("住户 & 'x'", "A2")
    assert found == [("代码", "<&>"), *rows]
    ours = [cells for _, cells in read_rows(data, "t.xlsx").rows]
    assert [tuple(cell for cell in cells) for cells in ours] == [row for row in found if any(row)]


def test_formulas_and_codes_stay_texts() -> None:
    sheet = load_workbook(
        io.BytesIO(text_workbook(("a",), [("=1+1",), ("440983102001",), ("",)], sheet="s"))
    ).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows()]
    assert [(cell.value, cell.data_type) for cell in cells[1:3]] == [("=1+1", "s"), ("440983102001", "s")]
    assert {cell.number_format for cell in cells} == {"@"}
