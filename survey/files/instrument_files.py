"""Questionnaires as files: TOML, or the XLSForm workbooks of ODK and KoboToolbox; told apart by their content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from questionnaires.definition import Questionnaire
from questionnaires.loading import InstrumentError, InstrumentProblem, load_file
from questionnaires.toml_text import to_toml
from questionnaires.xlsform import Grid, read_form, write_xlsform
from survey.files import xlsx_files
from survey.files.cells import is_error
from survey.files.text_workbooks import text_sheets
from survey.messages import N_, BadInput, Message, Problem

#: Where the day is told that dates a form without a version.
SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Bytes of a workbook; a form of 500 items has some 60,000.
LARGEST_WORKBOOK = 10_000_000
_NO_VALUE = N_("文字；公式没有算出结果，请改成它的值")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
#: The first rows of a sheet with this many cells in them are a mistake long before memory is short.
_MOST_ROWS = 20_000


@dataclass(frozen=True, kw_only=True)
class InstrumentFile:
    """``left_out``: what of a workbook was not taken over or had to be assumed, though nothing is wrong."""

    questionnaire: Questionnaire
    left_out: tuple[Problem, ...] = ()


def read_instrument(path: Path) -> InstrumentFile:
    """The questionnaire in a file; :class:`BadInput` names everything wrong with it: item and field of a TOML file,
    sheet, row and column of a workbook."""
    start = _start_of(path)
    _refuse_old_workbook(start, path.name)
    if start.startswith(_ZIP) or path.suffix.lower() == ".xlsx":
        return _read_form(_content(path), path.name)
    try:
        return InstrumentFile(questionnaire=load_file(path))
    except InstrumentError as error:
        raise _bad_file([_problem(problem) for problem in error.problems], path) from error


def text_of_upload(data: bytes, name: str) -> tuple[str, tuple[Problem, ...]]:
    """The TOML text of an uploaded file, a workbook's with what was left out of it; whether the text is right is not
    asked. :class:`BadInput` for a workbook that is no questionnaire, and for what is no text.
    """
    _refuse_old_workbook(data[:8], name)
    if data.startswith(_ZIP) or name.lower().endswith(".xlsx"):
        form = _read_form(data, name)
        return to_toml(form.questionnaire), form.left_out
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(
            Message(
                N_("{file} 第 {line} 行不是 UTF-8 编码的文字：请另存为 UTF-8 的 .toml，或者上传 .xlsx"),
                {"file": name, "line": line},
            )
        ) from error


def _read_form(data: bytes, name: str) -> InstrumentFile:
    """Every problem at once; of a row with a formula that gave nothing only that is said."""
    sheets, problems = read_workbook(data, name)
    blank = {problem.where for problem in problems if problem.expected.msgid == _NO_VALUE}
    form = None
    try:
        form = read_form(sheets, name, day=datetime.now(SHANGHAI).date())
    except InstrumentError as error:
        problems += [_problem(problem) for problem in error.problems if problem.item not in blank]
    if problems or form is None:
        raise _bad_file(problems, name)
    return InstrumentFile(questionnaire=form.questionnaire, left_out=tuple(_problem(note) for note in form.notes))


def _refuse_old_workbook(start: bytes, name: str) -> None:
    if start.startswith(_OLE):
        raise BadInput(
            Message(N_("{file} 是旧的 .xls 工作簿，或者有密码：请在 Excel 里另存为不设密码的 .xlsx"), {"file": name})
        )


def _bad_file(problems: Sequence[Problem], file: Path | str) -> BadInput:
    return BadInput(Message(N_("问卷文件 {file} 有 {count} 处问题"), {"file": file, "count": len(problems)}), problems)


def read_workbook(data: bytes, name: str) -> tuple[Mapping[str, Grid], list[Problem]]:
    """The sheets of an XLSForm as rows of text; beside them rows nobody sees and formulas without a value."""
    found: dict[str, Grid] = {}
    problems: list[Problem] = []
    for sheet in xlsx_files.sheets(data, name, exact=True):
        if sheet.name in found:
            problems.append(_at(sheet.name, 0, sheet.name, N_("没有用过的工作表名称")))
        found[sheet.name] = sheet.rows
        if not sheet.name.lower().startswith(("survey", "choices", "settings", "civ_")):
            continue
        for number, cells in sheet.rows[:_MOST_ROWS]:
            if number in sheet.hidden:
                first = next((cell for cell in cells if cell), "")
                problems.append(_at(sheet.name, number, first, N_("看得见的一行：请取消隐藏，或者删掉")))
            for place, cell in enumerate(cells):
                if is_error(cell):
                    heading = next(iter(sheet.rows[0][1][place : place + 1]), "")
                    problems.append(_at(sheet.name, number, cell, _NO_VALUE, column=heading))
    return found, problems


def xlsform_workbook(questionnaire: Questionnaire) -> bytes:
    """The questionnaire as an XLSForm workbook."""
    return text_sheets(write_xlsform(questionnaire))


def _at(sheet: str, row: int, got: str, expected: str, *, column: str = "") -> Problem:
    return Problem(where=f"{sheet}:{row}" if row else sheet, column=column, got=got, expected=Message(expected))


def _problem(problem: InstrumentProblem) -> Problem:
    return Problem(
        where=problem.item,
        column=problem.field,
        got=problem.got,
        expected=Message(problem.expected_msgid, problem.params),
    )


def _start_of(path: Path) -> bytes:
    """The first bytes; none of a file that cannot be read, which the reader of TOML says."""
    try:
        with path.open("rb") as file:
            return file.read(8)
    except (OSError, ValueError):
        return b""


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_WORKBOOK + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(Message(N_("读不了文件 {file}：{reason}"), {"file": path, "reason": reason})) from error
    if len(data) > LARGEST_WORKBOOK:
        raise BadInput(
            Message(
                N_("{file} 超过 {most} 字节：请只留下问卷的工作表，删掉图片和多余的行"),
                {"file": path, "most": LARGEST_WORKBOOK},
            )
        )
    return data
