"""A screen of a questionnaire as it comes back from a form: what can be used, what is empty, what is wrong and why.

For residents and canvassers alike; :mod:`survey.pages.questionnaire_fields` draws it. Whatever was typed is kept, also
what cannot be used: it stands in the draft, apart from the answers, until it is replaced.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from questionnaires.answer_values import LONGEST_WORDS
from questionnaires.checking import Answer, AnswerProblemKind, CheckedItem
from questionnaires.definition import Check, Item, ItemType, open_key
from questionnaires.screens import Screen, Walk, skipped_answer
from survey.messages import N_, Message

#: In front of an item's id in the name of its field.
PREFIX = "q-"
#: The fields that say which items the form showed, which of them it asked for a second time, and which soft checks it
#: told of.
SHOWN, AGAIN, TOLD = "shown", "again", "told"
#: After the name of a date's field.
DAY_PARTS = (".year", ".month", ".day")
#: A word joiner: seen by nobody, and no line ends at it.
_NO_BREAK = "\u2060"
#: Longer than any list of ids of one screen: a questionnaire of one page has all of its ids in it.
_LONGEST_LIST = 100_000
#: Characters read of a box for words and of any other field: twice the longest text, and more than anyone types.
_LONGEST_TEXT, _LONGEST_FIELD = 20_000, 1000


class Form(Protocol):
    """What of a posted form is used here."""

    def get(self, key: str, default: str, /) -> str: ...
    def getlist(self, key: str) -> list[str]: ...


class Checker(Protocol):
    """:class:`questionnaires.checking.AnswerChecker`, as far as it is used here."""

    def check_item(self, item_id: str, value: object) -> CheckedItem: ...


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What came back: usable answers (words to open options among them, ``None`` for a box left blank), items left
    empty, what cannot be used and why, and all of it as typed. ``failed``: the checks that hold the screen back;
    ``believed``: soft ones that were told of before and fail still.
    """

    given: Mapping[str, Answer] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    problems: Mapping[str, Message] = field(default_factory=dict)
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked_again: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    failed: tuple[Check, ...] = ()
    believed: tuple[Check, ...] = ()


def shown_items(form: Form, items_by_id: Mapping[str, Item]) -> tuple[Item, ...]:
    """The items the form showed, as it says itself: a form from another tab or before a change is read all the same."""
    names = form.get(SHOWN, "")[:_LONGEST_LIST].split()
    return tuple(items_by_id[name] for name in dict.fromkeys(names) if name in items_by_id)


def read_form(form: Form, items: Sequence[Item], checker: Checker) -> Posted:
    """The answers to ``items`` in a posted form."""
    given: dict[str, Answer] = {}
    empty: set[str] = set()
    problems: dict[str, Message] = {}
    typed: dict[str, Sequence[str]] = {}
    for item in items:
        values = typed[item.id] = _values(form, item)
        kinds = _read_words(form, item, checker, given, typed)
        if any(value.strip() for value in values):
            checked = checker.check_item(item.id, _value(item, values))
            kinds = [kind for kind in checked.kinds if kind is not AnswerProblemKind.BLANK] + kinds
            if checked.answer is None:
                empty.add(item.id)
            elif not kinds:
                given[item.id] = checked.answer
        else:
            empty.add(item.id)
        if kinds:
            empty.discard(item.id)
            problems[item.id] = _problem(item, kinds[0])
    return Posted(
        given=given,
        empty=frozenset(empty),
        problems=problems,
        typed=typed,
        asked_again=frozenset(form.get(AGAIN, "")[:_LONGEST_LIST].split()),
        told=frozenset(form.get(TOLD, "")[:_LONGEST_LIST].split()),
    )


def _read_words(
    form: Form, item: Item, checker: Checker, given: dict[str, Answer], typed: dict[str, Sequence[str]]
) -> list[AnswerProblemKind]:
    """The words to the item's open options; what is wrong with them."""
    wrong: list[AnswerProblemKind] = []
    for code in sorted(item.open_codes):
        key = open_key(item.id, code)
        words = [value[:_LONGEST_FIELD] for value in form.getlist(PREFIX + key)[:1]]
        if not words:
            continue  # the form had no such box
        typed[key] = words
        checked = checker.check_item(key, words[0])
        given[key] = checked.answer
        wrong += checked.kinds
    return wrong


def _values(form: Form, item: Item) -> list[str]:
    """As typed. A date has three fields, or comes whole from a program."""
    name = PREFIX + item.id
    values = form.getlist(name)[: len(item.options) + 1]
    if item.type is ItemType.DATE and not values:
        values = [form.get(name + part, "") for part in DAY_PARTS]
    longest = _LONGEST_TEXT if item.type is ItemType.TEXT else _LONGEST_FIELD
    return [value[:longest] for value in values]


def _value(item: Item, values: Sequence[str]) -> object:
    if item.type is ItemType.MULTI:
        return values
    if item.type is ItemType.DATE and len(values) == len(DAY_PARTS):
        return "-".join(value.strip()[:20] for value in values)
    return values[0]


def check_screen(walk: Walk, answers: Mapping[str, object], screen: Screen, posted: Posted) -> Posted:
    """``posted`` with the checks that hold the screen back: hard ones always, soft ones until they were told of, in
    this form or, of the same answers, in any before.

    ``answers``: those before, with the posted ones over them. What a hard check refuses is no longer given.
    """
    failed = [check for check in walk.failed_checks(answers, screen) if check.item in posted.given]
    told = {check.id for check in failed if answers.get(told_key(check)) == _compared(check, answers)}
    believed = tuple(check for check in failed if not check.hard and check.id in posted.told | told)
    refused = {check.item for check in failed if check.hard}
    return replace(
        posted,
        given={key: answer for key, answer in posted.given.items() if key not in refused},
        failed=tuple(check for check in failed if check not in believed),
        believed=believed,
    )


def kept_answers(
    posted: Posted, items: Sequence[Item], before: Mapping[str, object], *, forward: bool
) -> dict[str, Answer]:
    """What a draft keeps of a screen: what was given, what was skipped, as typed what cannot be used, and of which
    answers soft checks were told.
    """
    kept = {**posted.given, **(skipped(posted, items) if forward else {})}
    kept |= {
        told_key(check): _compared(check, {**before, **posted.given})
        for check in (*posted.failed, *posted.believed)
        if not check.hard
    }
    for item in items:
        key = typed_key(item.id)
        if item.id not in posted.given and item.id not in posted.empty:
            kept[key] = json.dumps(list(posted.typed.get(item.id, ())))
            kept |= {
                name: words[0]
                for code in item.open_codes
                if (words := posted.typed.get(name := open_key(item.id, code)))
            }
        elif before.get(key) is not None:
            kept[key] = None
    return kept


def typed_key(item_id: str) -> str:
    """Under which key of a draft the words stand that were typed for an item and cannot be used."""
    return f"{item_id}?"


def typed_before(item_id: str, answers: Mapping[str, object]) -> list[str] | None:
    """What was typed for the item and could not be used; ``None``: nothing waits."""
    kept = answers.get(typed_key(item_id))
    return [str(value) for value in json.loads(kept)] if isinstance(kept, str) else None


def told_key(check: Check) -> str:
    """Under which key of a draft the answers stand that a soft check was told of: of the same ones, once is enough."""
    return f"{check.id}!"


def _compared(check: Check, answers: Mapping[str, object]) -> str:
    return json.dumps([answers.get(item) for item in (check.item, check.other) if item])


def skipped(posted: Posted, items: Sequence[Item]) -> dict[str, Answer]:
    """What is stored for the items that were left empty and may be: optional ones, and those asked a second time.
    A note was seen, and there is nothing else to say of it.
    """
    return {
        item.id: None if item.optional or item.type is ItemType.NOTE else skipped_answer(item)
        for item in items
        if item.id in posted.empty and _may_be_empty(posted, item)
    }


def to_ask_again(posted: Posted, items: Sequence[Item]) -> frozenset[str]:
    """The items left empty that may not be, not yet or never: shown once more, with a way to say "I would rather not"
    where there is one.
    """
    return frozenset(item.id for item in items if item.id in posted.empty and not _may_be_empty(posted, item))


def _may_be_empty(posted: Posted, item: Item) -> bool:
    if item.type is ItemType.NOTE or item.optional:
        return True
    return item.id in posted.asked_again and not item.required


def _problem(item: Item, kind: AnswerProblemKind) -> Message:
    """What was got is still in the field; here is what is expected."""
    if kind is AnswerProblemKind.CONTRADICTION:
        return Message(N_("选了“都没有”一类的答案，就不能再选别的：请去掉一边。"))
    if kind is AnswerProblemKind.TOO_MANY_CHOICES:
        return Message(N_("选得太多：最多选{count}项，请去掉几项。"), {"count": item.max_choices})
    if kind is AnswerProblemKind.TOO_LONG and item.options:
        return Message(N_("“其他”写得太长：最多{count}个字，请缩短。"), {"count": LONGEST_WORDS})
    if kind is AnswerProblemKind.TOO_LONG:
        return Message(N_("写得太长：最多{count}个字，请缩短。"), {"count": item.max_chars or 10_000})
    if item.type is ItemType.DATE:
        return _problem_of_day(item, kind)
    if item.minimum is not None or item.maximum is not None:  # a number of too many digits is none to the checker
        return _problem_of_range(item)
    if item.type is ItemType.NUMBER:
        return Message(N_("请填一个整数，例如 2。"))
    return Message(N_("请从列出的答案里选。"))


def _problem_of_range(item: Item) -> Message:
    bounds = {"minimum": item.minimum, "maximum": item.maximum}
    if item.minimum is not None and item.maximum is not None:
        return Message(N_("请填{minimum}到{maximum}之间的整数。"), bounds)
    return Message(
        N_("请填{minimum}或更大的整数。") if item.maximum is None else N_("请填{maximum}或更小的整数。"), bounds
    )


def bounds_of_day(item: Item) -> dict[str, object]:
    """The first and the last day as a sentence takes them: no line of it ends inside a day."""
    days = {"earliest": item.earliest, "latest": item.latest}
    return {name: str(day).replace("-", f"-{_NO_BREAK}") if day else "" for name, day in days.items()}


def _problem_of_day(item: Item, kind: AnswerProblemKind) -> Message:
    if kind is not AnswerProblemKind.OUT_OF_RANGE:
        return Message(N_("请填真实存在的日期：年、月、日三个数，例如 2026、3、1。"))
    bounds = bounds_of_day(item)
    if item.earliest and item.latest:
        return Message(N_("请填{earliest}到{latest}之间的日期。"), bounds)
    return Message(N_("请填{earliest}或以后的日期。") if item.earliest else N_("请填{latest}或以前的日期。"), bounds)
