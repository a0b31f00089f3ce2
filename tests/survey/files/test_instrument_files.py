"""Questionnaires in workbooks as offices hand them over."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires.definition import Questionnaire
from questionnaires.loading import BUILT_IN, load_file
from survey.files.instrument_files import read_instrument, read_workbook, xlsform_workbook
from survey.messages import BadInput
from tests.questionnaires.strategies import questionnaires
from tests.questionnaires.xlsform.forms import sheets


def saved(tmp_path: Path, change: Callable[[Workbook], object] | None = None) -> Path:
    """A plain form as a spreadsheet program writes it: numbers as numbers, shared texts."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets().items():
        sheet: Worksheet = book.create_sheet(name)
        for row in rows:
            sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    if change is not None:
        change(book)
    path = tmp_path / "form.xlsx"
    book.save(path)
    return path


def refused(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_instrument(path)
    return caught.value


@pytest.mark.parametrize("slug", BUILT_IN)
def test_a_built_in_questionnaire_comes_back_from_its_workbook(slug: str, tmp_path: Path) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    path = tmp_path / "form.xlsx"
    path.write_bytes(xlsform_workbook(questionnaire))
    read = read_instrument(path)
    assert read.questionnaire == questionnaire
    assert not read.left_out


@settings(max_examples=settings().max_examples // 4)
@given(questionnaires())
def test_a_workbook_holds_every_text_as_it_was(questionnaire: Questionnaire) -> None:
    """Blanks around, line breaks, what looks like a formula or like an escape; read back by openpyxl too."""
    data = xlsform_workbook(questionnaire)
    rows = read_workbook(data, "form.xlsx")[0]["survey"]
    labels = [cells[rows[0][1].index("label::Chinese (zh-Hans)")] for _, cells in rows[1:]]
    assert {item.text.zh_Hans for item in questionnaire.items} <= set(labels)
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames[:2] == (["survey", "choices"] if "choices" in book.sheetnames else ["survey", "settings"])


def test_what_a_spreadsheet_program_saved_is_read(tmp_path: Path) -> None:
    read = read_instrument(saved(tmp_path))
    assert [item.id for item in read.questionnaire.items] == ["Q1", "Q2", "N1", "T1"]
    assert read.questionnaire.version == "3"
    assert {note.column for note in read.left_out} == {"population", "closing", "civ_modes", ""}


def test_hidden_rows_are_named(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        book["survey"].row_dimensions[5].hidden = True

    (problem,) = refused(saved(tmp_path, hide)).problems
    assert problem.where == "survey:5"


def test_formulas_without_a_value_are_named(tmp_path: Path) -> None:
    def compute(book: Workbook) -> None:
        book["survey"]["C5"] = "=A1&B1"
        book["choices"]["C2"] = "#REF!"

    found = [(problem.where, problem.column) for problem in refused(saved(tmp_path, compute)).problems]
    assert found == [("survey:5", "label::Chinese (zh-Hans)"), ("choices:2", "label::Chinese (zh-Hans)")]


def test_hidden_rows_and_formulas_are_named_beside_all_else(tmp_path: Path) -> None:
    def spoil(book: Workbook) -> None:
        book["survey"].row_dimensions[5].hidden = True
        book["survey"]["C3"] = "#REF!"
        book["survey"]["F4"] = "${Q1} = ''"
        book["settings"]["C2"] = None
        book["choices"]["D4"] = None

    found = [(problem.where, problem.column) for problem in refused(saved(tmp_path, spoil)).problems]
    assert found == [
        ("survey:3", "label::Chinese (zh-Hans)"),
        ("survey:5", ""),
        ("survey:4", "relevant"),
        ("choices:4", "label::English (en)"),
    ]


def test_a_list_name_merged_over_its_options_counts_in_each(tmp_path: Path) -> None:
    def merge(book: Workbook) -> None:
        book["choices"].merge_cells("A2:A3")

    assert len(read_instrument(saved(tmp_path, merge)).questionnaire.item("Q1").options) == 2


def test_a_name_merged_over_two_rows_is_a_twin(tmp_path: Path) -> None:
    def merge(book: Workbook) -> None:
        book["survey"].merge_cells("B4:B5")

    assert ("survey:5", "name") in {(one.where, one.column) for one in refused(saved(tmp_path, merge)).problems}


def test_old_workbooks_are_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "form.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "xlsx" in str(refused(path))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, b"\x00" * 900])
def test_what_only_looks_like_a_workbook(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(data)
    assert path.name in str(refused(path))


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "none.xlsx" in str(refused(tmp_path / "none.xlsx"))
    (tmp_path / "folder.xlsx").mkdir()
    assert "folder.xlsx" in str(refused(tmp_path / "folder.xlsx"))


@pytest.mark.slow
def test_a_hundred_thousand_rows_and_a_million_characters(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        for _ in range(100_000):
            book["survey"].append(["note"])

    assert "20000" in str(refused(saved(tmp_path, fill)).problems[0].expected)
    path = saved(tmp_path)
    content = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as other:
        for name in archive.namelist():
            other.writestr(name, archive.read(name).replace("几个成年人".encode(), "几".encode() * 1_000_000))
    path.write_bytes(content.getvalue())
    (problem,) = refused(path).problems
    assert problem.where == "survey:5"
    assert len(problem.got) < 100


def test_nul_characters_are_refused(tmp_path: Path) -> None:
    def put(book: Workbook) -> None:
        book["survey"]["C5"] = "几_x0000_人"

    (problem,) = refused(saved(tmp_path, put)).problems
    assert (problem.where, problem.column) == ("survey:5", "label::Chinese (zh-Hans)")
