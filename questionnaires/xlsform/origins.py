"""From the place in a document where the language's rules found something wrong back to sheet, row and column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires.problems import InstrumentProblem
from questionnaires.xlsform.grids import BLANK, Line, finding
from questionnaires.xlsform.languages import heading

_OPTION = re.compile(r"options\[(\d+)\]\.?(.*)")
_NUMBERED = re.compile(r"\[\d+\]")
_COLUMNS = {
    "survey": {
        "": "label", "id": "name", "text": "label", "title": "label", "interviewer_note": "hint",
        "department": "civ_department", "ask_if": "relevant", "options": "type", "random_order": "parameters",
        "section": "civ_section", "factual": "civ_factual",
        **dict.fromkeys(("minimum", "maximum", "earliest", "latest", "max_choices", "max_chars"), "constraint"),
        **{name: f"civ_{name}" for name in ("scale", "battery", "module", "modes", "optional", "reverse_order")},
    },
    "choices": {
        "": "label", "code": "name", "text": "label",
        **{
            name: f"civ_{name}"
            for name in ("kind", "polarity", "score", "exclusive", "open", "terminate", "read_aloud", "decoy")
        },
    },
    "settings": {
        "slug": "form_id", "title": "form_title", "modes": "civ_modes", "languages": "civ_languages",
        "target_minutes": "civ_target_minutes", "one_page": "civ_one_page",
    },
}  # fmt: skip
_EXTRA = {"": "label", "text": "label", "title": "label", "counted": "codes", "ask_if": "relevant"}
_TAG = re.compile(r"zh_Hans|en|[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


@dataclass(kw_only=True)
class Origins:
    """``tables``: a place as the rules call it -> its row; ``options``: an item's id -> the rows of its options;
    ``wordings``: (place, field) -> the row of a wording; ``tags``: the languages of the form."""

    settings: Line
    tags: frozenset[str]
    tables: dict[str, Line] = field(default_factory=dict)
    options: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    wordings: Mapping[tuple[str, str], Line] = field(default_factory=dict)

    def place(self, problem: InstrumentProblem) -> InstrumentProblem | None:
        """As the author finds it; ``None``: it stands in no row."""
        line, path = self.line(problem.item, problem.field)
        if line is None:
            return None
        column = self._column(line.sheet, path)
        theirs = line.heading(column)
        expected, blank = problem.expected_msgid, problem.got in ("", '""')
        if blank and "language" in problem.params:
            expected = BLANK  # the heading says in which language
        placed = finding(line.sheet, line.number, theirs if theirs != column else _headed(column), "", expected)
        return InstrumentProblem(
            item=placed.item,
            field=placed.field,
            got="" if blank else problem.got,
            expected_msgid=expected,
            params=problem.params,
        )

    def line(self, place: str, path: str) -> tuple[Line | None, str]:
        """The row, and the way from there."""
        head, _, rest = path.partition(".")
        if (place, head) in self.wordings:
            return self.wordings[place, head], rest
        if place in ("instrument", "introductions", "placeholders", ""):
            return self.settings, path
        option = _OPTION.fullmatch(path)
        lines = self.options.get(place, ())
        if option and int(option[1]) < len(lines):
            line = lines[int(option[1])]
            return line, option[2] if line.sheet == "choices" else ""
        return self.tables.get(place), path

    def _column(self, sheet: str, path: str) -> str:
        parts = _NUMBERED.sub("", path).split(".")
        tag = parts.pop() if parts[-1] in self.tags and _TAG.fullmatch(parts[-1]) else ""
        name = parts[0] if parts else ""
        column = _COLUMNS.get(sheet, _EXTRA).get(name, name)
        return f"{column}::{tag}" if tag else column


def _headed(column: str) -> str:
    return heading(column) if "::" in column else column
