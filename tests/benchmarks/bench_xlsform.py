"""An XLSForm of 500 items: read from its workbook and checked, written, and beside it the largest built-in one."""

from pathlib import Path
from tempfile import TemporaryDirectory

from questionnaires.loading import BUILT_IN, load_file
from survey.files.instrument_files import read_instrument, xlsform_workbook
from survey.files.text_workbooks import text_sheets
from tests.benchmarks.measurement import Measurement, at_most, median_cpu

ITEMS = 500
SECONDS = 1.0
_LABELS = ["label::Chinese (zh-Hans)", "label::English (en)"]


def large_form() -> dict[str, list[list[str]]]:
    """Half of the items have ten options of their own; each but the first is asked after an answer before it."""
    survey = [["type", "name", *_LABELS, "required", "relevant", "constraint"]]
    choices = [["list_name", "name", *_LABELS]]
    for number in range(ITEMS):
        name, before = f"Q{number}", f"Q{number - number % 4}"
        relevant = f"${{{before}}} = '1' or ${{{before}}} = '2'" if number % 4 else ""
        kind = (f"select_one L{number}", "integer", f"select_multiple L{number}", "text")[number % 4]
        constraint = ("", ". >= 1 and . <= 20", "not(selected(., '9') and count-selected(.) > 1)", "")[number % 4]
        survey.append(
            [
                kind,
                name,
                f"第{number}题，您的看法是？",
                f"Question {number}, what do you think?",
                "",
                relevant,
                constraint,
            ]
        )
        if kind.startswith("select"):
            choices += [[f"L{number}", str(code), f"选项{code}", f"Option {code}"] for code in range(10)]
    settings = [["form_title", "form_id", "version"], ["大问卷", "large", "1"]]
    return {"survey": survey, "choices": choices, "settings": settings}


def run() -> list[Measurement]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "large.xlsx"
        path.write_bytes(text_sheets(large_form()))
        read = read_instrument(path).questionnaire
        reading = median_cpu(lambda: read_instrument(path))
        ours = Path(folder) / "ours.xlsx"
        ours.write_bytes(xlsform_workbook(read))
        again = median_cpu(lambda: read_instrument(ours))
        writing = median_cpu(lambda: xlsform_workbook(read))
        city = load_file(BUILT_IN["urban-community"])
        built_in = median_cpu(lambda: xlsform_workbook(city))
    return [
        at_most(f"XLSForm of {len(read.items)} items: read and checked", reading, "s CPU", SECONDS),
        at_most("the same as we export it: read, checked, columns compared", again, "s CPU", SECONDS),
        at_most("the same: written", writing, "s CPU", SECONDS),
        Measurement(name="urban-community: written", value=built_in, unit="s CPU"),
    ]
