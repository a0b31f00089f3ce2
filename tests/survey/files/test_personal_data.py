"""Persons' data are recognised however they are written, and places are not taken for persons."""

import pytest

from survey.files.personal_data import conceal, is_personal_column, is_personal_header
from survey.files.unit_columns import fields_of, header_of
from survey.files.unit_headers import EVERYWHERE, HARMLESS, OF_KIND
from survey.units import UnitKind

IDENTITY = "11010519491231002X"


@pytest.mark.parametrize(
    "header",
    [
        "姓名", "户主", "业主姓名", "联系人", "身份证号", "身份证号码", "证件号", "电话", "手机", "手机号码",
        "联系电话", "微信号", "网格员",
        "网格长", "性别", "出生日期", "车牌号", "QQ", "户主(联系方式)",
    ],
)  # fmt: skip
def test_headers_of_persons(header: str) -> None:
    assert is_personal_header(header)


def test_no_header_of_a_field_is_one_of_persons() -> None:
    headers = [words for fields in (EVERYWHERE, *OF_KIND.values()) for words in fields.values()]
    assert [header for words in headers for header in words.split() if is_personal_header(header)] == []
    assert [header for header in HARMLESS if is_personal_header(header)] == []
    assert all(header_of(kind, field) for kind in UnitKind for field in fields_of(kind))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("村口13800138000旁", "村口旁"),
        ("138 0013 8000 张家", "张家"),
        ("+8613800138000", ""),
        (f"{IDENTITY}号", "号"),
        (IDENTITY.lower(), ""),
        ("电0668-1234567转", "电转"),
        ("440983102001003", "440983102001003"),
        ("202403051234567890", "202403051234567890"),
        ("2024-03-05 10:20:30", "2024-03-05 10:20:30"),
        ("编号9138001380001", "编号9138001380001"),
        ("东风路138号", "东风路138号"),
    ],
)
def test_numbers_of_persons_are_cut_out_of_texts(text: str, left: str) -> None:
    assert conceal(text) == left


def test_a_column_of_such_numbers_is_one_of_persons_whatever_its_header_says() -> None:
    assert is_personal_column(["13800138000", "", IDENTITY, "无"])
    assert not is_personal_column(["101", "102", "13800138000"])
    assert not is_personal_column(["", ""])
