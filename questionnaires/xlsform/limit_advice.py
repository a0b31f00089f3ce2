"""What to write in ``constraint`` instead of a limit that cannot be held."""

from questionnaires.definition import ItemType
from questionnaires.problems import N_
from questionnaires.reading import is_day
from questionnaires.xlsform.advice import Advice, calls_in, items_in, parts_of
from questionnaires.xlsform.conditions import Known
from questionnaires.xlsform.expressions import Call, Compared, Expression, Itself, Joined, Literal, written

#: A limit of each type of item.
_EXAMPLES = {
    ItemType.NUMBER: ". >= 1 and . <= 20",
    ItemType.DATE: ". >= date('2026-01-01') and . <= date('2026-12-31')",
    ItemType.MULTI: "count-selected(.) <= 3",
    ItemType.TEXT: "string-length(.) <= 100",
}
#: For an item that is chosen once, or that nobody answers.
NO_LIMIT = Advice(msgid=N_("空着：单选题和说明没有限制；问哪些人写在 relevant 里"))
_PLAIN = N_("{example}：这种题的限制这样写；“{term}”不能存放")


def limit_advice(term: Expression, item: str, known: Known) -> Advice:
    """``term``: what cannot be held of the constraint of ``item``."""
    kind, calls, others = known.types.get(item), calls_in(term), items_in(term)
    example = _EXAMPLES.get(kind, "") if kind else ""
    if not example:
        return NO_LIMIT
    if item in others:
        msgid = N_("{example}：这道题自己的回答写作“.”，不写 {item}")
        return Advice(msgid=msgid, params={"example": example, "item": f"${{{item}}}"})
    if others and not any(isinstance(part, Itself) for part in parts_of(term)):
        msgid = N_("{example}：这里只限制这道题自己的回答（“.”）；看 {other} 怎么答写在 relevant 里")
        return Advice(msgid=msgid, params={"example": example, "other": f"${{{others[0]}}}"})
    if {"today", "now"} & set(calls):
        msgid = N_("{example}：写定下的日子，没有“今天”")
        return Advice(msgid=msgid, params={"example": _EXAMPLES[ItemType.DATE]})
    if _asks_for_answer(term):
        return Advice(msgid=N_("空着：必答的题在 required 列写 yes"))
    return _by_kind(term, calls, kind, example)


def _by_kind(term: Expression, calls: list[str], kind: ItemType | None, example: str) -> Advice:
    if kind is ItemType.MULTI and "selected" in calls:
        names = [part.arguments[1] for part in parts_of(term) if isinstance(part, Call) and len(part.arguments) == 2]
        name = next((one.text for one in names if isinstance(one, Literal)), "90")
        alone = f"not(selected(., '{name}') and count-selected(.) > 1)"
        return Advice(msgid=N_("{example}：选了它就不选别的，这样写"), params={"example": alone})
    if kind is ItemType.MULTI or "string-length" in calls:
        msgid = N_("{example}：只有最多几项、最多几个字，没有至少和正好")
        return Advice(msgid=msgid, params={"example": example})
    if kind is ItemType.NUMBER and isinstance(term, Joined):
        msgid = N_("{example}：只有从几到几。不知道、不愿答的人可以跳过这道题，不用写 99 这样的数")
        return Advice(msgid=msgid, params={"example": example})
    if kind is ItemType.NUMBER and not calls:
        msgid = N_("{example}：从几到几，两头各写一次，都是整数；“{term}”不能存放")
        return Advice(msgid=msgid, params={"example": example, "term": written(term)})
    if (
        kind is ItemType.DATE
        and isinstance(term, Compared)
        and isinstance(term.right, Literal)
        and is_day(term.right.text)
    ):
        day = f". {term.mark} date('{term.right.text}')"
        return Advice(msgid=N_("{example}：日子写在 date( ) 里"), params={"example": day})
    if "regex" in calls:
        return Advice(msgid=N_("{example}：没有 regex，不按样子核对文字"), params={"example": example})
    return Advice(msgid=_PLAIN, params={"example": example, "term": written(term)})


def _asks_for_answer(term: Expression) -> bool:
    """``. != ''`` and its like."""
    if not isinstance(term, Compared):
        return False
    if term.left == Itself():
        return term.mark == "!=" and term.right == Literal("")
    counted = isinstance(term.left, Call) and term.left.name in ("string-length", "count-selected")
    return counted and (term.mark, term.right) in [
        (">", Literal("0")),
        (">=", Literal("1")),
        ("!=", Literal("0")),
    ]
