"""``constraint``: the limits of an answer and the hard checks on it, as text and back."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from questionnaires.definition import Check, Comparison, Condition, Item, ItemType
from questionnaires.reading import is_day
from questionnaires.xlsform.conditions import Known, Unholdable, bounds_of, read_condition, write_condition
from questionnaires.xlsform.expressions import (
    Call,
    Compared,
    Expression,
    Itself,
    Joined,
    Literal,
    Reference,
    read_expression,
)

_MARKS = {
    Comparison.AT_LEAST: ">=",
    Comparison.AT_MOST: "<=",
    Comparison.MORE: ">",
    Comparison.LESS: "<",
    Comparison.EQUAL: "=",
    Comparison.DIFFERENT: "!=",
}
_COMPARISONS = {mark: comparison for comparison, mark in _MARKS.items()}
_WHOLE = re.compile(r"-?\d{1,9}")


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """What a check compares an answer with, without its name and its words."""

    compare: Comparison
    value: int | str | None = None
    other: str | None = None
    ask_if: tuple[Condition, ...] = ()


@dataclass(kw_only=True)
class Limits:
    """What a constraint says: fields of the item (``minimum`` …), names of choices that stand alone, comparisons."""

    fields: dict[str, int | str] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)
    comparisons: list[Comparing] = field(default_factory=list)

    def limit(self, name: str, value: int | str | None, term: Expression) -> None:
        """``term``: what says it."""
        if value is None:
            return
        if name in self.fields:
            raise Unholdable(term)
        self.fields[name] = value


def comparing(check: Check) -> Comparing:
    return Comparing(compare=check.compare, value=check.value, other=check.other, ask_if=check.ask_if)


def write_constraint(item: Item, checks: Iterable[Check], items: Mapping[str, Item]) -> str:
    """The limits of ``item`` and the hard ones of ``checks``; empty when anything goes.

    >>> from questionnaires.definition import Text
    >>> adults = Item(id="N1", section="s", type=ItemType.NUMBER, text=Text(zh_Hans="几人", en="How many"), minimum=1)
    >>> write_constraint(adults, (), {})
    '. >= 1'
    """
    terms = [*_limits(item), *(_write_comparing(comparing(check), items) for check in checks if check.hard)]
    return " and ".join(terms)


def _limits(item: Item) -> Iterator[str]:
    for mark, number in ((">=", item.minimum), ("<=", item.maximum)):
        if number is not None:
            yield f". {mark} {number}"
    for mark, day in ((">=", item.earliest), ("<=", item.latest)):
        if day is not None:
            yield f". {mark} date('{day}')"
    if item.type is ItemType.MULTI:
        for code in sorted(item.exclusive_codes):
            yield f"not(selected(., '{code}') and count-selected(.) > 1)"
    if item.max_choices is not None:
        yield f"count-selected(.) <= {item.max_choices}"
    if item.max_chars is not None:
        yield f"string-length(.) <= {item.max_chars}"


def _write_comparing(check: Comparing, items: Mapping[str, Item]) -> str:
    """Nobody can fail it who was not asked what it compares with."""
    parts = [f"not({write_condition(condition, items[condition.item])})" for condition in check.ask_if]
    if check.other is not None:
        parts.append(f"${{{check.other}}} = ''")
        operand = f"${{{check.other}}}"
    else:
        operand = f"date('{check.value}')" if isinstance(check.value, str) else str(check.value)
    parts.append(f". {_MARKS[check.compare]} {operand}")
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def read_constraint(text: str, known: Known, checks: Sequence[Comparing]) -> Limits:
    """What ``text`` says; raises ``NotUnderstood`` or :class:`Unholdable`.

    A comparison that is one of ``checks`` is that check's; one with a plain value is a limit of the item.
    """
    limits = Limits()
    compared = []
    terms: dict[Comparing, Expression] = {}
    for term in _flat(read_expression(text)):
        found = _read_term(term, known, limits)
        if found is not None:
            compared.append(found)
            terms[found] = term
    for check in reversed(checks):  # they stand last
        if check in compared:
            compared.reverse()
            compared.remove(check)
            compared.reverse()
            limits.comparisons.insert(0, check)
    for found in compared:
        if found.other is None and not found.ask_if:
            _limit(limits, found, terms[found])
        else:
            limits.comparisons.append(found)
    return limits


def _flat(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, Joined) and expression.word == "and":
        for part in expression.parts:
            yield from _flat(part)
    else:
        yield expression


def _read_term(term: Expression, known: Known, limits: Limits) -> Comparing | None:
    if name := _alone(term):
        limits.alone.add(name)
        return None
    if isinstance(term, Compared) and isinstance(term.left, Call):
        _read_length(term, term.left, limits)
        return None
    if isinstance(term, Compared):
        return _comparing(term, ())
    if isinstance(term, Joined) and term.word == "or":
        return _guarded(term, known)
    raise Unholdable(term)


def _read_length(term: Compared, call: Call, limits: Limits) -> None:
    name = {"count-selected": "max_choices", "string-length": "max_chars"}.get(call.name)
    number = _number(term.right)
    if name is None or call.arguments != (Itself(),) or number is None:
        raise Unholdable(term)
    low, high = bounds_of(term.mark, number)
    if low is not None or high is None:
        raise Unholdable(term)
    limits.limit(name, high, term)


def _alone(term: Expression) -> str | None:
    """The choice of ``not(selected(., '90') and count-selected(.) > 1)``, or of the same said with "or"."""
    if isinstance(term, Call) and term.name == "not" and len(term.arguments) == 1:
        inner, word = term.arguments[0], "and"
        counts = [(">", "1"), (">=", "2")]
    else:
        inner, word = term, "or"
        counts = [("=", "1"), ("<=", "1"), ("<", "2")]
    if not isinstance(inner, Joined) or inner.word != word or len(inner.parts) != 2:
        return None
    chosen, count = inner.parts
    if word == "or" and isinstance(chosen, Call) and chosen.name == "not" and len(chosen.arguments) == 1:
        chosen = chosen.arguments[0]
    elif word == "or":
        return None
    number = Call("count-selected", (Itself(),))
    if count not in [Compared(mark, number, Literal(least)) for mark, least in counts]:
        return None
    if not isinstance(chosen, Call) or chosen.name != "selected" or len(chosen.arguments) != 2:
        return None
    itself, name = chosen.arguments
    return name.text if itself == Itself() and isinstance(name, Literal) else None


def _guarded(term: Joined, known: Known) -> Comparing:
    """``not(condition) or ${other} = '' or . <= ${other}``."""
    *guards, last = term.parts
    conditions = []
    blank = None
    for guard in guards:
        if isinstance(guard, Call) and guard.name == "not" and len(guard.arguments) == 1:
            conditions.append(read_condition(guard.arguments[0], known))
        elif isinstance(guard, Compared) and guard.mark == "=" and guard.right == Literal(""):
            blank = guard.left
        else:
            raise Unholdable(term)
    if not isinstance(last, Compared):
        raise Unholdable(term)
    found = _comparing(last, tuple(conditions))
    if blank is not None and blank != last.right:
        raise Unholdable(term)
    return found


def _comparing(term: Compared, conditions: tuple[Condition, ...]) -> Comparing:
    if term.left != Itself():
        raise Unholdable(term)
    compare = _COMPARISONS[term.mark]
    right = term.right
    if isinstance(right, Reference):
        return Comparing(compare=compare, other=right.item, ask_if=conditions)
    if isinstance(right, Call) and right.name == "date" and len(right.arguments) == 1:
        day = right.arguments[0]
        if isinstance(day, Literal) and is_day(day.text):
            return Comparing(compare=compare, value=day.text, ask_if=conditions)
        if isinstance(day, Literal):
            raise Unholdable(term)
    number = _number(right)
    if number is None:
        raise Unholdable(term)
    return Comparing(compare=compare, value=number, ask_if=conditions)


def _limit(limits: Limits, found: Comparing, term: Expression) -> None:
    mark = _MARKS[found.compare]
    if isinstance(found.value, int):
        low, high = bounds_of(mark, found.value)
        names = ("minimum", "maximum")
        bounds: tuple[int | str | None, int | str | None] = (low, high)
    else:
        names = ("earliest", "latest")
        bounds = _days(mark, found.value)
    if bounds == (None, None):
        raise Unholdable(term)
    for name, bound in zip(names, bounds, strict=True):
        limits.limit(name, bound, term)


def _days(mark: str, value: str | None) -> tuple[str | None, str | None]:
    """The first and the last day that a comparison leaves.

    >>> _days(">", "2026-02-28"), _days("<=", "2026-02-28")
    (('2026-03-01', None), (None, '2026-02-28'))
    """
    if value is None or mark == "!=":
        return None, None
    day = date.fromisoformat(value)
    if mark in (">", "<"):
        try:
            day += timedelta(days=1 if mark == ">" else -1)
        except OverflowError:  # before the first day there is, or after the last
            return None, None
    return (day.isoformat() if mark in (">", ">=", "=") else None), (
        day.isoformat() if mark in ("<", "<=", "=") else None
    )


def _number(expression: Expression) -> int | None:
    if isinstance(expression, Literal) and _WHOLE.fullmatch(expression.text):
        return int(expression.text)
    return None
