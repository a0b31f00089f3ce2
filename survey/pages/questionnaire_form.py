"""A screen of a questionnaire as a form: drawn for whoever fills it in, and read back.

For residents and canvassers alike; ``components/questionnaire.html`` has the macros. What must not be read out is
always there for a canvasser, marked so, and for a resident only once they tried to leave the item empty.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from questionnaires.checking import Answer, AnswerProblemKind, CheckedItem
from questionnaires.definition import Item, ItemType, Option, OptionKind
from questionnaires.routing import chosen_codes
from questionnaires.screens import ordered_options, skipped_answer
from survey.i18n import translate
from survey.messages import N_, Message

#: In front of an item's id in the name of its field.
PREFIX = "q-"
#: The fields that say which items the form showed, and which of them it asked for a second time.
SHOWN, AGAIN = "shown", "again"
#: Longer than any list of ids of one screen.
_LONGEST_LIST = 1000
NOT_SAID = N_("不想回答")


class Audience(StrEnum):
    RESIDENT = "resident"
    CANVASSER = "canvasser"


class Form(Protocol):
    """What of a posted form is used here."""

    def get(self, key: str, default: str, /) -> str: ...
    def getlist(self, key: str) -> list[str]: ...


class Checker(Protocol):
    """:class:`questionnaires.checking.AnswerChecker`, as far as it is used here."""

    def check_item(self, item_id: str, value: object) -> CheckedItem: ...


@dataclass(frozen=True, kw_only=True)
class Choice:
    code: int
    text: str
    chosen: bool
    element: str  # id of its input


@dataclass(frozen=True, kw_only=True)
class Field:
    """One item as drawn. ``unread``: choices not to be read out; ``again``: it was left empty and may be skipped."""

    item: Item
    name: str
    text: str
    hint: Message | None
    note: str
    choices: tuple[Choice, ...]
    unread: tuple[Choice, ...]
    value: str
    problem: Message | None
    again: bool
    audience: Audience

    @property
    def described_by(self) -> str:
        """Ids of what explains the field, for ``aria-describedby``."""
        parts = {"hint": self.hint, "note": self.note, "again": self.again, "problem": self.problem}
        return " ".join(f"{self.name}-{part}" for part, there in parts.items() if there)


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What came back: usable answers, items left empty, what cannot be used and why, and all of it as typed."""

    given: Mapping[str, Answer] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    problems: Mapping[str, Message] = field(default_factory=dict)
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked_again: frozenset[str] = frozenset()


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
        values = form.getlist(PREFIX + item.id)
        typed[item.id] = values
        if not any(value.strip() for value in values):
            empty.add(item.id)
            continue
        checked = checker.check_item(item.id, values if item.type is ItemType.MULTI else values[0])
        kinds = [kind for kind in checked.kinds if kind is not AnswerProblemKind.BLANK]
        if kinds:
            problems[item.id] = _problem(item, kinds[0])
        elif checked.answer is None:
            empty.add(item.id)
        else:
            given[item.id] = checked.answer
    asked_again = frozenset(form.get(AGAIN, "")[:_LONGEST_LIST].split())
    return Posted(given=given, empty=frozenset(empty), problems=problems, typed=typed, asked_again=asked_again)


def skipped(posted: Posted, items: Sequence[Item]) -> dict[str, Answer]:
    """What is stored for the items that were left empty and may be: optional ones, and those asked a second time."""
    return {
        item.id: None if item.optional else skipped_answer(item)
        for item in items
        if item.id in posted.empty and (item.optional or item.id in posted.asked_again)
    }


def to_ask_again(posted: Posted, items: Sequence[Item]) -> frozenset[str]:
    """The items left empty for the first time: shown once more, with a way to say "I would rather not"."""
    return frozenset(
        item.id for item in items if item.id in posted.empty and not item.optional and item.id not in posted.asked_again
    )


def draw_fields(
    items: Sequence[Item],
    *,
    language: str,
    audience: Audience,
    answers: Mapping[str, object],
    posted: Posted | None = None,
    again: Collection[str] = (),
    reverse: bool = False,
) -> tuple[Field, ...]:
    """The items with what was answered before, or as typed in ``posted``. Their wordings are filled already."""
    return tuple(_field(item, language, audience, answers, posted, item.id in again, reverse) for item in items)


def _field(
    item: Item,
    language: str,
    audience: Audience,
    answers: Mapping[str, object],
    posted: Posted | None,
    again: bool,
    reverse: bool,
) -> Field:
    typed = posted.typed.get(item.id) if posted else None
    chosen = set(typed) if typed is not None else {str(code) for code in chosen_codes(answers.get(item.id))}
    canvasser = audience is Audience.CANVASSER
    name = PREFIX + item.id
    options = ordered_options(item, reverse=reverse)
    visible = canvasser or again or any(str(option.code) in chosen for option in options if not option.read_aloud)

    def choices(*, read_aloud: bool) -> tuple[Choice, ...]:
        return tuple(
            Choice(
                code=option.code,
                text=_label(option, language, canvasser),
                chosen=str(option.code) in chosen,
                element=name if option is first else f"{name}-{option.code}",
            )
            for option in options
            if option.read_aloud is read_aloud
        )

    first = next((option for option in options if option.read_aloud), options[0] if options else None)
    stored = answers.get(item.id)
    value = typed[0] if typed else "" if typed is not None or stored is None else str(stored)
    return Field(
        item=item,
        name=name,
        text=item.text.in_language(language),
        hint=_hint(item),
        note=item.interviewer_note.in_language(language) if canvasser and item.interviewer_note else "",
        choices=choices(read_aloud=True),
        unread=choices(read_aloud=False) if visible else (),
        value="" if item.options else value,
        problem=posted.problems.get(item.id) if posted else None,
        again=again,
        audience=audience,
    )


def _label(option: Option, language: str, canvasser: bool) -> str:
    """The option's wording. What an interviewer ticks as "refused" is "I would rather not say" to the person itself."""
    if canvasser or option.read_aloud or option.kind is not OptionKind.REFUSED:
        return option.text.in_language(language)
    return translate(NOT_SAID, language)


def _hint(item: Item) -> Message | None:
    if item.type is ItemType.MULTI:
        if item.max_choices:
            return Message(N_("最多选{count}项。"), {"count": item.max_choices})
        return Message(N_("可以选几项。"))
    if item.type is ItemType.NUMBER and item.minimum is not None and item.maximum is not None:
        return Message(N_("填{minimum}到{maximum}之间的整数。"), {"minimum": item.minimum, "maximum": item.maximum})
    if item.type is ItemType.TEXT and item.max_chars:
        words = N_("最多{count}个字，可以不填。") if item.optional else N_("最多{count}个字。")
        return Message(words, {"count": item.max_chars})
    return None


def _problem(item: Item, kind: AnswerProblemKind) -> Message:
    """What was got is still in the field; here is what is expected."""
    if kind is AnswerProblemKind.CONTRADICTION:
        return Message(N_("选了“都没有”一类的答案，就不能再选别的：请去掉一边。"))
    if kind is AnswerProblemKind.TOO_MANY_CHOICES:
        return Message(N_("选得太多：最多选{count}项，请去掉几项。"), {"count": item.max_choices})
    if kind is AnswerProblemKind.TOO_LONG:
        return Message(N_("写得太长：最多{count}个字，请缩短。"), {"count": item.max_chars or 10_000})
    if kind is AnswerProblemKind.OUT_OF_RANGE and item.minimum is not None and item.maximum is not None:
        return Message(N_("请填{minimum}到{maximum}之间的整数。"), {"minimum": item.minimum, "maximum": item.maximum})
    if item.type is ItemType.NUMBER:
        return Message(N_("请填一个整数，例如 2。"))
    return Message(N_("请从列出的答案里选。"))
