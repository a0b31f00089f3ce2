"""Forms as sheets of rows, and what is wrong with them."""

from collections.abc import Mapping, Sequence

from questionnaires.loading import InstrumentError
from questionnaires.problems import InstrumentProblem
from questionnaires.xlsform import Grid, read_form
from questionnaires.xlsform.read import ReadForm


def numbered(sheets: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, Grid]:
    """Each row with the number it has in a workbook."""
    return {name: [(number, row) for number, row in enumerate(rows, 1)] for name, rows in sheets.items()}


def table(text: str) -> list[list[str]]:
    """``a | b`` a line."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def problems(sheets: Mapping[str, Sequence[Sequence[str]]]) -> tuple[InstrumentProblem, ...]:
    """What is wrong; empty when nothing is."""
    try:
        read_form(numbered(sheets), "form.xlsx")
    except InstrumentError as error:
        return error.problems
    return ()


def read(sheets: Mapping[str, Sequence[Sequence[str]]]) -> ReadForm:
    return read_form(numbered(sheets), "form.xlsx")
