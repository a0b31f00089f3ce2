"""What differs between two items of the same id: one change for each thing that somebody would want to look at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.definition import Condition, Item, Option, Text


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    TYPE = "type"
    WORDING = "wording"
    OPTION_ADDED = "option_added"
    OPTION_REMOVED = "option_removed"
    OPTION_WORDING = "option_wording"
    OPTION_MEANING = "option_meaning"
    OPTION_ORDER = "option_order"
    SCORE = "score"
    ROUTING = "routing"
    MODES = "modes"
    LIMITS = "limits"
    SKIPPING = "skipping"
    NOTE = "note"
    PLACE = "place"
    CODES = "codes"
    LABEL = "label"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class PartChange:
    """``part``: an item's id, or the place as in a problem of the file (``instrument``, ``indicator IND_X``).

    ``language``: of a wording; ``detail``: an option's code, or the name of what changed; ``old`` and ``new`` as text.
    """

    part: str
    kind: ChangeKind
    detail: str = ""
    language: str = ""
    old: str = ""
    new: str = ""


def compare_items(old: Item, new: Item) -> Iterator[PartChange]:
    """What differs between two items with the same id."""
    name = new.id
    yield from plain_change(name, ChangeKind.TYPE, "", old.type.value, new.type.value)
    yield from wording_changes(name, "", old.text, new.text)
    yield from _of_options(old, new)
    yield from plain_change(name, ChangeKind.ROUTING, "", conditions_text(old.ask_if), conditions_text(new.ask_if))
    yield from plain_change(name, ChangeKind.MODES, "", old.modes, new.modes)
    for field in ("max_choices", "max_chars", "minimum", "maximum", "earliest", "latest"):
        yield from plain_change(name, ChangeKind.LIMITS, field, getattr(old, field), getattr(new, field))
    for field in ("optional", "required"):
        yield from plain_change(name, ChangeKind.SKIPPING, field, getattr(old, field), getattr(new, field))
    for field in ("reverse_order", "random_order"):
        yield from plain_change(name, ChangeKind.OPTION_ORDER, field, getattr(old, field), getattr(new, field))
    for field in ("section", "battery", "module"):
        yield from plain_change(name, ChangeKind.PLACE, field, getattr(old, field), getattr(new, field))
    for kind, field in ((ChangeKind.NOTE, "interviewer_note"), (ChangeKind.OTHER, "department")):
        yield from wording_changes(name, field, getattr(old, field), getattr(new, field), kind)


def _of_options(old: Item, new: Item) -> Iterator[PartChange]:
    for option in new.options:
        before, code = old.option(option.code), str(option.code)
        if before is None:
            yield PartChange(part=new.id, kind=ChangeKind.OPTION_ADDED, detail=code, new=option.text.zh_Hans)
            continue
        yield from wording_changes(new.id, code, before.text, option.text, ChangeKind.OPTION_WORDING)
        yield from plain_change(new.id, ChangeKind.OPTION_MEANING, code, _meaning(before), _meaning(option))
        yield from plain_change(new.id, ChangeKind.SCORE, code, before.score, option.score)
        yield from plain_change(new.id, ChangeKind.ROUTING, code, _ends(before), _ends(option))
    for option in old.options:
        if new.option(option.code) is None:
            yield PartChange(
                part=new.id, kind=ChangeKind.OPTION_REMOVED, detail=str(option.code), old=option.text.zh_Hans
            )
    kept = [option.code for option in old.options if new.option(option.code)]
    order = [option.code for option in new.options if old.option(option.code)]
    yield from plain_change(new.id, ChangeKind.OPTION_ORDER, "", kept, order)


def _meaning(option: Option) -> str:
    flags = (name for name in ("exclusive", "open", "decoy") if getattr(option, name))
    unread = () if option.read_aloud else ("read_aloud = false",)
    polarity = (option.polarity.value,) if option.polarity else ()
    return " ".join((option.kind.value, *polarity, *flags, *unread))


def _ends(option: Option) -> str:
    return "terminate" if option.terminate else ""


def plain_change(part: str, kind: ChangeKind, detail: str, old: object, new: object) -> Iterator[PartChange]:
    """One change where the two differ."""
    if old != new:
        yield PartChange(part=part, kind=kind, detail=detail, old=_shown(old), new=_shown(new))


def wording_changes(
    part: str, detail: str, old: Text | None, new: Text | None, kind: ChangeKind = ChangeKind.WORDING
) -> Iterator[PartChange]:
    """One change for each language in which the wordings differ."""
    before, after = _languages(old), _languages(new)
    for language in dict.fromkeys((*before, *after)):
        one, two = before.get(language, ""), after.get(language, "")
        if one != two:
            yield PartChange(part=part, kind=kind, detail=detail, language=language, old=one, new=two)


def conditions_text(conditions: Iterable[Condition]) -> str:
    """Conditions as one line.

    >>> conditions_text([Condition(item="A1", codes=frozenset({2, 1})), Condition(item="N1", at_least=3)])
    'A1 = 1, 2; N1 ≥ 3'
    """
    return "; ".join(map(_condition, conditions))


def _condition(condition: Condition) -> str:
    if condition.codes:
        return f"{condition.item} = {', '.join(map(str, sorted(condition.codes)))}"
    bounds = (("≥", condition.at_least), ("≤", condition.at_most))
    return " ".join((condition.item, *(f"{sign} {bound}" for sign, bound in bounds if bound is not None)))


def _languages(text: Text | None) -> dict[str, str]:
    return {"zh_Hans": text.zh_Hans, "en": text.en, **dict(text.others)} if text else {}


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list, frozenset)):
        return ", ".join(_shown(part) for part in (sorted(value) if isinstance(value, frozenset) else value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
