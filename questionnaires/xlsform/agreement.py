"""Whether the standard columns and those of our own say the same.

Other tools go by the standard ones alone. Where a sheet was changed in one of the two, interviews would run
differently here and there; so it is refused, with what the other column would have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from questionnaires.definition import Check, Item, ItemType, Questionnaire
from questionnaires.problems import N_
from questionnaires.xlsform.advice import not_asked
from questionnaires.xlsform.conditions import Known, Screening, write_screening
from questionnaires.xlsform.constraints import comparing, write_constraint
from questionnaires.xlsform.read_survey import Survey
from questionnaires.xlsform.rows import Question
from questionnaires.xlsform.texts import wording
from questionnaires.xlsform.write_survey import constraint_message


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Which columns or sheets of our own a form has: only what it says in both can disagree, and a form of another
    tool may take up one of them without the others.
    """

    words: bool
    scales: bool
    exclusive: bool
    checks: bool


def refuse_exclusions(survey: Survey) -> None:
    """Says what can be said where the rules found something wrong: ``not( )`` means nothing in a form without options
    that end the interview.
    """
    lists = [question.choices for question in survey.questions if question.choices]
    if any(option.terminate for choices in lists for option in choices.options):
        return
    for question in survey.questions:
        group = question.group
        if question.relevant.screenings or (group and group.relevant.screenings):
            _refuse_exclusion(question, survey.known)


def _refuse_exclusion(question: Question, known: Known) -> None:
    group = question.group
    line = question.line if question.relevant.screenings or group is None else group.line
    first = (*question.relevant.screenings, *(group.relevant.screenings if group else ()))[0]
    names = {name for name, code in known.codes.get(first.item, {}).items() if code in first.codes}
    advice = not_asked(first.item, names, known)
    line.problem("relevant", advice.msgid, **advice.params)


def check_agreement(survey: Survey, questionnaire: Questionnaire, marks: Marks) -> None:
    """Notes every row whose columns disagree."""
    _check_screening(survey, questionnaire)
    words = {question.words_of for question in survey.words}
    checks: dict[str, list[Check]] = {}
    for check in questionnaire.checks:
        if check.hard:
            checks.setdefault(check.item, []).append(check)
    for question in survey.questions:
        item = questionnaire.items_by_id[question.name]
        hard = checks.get(item.id, [])
        if marks.exclusive and item.type is ItemType.MULTI:
            _check_exclusive(question, item)
        if marks.checks:
            _check_constraint(question, item, hard, questionnaire.items_by_id)
            _check_message(question, hard)
        for option in item.options if marks.words else ():
            if option.open and (item.id, option.code) not in words:
                question.line.problem(
                    "type",
                    N_("下面有一行 text，civ_words_of 为 {item}.{code}：这个选项要请人说明"),
                    option.text.zh_Hans,
                    item=item.id,
                    code=option.code,
                )
    if marks.words:
        _check_words(survey)


def _check_screening(survey: Survey, questionnaire: Questionnaire) -> None:
    """After an option that ends the interview every row is for those who did not choose it."""
    ended: list[Item] = []
    for question in survey.questions:
        item = questionnaire.items_by_id[question.name]
        group = question.group
        found = [*(group.relevant.screenings if group else ()), *question.relevant.screenings]
        expected = {Screening(item=one.id, codes=one.terminating_codes) for one in ended}
        if set(found) != expected and not ended:
            _refuse_exclusion(question, survey.known)
        elif set(found) != expected:
            question.line.problem(
                "relevant",
                N_("前面有结束访问的选项（civ_terminate），所以条件里是：{standard}"),
                standard=" and ".join(write_screening(one) for one in ended) or "—",
            )
        if item.terminating_codes:
            ended.append(item)


def _check_constraint(question: Question, item: Item, hard: Sequence[Check], items: Mapping[str, Item]) -> None:
    if question.limits.comparisons != [comparing(check) for check in hard]:
        question.line.problem(
            "constraint", N_("和 civ_checks 一致：{standard}"), standard=write_constraint(item, hard, items) or "—"
        )


def _check_exclusive(question: Question, item: Item) -> None:
    choices = question.choices
    assert choices is not None  # noqa: S101 - it is a select_multiple
    declared = {name for name, option in zip(choices.names, choices.options, strict=True) if option.exclusive}
    if question.limits.alone == declared:
        return
    if missing := question.limits.alone - declared:
        expected = N_("choices 里 civ_exclusive 为 yes 的选项；列表 {list} 里 {names} 不是")
        question.line.problem("constraint", expected, list=choices.name, names="、".join(sorted(missing)))
    else:
        standard = write_constraint(item, (), {})
        question.line.problem("constraint", N_("和 choices 的 civ_exclusive 一致：{standard}"), standard=standard)


def _check_message(question: Question, hard: Sequence[Check]) -> None:
    expected = wording("constraint_message", constraint_message(hard))
    found = {key: text for key, text in question.line.cells.items() if key.startswith("constraint_message::")}
    if hard and found != expected:
        question.line.problem(
            "constraint_message",
            N_("和 civ_checks 里一样的文字：{standard}"),
            standard=expected["constraint_message::zh_Hans"],
        )


def _check_words(survey: Survey) -> None:
    lists = {question.name: question.choices for question in survey.questions}
    for question in survey.words:
        item_id, code = question.words_of or ("", -1)
        own = lists.get(item_id)
        option = next((option for option in own.options if option.code == code), None) if own else None
        if option is None or not option.open:
            question.line.problem("civ_words_of", N_("choices 里 civ_open 为 yes 的选项"))
