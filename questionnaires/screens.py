"""The screens of a questionnaire: which items stand together, and the way one person takes through them.

The layout is the same whatever was answered: consecutive items of one section share a screen unless one of them
depends on another, or an answer before it may end the interview; a questionnaire of ``one_page`` knows no other
boundary than these two. A person meets those screens, and on them those
items, that lie on the route. So going back, changing an answer and coming again never moves an item elsewhere.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from uuid import UUID

from questionnaires.comparisons import chosen_codes, failed_checks
from questionnaires.definition import Check, Item, ItemType, Questionnaire, open_key
from questionnaires.routing import routed_items

#: Items of a battery (the same scale again and again) on one screen, and of others.
MOST_IN_BATTERY, MOST = 5, 3
#: Lines to tap on one screen of items that are no battery.
MOST_LINES = 16
#: Ways kept in memory by one :class:`Walk`.
_MOST_WAYS = 1000


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What is shown together. ``place``: 0… among all screens of the layout, so it grows along the way."""

    place: int
    items: tuple[Item, ...]

    @cached_property
    def name(self) -> str:
        """The id of its first item."""
        return self.items[0].id

    @cached_property
    def item_ids(self) -> frozenset[str]:
        return frozenset(item.id for item in self.items)


@dataclass(frozen=True, kw_only=True)
class _Way:
    route: tuple[Item, ...]
    screens: tuple[Screen, ...]


class Walk:
    """The way through one questionnaire for everyone who answers in ``mode`` and gets ``modules``.

    ``answers`` everywhere: item id -> stored answer; an item that is there was seen (``None``: and skipped).
    """

    def __init__(
        self, questionnaire: Questionnaire, *, mode: str, modules: Collection[str] = (), one_item: bool = False
    ) -> None:
        self.questionnaire, self.mode, self.modules = questionnaire, mode, frozenset(modules)
        fielded = [item for item in questionnaire.items if self._is_fielded(item)]
        laid_out = [[item] for item in fielded] if one_item else _lay_out(fielded, one_page=questionnaire.one_page)
        self.layout = tuple(tuple(part) for part in laid_out)
        self._place = {item.id: place for place, items in enumerate(self.layout) for item in items}
        conditions = {condition.item for item in fielded for condition in item.ask_if}
        self._steering = [item.id for item in fielded if item.id in conditions or item.terminating_codes]
        self._ways: dict[tuple[object, ...], _Way] = {}

    def route(self, answers: Mapping[str, object]) -> tuple[Item, ...]:
        """The items this person comes to, as far as the answers tell."""
        return self._way(answers).route

    def screens(self, answers: Mapping[str, object]) -> tuple[Screen, ...]:
        """Every screen on the way."""
        return self._way(answers).screens

    def screen(self, item_id: str, answers: Mapping[str, object]) -> Screen | None:
        """The screen with that item; ``None`` when the way does not lead there."""
        return next((screen for screen in self.screens(answers) if item_id in screen.item_ids), None)

    def as_shown(self, items: Sequence[Item]) -> Screen | None:
        """The screen that held ``items``, whatever was answered since; ``None`` when none of them is asked here."""
        known = tuple(item for item in items if item.id in self._place)
        return Screen(place=self._place[known[-1].id], items=known) if known else None

    def unseen(self, answers: Mapping[str, object]) -> Screen | None:
        """The first screen with an item this person has not seen; ``None``: all were seen."""
        return next((s for s in self.screens(answers) if any(item.id not in answers for item in s.items)), None)

    def next(self, answers: Mapping[str, object], after: Screen) -> Screen | None:
        """The screen after; ``None`` at the end."""
        return next((screen for screen in self.screens(answers) if screen.place > after.place), None)

    def previous(self, answers: Mapping[str, object], before: Screen) -> Screen | None:
        """The screen before; ``None`` at the beginning."""
        return next((screen for screen in reversed(self.screens(answers)) if screen.place < before.place), None)

    def progress(self, screen: Screen | None) -> float:
        """How much of the way lies behind (0-1); of ``None``, the end, all of it."""
        return screen.place / len(self.layout) if screen else 1.0

    def on_route(self, answers: Mapping[str, object]) -> dict[str, object]:
        """The answers that count at the end: those to items on the way, and the words to open options chosen there.

        The others were given before an earlier answer was changed; a draft keeps them, so changing back loses nothing.
        That a note was seen is no answer.
        """
        found: dict[str, object] = {}
        for item in self.route(answers):
            if item.id not in answers or item.type is ItemType.NOTE:
                continue
            found[item.id] = answers[item.id]
            for code in item.open_codes.intersection(chosen_codes(answers[item.id])):
                if words := answers.get(open_key(item.id, code)):
                    found[open_key(item.id, code)] = words
        return found

    def failed_checks(self, answers: Mapping[str, object], screen: Screen) -> tuple[Check, ...]:
        """The checks of the items on ``screen`` that ``answers`` do not pass: each is asked where the later of its two
        items is answered.
        """
        if not self.questionnaire.checks:
            return ()
        routed = {item.id for item in self.route(answers)}
        return tuple(
            check for check in failed_checks(self.questionnaire, answers, routed) if check.item in screen.item_ids
        )

    def refused(self, answers: Mapping[str, object]) -> tuple[Screen, tuple[Check, ...]] | None:
        """The first screen with an answer that hard checks refuse, and those checks; ``None``: there is none.

        Each was asked on its screen, but an answer it compares with may have been changed since.
        """
        for screen in self.screens(answers) if self.questionnaire.checks else ():
            if hard := tuple(check for check in self.failed_checks(answers, screen) if check.hard):
                return screen, hard
        return None

    def _way(self, answers: Mapping[str, object]) -> "_Way":
        """People differ in a few ways only, and each is asked for several times per screen."""
        key = tuple(tuple(chosen_codes(answers.get(item_id))) for item_id in self._steering)
        way = self._ways.get(key)
        if way is None:
            route = routed_items(self.questionnaire, answers, mode=self.mode, modules=self.modules)
            found: dict[int, list[Item]] = {}
            for item in route:
                found.setdefault(self._place[item.id], []).append(item)
            screens = tuple(Screen(place=place, items=tuple(items)) for place, items in found.items())
            if len(self._ways) >= _MOST_WAYS:
                self._ways.clear()
            way = self._ways[key] = _Way(route=route, screens=screens)
        return way

    def _is_fielded(self, item: Item) -> bool:
        return (not item.modes or self.mode in item.modes) and (item.module is None or item.module in self.modules)


def modules_for(questionnaire: Questionnaire, uuid: UUID) -> frozenset[str]:
    """The one rotating module that the response ``uuid`` gets; nothing where the questionnaire has none.

    It follows from the UUID, which is random: nothing needs to be stored, and each module is as likely as another.
    """
    modules = sorted({item.module for item in questionnaire.items if item.module})
    if not modules:
        return frozenset()
    return frozenset({modules[_digest("module", uuid) % len(modules)]})


def skipped_answer(item: Item) -> int | tuple[int, ...] | None:
    """What is stored for an item that was seen and left empty: its refusal, if it has one.

    >>> from questionnaires.definition import Option, OptionKind, Text
    >>> no = Option(code=99, text=Text(zh_Hans="拒答", en="Refused"), kind=OptionKind.REFUSED)
    >>> skipped_answer(Item(id="C1", section="s", type=ItemType.MULTI, text=no.text, options=(no,)))
    (99,)
    """
    if not item.refused_codes:
        return None
    code = min(item.refused_codes)
    return (code,) if item.type is ItemType.MULTI else code


def _digest(purpose: str, uuid: UUID) -> int:
    return int.from_bytes(hashlib.sha256(purpose.encode() + uuid.bytes).digest()[:8], "big")


def _lay_out(items: Sequence[Item], *, one_page: bool) -> Iterator[list[Item]]:
    run: list[Item] = []
    for item in items:
        if run and (_separates(run, item) or not (one_page or _belongs(run[-1], item))):
            yield from [run] if one_page else _portions(run)
            run = []
        run.append(item)
    if run:
        yield from [run] if one_page else _portions(run)


def _belongs(last: Item, item: Item) -> bool:
    return (item.section, item.battery) == (last.section, last.battery)


def _separates(run: Sequence[Item], item: Item) -> bool:
    """Whether ``item`` must not stand with the run before it."""
    if run[-1].terminating_codes:
        return True
    together = {before.id for before in run}
    return any(condition.item in together for condition in item.ask_if)


def _portions(run: list[Item]) -> Iterator[list[Item]]:
    """A battery in even parts; other items while they fit, a list to choose several from always alone."""
    if run[0].battery:
        parts = -(-len(run) // MOST_IN_BATTERY)
        edges = [round(part * len(run) / parts) for part in range(parts + 1)]
        yield from (run[start:end] for start, end in pairwise(edges))
        return
    portion: list[Item] = []
    for item in run:
        if portion and not _fits(portion, item):
            yield portion
            portion = []
        portion.append(item)
    yield portion


def _fits(portion: Sequence[Item], item: Item) -> bool:
    if len(portion) == MOST or ItemType.MULTI in (item.type, portion[-1].type):
        return False
    return sum(_lines(one) for one in (*portion, item)) <= MOST_LINES


def _lines(item: Item) -> int:
    return max(2, sum(option.read_aloud for option in item.options))
