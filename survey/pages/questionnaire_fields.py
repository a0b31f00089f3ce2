"""A screen of a questionnaire as a form: the fields that ``components/questionnaire.html`` draws.

For residents and canvassers alike. What must not be read out is always there for a canvasser, marked so, and for a
resident only once they tried to leave the item empty.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.answer_values import LONGEST_WORDS
from questionnaires.comparisons import chosen_codes
from questionnaires.definition import Item, ItemType, Option, OptionKind, open_key
from questionnaires.option_orders import options_for
from survey.messages import N_, Message
from survey.pages.language_marks import translated, worded
from survey.pages.questionnaire_form import DAY_PARTS, PREFIX, Posted, bounds_of_day, typed_before, typed_key

NOT_SAID = N_("不想回答")
#: Of a date's three fields: what stands above each, and how many digits it takes.
_DAY_LABELS = ((N_("年"), 4), (N_("月"), 2), (N_("日"), 2))


class Audience(StrEnum):
    RESIDENT = "resident"
    CANVASSER = "canvasser"


@dataclass(frozen=True, kw_only=True)
class Words:
    """The box beside an open option."""

    name: str
    value: str
    most: int = LONGEST_WORDS


@dataclass(frozen=True, kw_only=True)
class Choice:
    code: int
    text: str
    chosen: bool
    element: str  # id of its input
    exclusive: bool = False
    words: Words | None = None


@dataclass(frozen=True, kw_only=True)
class DayPart:
    """One of the three fields of a date."""

    name: str
    label: Message
    digits: int
    value: str


@dataclass(frozen=True, kw_only=True)
class Objection:
    """A check that holds the screen back, in the instrument's own words; of a soft one, once."""

    check: str
    text: str
    hard: bool


@dataclass(frozen=True, kw_only=True)
class Field:
    """One item as drawn. ``unread``: choices not to be read out; ``again``: it was left empty.

    ``asked_again``: now or on an earlier try; ``told``: the soft checks told of, now or then.
    """

    item: Item
    name: str
    text: str
    hint: Message | None
    note: str
    choices: tuple[Choice, ...]
    unread: tuple[Choice, ...]
    value: str
    day: tuple[DayPart, ...]
    problem: Message | None
    objections: tuple[Objection, ...]
    again: bool
    asked_again: bool
    told: tuple[str, ...]
    audience: Audience

    @property
    def wrong(self) -> bool:
        """Something has to be changed, or looked at once more."""
        return bool(self.problem or self.objections)

    @property
    def may_be_left(self) -> bool:
        """A hard check refuses what stands in it, and it need not be answered at all."""
        return not self.item.required and any(objection.hard for objection in self.objections)

    @property
    def described_by(self) -> str:
        """Ids of what explains the field, for ``aria-describedby``."""
        parts = {
            "hint": self.hint,
            "note": self.note,
            "again": self.again,
            "problem": self.problem,
            "objection": self.objections,
        }
        return " ".join(f"{self.name}-{part}" for part, there in parts.items() if there)


def draw_fields(
    items: Sequence[Item],
    *,
    language: str,
    audience: Audience,
    answers: Mapping[str, object],
    posted: Posted | None = None,
    again: Collection[str] = (),
    order_seed: int | None = None,
) -> tuple[Field, ...]:
    """The items with what was answered before, or as typed in ``posted``. Their wordings are filled already.

    ``order_seed``: see :mod:`questionnaires.option_orders`; ``None``: the order of the file.
    """
    drawer = _Drawer(language, audience, answers, posted, order_seed)
    return tuple(drawer.field(item, again=item.id in again) for item in items)


def holds_any(items: Sequence[Item], answers: Mapping[str, object]) -> bool:
    """Whether something was answered or typed for one of ``items``, so that they do not look the same to everybody."""
    return any(
        key in answers
        for item in items
        for key in (item.id, typed_key(item.id), *(open_key(item.id, code) for code in item.open_codes))
    )


class _Drawer:
    def __init__(
        self,
        language: str,
        audience: Audience,
        answers: Mapping[str, object],
        posted: Posted | None,
        order_seed: int | None,
    ) -> None:
        self._language, self._audience, self._answers = language, audience, answers
        self._posted, self._order_seed = posted, order_seed
        self._canvasser = audience is Audience.CANVASSER

    def field(self, item: Item, *, again: bool) -> Field:
        typed = self._posted.typed.get(item.id) if self._posted else typed_before(item.id, self._answers)
        stored = self._answers.get(item.id)
        chosen = set(typed) if typed is not None else {str(code) for code in chosen_codes(stored)}
        options = options_for(item, self._order_seed)
        unread = [option for option in options if not option.read_aloud]
        objections = self._objections(item)
        visible = self._canvasser or again or any(str(option.code) in chosen for option in unread)
        if item.required:  # there is no way past it
            unread = [option for option in unread if option.kind is not OptionKind.REFUSED]
        read = [option for option in options if option.read_aloud]
        first = next(iter(read or unread), None)
        value = typed[0] if typed else "" if typed is not None or stored is None else str(stored)
        name = PREFIX + item.id
        return Field(
            item=item,
            name=name,
            text=worded(item.text, self._language),
            hint=_hint(item),
            note=self._note(item),
            choices=tuple(self._choice(item, option, chosen, first=option is first) for option in read),
            unread=tuple(self._choice(item, option, chosen, first=option is first) for option in unread if visible),
            value="" if item.options else value,
            day=_day(name, typed, value) if item.type is ItemType.DATE else (),
            problem=self._posted.problems.get(item.id) if self._posted else None,
            objections=objections,
            again=again,
            # Whoever is told that an answer cannot be may leave it out at once.
            asked_again=again
            or any(objection.hard for objection in objections)
            or bool(self._posted and item.id in self._posted.asked_again),
            told=self._told(item),
            audience=self._audience,
        )

    def _note(self, item: Item) -> str:
        if not self._canvasser or item.interviewer_note is None:
            return ""
        return worded(item.interviewer_note, self._language)

    def _choice(self, item: Item, option: Option, chosen: Collection[str], *, first: bool) -> Choice:
        name = PREFIX + item.id
        return Choice(
            code=option.code,
            text=self._label(option),
            chosen=str(option.code) in chosen,
            element=name if first else f"{name}-{option.code}",
            exclusive=option.exclusive,
            words=self._words(open_key(item.id, option.code)) if option.open else None,
        )

    def _words(self, key: str) -> Words:
        typed = self._posted.typed.get(key) if self._posted else None
        return Words(name=PREFIX + key, value=typed[0] if typed else str(self._answers.get(key) or ""))

    def _label(self, option: Option) -> str:
        """The option's wording. What an interviewer ticks as "refused" is "I would rather not say" to the person."""
        if self._canvasser or option.read_aloud or option.kind is not OptionKind.REFUSED:
            return worded(option.text, self._language)
        return translated(NOT_SAID, self._language)

    def _told(self, item: Item) -> tuple[str, ...]:
        checks = (*self._posted.failed, *self._posted.believed) if self._posted else ()
        return tuple(check.id for check in checks if check.item == item.id and not check.hard)

    def _objections(self, item: Item) -> tuple[Objection, ...]:
        failed = self._posted.failed if self._posted else ()
        return tuple(
            Objection(check=check.id, text=worded(check.text, self._language), hard=check.hard)
            for check in failed
            if check.item == item.id
        )


def _day(name: str, typed: Sequence[str] | None, value: str) -> tuple[DayPart, ...]:
    """The three fields of a date; what came whole and is none stands in the first."""
    parts = typed if typed is not None and len(typed) == len(DAY_PARTS) else value.split("-")
    whole = parts if len(parts) == len(DAY_PARTS) else [value, "", ""]
    return tuple(
        DayPart(name=name + part, label=Message(label), digits=digits, value=each)
        for part, (label, digits), each in zip(DAY_PARTS, _DAY_LABELS, whole, strict=True)
    )


def _hint(item: Item) -> Message | None:
    if item.type is ItemType.MULTI:
        if item.max_choices:
            return Message(N_("最多选{count}项。"), {"count": item.max_choices})
        return Message(N_("可以选几项。"))
    if item.type is ItemType.NUMBER and item.minimum is not None and item.maximum is not None:
        return Message(N_("填{minimum}到{maximum}之间的整数。"), {"minimum": item.minimum, "maximum": item.maximum})
    if item.type is ItemType.DATE:
        return _hint_of_day(item)
    if item.type is ItemType.TEXT and item.max_chars:
        words = N_("最多{count}个字，可以不填。") if item.optional else N_("最多{count}个字。")
        return Message(words, {"count": item.max_chars})
    return None


def _hint_of_day(item: Item) -> Message:
    bounds = bounds_of_day(item)
    if item.earliest and item.latest:
        words = N_("从{earliest}到{latest}，可以不填。") if item.optional else N_("从{earliest}到{latest}。")
    elif item.earliest:
        words = N_("{earliest}或以后，可以不填。") if item.optional else N_("{earliest}或以后。")
    elif item.latest:
        words = N_("{latest}或以前，可以不填。") if item.optional else N_("{latest}或以前。")
    else:
        return Message(
            N_("例如 2026\u00a0年\u00a03\u00a0月\u00a01\u00a0日，可以不填。")
            if item.optional
            else N_("例如 2026\u00a0年\u00a03\u00a0月\u00a01\u00a0日。")
        )
    return Message(words, bounds)
