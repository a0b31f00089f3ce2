"""``relevant``: an item's conditions, and that whoever was screened out is asked nothing more, as text and back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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

_CHOICE = (ItemType.SINGLE, ItemType.MULTI)
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
    """``term``: well written, and nothing that a questionnaire of ours can hold."""

    def __init__(self, term: Expression) -> None:
        super().__init__(term)
        self.term = term


@dataclass(frozen=True, kw_only=True)
class Known:
    """What an expression may name: how each item is answered, and a code by the name of a choice.

    ``names``: of every row; ``refused``: of those that nobody can make an item of. ``labels``: name of a choice by what
    it says.
    """

    types: Mapping[str, ItemType]
    codes: Mapping[str, Mapping[str, int]]
    names: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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
        denied = _denied(term)
        if denied is not None and not _is_blank(denied):
            left = read_condition(denied, known)
            if not left.codes:
                raise Unholdable(term)
            screenings.append(Screening(item=left.item, codes=left.codes))
        else:
            conditions.append(read_condition(term, known))
    return Relevant(conditions=tuple(conditions), screenings=tuple(screenings))


def read_condition(term: Expression, known: Known) -> Condition:
    """One term: codes of one item, joined by "or", or bounds of one number, joined by "and"."""
    if isinstance(term, Joined):
        return _joined(term, known)
    if isinstance(term, Call) and term.name == "selected" and len(term.arguments) == 2:
        item, name = term.arguments
        if isinstance(item, Reference) and isinstance(name, Literal):
            return _coded(term, item.item, name.text, known)
    if (item_id := _answered(term)) and known.types.get(item_id) in _CHOICE and known.codes.get(item_id):
        return Condition(item=item_id, codes=frozenset(known.codes[item_id].values()))
    if isinstance(term, Compared) and isinstance(term.left, Reference) and isinstance(term.right, Literal):
        return _compared(term, term.left.item, term.right.text, known)
    raise Unholdable(term)


def _joined(term: Joined, known: Known) -> Condition:
    parts = [read_condition(part, known) for part in term.parts]
    if len({part.item for part in parts}) == 1:
        if term.word == "or" and all(part.codes for part in parts):
            return Condition(item=parts[0].item, codes=frozenset().union(*(part.codes for part in parts)))
        if term.word == "and" and not any(part.codes for part in parts):
            return _within(term, parts)
    raise Unholdable(term)


def _denied(term: Expression) -> Expression | None:
    """What stands in ``not( )``."""
    return term.arguments[0] if isinstance(term, Call) and term.name == "not" and len(term.arguments) == 1 else None


def _is_blank(term: Expression) -> bool:
    return isinstance(term, Compared) and term.mark == "=" and term.right == Literal("")


def _answered(term: Expression) -> str | None:
    """The item of a term that says no more than that there is an answer."""
    denied = _denied(term)
    if denied is not None and _is_blank(denied) and isinstance(denied, Compared):
        term = Compared("!=", denied.left, denied.right)
    if not isinstance(term, Compared):
        return None
    if term.mark == "!=" and term.right == Literal("") and isinstance(term.left, Reference):
        return term.left.item
    counted = term.left
    some = (term.mark, term.right) in [(">", Literal("0")), ("!=", Literal("0")), (">=", Literal("1"))]
    if some and isinstance(counted, Call) and counted.name in ("count-selected", "string-length"):
        (*_, last) = counted.arguments or (None,)
        return last.item if isinstance(last, Reference) and len(counted.arguments) == 1 else None
    return None


def _within(term: Joined, parts: Iterable[Condition]) -> Condition:
    """Bounds of one number together; none of them twice."""
    low = [part.at_least for part in parts if part.at_least is not None]
    high = [part.at_most for part in parts if part.at_most is not None]
    item = next(iter(parts)).item
    if len(low) > 1 or len(high) > 1:
        raise Unholdable(term)
    return Condition(item=item, at_least=next(iter(low), None), at_most=next(iter(high), None))


def _coded(term: Expression, item: str, name: str, known: Known) -> Condition:
    code = known.code(item, name)
    if code is None or known.types.get(item) is ItemType.NUMBER:
        raise Unholdable(term)
    return Condition(item=item, codes=frozenset({code}))


def _compared(term: Compared, item: str, text: str, known: Known) -> Condition:
    kind = known.types.get(item)
    if kind is ItemType.NUMBER and _WHOLE.fullmatch(text):
        low, high = bounds_of(term.mark, int(text))
        if low is not None or high is not None:
            return Condition(item=item, at_least=low, at_most=high)
    elif term.mark == "=" and kind not in (ItemType.NUMBER, ItemType.MULTI):
        return _coded(term, item, text, known)
    raise Unholdable(term)  # of several answers "=" says in XLSForm that nothing else was chosen


def bounds_of(mark: str, number: int) -> Bounds:
    """The smallest and the largest whole number that a comparison leaves.

    >>> bounds_of(">", 3), bounds_of("=", 3), bounds_of("!=", 3)
    ((4, None), (3, 3), (None, None))
    """
    low = {">=": number, ">": number + 1, "=": number}.get(mark)
    high = {"<=": number, "<": number - 1, "=": number}.get(mark)
    return low, high
