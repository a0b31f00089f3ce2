"""What to write in ``relevant`` instead of a condition that cannot be held."""

from questionnaires.codes import whole_number
from questionnaires.definition import ItemType
from questionnaires.problems import N_
from questionnaires.xlsform.advice import (
    CHOICE,
    Advice,
    any_example,
    asked_example,
    calls_in,
    chosen,
    items_in,
    not_asked,
    parts_of,
)
from questionnaires.xlsform.conditions import Known
from questionnaires.xlsform.expressions import Call, Compared, Expression, Itself, Joined, Literal, Reference, written

_BETWEEN = N_("{example}：条件里一边是一道题，另一边是选项或者整数，没有“{term}”")


def condition_advice(term: Expression, known: Known) -> Advice:
    """``term``: what cannot be held."""
    items = items_in(term)
    example = next((found for item in items if (found := asked_example(item, known))), any_example(known))
    if any(isinstance(part, Itself) for part in parts_of(term)):
        msgid = N_("{example}：条件看前面的题怎么答；对这道题自己的限制（“.”）写在 constraint 里")
        return Advice(msgid=msgid, params={"example": any_example(known)})
    if isinstance(term, Joined):
        return _joined(term, items, example)
    if isinstance(term, Compared) and isinstance(term.left, Reference) and isinstance(term.right, Literal):
        return _compared(term.mark, term.left.item, term.right.text, known, example)
    if isinstance(term, Call) and term.name == "selected" and len(term.arguments) == 2:
        item, name = term.arguments
        if isinstance(item, Reference) and isinstance(name, Literal):
            return _unknown_choice(item.item, name.text, known, example)
    return _other(term, items, example)


def _joined(term: Joined, items: list[str], example: str) -> Advice:
    if len(items) > 1:
        msgid = N_("{first} and {second} 这样的条件：or 只连同一道题的选项，不同的题都要符合（and）")
        return Advice(msgid=msgid, params={"first": f"${{{items[0]}}} …", "second": f"${{{items[1]}}} …"})
    return Advice(msgid=_BETWEEN, params={"example": example, "term": written(term)})


def _compared(mark: str, item: str, text: str, known: Known, example: str) -> Advice:
    kind = known.types.get(item)
    if kind not in (*CHOICE, ItemType.NUMBER):
        msgid = N_("{example}：条件只看选择题的选项和整数，{item} 两样都不是")
        return Advice(msgid=msgid, params={"example": any_example(known), "item": item})
    if not text:
        msgid = N_("{example}：写答了什么的人，没有“{term}”（没有回答、回答了）这样的条件")
        return Advice(msgid=msgid, params={"example": example, "term": f"${{{item}}} {mark} ''"})
    if kind is ItemType.NUMBER:
        return Advice(msgid=_BETWEEN, params={"example": example, "term": f"${{{item}}} {mark} {text}"})
    if text not in known.codes.get(item, {}) and whole_number(text) is None:
        return _unknown_choice(item, text, known, example)
    if mark == "!=":
        return not_asked(item, {text}, known)
    if mark == "=":  # only of several answers
        term = f"${{{item}}} = '{text}'"
        return Advice(
            msgid=N_("{example}：多选题没有“{term}”"), params={"example": chosen(item, [text], known), "term": term}
        )
    return _ordered(mark, item, text, known)


def _ordered(mark: str, item: str, text: str, known: Known) -> Advice:
    """Options by their numbers: which ones are meant has to be seen."""
    bound, meant = whole_number(text), []
    for name in known.codes.get(item, {}):
        number = whole_number(name)
        if number is not None and bound is not None:
            sides = {">": number > bound, ">=": number >= bound, "<": number < bound, "<=": number <= bound}
            meant += [name] if sides.get(mark) else []
    example = chosen(item, meant, known) or any_example(known)
    return Advice(msgid=N_("{example}：选项逐个写出来，不比大小"), params={"example": example})


def _unknown_choice(item: str, text: str, known: Known, example: str) -> Advice:
    if name := known.labels.get(item, {}).get(text):
        msgid = N_("{example}：条件里写选项的 name，不写选项的文字")
        return Advice(msgid=msgid, params={"example": chosen(item, [name], known)})
    names = "、".join(list(known.codes.get(item, {}))[:12]) or "—"
    msgid = N_("{example}：{item} 没有选项“{name}”，它的选项是 {names}")
    return Advice(msgid=msgid, params={"example": example, "item": item, "name": text, "names": names})


def _other(term: Expression, items: list[str], example: str) -> Advice:
    calls = calls_in(term)
    if "count-selected" in calls and items:
        msgid = N_("{example}：条件写选了哪几项；选了几项不能作条件")
        return Advice(msgid=msgid, params={"example": example})
    if {"today", "now"} & set(calls):
        msgid = N_("{example}：条件只看前面的回答，不看今天是哪天")
        return Advice(msgid=msgid, params={"example": example})
    if len(items) > 1:
        msgid = N_(
            "{example}：条件里不比较两道题。要求两题相符，请在后一题的 constraint 里写 {limit}，并写 constraint_message"
        )
        return Advice(msgid=msgid, params={"example": example, "limit": f". <= ${{{items[0]}}}"})
    if calls:
        msgid = N_("{example}：没有 {call}( )")
        return Advice(msgid=msgid, params={"example": example, "call": calls[0]})
    return Advice(msgid=_BETWEEN, params={"example": example, "term": written(term)})
