"""Tables as offices have them: real workbooks of both kinds, CSV in both encodings, and files that are no tables."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from survey.files import xml_parts
from survey.files.spreadsheets import read_rows
from survey.messages import BadInput
from tests.survey.xls_writer import Sheet, write_xls

#: Cells know no time zone.
MOMENT = datetime(2024, 3, 5, 9, 30)  # noqa: DTZ001 - as the cell has it
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 20


def workbook(fill: Callable[[Worksheet], None]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def one_row(*cells: object) -> bytes:
    return workbook(lambda sheet: sheet.append(list(cells)))


def only_row(data: bytes) -> tuple[str, ...]:
    ((_, cells),) = read_rows(data, "表.xlsx").rows
    return cells


def edited(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A copy of a workbook in which one part is changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return file.getvalue()


def refusal(data: bytes, name: str = "表.xlsx") -> str:
    with pytest.raises(BadInput) as caught:
        read_rows(data, name)
    return str(caught.value)


def test_numbers_dates_and_texts_come_as_people_saw_them() -> None:
    data = one_row(440983102001, 3.0, 0.5, "  东风 社区 ", date(2024, 3, 5), MOMENT, True, None, "x")
    assert only_row(data) == (
        "440983102001", "3", "0.5", "东风 社区", "2024-03-05", "2024-03-05 09:30:00", "TRUE", "", "x",
    )  # fmt: skip


def test_a_number_shown_with_leading_zeros_keeps_them() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = 3
        sheet["A1"].number_format = "000"

    assert only_row(workbook(fill)) == ("003",)


def test_a_number_too_long_to_be_exact_shows_that_it_is() -> None:
    assert only_row(one_row(440983199001011234, "440983199001011234")) == (
        "4.40983199001011E+17",
        "440983199001011234",
    )


def test_rows_keep_their_numbers_and_blank_ones_are_left_out() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B3"], sheet["A7"], sheet["C9"] = "a", "b", "  "

    assert read_rows(workbook(fill), "x").rows == ((3, ("", "a")), (7, ("b", "")))


def test_a_title_stays_one_cell_and_a_community_merged_downwards_counts_in_every_row() -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["某街道住户表"], ["社区", "房号"], ["东风社区", "101"], [None, "102"], [None, "103"]):
            sheet.append(row)
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("A3:A5")

    assert [cells for _, cells in read_rows(workbook(fill), "x").rows] == [
        ("某街道住户表", ""), ("社区", "房号"), ("东风社区", "101"), ("东风社区", "102"), ("东风社区", "103"),
    ]  # fmt: skip


def test_errors_and_formulas_without_a_saved_result_are_kept_visible() -> None:
    assert only_row(one_row("#N/A", "=1+1", "plain")) == ("#N/A", "#FORMULA!", "plain")


def test_a_formula_with_a_saved_result_is_its_result() -> None:
    def with_result(sheet: bytes) -> bytes:
        assert b"<f>1+1</f><v />" in sheet or b"<f>1+1</f><v></v>" in sheet
        return sheet.replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>")

    assert only_row(edited(one_row("=1+1"), "xl/worksheets/sheet1.xml", with_result)) == ("2",)


def test_the_first_visible_sheet_with_anything_in_it_is_read() -> None:
    book = Workbook()
    book.create_sheet("隐藏").append(["no"])
    book["隐藏"].sheet_state = "hidden"
    book.create_sheet("住户").append(["yes"])
    file = io.BytesIO()
    book.save(file)
    read = read_rows(file.getvalue(), "x")
    assert (read.sheet, read.rows) == ("住户", ((1, ("yes",)),))


def test_names_with_a_prefix_are_the_same_names() -> None:
    def prefixed(sheet: bytes) -> bytes:
        plain = sheet.replace(b"</", b"\x00").replace(b"<", b"<x:").replace(b"\x00", b"</x:")
        return plain.replace(b"xmlns=", b"xmlns:x=")

    assert only_row(edited(one_row("a", 2), "xl/worksheets/sheet1.xml", prefixed)) == ("a", "2")


def test_an_old_workbook_reads_like_a_new_one() -> None:
    data = write_xls(
        Sheet(name="隐藏", rows=[["x"]], hidden=True),
        Sheet(
            name="楼盘",
            rows=[["某街道住户表"], ["社区", "网格", "日期", "值"], ["东风社区", 3, date(2024, 3, 5), "#N/A"],
                  [None, 4, 440983102001, 1.5], [], ["西", 440983199001011234]],
            merged=[(0, 0, 0, 3), (2, 3, 0, 0)],
            padded=frozenset({1}),
        ),
    )  # fmt: skip
    read = read_rows(data, "楼盘.xls")
    assert read.sheet == "楼盘"
    assert read.rows == (
        (1, ("某街道住户表", "", "", "")),
        (2, ("社区", "网格", "日期", "值")),
        (3, ("东风社区", "003", "2024-03-05", "#N/A")),
        (4, ("东风社区", "004", "440983102001", "1.5")),
        (6, ("西", "4.40983199001011E+17", "", "")),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_under_a_title_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    text = "某街道住户表\n\n社区,房号\n东风社区,101\n".replace(",", delimiter)
    read = read_rows(text.encode(encoding), "住户.xlsx")
    assert read.rows == ((1, ("某街道住户表",)), (3, ("社区", "房号")), (4, ("东风社区", "101")))
    assert read.sheet == ""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空文件"),
        (PHOTO, "图片"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "网页"),
        (b"%PDF-1.7 x", "PDF"),
        (b"PK\x03\x04 and no more", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more", "已损坏"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (one_row(), "没有一张"),
        (write_xls(Sheet(name="空", rows=[])), "没有一张"),
    ],
)
def test_what_is_no_table_is_named(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_a_text_document_in_a_zip_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "不是 xlsx" in refusal(file.getvalue())


def test_entities_are_refused_before_they_grow() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'

    def declare(sheet: bytes) -> bytes:
        return bomb + sheet.partition(b"?>")[2] if sheet.startswith(b"<?xml") else bomb + sheet

    assert "声明" in refusal(edited(one_row("a"), "xl/worksheets/sheet1.xml", declare))


def test_a_part_that_grows_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_parts, "LARGEST_PART", 3_000_000)
    padded = edited(one_row("a"), "xl/worksheets/sheet1.xml", lambda sheet: sheet + b" " * 4_000_000)
    assert len(padded) < 30_000
    assert "太大" in refusal(padded)


def test_a_cell_far_out_is_refused_and_does_not_widen_every_row() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["XFD1"] = "x"

    assert "太大" in refusal(workbook(fill))


@pytest.mark.parametrize("times", [30, pytest.param(150, marks=pytest.mark.slow)])
def test_a_damaged_workbook_is_refused_whatever_is_damaged(times: int) -> None:
    chance = random.Random(7)  # noqa: S311 - which bytes break is no secret
    xls = write_xls(Sheet(name="楼盘", rows=[["社区", "房号"], ["东风社区", 3]] * 20, merged=[(0, 3, 0, 0)]))
    for sound in (one_row("社区", "房号", 3), xls):
        for _ in range(times):
            damaged = bytearray(sound)
            for place in chance.sample(range(8, len(damaged)), 12):
                damaged[place] = chance.randrange(256)
            try:
                read_rows(bytes(damaged), "x")
            except BadInput as error:
                assert str(error)  # noqa: PT017 - a damaged file may also still be readable
        assert "损坏" in refusal(sound[: len(sound) // 3])
