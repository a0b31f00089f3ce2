"""Tables of figures: one cell for each heading, what a page leaves out and a file does not."""

import csv
import io

import pytest

from survey.reports.figure_table import Figure, FigureRow, FigureTable, FileFormat, write_tables


def row(*figures: str, names: tuple[str, ...] = ("甲", "全部")) -> FigureRow:
    return FigureRow(names=names, figures=tuple(Figure(text=text) for text in figures), codes=("A",))


def table(*rows: FigureRow, aside: tuple[int, ...] = (1,)) -> FigureTable:
    return FigureTable(
        caption="表",
        names=("地区", "基数"),
        codes=("代码",),
        figures=("比例", "方法", "n"),
        rows=rows,
        remark="说明",
        aside=aside,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        row("1", "W", "2", names=("甲", "全部", "多")),
        row("1", "W"),
        FigureRow(names=("甲", "全部"), figures=row("1", "W", "2").figures),
    ],
)
def test_a_row_with_a_cell_too_many_or_too_few_is_refused(wrong: FigureRow) -> None:
    with pytest.raises(ValueError, match="codes, names and figures"):
        table(row("1", "W", "2"), wrong)


def test_what_is_the_same_in_all_rows_is_no_column_of_a_page() -> None:
    whole = table(row("1", "W", "2"), row("—", "—", "3", names=("乙", "全部")))
    assert whole.alike() == {1: "W"}
    shown = whole.narrowed()
    assert (shown.names, shown.figures) == (("地区",), ("比例", "n"))
    assert [[each.text for each in told.figures] for told in shown.rows] == [["1", "2"], ["—", "3"]]
    file = write_tables([whole], [], FileFormat.CSV, sheets=["表", "说明"]).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(file))) == ["代码", "地区", "基数", "比例", "方法", "n", "说明"]


def test_a_column_that_differs_stays() -> None:
    mixed = table(row("1", "W", "2"), row("1", "K", "2", names=("乙", "全部")))
    assert mixed.alike() == {}
    assert mixed.narrowed().figures == ("比例", "方法", "n")
    assert table(row("1", "W", "2"), aside=()).narrowed().figures == ("比例", "方法", "n")
