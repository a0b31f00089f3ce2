"""What changed from one version of a questionnaire to another, item by item, and which rates still compare.

Items are the same where their ids are; one that went while another with the same wording came has got a new id. A
rate compares where :func:`questionnaires.fingerprint.indicator_fingerprint` is the same; else the reasons are the
changes of its item and of the items that decide who is asked.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questionnaires.definition import Indicator, Questionnaire, Text
from questionnaires.fingerprint import indicator_fingerprint, item_fingerprint
from questionnaires.item_changes import (
    ChangeKind,
    PartChange,
    compare_items,
    conditions_text,
    plain_change,
    wording_changes,
)
from questionnaires.wording import fill_questionnaire


@dataclass(frozen=True, kw_only=True)
class Comparability:
    """``rate``: the rates of both versions may be compared; ``score``: the mean scores, too.

    ``reasons``: what stands against the rate; empty where it compares. Missing on one side: ``only_in``.
    """

    indicator: str
    label: Text
    rate: bool
    score: bool
    reasons: tuple[PartChange, ...] = ()
    only_in: str = ""  # "old" or "new"


@dataclass(frozen=True, kw_only=True)
class VersionComparison:
    changes: tuple[PartChange, ...]
    indicators: tuple[Comparability, ...]

    @property
    def of_items(self) -> dict[str, tuple[PartChange, ...]]:
        found: dict[str, list[PartChange]] = {}
        for change in self.changes:
            found.setdefault(change.part, []).append(change)
        return {part: tuple(changes) for part, changes in found.items()}


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """To put names of versions in order: numbers in them count as numbers.

    >>> sorted(["2027-01", "2026-11", "2026-9"], key=version_key), version_key("1.10") > version_key("1.9")
    (['2026-9', '2026-11', '2027-01'], True)
    """
    parts = re.findall(r"([0-9]+)|([^0-9]+)", version)
    return tuple((int(digits), "") if digits else (-1, mark) for digits, mark in parts)


def compare_versions(old: Questionnaire, new: Questionnaire) -> VersionComparison:
    """All changes: of the questionnaire as a whole, then of its items in the order of ``new``, of what is counted."""
    changes = [*_of_whole(old, new), *_of_items(old, new), *_of_checks(old, new), *_of_counted(old, new)]
    return VersionComparison(changes=tuple(changes), indicators=tuple(_comparable(old, new, changes)))


def _of_whole(old: Questionnaire, new: Questionnaire) -> Iterator[PartChange]:
    for name in ("title", "population", "closing"):
        yield from wording_changes("instrument", name, getattr(old, name), getattr(new, name))
    for place in ("introductions", "placeholders"):
        before, after = getattr(old, place), getattr(new, place)
        for name in dict.fromkeys((*before, *after)):
            yield from wording_changes(place, name, before.get(name), after.get(name))
    for name in ("modes", "languages", "target_minutes", "one_page"):
        yield from plain_change("instrument", ChangeKind.OTHER, name, getattr(old, name), getattr(new, name))
    before, after = ({part.id: part for part in each.sections} for each in (old, new))
    for name in dict.fromkeys((*before, *after)):
        one, two = before.get(name), after.get(name)
        yield from wording_changes(f"section {name}", "", one.title if one else None, two.title if two else None)
        if one and two:
            yield from plain_change(f"section {name}", ChangeKind.OTHER, "factual", one.factual, two.factual)


def _of_items(old: Questionnaire, new: Questionnaire) -> Iterator[PartChange]:
    gone = {item_fingerprint(item): item for item in old.items if item.id not in new.items_by_id}
    moved = _moved([i.id for i in old.items if i.id in new.items_by_id], [i.id for i in new.items])
    for item in new.items:
        before = old.items_by_id.get(item.id)
        if before is not None:
            yield from compare_items(before, item)
            if item.id in moved:
                yield PartChange(part=item.id, kind=ChangeKind.MOVED)
        elif (same := gone.pop(item_fingerprint(item), None)) is not None:
            yield PartChange(part=item.id, kind=ChangeKind.RENAMED, old=same.id, new=item.id)
        else:
            yield PartChange(part=item.id, kind=ChangeKind.ADDED, new=item.text.zh_Hans)
    for item in gone.values():
        yield PartChange(part=item.id, kind=ChangeKind.REMOVED, old=item.text.zh_Hans)


def _of_checks(old: Questionnaire, new: Questionnaire) -> Iterator[PartChange]:
    before, after = ({check.id: check for check in each.checks} for each in (old, new))
    for name in dict.fromkeys((*before, *after)):
        one, two = before.get(name), after.get(name)
        if one is None or two is None:
            kind = ChangeKind.ADDED if one is None else ChangeKind.REMOVED
            yield PartChange(part=f"check {name}", kind=kind)
            continue
        yield from wording_changes(f"check {name}", "", one.text, two.text)
        for field in ("item", "compare", "value", "other", "hard"):
            yield from plain_change(f"check {name}", ChangeKind.OTHER, field, getattr(one, field), getattr(two, field))
        yield from plain_change(
            f"check {name}", ChangeKind.ROUTING, "", conditions_text(one.ask_if), conditions_text(two.ask_if)
        )


def _of_counted(old: Questionnaire, new: Questionnaire) -> Iterator[PartChange]:
    before, after = ({each.code: each for each in q.indicators} for q in (old, new))
    for name in dict.fromkeys((*before, *after)):
        one, two = before.get(name), after.get(name)
        part = f"indicator {name}"
        if one is None or two is None:
            yield PartChange(part=part, kind=ChangeKind.ADDED if one is None else ChangeKind.REMOVED)
            continue
        yield from wording_changes(part, "", one.label, two.label, ChangeKind.LABEL)
        yield from plain_change(part, ChangeKind.CODES, "", _counting(one), _counting(two))
        for field in ("set", "base"):
            yield from plain_change(part, ChangeKind.OTHER, field, getattr(one, field), getattr(two, field))
        if one.alternates != two.alternates:
            yield PartChange(part=part, kind=ChangeKind.OTHER, detail="alternate")
    parts, further = ({each.code: each for each in q.composites} for q in (old, new))
    for name in dict.fromkeys((*parts, *further)):
        kind = ChangeKind.ADDED if name not in parts else ChangeKind.REMOVED if name not in further else None
        if kind or parts[name] != further[name]:
            yield PartChange(part=f"composite {name}", kind=kind or ChangeKind.OTHER)


def _counting(indicator: Indicator) -> str:
    return f"{indicator.item} = {', '.join(map(str, sorted(indicator.codes)))}"


def _comparable(old: Questionnaire, new: Questionnaire, changes: Sequence[PartChange]) -> Iterator[Comparability]:
    # About another campaign it is another question: as people read it without a wave's own words.
    one, two = (fill_questionnaire(each, each.placeholders) for each in (old, new))
    before = {each.code: each for each in old.indicators}
    for indicator in new.indicators:
        code = indicator.code
        if code not in before:
            yield Comparability(indicator=code, label=indicator.label, rate=False, score=False, only_in="new")
            continue
        same = indicator_fingerprint(one, code) == indicator_fingerprint(two, code)
        reasons = () if same else tuple(_reasons(new, indicator, before[code], changes))
        asked = {before[code].item, indicator.item}
        scored = not any(change.kind is ChangeKind.SCORE and change.part in asked for change in changes)
        yield Comparability(indicator=code, label=indicator.label, rate=same, score=same and scored, reasons=reasons)
    after = {each.code for each in new.indicators}
    for indicator in old.indicators:
        if indicator.code not in after:
            yield Comparability(indicator=indicator.code, label=indicator.label, rate=False, score=False, only_in="old")


#: Changes that the fingerprint of a rate does not know of.
_HARMLESS = frozenset(
    {ChangeKind.MOVED, ChangeKind.NOTE, ChangeKind.PLACE, ChangeKind.SCORE, ChangeKind.LABEL, ChangeKind.RENAMED}
)


def _reasons(
    new: Questionnaire, indicator: Indicator, before: Indicator, changes: Sequence[PartChange]
) -> Iterator[PartChange]:
    deciding = {before.item, *_deciding(new, indicator.item)}
    own = f"indicator {indicator.code}"
    for change in changes:
        if change.kind in _HARMLESS:
            continue
        placeholder = change.part == "placeholders"
        if change.part in deciding or placeholder or (change.part == own and change.kind is ChangeKind.CODES):
            yield change


def _deciding(questionnaire: Questionnaire, item_id: str) -> set[str]:
    """The item and those that decide whether it is asked."""
    found: set[str] = set()
    waiting = [item_id]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [condition.item for condition in questionnaire.item(name).ask_if]
    return found


def _moved(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """The fewest items that must have changed places.

    >>> sorted(_moved(["A", "B", "C", "D"], ["B", "C", "A", "D", "E"]))
    ['A']
    """
    place = {name: number for number, name in enumerate(old)}
    order = [name for name in new if name in place]
    ends: list[int] = []  # of runs that grow, the smallest last place for each length
    length: list[int] = []
    for name in order:
        at = bisect_left(ends, place[name])
        ends[at : at + 1] = [place[name]]
        length.append(at)
    kept: set[str] = set()
    wanted = len(ends) - 1
    for name, at in zip(reversed(order), reversed(length), strict=True):
        if at == wanted:
            kept.add(name)
            wanted -= 1
    return frozenset(order) - kept
