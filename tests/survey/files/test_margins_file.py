"""Tables of known totals as offices write them, and what cannot be read of them."""

import pytest

from survey.files.margins_file import MarginRow, read_margins
from survey.files.spreadsheets import SheetRows, read_rows
from survey.messages import BadInput


def read(text: str, encoding: str = "utf-8") -> tuple[MarginRow, ...]:
    found = read_margins(read_rows(text.encode(encoding), "margins.csv"))
    assert found.problems == ()
    return found.rows


def row(line: int, variable: str, categories: tuple[str, ...], value: float, *, share: bool = False) -> MarginRow:
    return MarginRow(line=line, variable=variable, categories=categories, value=value, share=share)


def test_counts_with_english_headers() -> None:
    assert read('variable,category,count\nF1,1,"4,800"\nF1,2 + 3,5200.5\n') == (
        row(2, "F1", ("1",), 4800.0),
        row(3, "F1", ("2", "3"), 5200.5),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_shares_with_chinese_headers_below_a_title(encoding: str) -> None:
    text = "全市成年人口\n题号,类别,占比,备注\nF1,男,48.5%,年鉴\nF1,女,0.515,\n"
    assert read(text, encoding) == (
        row(3, "F1", ("男",), 0.485, share=True),
        row(4, "F1", ("女",), 0.515, share=True),
    )


def test_some_variables_by_count_and_others_by_share() -> None:
    found = read("变量,类别,人数,比例\n社区,甲＋乙,1200,\nF1,1,,40％\n")
    assert [(one.categories, one.value, one.share) for one in found] == [
        (("甲", "乙"), 1200, False),
        (("1",), 0.4, True),
    ]


def test_cells_of_a_workbook_are_read_alike() -> None:
    table = SheetRows(name="a.xlsx", rows=((1, ("Variable", "Category", "Total")), (2, ("F1", "1", "10"))), sheet="一")
    assert read_margins(table).rows == (row(2, "F1", ("1",), 10.0),)


def test_of_a_file_that_is_no_table_only_the_beginning_is_told_back() -> None:
    with pytest.raises(BadInput, match="第一行是 nothing") as refused:
        read("nothing like a table " * 20)
    assert len(str(refused.value)) < 160


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("category,count\n1,5\n", "找不到表头：应有这些列"),
        ("variable,category\nF1,5\n", "找不到表头"),
        ("variable,category,count,人数\nF1,1,5,5\n", "重复的列：count"),
        ("variable,category,count\n", "没有数据行"),
        ("variable,category,count\n" + "F1,1,5\n" * 5001, "最多 5000 行"),
    ],
)
def test_tables_that_are_none(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(text)


def test_every_row_that_cannot_be_read_is_named() -> None:
    text = "variable,category,count\n,1,5\nF1,1+,5\nF1,2,-5\nF1,3,\nF1,4,1e400\nF1,5,7\n"
    found = read_margins(read_rows(text.encode(), "margins.csv"))
    assert [(one.line, one.counted) for one in found.rows] == [(4, False), (5, False), (6, False), (7, True)]
    assert [(one.where, one.column, one.got) for one in found.problems] == [
        ("2", "variable", ""),
        ("3", "category", "1+"),
        ("4", "count", "-5"),
        ("5", "count", ""),
        ("6", "count", "1e400"),
    ]
