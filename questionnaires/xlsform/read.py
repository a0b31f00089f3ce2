"""XLSForm -> Questionnaire, or every problem in it with sheet, row and column."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from questionnaires.definition import Check, Item, Questionnaire, Text
from questionnaires.document import to_document
from questionnaires.parsing import parse
from questionnaires.problems import N_, InstrumentError, InstrumentProblem
from questionnaires.reading import is_identifier
from questionnaires.xlsform.agreement import Marks, check_agreement, refuse_exclusions
from questionnaires.xlsform.constraints import Comparing, comparing
from questionnaires.xlsform.follow_ups import in_order, without_follow_ups
from questionnaires.xlsform.grids import Findings, Grid, Line, Sheet, lacks_columns
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
from questionnaires.xlsform.read_settings import File, Settings, read_settings, settings_line
from questionnaires.xlsform.read_survey import Survey, read_expressions, read_item, read_sections, read_survey
from questionnaires.xlsform.read_workbook import read_sheets
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
    read = read_sheets(sheets, findings)
    if not read:
        raise InstrumentError(name, findings.problems)
    form = _Form(read, findings, File(name=name, day=day))
    if "survey" not in read or lacks_columns(read["survey"]):
        form.settings_of_draft()  # what stands on the other sheets can be said all the same
        raise InstrumentError(name, in_order(findings.problems))
    draft = form.draft()
    questionnaire = form.checked(draft)
    if questionnaire is None or findings.problems:
        refuse_exclusions(form.survey)
    else:
        check_agreement(form.survey, questionnaire, form.marks)
    if findings.problems:
        raise InstrumentError(name, in_order(findings.problems))
    return ReadForm(questionnaire=questionnaire or draft, notes=tuple(findings.notes))


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
        choices = sheet_of(sheets, "choices")
        #: ``None``: nobody can tell which there are.
        self.lists = None if choices.columns and lacks_columns(choices) else read_choices(choices)
        self.survey: Survey = read_survey(sheet_of(sheets, "survey"), self.lists)
        self.wordings: Wordings = read_wordings(sheet_of(sheets, "civ_wordings"))
        self.section_lines: dict[str, Line] = {}

    def draft(self) -> Questionnaire:
        """What the sheets say, before the rules of the language were asked."""
        sheets, survey = self._sheets, self.survey
        checks = read_checks(sheet_of(sheets, "civ_checks"), survey.known)
        read_expressions(survey, _hard(checks))
        find_words(survey, marked=self.marks.words)
        if self.lists and (named := lists_named(sheet_of(sheets, "survey"))) is not None:
            meant = {str(one.params.get("near")) for one in self._findings.problems if one.item.startswith("survey:")}
            refuse_unused(self.lists.values(), named | meant)
        refuse_piping(survey, self.wordings.named("placeholder"))
        settings = self.settings_of_draft()
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

    def settings_of_draft(self) -> Settings:
        return read_settings(self.settings, self.wordings, self._findings, self._further(), self._file)

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

    def checked(self, draft: Questionnaire) -> Questionnaire | None:
        """The draft through the rules that hold for every instrument file; what breaks one is noted by sheet and row,
        and ``None`` given.
        """
        try:
            return parse(to_document(draft), self._file.name, self_contained=True)
        except InstrumentError as error:
            origins = self.origins()
            found = [(problem, origins.place(problem)) for problem in error.problems]
            told = self._findings.problems
            told += without_follow_ups(found, told, self._sheets, self.survey)
            return None

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
