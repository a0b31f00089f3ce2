"""The ``survey`` sheet: sections and items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from questionnaires.definition import Item, Option, Section, Text
from questionnaires.problems import N_
from questionnaires.xlsform.conditions import Known, Relevant, Unholdable, read_relevant
from questionnaires.xlsform.constraints import Comparing, read_constraint
from questionnaires.xlsform.expressions import NotUnderstood
from questionnaires.xlsform.grids import Line, Sheet
from questionnaires.xlsform.read_choices import ChoiceList
from questionnaires.xlsform.rows import Group, Question, read_rows

#: The section of items that stand in no group.
_LOOSE = "main"
#: What a questionnaire can hold, as messages show it.
_CONDITIONS = "${A1} = '1'、selected(${A2}, '3')、${N1} >= 2"
_LIMITS = ". >= 1 and . <= 20、. <= ${N1}、. >= date('2026-03-01')、count-selected(.) <= 3、string-length(.) <= 100"
_NO_TEXT = Text(zh_Hans="", en="")


@dataclass(kw_only=True)
class Survey:
    """``words``: the rows that ask for the words of open options; they are no items."""

    questions: list[Question]
    words: list[Question]
    groups: list[Group]
    known: Known


def read_survey(sheet: Sheet, lists: Mapping[str, ChoiceList]) -> Survey:
    """The rows by themselves; what they say about each other waits for :func:`read_expressions`."""
    groups: list[Group] = []
    questions = list(read_rows(sheet, lists, groups))
    _refuse_twins([*(group.line for group in groups), *(question.line for question in questions)])
    types = {question.name: question.type for question in questions}
    codes = {question.name: question.choices.codes for question in questions if question.choices}
    known = Known(types=types, codes=codes, names=frozenset(line.get("name") for line in sheet.lines))
    return Survey(questions=questions, words=[], groups=groups, known=known)


def read_expressions(survey: Survey, checks: Mapping[str, list[Comparing]]) -> None:
    """``checks``: the hard checks of each item, by its id."""
    for group in survey.groups:
        group.relevant = read_relevance(group.line, survey.known)
    for question in survey.questions:
        question.relevant = read_relevance(question.line, survey.known)
        _limit(question, survey.known, checks)


def _refuse_twins(lines: Iterable[Line]) -> None:
    seen: dict[str, int] = {}
    for line in sorted(lines, key=lambda line: line.number):
        name = line.get("name")
        if name in seen:
            line.problem("name", N_("没有用过的名称；第 {row} 行已经用了"), row=seen[name])
        elif name:
            seen[name] = line.number


def read_relevance(line: Line, known: Known) -> Relevant:
    text = line.get("relevant")
    if not text:
        return Relevant()
    try:
        found = read_relevant(text, known)
        _refuse_unknown(line, found, known)
        return found
    except NotUnderstood as error:
        line.problem("relevant", N_("写完整的条件；从这里起读不懂"), error.rest or text)
    except Unholdable as error:
        if error.others:
            line.problem(
                "relevant", N_("{others}：条件里写问哪些人，没有“{term}”"), others=error.others, term=error.term
            )
            return Relevant()
        if error.instead:
            line.problem("relevant", N_("{instead}：多选题没有“{term}”"), instead=error.instead, term=error.term)
            return Relevant()
        line.problem(
            "relevant",
            N_("问卷能存放的条件：{examples}；同一道题的选项用 or，不同的题用 and；“{term}”不能存放"),
            examples=_CONDITIONS,
            term=error.term,
        )
    return Relevant()


def _refuse_unknown(line: Line, relevant: Relevant, known: Known) -> None:
    asked = [*(part.item for part in relevant.conditions), *(part.item for part in relevant.screenings)]
    for name in dict.fromkeys(asked):
        if name not in known.names:
            near = line.findings.near(name, known.types)
            if near:
                line.problem("relevant", N_("已定义的名称，也许是 {near}"), name, near=near)
            else:
                line.problem("relevant", N_("survey 里有的题目"), name)


def _limit(question: Question, known: Known, checks: Mapping[str, list[Comparing]]) -> None:
    line, text = question.line, question.line.get("constraint")
    if not text:
        return
    try:
        question.limits = read_constraint(text, known, checks.get(question.name, []))
    except NotUnderstood as error:
        line.problem("constraint", N_("写完整的条件；从这里起读不懂"), error.rest or text)
    except Unholdable as error:
        line.problem(
            "constraint",
            N_("问卷能存放的限制：{examples}；“{term}”不能存放"),
            examples=_LIMITS,
            term=error.term,
        )


def read_sections(survey: Survey, title: Text) -> tuple[list[Section], dict[str, Line]]:
    """The sections in their order, and where each is named first."""
    sections: dict[str, Section] = {}
    lines: dict[str, Line] = {}
    for question in survey.questions:
        if question.group is None and _LOOSE not in sections:
            sections[_LOOSE], lines[_LOOSE] = Section(id=_LOOSE, title=title), question.line
    for group in survey.groups:
        name, line = group.section, group.line
        found = Section(id=name, title=line.wording() or _NO_TEXT, factual=line.flag("civ_factual"))
        if not name:
            line.problem("name", N_("题组的名称"))
        elif sections.setdefault(name, found) != found:
            line.problem("label", N_("和部分 {name} 前面一样的标题"), name=name)
        lines.setdefault(name, line)
    return list(sections.values()), lines


def read_item(question: Question, open_codes: set[int], *, scale: str | None) -> Item:
    """The item of a row. ``open_codes``: the options that have a row of their own for words."""
    line, group = question.line, question.group
    return Item(
        id=question.name,
        section=group.section if group else _LOOSE,
        type=question.type,
        text=line.wording() or _NO_TEXT,
        options=_options(question, open_codes),
        ask_if=(*(group.relevant.conditions if group else ()), *question.relevant.conditions),
        interviewer_note=line.wording("hint"),
        scale=scale,
        battery=line.get("civ_battery") or None,
        optional=line.flag("civ_optional"),
        required=line.flag("required"),
        reverse_order=line.flag("civ_reverse_order"),
        random_order=_random(line),
        module=line.get("civ_module") or None,
        modes=line.words("civ_modes"),
        department=line.wording("civ_department"),
        **question.limits.fields,  # type: ignore[arg-type]  # the names and kinds that constraints.py gives
    )


def _options(question: Question, open_codes: set[int]) -> tuple[Option, ...]:
    if question.choices is None:
        return ()
    names = question.choices.names
    return tuple(
        replace(
            option,
            exclusive=option.exclusive or name in question.limits.alone,
            open=option.open or option.code in open_codes,
        )
        for name, option in zip(names, question.choices.options, strict=True)
    )


def _random(line: Line) -> bool:
    words = line.words("parameters")
    for word in words:
        if word.lower() not in ("randomize=true", "randomize=false"):
            line.problem("parameters", N_("randomize=true 或空着；随机数由本系统记录"), word)
    return "randomize=true" in [word.lower() for word in words]
