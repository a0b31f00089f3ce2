"""Tools that go by the standard columns alone ask the same people the same items, and accept the same answers.

The columns are evaluated here by XPath's rules, as ODK Collect and Enketo do; the product itself evaluates nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from questionnaires.checking import check_answers
from questionnaires.definition import Item, ItemType, Questionnaire
from questionnaires.routing import routed_items
from questionnaires.xlsform import write_xlsform
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
from tests.questionnaires.strategies import questionnaires

#: What XPath compares numbers by; a blank is no number and compares with nothing.
NUMBERS: Mapping[str, Any] = {
    "<": float.__lt__,
    "<=": float.__le__,
    ">": float.__gt__,
    ">=": float.__ge__,
    "=": float.__eq__,
    "!=": float.__ne__,
}


@dataclass(frozen=True)
class Evaluated:
    """``values``: item -> what the form holds of it, ``""`` for nothing; ``itself``: the answer being checked."""

    values: Mapping[str, str]
    itself: str = ""

    def of(self, expression: Expression) -> Any:
        match expression:
            case Literal(text):
                return text
            case Reference(item):
                return self.values.get(item, "")
            case Itself():
                return self.itself
            case Joined("and", parts):
                return all(self.of(part) for part in parts)
            case Joined(_, parts):
                return any(self.of(part) for part in parts)
            case Compared(mark, left, right):
                return self._compare(mark, self.of(left), self.of(right))
            case Call("not", (inner,)):
                return not self.of(inner)
            case Call("selected", (chosen, code)):
                return self.of(code) in self.of(chosen).split()
            case Call("count-selected", (chosen,)):
                return str(len(self.of(chosen).split()))
            case Call("string-length", (text,)):
                return str(len(self.of(text)))
            case Call("date", (day,)):
                return self.of(day)
        raise AssertionError(expression)

    def _compare(self, mark: str, left: str, right: str) -> bool:
        if mark in ("=", "!=") and "" in (left, right):
            return bool((left == right) is (mark == "="))
        return bool(NUMBERS[mark](_number(left), _number(right)))


def _number(text: str) -> float:
    if len(text) == 10 and text[4] == "-":
        return float(date.fromisoformat(text).toordinal())
    return float(text) if text else float("nan")


def asked(questionnaire: Questionnaire, answers: Mapping[str, object]) -> list[str]:
    """The items that the exported form asks somebody who answered so; what is not asked holds nothing."""
    header, *rows = write_xlsform(questionnaire)["survey"]
    values: dict[str, str] = {}
    group, found = True, []
    for cells in rows:
        row = dict(zip(header, cells, strict=True))
        relevant = row.get("relevant", "")
        holds = not relevant or Evaluated(values).of(read_expression(relevant))
        if row["type"] in ("begin_group", "end_group"):
            group = holds
        elif group and holds and not row.get("civ_words_of"):
            found.append(row["name"])
            values[row["name"]] = written(answers.get(row["name"]))
    return found


def written(answer: object) -> str:
    if isinstance(answer, tuple | list):
        return " ".join(str(code) for code in answer)
    return "" if answer is None else str(answer)


def answers_to(draw: st.DrawFn, item: Item) -> object:
    codes = st.sampled_from([option.code for option in item.options]) if item.options else st.nothing()
    kinds: dict[ItemType, st.SearchStrategy[object]] = {
        ItemType.SINGLE: codes,
        ItemType.MULTI: st.lists(codes, unique=True, min_size=1, max_size=3),
        ItemType.NUMBER: st.integers(-100, 300),
        ItemType.DATE: st.dates(date(1999, 1, 1), date(2031, 12, 31)).map(date.isoformat),
        ItemType.TEXT: st.text("满意ab", min_size=1, max_size=9),
        ItemType.NOTE: st.none(),
    }
    return draw(st.none() | kinds[item.type])


@given(questionnaires(), st.data())
def test_the_same_items_are_asked(drawn: Questionnaire, data: st.DataObject) -> None:
    """In a wave with every module and where items are not for some modes alone: no form knows its mode."""
    questionnaire = replace(drawn, items=tuple(replace(item, modes=()) for item in drawn.items))
    answers = {item.id: data.draw(st.composite(answers_to)(item)) for item in questionnaire.items}
    routed = routed_items(questionnaire, answers, mode="capi", modules=["lights"])
    assert asked(questionnaire, answers) == [item.id for item in routed]


@given(questionnaires(), st.data())
def test_the_same_answers_are_within_the_limits(drawn: Questionnaire, data: st.DataObject) -> None:
    for item in drawn.items:
        alone = replace(item, ask_if=(), modes=(), module=None)
        answer = data.draw(st.composite(answers_to)(item))
        if answer is None or item.type is ItemType.TEXT:  # a text that is too long is cut
            continue
        questionnaire = replace(drawn, items=(alone,), checks=(), indicators=(), composites=())
        header, _, row, *_ = write_xlsform(questionnaire)["survey"]
        constraint = dict(zip(header, row, strict=True)).get("constraint", "")
        accepted = not constraint or Evaluated({}, written(answer)).of(read_expression(constraint))
        found = check_answers(questionnaire, {item.id: answer})
        assert accepted is (found.answers.get(item.id) is not None)
