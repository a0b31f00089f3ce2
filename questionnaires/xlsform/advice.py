"""What to write instead of an expression that no questionnaire of ours can hold, with the author's own names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from questionnaires.definition import ItemType
from questionnaires.problems import N_
from questionnaires.xlsform.conditions import Known
from questionnaires.xlsform.expressions import Call, Compared, Expression, Joined, Reference

CHOICE = (ItemType.SINGLE, ItemType.MULTI)
#: Choices that are written out in a message.
_MOST_WRITTEN = 12
#: Of items in a sheet that has none to condition on.
_ANY_ITEM = "A1"


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What is expected instead: Chinese with ``{named}`` places that ``params`` fills."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)


def parts_of(term: Expression) -> Iterator[Expression]:
    """``term`` and all that stands in it."""
    yield term
    inner: Iterable[Expression] = ()
    if isinstance(term, Call):
        inner = term.arguments
    elif isinstance(term, Compared):
        inner = (term.left, term.right)
    elif isinstance(term, Joined):
        inner = term.parts
    for part in inner:
        yield from parts_of(part)


def items_in(term: Expression) -> list[str]:
    """The items that it names, each once."""
    return list(dict.fromkeys(part.item for part in parts_of(term) if isinstance(part, Reference)))


def calls_in(term: Expression) -> list[str]:
    return [part.name for part in parts_of(term) if isinstance(part, Call)]


def asked_example(item: str, known: Known) -> str:
    """A condition on ``item`` as it can be held; empty for what is neither chosen nor a number."""
    kind = known.types.get(item)
    if kind is ItemType.NUMBER:
        return f"${{{item}}} >= 2"
    return chosen(item, list(known.codes.get(item, {}))[:2], known) if kind in CHOICE else ""


def any_example(known: Known) -> str:
    """A condition on some item of the form."""
    return next((example for item in known.types if (example := asked_example(item, known))), f"${{{_ANY_ITEM}}} = '1'")


def chosen(item: str, names: Iterable[str], known: Known) -> str:
    """That one of ``names`` was chosen; empty where they are none or too many to write out.

    >>> chosen("q1", ["no", "maybe"], Known(types={"q1": ItemType.SINGLE}, codes={}))
    "${q1} = 'no' or ${q1} = 'maybe'"
    """
    listed = list(names)
    if len(listed) > _MOST_WRITTEN:
        return ""
    if known.types.get(item) is ItemType.MULTI:
        return " or ".join(f"selected(${{{item}}}, '{name}')" for name in listed)
    return " or ".join(f"${{{item}}} = '{name}'" for name in listed)


def not_asked(item: str, names: Iterable[str], known: Known) -> Advice:
    """Instead of a condition that says who is left out."""
    without = set(names)
    others = [name for name in known.codes.get(item, {}) if name not in without]
    example = chosen(item, others, known) or any_example(known)
    return Advice(msgid=N_("{example}：写出问哪些人，没有 not( ) 和 !="), params={"example": example})
