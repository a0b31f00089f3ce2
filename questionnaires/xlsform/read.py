"""XLSForm -> Questionnaire, or every problem in it with sheet, row and column."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from questionnaires.definition import Check, Item, Questionnaire, Text
from questionnaires.document import to_document
from questionnaires.parsing import parse
from questionnaires.problems import N_, InstrumentError, InstrumentProblem
from questionnaires.reading import is_identifier, nearest
from questionnaires.xlsform.agreement import Marks, check_agreement
from questionnaires.xlsform.columns import REFUSED_SHEETS, SHEETS
from questionnaires.xlsform.constraints import Comparing, comparing
from questionnaires.xlsform.grids import MOST_ROWS, MOST_SURVEY_ROWS, Findings, Grid, Line, Sheet, read_sheet
from questionnaires.xlsform.languages import heading, language_name
from questionnaires.xlsform.origins import Origins
from questionnaires.xlsform.piping import refuse_piping
from questionnaires.xlsform.read_choices import read_choices, refuse_unused
from questionnaires.xlsform.read_extras import (
    Wordings,
    read_checks,
    read_composites,
    read_indicators,
    read_listed_sections,
    read_wordings,
    sheet_of,
)
from questionnaires.xlsform.read_settings import File, default_language, read_settings, settings_line
from questionnaires.xlsform.read_survey import Survey, read_expressions, read_item, read_sections, read_survey
from questionnaires.xlsform.rows import lists_named
from questionnaires.xlsform.words import find_words

_HINT_IS_NOTE = N_("成了给访员的话：网上和纸上自己填的人看不到；要让他们看到，请写进 label")
_PLACES = {"introduction": "introductions", "placeholder": "placeholders"}


@dataclass(frozen=True, kw_only=True)
class ReadForm:
    """``notes``: what was left out or assumed, each with its place; nothing of it is wrong."""

    questionnaire: Questionnaire
    notes: tuple[InstrumentProblem, ...]


def read_xlsform(sheets: Mapping[str, Grid], name: str) -> Questionnaire:
    """The questionnaire in ``sheets``; ``name`` is the file's.

    Raises:
        InstrumentError: naming every problem, ``item`` as ``survey:12`` (sheet and row), ``field`` as the column.
    """
    return read_form(sheets, name).questionnaire


def read_form(sheets: Mapping[str, Grid], name: str, *, day: date | None = None) -> ReadForm:
    """As :func:`read_xlsform`, with what of the form was left out. ``day``: the version of a form that names none;
    without it such a form is refused.

    Raises:
        InstrumentError: as there.
    """
    findings = Findings()
    read = _read_sheets(sheets, findings)
    _stop(findings, name)
    form = _Form(read, findings, File(name=name, day=day))
    draft = form.draft()
    _stop(findings, name)
    questionnaire = _checked(draft, form, name)
    check_agreement(form.survey, questionnaire, form.marks)
    _stop(findings, name)
    return ReadForm(questionnaire=questionnaire, notes=tuple(findings.notes))


def _stop(findings: Findings, name: str) -> None:
    if findings.problems:
        raise InstrumentError(name, findings.problems)


def _read_sheets(sheets: Mapping[str, Grid], findings: Findings) -> dict[str, Sheet]:
    rows = sum(len(grid) for grid in sheets.values())
    if rows > MOST_ROWS:
        findings.problem("", 0, "", str(rows), N_("不超过 {most} 行"), most=MOST_ROWS)
        return {}
    for sheet, grid in sheets.items():
        if sheet.strip().lower() == "survey" and len(grid) > MOST_SURVEY_ROWS:
            findings.problem(sheet, 0, "", str(len(grid)), N_("不超过 {most} 行"), most=MOST_SURVEY_ROWS)
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
        near = nearest("survey", named)
        if near and near != "survey":
            findings.problem("survey", 0, "", near, N_("名为 survey 的工作表，写着题目；也许是 {near}"), near=near)
        else:
            findings.problem("survey", 0, "", "", N_("名为 survey 的工作表，写着题目"))
        return {}
    read = {
        sheet: read_sheet(sheet, named[sheet], columns, findings, language)
        for sheet, columns in SHEETS.items()
        if sheet in named
    }
    if not findings.problems:
        _find_missing_columns(read, findings)
    return read


def _find_missing_columns(sheets: Mapping[str, Sheet], findings: Findings) -> None:
    for name, needed in (("survey", ("type", "name")), ("choices", ("list_name", "name"))):
        sheet = sheets.get(name)
        if sheet is None or not sheet.columns:
            continue
        missing = [column for column in needed if column not in sheet.columns]
        if not any(column.startswith("label::") for column in sheet.columns):
            missing.append(f"label::{language_name('zh_Hans')}")
        for column in missing:
            findings.problem(name, sheet.header, column, "", N_("有这一列"))


class _Form:
    """One form on its way to a questionnaire."""

    def __init__(self, sheets: Mapping[str, Sheet], findings: Findings, file: File) -> None:
        self._sheets, self._findings, self._file = sheets, findings, file
        self.settings = settings_line(sheet_of(sheets, "settings"), findings)
        self.marks = Marks(
            words="civ_words_of" in sheet_of(sheets, "survey").columns,
            scales="civ_scale" in sheet_of(sheets, "survey").columns,
            exclusive="civ_exclusive" in sheet_of(sheets, "choices").columns,
            checks=bool(sheet_of(sheets, "civ_checks").lines),
        )
        self.lists = read_choices(sheet_of(sheets, "choices"))
        self.survey: Survey = read_survey(sheet_of(sheets, "survey"), self.lists)
        self.wordings: Wordings = read_wordings(sheet_of(sheets, "civ_wordings"))
        self.section_lines: dict[str, Line] = {}

    def draft(self) -> Questionnaire:
        """What the sheets say, before the rules of the language were asked."""
        sheets, survey = self._sheets, self.survey
        checks = read_checks(sheet_of(sheets, "civ_checks"), survey.known)
        read_expressions(survey, _hard(checks))
        find_words(survey, marked=self.marks.words)
        if (named := lists_named(sheet_of(sheets, "survey"))) is not None:
            refuse_unused(self.lists.values(), named)
        refuse_piping(survey, self.wordings.named("placeholder"))
        settings = read_settings(self.settings, self.wordings, self._findings, self._further(), self._file)
        if not self.marks.checks:
            checks = tuple(self._new_checks())
        if not self.marks.words and any(question.line.wording("hint") for question in survey.questions):
            self._findings.note("survey", 0, "hint", "", _HINT_IS_NOTE)
        if not (self.marks.words or sheet_of(sheets, "civ_indicators").lines):
            self._findings.note("civ_indicators", 0, "", "", N_("没有这张工作表：收了答卷也算不出率；各率写在这里"))
        sections, self.section_lines = read_sections(survey, settings.title)
        sections = read_listed_sections(sheet_of(sheets, "civ_sections"), sections, self.section_lines)
        return Questionnaire(
            slug=settings.slug,
            version=settings.version,
            title=settings.title,
            population=settings.population,
            modes=settings.modes,
            introductions=self.wordings.named("introduction"),
            closing=settings.closing,
            sections=tuple(sections),
            items=tuple(self._items()),
            indicators=read_indicators(sheet_of(sheets, "civ_indicators"), sheet_of(sheets, "civ_alternates")),
            placeholders=self.wordings.named("placeholder"),
            target_minutes=settings.target_minutes,
            one_page=settings.one_page,
            languages=settings.languages,
            checks=checks,
            composites=read_composites(sheet_of(sheets, "civ_composites")),
        )

    def _further(self) -> tuple[str, ...]:
        keys = {column for sheet in self._sheets.values() for column in sheet.columns}
        tags = {key.partition("::")[2] for key in keys if "::" in key}
        return tuple(sorted(tags - {"zh_Hans", "en"}))

    def _items(self) -> Iterator[Item]:
        shared = Counter(question.choices.name for question in self.survey.questions if question.choices)
        open_codes: dict[str, set[int]] = {}
        for row in self.survey.words:
            if row.words_of:
                open_codes.setdefault(row.words_of[0], set()).add(row.words_of[1])
        for question in self.survey.questions:
            scale = question.line.get("civ_scale") or None
            name = question.choices.name if question.choices else ""
            if not self.marks.scales and shared[name] > 1 and is_identifier(name):
                scale = name
            yield read_item(question, open_codes.get(question.name, set()), scale=scale)

    def _new_checks(self) -> Iterator[Check]:
        """The comparisons in the constraints of a form without checks of ours."""
        for question in self.survey.questions:
            for position, found in enumerate(question.limits.comparisons):
                text = question.line.wording("constraint_message")
                if text is None:
                    question.line.problem("constraint_message", N_("不符合时说什么；和另一题比较的限制要有这段话"))
                yield Check(
                    id=f"{question.name[:34]}_{position + 1}",
                    item=question.name,
                    compare=found.compare,
                    value=found.value,
                    other=found.other,
                    ask_if=found.ask_if,
                    text=text or Text(zh_Hans="", en=""),
                    hard=True,
                )
            if question.line.wording("constraint_message") and not question.limits.comparisons:
                question.line.note("constraint_message", N_("已略去：超出范围时由本系统说明"))

    def once(self, problems: Sequence[InstrumentProblem]) -> Sequence[InstrumentProblem]:
        """Without what is said again of a wording that was taken from another column."""
        taken = {(sheet, heading(key)) for sheet, key in self._findings.filled}
        return [one for one in problems if (one.item.partition(":")[0], one.field) not in taken] or problems

    def origins(self) -> Origins:
        """Where everything in the draft stands."""
        sheets = self._sheets
        found = Origins(
            settings=self.settings,
            tags=frozenset({"zh_Hans", "en", *self._further()}),
            wordings={
                (_PLACES.get(what, "instrument"), name or what): line
                for (what, name), line in self.wordings.lines.items()
            },
        )
        found.tables |= {f"section {name}": line for name, line in self.section_lines.items()}
        for sheet, name, column in (
            ("civ_indicators", "indicator", "code"),
            ("civ_checks", "check", "id"),
            ("civ_composites", "composite", "code"),
        ):
            for position, line in enumerate(sheet_of(sheets, sheet).lines):
                found.tables[f"{name} {line.get(column)}"] = line
                found.tables[f"{name}[{position + 1}]"] = line
        for position, question in enumerate(self.survey.questions):
            for place in (question.name, f"item[{position + 1}]"):
                found.tables[place] = question.line
                if question.choices:
                    found.options[place] = question.choices.lines
        return found


def _hard(checks: tuple[Check, ...]) -> dict[str, list[Comparing]]:
    found: dict[str, list[Comparing]] = {}
    for check in checks:
        if check.hard:
            found.setdefault(check.item, []).append(comparing(check))
    return found


def _checked(draft: Questionnaire, form: _Form, name: str) -> Questionnaire:
    """The draft through the rules that hold for every instrument file; what breaks one is named by sheet and row."""
    try:
        return parse(to_document(draft), name, self_contained=True)
    except InstrumentError as error:
        origins = form.origins()
        raise InstrumentError(name, form.once([origins.place(problem) for problem in error.problems])) from error
