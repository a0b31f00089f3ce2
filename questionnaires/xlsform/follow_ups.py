"""Which problems only follow from another one, and so are not told beside it: mending that one mends them.

A form is judged in passes: its sheets, its rows, what expressions say, the rules that hold for every questionnaire, and
whether columns that say the same agree. All of them are asked whatever an earlier one found, so that an author mends
everything at once; a later one then meets rows that could not be read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from questionnaires.problems import InstrumentProblem, shown
from questionnaires.xlsform.columns import SHEETS
from questionnaires.xlsform.grids import Line, Sheet
from questionnaires.xlsform.read_survey import Survey

#: Columns that name a row or its section.
_NAMES = ("name", "civ_section")
_SHEETS = tuple(SHEETS)
#: Fields in which the rules name another row.
_NAMING = frozenset({"item", "other", "ask_if", "relevant", "section", "civ_section", "parts", "indicator"})


def in_order(problems: Iterable[InstrumentProblem]) -> tuple[InstrumentProblem, ...]:
    """Each once, as an author goes through the workbook. The same is often said of every question with a list, and
    once more for each language that one column stands for.
    """
    found: dict[tuple[str, str, str, str], InstrumentProblem] = {}
    for problem in problems:
        found.setdefault((problem.item, problem.field, problem.got, problem.expected_msgid), problem)
    return tuple(sorted(found.values(), key=_place))


def _place(problem: InstrumentProblem) -> tuple[int, int]:
    sheet, _, row = problem.item.partition(":")
    return (_SHEETS.index(sheet) if sheet in _SHEETS else -1), int(row) if row.isdecimal() else 0


def without_follow_ups(
    found: Sequence[tuple[InstrumentProblem, InstrumentProblem | None]],
    told: Sequence[InstrumentProblem],
    sheets: Mapping[str, Sheet],
    survey: Survey,
) -> list[InstrumentProblem]:
    """``found``: what the rules said, and the same with its place in the workbook, if it has one. ``told``: by the
    passes before.
    """
    cells = {(problem.item, _base(problem.field)) for problem in told}
    broken = _broken_names(survey, [*told, *(placed for _, placed in found if placed)])
    headless = {problem.item for problem in told}.intersection(
        f"{sheet.name}:{sheet.header}" for sheet in sheets.values()
    )
    mentions_broken = _mentions(survey, sheets)
    left = []
    for problem, placed in found:
        if placed is None:
            left += [] if told else [problem]
            continue
        sheet = sheets.get(placed.item.partition(":")[0])
        column = _base(placed.field)
        lost = sheet is not None and f"{sheet.name}:{sheet.header}" in headless and not _has(sheet, column)
        names_broken = problem.field.partition("[")[0].partition(".")[0] in _NAMING and problem.got in broken
        if lost or names_broken or (placed.item, column) in cells or mentions_broken(placed.item):
            continue
        left.append(placed)
    return left


def _broken_names(survey: Survey, problems: Iterable[InstrumentProblem]) -> set[str]:
    """Of rows and sections, as problems show them."""
    cells = {(problem.item, problem.field) for problem in problems}
    named = [(question.line, question.name) for question in survey.questions]
    named += [(group.line, group.section) for group in survey.groups]
    broken = {name for line, name in named for column in _NAMES if (_where(line), line.heading(column)) in cells}
    return {shown(name) for name in (*broken, *(line.get("name") for line in survey.refused))}


def _mentions(survey: Survey, sheets: Mapping[str, Sheet]) -> Callable[[str], bool]:
    """Whether a row of our own sheets is about an item that could not be read."""
    refused = {line.get("name") for line in survey.refused}
    lost: set[str] = set()
    codes: set[str] = set()
    for name in ("civ_indicators", "civ_checks", "civ_alternates", "civ_composites"):
        for line in sheets[name].lines if name in sheets else ():
            parts = {part.split()[0] for part in line.get("parts").replace("，", ",").split(",") if part.split()}
            if {line.get("item"), line.get("other")} & refused or ({line.get("indicator")} | parts) & codes:
                lost.add(_where(line))
                codes.add(line.get("code") or line.get("indicator"))
    return lost.__contains__


def _where(line: Line) -> str:
    return f"{line.sheet}:{line.number}"


def _base(column: str) -> str:
    return column.partition("::")[0]


def _has(sheet: Sheet, column: str) -> bool:
    return any(column in (_base(key), _base(heading)) for key, heading in sheet.headings.items())
