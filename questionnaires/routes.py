"""Every way through a questionnaire: how many there are, the shortest and the longest, and what nobody ever comes to.

A way is a sequence of items (two people who answer differently and see the same items went the same way). Items are
gone through in the order of the file. What is remembered of the answers so far is which conditions of later items they
meet, so that ways which no longer differ in anything that matters are looked at together: a few states where there
would be a million ways. Where even these are too many the walk is cut, and says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import add

from questionnaires.comparisons import compares, meets
from questionnaires.definition import LANGUAGES, Condition, Item, ItemType, Questionnaire
from questionnaires.duration import ALOUD, Clock, Span
from questionnaires.wording import fill_questionnaire

#: States looked at side by side before the walk is cut, and from then on.
_MOST_STATES, _MOST_ONCE_CUT = 4_000, 200
#: Sets of conditions that the choices of one list can meet.
_MOST_CHOICES = 512
State = int  # a bit for each condition of the questionnaire that the answers so far meet


@dataclass(frozen=True, kw_only=True)
class Way:
    """Items seen and the seconds they take, in Chinese and in English."""

    items: int
    seconds: Span
    in_english: Span


@dataclass(frozen=True, kw_only=True)
class Routes:
    """In one mode. ``count``: ways, those that end early (``ended``) among them; ``cut``: at least so many.

    ``shortest`` and ``longest``: of the ways to the end, by items and by seconds apart, introduction and closing with
    them; ``None`` when nobody reaches the end.
    ``reached``: items on any way; ``ends_all``: items after which everybody who came there is sent away.
    """

    mode: str
    count: int
    ended: int
    cut: bool
    shortest: Way | None
    longest: Way | None
    reached: frozenset[str]
    ends_all: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Bundle:
    """Ways so far that can still go on in the same ways: how many, and the range of their items and seconds."""

    count: int
    fewest: int
    most: int
    #: In each of the clocks' languages.
    least: tuple[Span, ...]
    longest: tuple[Span, ...]

    def joined(self, other: "_Bundle | None") -> "_Bundle":
        """These ways and those."""
        if other is None:
            return self
        return _Bundle(
            count=self.count + other.count,
            fewest=min(self.fewest, other.fewest),
            most=max(self.most, other.most),
            least=tuple(map(_shorter, self.least, other.least)),
            longest=tuple(map(_longer, self.longest, other.longest)),
        )

    def longer(self, takes: tuple[Span, ...]) -> "_Bundle":
        """Each with one item more."""
        return _Bundle(
            count=self.count,
            fewest=self.fewest + 1,
            most=self.most + 1,
            least=tuple(map(add, self.least, takes)),
            longest=tuple(map(add, self.longest, takes)),
        )


def _shorter(one: Span, two: Span) -> Span:
    return one if one.low <= two.low else two


def _longer(one: Span, two: Span) -> Span:
    return one if one.high >= two.high else two


def walk_routes(questionnaire: Questionnaire) -> tuple[Routes, ...]:
    """All ways in each mode that people answer in, whichever rotating module they get."""
    filled = fill_questionnaire(questionnaire, questionnaire.placeholders)
    clocks = {
        aloud: [Clock(filled, aloud=aloud, language=language) for language in LANGUAGES]
        for aloud in {mode in ALOUD for mode in questionnaire.modes}
    }
    walks: dict[tuple[bool, tuple[str, ...]], _Walk] = {}  # most modes have the same items
    found = []
    for mode in questionnaire.modes:
        items = [item for item in questionnaire.items if not item.modes or mode in item.modes]
        key = mode in ALOUD, tuple(item.id for item in items)
        if key not in walks:
            walks[key] = _Walk(items, clocks[mode in ALOUD])
        if mode != "imported":
            found.append(walks[key].routes(mode))
    return tuple(found)


def unreachable_items(questionnaire: Questionnaire, routes: tuple[Routes, ...]) -> tuple[str, ...]:
    """The items that nobody comes to in any mode; none while a walk was cut, which proves nothing."""
    if any(each.cut for each in routes):
        return ()
    reached = frozenset[str]().union(*(each.reached for each in routes))
    return tuple(item.id for item in questionnaire.items if item.id not in reached)


def dead_ends(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The items that hold back whoever comes there: nothing can be answered, and skipping is not allowed."""
    return tuple(item.id for item in questionnaire.items if item.required and not _can_be_answered(questionnaire, item))


def _can_be_answered(questionnaire: Questionnaire, item: Item) -> bool:
    if item.type is not ItemType.NUMBER or item.minimum is None or item.maximum is None:
        return True
    checks = [
        check
        for check in questionnaire.checks
        if check.hard and check.item == item.id and not check.ask_if and isinstance(check.value, int)
    ]
    # Each check parts the numbers at its value, so some number passes all of them only if one of these does.
    edges = {check.value + step for check in checks for step in (-1, 0, 1) if isinstance(check.value, int)}
    tried = {item.minimum, item.maximum} | {edge for edge in edges if item.minimum <= edge <= item.maximum}
    return any(all(compares(number, check.compare, check.value) for check in checks) for number in tried)


class _Walk:
    """``State``: the number of the module above a bit for each condition that the answers so far meet."""

    def __init__(self, items: Sequence[Item], clocks: Sequence[Clock]) -> None:
        self._items, self._clocks = items, clocks
        self._modules = sorted({item.module or "" for item in self._items} - {""}) or [""]
        conditions = dict.fromkeys(condition for item in self._items for condition in item.ask_if)
        self._bits = {condition: 1 << place for place, condition in enumerate(conditions)}
        self._about: dict[str, list[Condition]] = {}
        for condition in conditions:
            self._about.setdefault(condition.item, []).append(condition)
        last = {condition: place for place, item in enumerate(self._items) for condition in item.ask_if}
        self._idle = [0] * len(self._items)  # the bits that nothing after this item asks for
        for condition, place in last.items():
            self._idle[place] |= self._bits[condition]
        self._cut, self._ended = False, 0
        self._reached: set[str] = set()
        self._go_on: set[str] = set()
        self._sent_away: set[str] = set()

        self._whole = self._walk()

    def _walk(self) -> "_Bundle | None":
        """All ways to the end."""
        start = frozenset(module << len(self._bits) for module in range(len(self._modules)))
        none = (Span(),) * len(self._clocks)
        found = {start: _Bundle(count=1, fewest=0, most=0, least=none, longest=none)}
        for place, item in enumerate(self._items):
            found = self._after(place, item, found)
        whole: _Bundle | None = None
        for bundle in found.values():
            whole = bundle.joined(whole)
        return whole

    def routes(self, mode: str) -> Routes:
        whole = self._whole
        return Routes(
            mode=mode,
            count=self._ended + (whole.count if whole else 0),
            ended=self._ended,
            cut=self._cut,
            shortest=None if whole is None else self._way(mode, whole.fewest, whole.least),
            longest=None if whole is None else self._way(mode, whole.most, whole.longest),
            reached=frozenset(self._reached),
            ends_all=tuple(i.id for i in self._items if i.id in self._sent_away - self._go_on),
        )

    def _way(self, mode: str, items: int, takes: tuple[Span, ...]) -> Way:
        chinese, english = (each + clock.around(mode) for each, clock in zip(takes, self._clocks, strict=True))
        return Way(items=items, seconds=chinese, in_english=english)

    def _after(self, place: int, item: Item, found: dict[frozenset[State], _Bundle]) -> dict[frozenset[State], _Bundle]:
        """The bundles behind ``item``."""
        keep = ~self._idle[place]
        needed = sum(self._bits[condition] for condition in item.ask_if)
        takes = tuple(clock.item(item.id) for clock in self._clocks)
        answers = self._answers(item)
        behind: dict[frozenset[State], _Bundle] = {}
        for states, bundle in found.items():
            asked = {state for state in states if state & needed == needed and self._is_in_module(item, state)}
            passed = frozenset(state & keep for state in states - asked)
            if passed:
                behind[passed] = bundle.joined(behind.get(passed))
            if not asked:
                continue
            self._reached.add(item.id)
            if any(ends for _, ends in answers):
                self._ended += bundle.count
            on = frozenset((state | met) & keep for state in asked for met, ends in answers if not ends)
            if on:
                behind[on] = bundle.longer(takes).joined(behind.get(on))
        return self._few(behind)

    def _is_in_module(self, item: Item, state: State) -> bool:
        return item.module is None or self._modules[state >> len(self._bits)] == item.module

    def _few(self, found: dict[frozenset[State], _Bundle]) -> dict[frozenset[State], _Bundle]:
        """As many as can be looked at; of the rest nothing is said. Those that met most and fewest conditions stay."""
        most = _MOST_ONCE_CUT if self._cut else _MOST_STATES
        if sum(map(len, found)) <= most:
            return found
        self._cut = True
        share = max(2, _MOST_ONCE_CUT // len(found))
        kept: dict[frozenset[State], _Bundle] = {}
        for states, bundle in islice(found.items(), _MOST_ONCE_CUT):
            ordered = sorted(states, key=int.bit_count)
            few = frozenset(ordered if len(ordered) <= share else ordered[: share // 2] + ordered[-share // 2 :])
            kept[few] = bundle.joined(kept.get(few))
        return kept

    def _answers(self, item: Item) -> set[tuple[State, bool]]:
        """What answering can come to: the conditions then met, and whether it ends the interview."""
        about = self._about.get(item.id, [])
        if item.options:
            each = [(self._met(about, option.code), option.terminate, option.exclusive) for option in item.options]
            found = {(met, ends) for met, ends, _ in each}
            if item.type is ItemType.MULTI:
                found |= self._together({(met, ends) for met, ends, alone in each if not alone}, item.max_choices)
        else:
            found = {(self._met(about, value), False) for value in _values(item, about)}
        if any(ends for _, ends in found):
            self._sent_away.add(item.id)
        if any(not ends for _, ends in found):
            self._go_on.add(item.id)
        return found if item.required else found | {(0, False)}

    def _together(self, single: set[tuple[State, bool]], most: int | None) -> set[tuple[State, bool]]:
        """Several choices at once."""
        found = set(single)
        for _ in range((most or len(single)) - 1):
            more = {(one | two, ends or also) for one, ends in found for two, also in single}
            if more <= found:
                break
            found |= more
            if len(found) > _MOST_CHOICES:
                self._cut = True
                break
        return found

    def _met(self, about: list[Condition], answer: int | None) -> State:
        return sum(self._bits[condition] for condition in about if meets(condition, answer))


def _values(item: Item, about: list[Condition]) -> Iterator[int | None]:
    """A number for each side of every bound, and the ends."""
    bounds = [bound for condition in about for bound in (condition.at_least, condition.at_most) if bound is not None]
    near = {bound + step for bound in bounds for step in (-1, 0, 1)}
    near |= {bound for bound in (item.minimum, item.maximum) if bound is not None}
    least = item.minimum if item.minimum is not None else min(near, default=0)
    most = item.maximum if item.maximum is not None else max(near, default=0)
    yield from (value for value in near if least <= value <= most)
    if not near:
        yield None
