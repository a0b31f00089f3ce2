"""Tools that go by the standard columns alone ask the same people the same items, and accept the same answers.

The columns are evaluated here by XPath's rules, as ODK Collect and Enketo do; the product itself evaluates nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.checking import check_answers
from questionnaires.comparisons import failed_checks
from questionnaires.definition import Comparison, Item, ItemType, Questionnaire
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
from tests.questionnaires.tiny import ADULTS, RESIDENT, tiny

randoms = st.randoms(use_true_random=True)
#: People who answer each questionnaire.
TIMES = 20
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


def asked(form: Sequence[Sequence[str]], answers: Mapping[str, object]) -> list[str]:
    """The items that the exported form asks somebody who answered so; what is not asked holds nothing."""
    header, *rows = form
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


def some_answer(item: Item, random: Random) -> object:
    """Any answer that fits the type, or none."""
    codes = [option.code for option in item.options]
    if item.type is ItemType.NOTE or random.random() < 0.2:
        return None
    if item.type is ItemType.SINGLE:
        return random.choice(codes)
    if item.type is ItemType.MULTI:
        return random.sample(codes, random.randint(1, min(3, len(codes))))
    if item.type is ItemType.NUMBER:
        near = [bound + step for bound in (item.minimum, item.maximum) if bound is not None for step in (-1, 0, 1)]
        return random.choice([random.randint(-100, 300), *near])
    if item.type is ItemType.DATE:
        return random.choice(["1999-12-31", "2015-06-15", item.earliest or "2001-01-01", item.latest or "2031-01-01"])
    return "满意"


@given(questionnaires(), randoms)
def test_the_same_items_are_asked(drawn: Questionnaire, random: Random) -> None:
    """In a wave with every module and where items are not for some modes alone: no form knows its mode."""
    questionnaire = replace(drawn, items=tuple(replace(item, modes=()) for item in drawn.items))
    form = write_xlsform(questionnaire)["survey"]
    for _ in range(TIMES):
        answers = {item.id: some_answer(item, random) for item in questionnaire.items}
        routed = routed_items(questionnaire, answers, mode="capi", modules=["lights"])
        assert asked(form, answers) == [item.id for item in routed]


@given(questionnaires(), randoms)
def test_the_same_answers_are_within_the_limits(drawn: Questionnaire, random: Random) -> None:
    for item in drawn.items:
        if item.type is ItemType.TEXT:  # one that is too long is cut
            continue
        alone = replace(item, ask_if=(), modes=(), module=None)
        questionnaire = replace(drawn, items=(alone,), checks=(), indicators=(), composites=())
        header, _, row, *_ = write_xlsform(questionnaire)["survey"]
        constraint = dict(zip(header, row, strict=True)).get("constraint", "")
        for answer in [some_answer(item, random) for _ in range(TIMES)]:
            accepted = not constraint or Evaluated({}, written(answer)).of(read_expression(constraint))
            found = check_answers(questionnaire, {item.id: answer}).answers
            assert answer is None or accepted is (found.get(item.id) is not None)


CHILDREN = """
[[item]]
id = "N2"
section = "main"
type = "number"
zh_Hans = "几个孩子"
en = "How many children"

[[check]]
id = "children"
item = "N2"
compare = "{comparison}"
other = "N1"
ask_if = [{{ item = "S1", codes = [1] }}, {{ item = "N1", at_least = 2 }}]
hard = true
zh_Hans = "孩子数不对"
en = "Not the number of children"
"""


@pytest.mark.parametrize("comparison", Comparison)
def test_the_same_comparisons_refuse_an_answer(comparison: Comparison) -> None:
    questionnaire = tiny(RESIDENT, ADULTS, CHILDREN.format(comparison=comparison.value))
    header, *rows = write_xlsform(questionnaire)["survey"]
    (row,) = [dict(zip(header, row, strict=True)) for row in rows if row[1] == "N2"]
    constraint = read_expression(row["constraint"])
    for resident, adults, children in product((1, None), (1, 2, 3, None), (1, 2, 3)):
        answers = {"S1": resident, "N1": adults, "N2": children}
        failing = failed_checks(questionnaire, answers, list(answers))
        values = {name: written(answer) for name, answer in answers.items()}
        assert Evaluated(values, str(children)).of(constraint) is (not failing)
