"""Forms as sheets of rows, and what is wrong with them."""

from collections.abc import Mapping, Sequence

from questionnaires.loading import InstrumentError
from questionnaires.problems import InstrumentProblem
from questionnaires.xlsform import Grid, ReadForm, read_form

Sheets = Mapping[str, Sequence[Sequence[str]]]

#: A form as somebody would write it for KoboToolbox: no column of ours.
SURVEY = """
type | name | label::Chinese (zh-Hans) | label::English (en) | required | relevant | constraint
begin_group | about | 关于您 | About you | | |
select_one yesno | Q1 | 您住在这里吗 | Do you live here | yes | |
select_multiple acts | Q2 | 参加过什么 | Took part in | | ${Q1} = '1' | not(selected(., '90') and count-selected(.) > 1)
integer | N1 | 几个成年人 | How many adults | | | . >= 1 and . <= 20
end_group | | | | | |
text | T1 | 还有什么 | Anything else | | selected(${Q2}, '1') or selected(${Q2}, '2') |
"""
CHOICES = """
list_name | name | label::Chinese (zh-Hans) | label::English (en)
yesno | 1 | 是 | Yes
yesno | 2 | 否 | No
acts | 1 | 志愿服务 | Volunteering
acts | 2 | 议事会 | A meeting
acts | 90 | 都没有 | None
"""
SETTINGS = """
form_title | form_id | version
小问卷 | small | 3
"""


def table(text: str) -> list[list[str]]:
    """``a | b`` a line."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def sheets(*, survey: str = SURVEY, choices: str = CHOICES, settings: str = SETTINGS) -> dict[str, list[list[str]]]:
    return {"survey": table(survey), "choices": table(choices), "settings": table(settings)}


def numbered(form: Sheets) -> dict[str, Grid]:
    """Each row with the number it has in a workbook."""
    return {name: list(enumerate(rows, 1)) for name, rows in form.items()}


def read(form: Sheets) -> ReadForm:
    return read_form(numbered(form), "form.xlsx")


def problems(form: Sheets) -> tuple[InstrumentProblem, ...]:
    """What is wrong; empty when nothing is."""
    try:
        read(form)
    except InstrumentError as error:
        return error.problems
    return ()


def places(form: Sheets) -> list[tuple[str, str]]:
    return [(problem.item, problem.field) for problem in problems(form)]
