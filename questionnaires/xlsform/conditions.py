"""``relevant``: an item's conditions, and that whoever was screened out is asked nothing more, as text and back."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from questionnaires.definition import Condition, Item, ItemType
from questionnaires.xlsform.expressions import (
    Call,
    Compared,
    Expression,
    Joined,
    Literal,
    Reference,
    read_expression,
    terms_of,
)

#: Choices that are written out in a message.
_MOST_OTHERS = 12
_WHOLE = re.compile(r"-?\d{1,9}")
Bounds = tuple[int | None, int | None]


@dataclass(frozen=True, kw_only=True)
class Screening:
    """``item`` was not answered with one of ``codes``: nobody of them is asked any more."""

    item: str
    codes: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Relevant:
    conditions: tuple[Condition, ...] = ()
    screenings: tuple[Screening, ...] = ()


class Unholdable(Exception):
    """A term that is well written and that no questionnaire of ours can hold; ``instead``: what it can, ``others``:
    what it can say of everybody the term leaves.
    """

    def __init__(self, term: str, instead: str = "", *, others: str = "") -> None:
        super().__init__(term)
        self.term, self.instead, self.others = term, instead, others


@dataclass(frozen=True, kw_only=True)
class Known:
    """What an expression may name: how each item is answered, and a code by the name of a choice.

    ``names``: of every row, also of those that could not be read.
    """

    types: Mapping[str, ItemType]
    codes: Mapping[str, Mapping[str, int]]
    names: frozenset[str] = frozenset()

    def code(self, item: str, name: str) -> int | None:
        """The code of a choice; a whole number stands for itself even where nothing is known of the item."""
        found = self.codes.get(item, {}).get(name)
        return int(name) if found is None and _WHOLE.fullmatch(name) else found


def write_condition(condition: Condition, item: Item) -> str:
    """One condition on the answer to ``item``, in parentheses where it has several parts.

    >>> from questionnaires.definition import Text
    >>> adults = Item(id="N1", section="s", type=ItemType.NUMBER, text=Text(zh_Hans="几人", en="How many"))
    >>> write_condition(Condition(item="N1", at_least=2, at_most=4), adults)
    '(${N1} >= 2 and ${N1} <= 4)'
    """
    if condition.codes:
        return _grouped([write_chosen(item, code) for code in sorted(condition.codes)], "or")
    bounds = ((">=", condition.at_least), ("<=", condition.at_most))
    return _grouped([f"${{{item.id}}} {mark} {bound}" for mark, bound in bounds if bound is not None], "and")


def write_screening(item: Item) -> str:
    """That ``item`` did not end the interview."""
    return f"not({' or '.join(write_chosen(item, code) for code in sorted(item.terminating_codes))})"


def write_chosen(item: Item, code: int) -> str:
    """That ``code`` was chosen, alone or among others."""
    if item.type is ItemType.MULTI:
        return f"selected(${{{item.id}}}, '{code}')"
    return f"${{{item.id}}} = '{code}'"


def _grouped(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {word} '.join(parts)})"


def read_relevant(text: str, known: Known) -> Relevant:
    """What ``text`` says; raises ``NotUnderstood`` or :class:`Unholdable`."""
    conditions: list[Condition] = []
    screenings: list[Screening] = []
    for term in terms_of(read_expression(text)):
        if isinstance(term, Call) and term.name == "not" and len(term.arguments) == 1:
            left = read_condition(term.arguments[0], known)
            if not left.codes:
                raise Unholdable("not( )")
            screenings.append(Screening(item=left.item, codes=left.codes))
        else:
            conditions.append(read_condition(term, known))
    return Relevant(conditions=tuple(conditions), screenings=tuple(screenings))


def read_condition(term: Expression, known: Known) -> Condition:
    """One term: codes of one item, joined by "or", or bounds of one number, joined by "and"."""
    if isinstance(term, Joined):
        parts = [read_condition(part, known) for part in term.parts]
        if len({part.item for part in parts}) > 1:
            raise Unholdable(f"{term.word}：{'、'.join(sorted({part.item for part in parts}))}")
        if term.word == "or" and all(part.codes for part in parts):
            return Condition(item=parts[0].item, codes=frozenset().union(*(part.codes for part in parts)))
        if term.word == "and" and not any(part.codes for part in parts):
            return _within(parts)
        raise Unholdable(term.word)
    if isinstance(term, Call) and term.name == "selected" and len(term.arguments) == 2:
        item, name = term.arguments
        if isinstance(item, Reference) and isinstance(name, Literal):
            return _coded(item.item, name.text, known)
    if isinstance(term, Compared) and isinstance(term.left, Reference) and isinstance(term.right, Literal):
        return _compared(term.mark, term.left.item, term.right.text, known)
    raise Unholdable(named(term))


def _within(parts: Iterable[Condition]) -> Condition:
    """Bounds of one number together; none of them twice."""
    low = [part.at_least for part in parts if part.at_least is not None]
    high = [part.at_most for part in parts if part.at_most is not None]
    item = next(iter(parts)).item
    if len(low) > 1 or len(high) > 1:
        raise Unholdable("and")
    return Condition(item=item, at_least=next(iter(low), None), at_most=next(iter(high), None))


def _coded(item: str, name: str, known: Known) -> Condition:
    code = known.code(item, name)
    if code is None or known.types.get(item) is ItemType.NUMBER:
        raise Unholdable(f"${{{item}}} '{name}'")
    return Condition(item=item, codes=frozenset({code}))


def _compared(mark: str, item: str, text: str, known: Known) -> Condition:
    kind = known.types.get(item)
    if kind is ItemType.MULTI:  # in XLSForm "=" is true when nothing else was chosen
        raise Unholdable(f"${{{item}}} {mark}", f"selected(${{{item}}}, '{text}')" if mark == "=" else "")
    if kind is ItemType.NUMBER and _WHOLE.fullmatch(text):
        low, high = bounds_of(mark, int(text))
        if low is not None or high is not None:
            return Condition(item=item, at_least=low, at_most=high)
    elif mark == "=" and kind is not ItemType.NUMBER:
        return _coded(item, text, known)
    elif mark == "!=" and kind is ItemType.SINGLE:
        raise Unholdable(f"${{{item}}} != '{text}'", others=others_than(item, {text}, known))
    raise Unholdable(f"${{{item}}} {mark} {text}")


def others_than(item: str, names: Container[str], known: Known) -> str:
    """The condition that one of the other choices was made; empty where they are not known or too many to write.

    >>> others_than("q1", {"yes"}, Known(types={}, codes={"q1": {"yes": 1, "no": 2, "maybe": 3}}))
    "${q1} = 'no' or ${q1} = 'maybe'"
    """
    choices = known.codes.get(item, {})
    others = [name for name in choices if name not in names]
    if len(others) == len(choices) or len(others) > _MOST_OTHERS:
        return ""
    return " or ".join(f"${{{item}}} = '{name}'" for name in others)


def bounds_of(mark: str, number: int) -> Bounds:
    """The smallest and the largest whole number that a comparison leaves.

    >>> bounds_of(">", 3), bounds_of("=", 3), bounds_of("!=", 3)
    ((4, None), (3, 3), (None, None))
    """
    low = {">=": number, ">": number + 1, "=": number}.get(mark)
    high = {"<=": number, "<": number - 1, "=": number}.get(mark)
    return low, high


def named(term: Expression) -> str:
    """What cannot be held, in a word."""
    if isinstance(term, Call):
        return f"{term.name}( )"
    if isinstance(term, Compared):
        inner = next((part for part in (term.left, term.right) if isinstance(part, Call)), None)
        return f"{inner.name}( )" if inner else term.mark
    return type(term).__name__.lower()
