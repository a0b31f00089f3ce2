"""The sheets of a form: which there are, which are missing, and which columns each must have."""

from collections.abc import Mapping

from questionnaires.problems import N_
from questionnaires.reading import nearest
from questionnaires.xlsform.columns import REFUSED_SHEETS, SHEETS
from questionnaires.xlsform.grids import MOST_ROWS, MOST_SURVEY_ROWS, NEEDED, Findings, Grid, Sheet, read_sheet
from questionnaires.xlsform.read_settings import default_language


def read_sheets(sheets: Mapping[str, Grid], findings: Findings) -> dict[str, Sheet]:
    """Those with a meaning here; none where there is no ``survey``, or far too much of it."""
    if not _fits(sheets, findings):
        return {}
    named = {sheet.strip().lower(): grid for sheet, grid in sheets.items()}
    language = default_language(named.get("settings", ()))
    for sheet in sheets:
        plain = sheet.strip().lower()
        if plain in REFUSED_SHEETS and len(sheets[sheet]) > 1:
            findings.problem(sheet, 0, "", "", REFUSED_SHEETS[plain])
        elif plain.startswith("civ_") and plain not in SHEETS:
            near = nearest(plain, SHEETS)
            findings.problem(sheet, 0, "", sheet, N_("已有的工作表，也许是 {near}"), near=near or "civ_wordings")
    if not named.get("survey"):
        _no_survey(named, findings)
    read = {
        sheet: read_sheet(sheet, named[sheet], columns, findings, language)
        for sheet, columns in SHEETS.items()
        if sheet in named
    }
    for sheet in NEEDED:
        if sheet in read:
            _find_missing(read[sheet], findings)
    return read


def _fits(sheets: Mapping[str, Grid], findings: Findings) -> bool:
    rows = sum(len(grid) for grid in sheets.values())
    if rows > MOST_ROWS:
        findings.problem("", 0, "", str(rows), N_("不超过 {most} 行"), most=MOST_ROWS)
        return False
    for sheet, grid in sheets.items():
        if sheet.strip().lower() == "survey" and len(grid) > MOST_SURVEY_ROWS:
            findings.problem(sheet, 0, "", str(len(grid)), N_("不超过 {most} 行"), most=MOST_SURVEY_ROWS)
            return False
    return True


def _no_survey(named: Mapping[str, Grid], findings: Findings) -> None:
    near = nearest("survey", named)
    if near and near != "survey":
        findings.problem("survey", 0, "", near, N_("名为 survey 的工作表，写着题目；也许是 {near}"), near=near)
    else:
        findings.problem("survey", 0, "", "", N_("名为 survey 的工作表，写着题目"))


def _find_missing(sheet: Sheet, findings: Findings) -> None:
    """A column whose heading was misspelt is not said to be missing, too."""
    if not sheet.columns:
        return
    meant = {
        problem.params.get("near") for problem in findings.problems if problem.item == f"{sheet.name}:{sheet.header}"
    }
    missing = [column for column in NEEDED[sheet.name] if column not in sheet.columns]
    if not any(column.startswith("label::") for column in sheet.columns):
        missing.append("label")
    for column in missing:
        if not any(str(near).partition("::")[0] == column for near in meant):
            findings.problem(sheet.name, sheet.header, column, "", N_("有这一列"))
