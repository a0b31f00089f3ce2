"""The ``survey`` sheet: sections and items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from questionnaires.definition import Item, ItemType, Option, Section, Text
from questionnaires.problems import N_
from questionnaires.xlsform.advice import items_in
from questionnaires.xlsform.condition_advice import condition_advice
from questionnaires.xlsform.conditions import Known, Relevant, Unholdable, read_relevant
from questionnaires.xlsform.constraints import Comparing, read_constraint
from questionnaires.xlsform.expressions import NotUnderstood
from questionnaires.xlsform.grids import BLANK, Line, Sheet, lacks_columns
from questionnaires.xlsform.limit_advice import NO_LIMIT, limit_advice
from questionnaires.xlsform.read_choices import ChoiceList
from questionnaires.xlsform.rows import Group, Question, asks, read_rows
from questionnaires.xlsform.spelling_advice import spelling_advice

#: The section of items that stand in no group.
_LOOSE = "main"
_NO_TEXT = Text(zh_Hans="", en="")


@dataclass(kw_only=True)
class Survey:
    """``words``: the rows that ask for the words of open options; they are no items. ``refused``: rows that nobody can
    make an item of, which was said of each.
    """

    questions: list[Question]
    words: list[Question]
    groups: list[Group]
    refused: list[Line]
    known: Known


def read_survey(sheet: Sheet, lists: Mapping[str, ChoiceList] | None) -> Survey:
    """The rows by themselves; what they say about each other waits for :func:`read_expressions`."""
    groups: list[Group] = []
    refused: list[Line] = []
    if sheet.columns and lacks_columns(sheet):
        sheet = replace(sheet, lines=())
    questions = list(read_rows(sheet, lists, groups, refused))
    twins = _refuse_twins([*(group.line for group in groups), *(question.line for question in questions), *refused])
    refused += [question.line for question in questions if question.line.number in twins]
    questions = [question for question in questions if question.line.number not in twins]
    _judge_wordings(refused, sheet)
    types = {question.name: question.type for question in questions}
    listed = [(question.name, question.choices) for question in questions if question.choices]
    known = Known(
        types=types,
        codes={name: choices.codes for name, choices in listed},
        names=frozenset(line.get("name") for line in sheet.lines),
        refused=frozenset(line.get("name") for line in refused) - types.keys(),
        labels={name: choices.by_label for name, choices in listed},
    )
    return Survey(questions=questions, words=[], groups=groups, refused=refused, known=known)


def _judge_wordings(refused: Iterable[Line], sheet: Sheet) -> None:
    """Of rows that become items when their type, name or list is mended."""
    wordings = [column for column in sheet.columns if column.startswith("label::")]
    for line in refused:
        for column in wordings if asks(line) and not line.wording() else ():
            line.problem(column, BLANK)


def read_expressions(survey: Survey, checks: Mapping[str, list[Comparing]]) -> None:
    """``checks``: the hard checks of each item, by its id."""
    for group in survey.groups:
        group.relevant = read_relevance(group.line, survey.known)
    for question in survey.questions:
        question.relevant = read_relevance(question.line, survey.known)
        _limit(question, survey.known, checks)
    for line in survey.refused:  # its condition stays when its type was mended
        read_relevance(line, survey.known)


def _refuse_twins(lines: Iterable[Line]) -> set[int]:
    """The numbers of the rows whose name a row before them has."""
    seen: dict[str, int] = {}
    twins: set[int] = set()
    for line in sorted(lines, key=lambda line: line.number):
        name = line.get("name")
        if name in seen:
            line.problem("name", N_("没有用过的名称；第 {row} 行已经用了"), row=seen[name])
            twins.add(line.number)
        elif name:
            seen[name] = line.number
    return twins


def read_relevance(line: Line, known: Known) -> Relevant:
    text = line.get("relevant")
    if not text:
        return Relevant()
    try:
        found = read_relevant(text, known)
    except NotUnderstood as error:
        advice = spelling_advice(error, known.names)
        line.problem("relevant", advice.msgid, error.rest or text, **advice.params)
        return Relevant()
    except Unholdable as error:
        named = items_in(error.term)
        if not _refuse_unknown(line, named, known) and known.refused.isdisjoint(named):
            advice = condition_advice(error.term, known)
            line.problem("relevant", advice.msgid, text, **advice.params)
        return Relevant()
    named = [*(part.item for part in found.conditions), *(part.item for part in found.screenings)]
    _refuse_unknown(line, named, known)
    return Relevant(
        conditions=tuple(part for part in found.conditions if part.item in known.types),
        screenings=tuple(part for part in found.screenings if part.item in known.types),
    )


def _refuse_unknown(line: Line, named: Iterable[str], known: Known) -> bool:
    """Whether any of the items ``named`` is none; of a row that was refused nothing more is said."""
    unknown = [name for name in dict.fromkeys(named) if name not in known.types and name not in known.refused]
    for name in unknown:
        near = line.findings.near(name, known.types)
        if near:
            line.problem("relevant", N_("已定义的名称，也许是 {near}"), name, near=near)
        elif name in known.names:
            line.problem("relevant", N_("一道题：{name} 这一行不问什么"), name, name=name)
        else:
            line.problem("relevant", N_("survey 里有的题目"), name)
    return bool(unknown)


def _limit(question: Question, known: Known, checks: Mapping[str, list[Comparing]]) -> None:
    line, text = question.line, question.line.get("constraint")
    if not text:
        return
    if question.type in (ItemType.SINGLE, ItemType.NOTE):
        line.problem("constraint", NO_LIMIT.msgid)
        return
    try:
        question.limits = read_constraint(text, known, checks.get(question.name, []))
    except NotUnderstood as error:
        advice = spelling_advice(error, known.names)
        line.problem("constraint", advice.msgid, error.rest or text, **advice.params)
    except Unholdable as error:
        advice = limit_advice(error.term, question.name, known)
        line.problem("constraint", advice.msgid, text, **advice.params)


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
