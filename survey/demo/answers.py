"""Invented answers of one person, drawn from the stored truth of the community; the same ones for the same chance."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from questionnaires.checking import Answer
from questionnaires.definition import Item, ItemType, OptionKind, Questionnaire
from questionnaires.screens import Walk
from survey.demo.truth import COACHING, CommunityTruth, Shares, has_direction, indicator_items

#: How much of what a person thinks of one topic goes with what they think of all.
LOADING = 0.5
#: Of an item without a rate, who says "don't know" and who refuses.
UNSURE, REFUSED = 0.02, 0.01
_NONE = Shares(rate=0.0, dont_know=UNSURE, refused=REFUSED)
_CODES = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class _Codes:
    """The codes of one item by what they mean for its rate; of several choices ``alone`` stand by themselves."""

    item: Item
    counted: _CODES
    others: _CODES
    alone: _CODES
    dont_know: _CODES
    refused: _CODES
    outside: _CODES
    indicator: str | None
    loading: float


class Answerer:
    """Answers to one questionnaire for people of any community."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        of_item = indicator_items(questionnaire)
        counted = {indicator.code: indicator.codes for indicator in questionnaire.indicators}
        self._plans = [_plan(item, of_item.get(item.id), counted) for item in questionnaire.items]
        self._walks: dict[tuple[str, frozenset[str]], Walk] = {}

    def answers(
        self,
        truth: CommunityTruth,
        rng: np.random.Generator,
        *,
        mode: str,
        modules: Collection[str] = (),
        adults: int,
        made_up: bool = False,
    ) -> dict[str, Answer]:
        """Item -> stored answer of every item that the person comes to, in the order asked, texts and dates empty.

        ``made_up``: nobody was there, and whoever filled it in found everything good.
        """
        mood, *own = (float(value) for value in rng.standard_normal(len(self._plans) + 1))
        chances = rng.random((len(self._plans), 3)).tolist()
        coached = chances[-1][2] < truth.shares[COACHING].valid_rate and not made_up
        says_all_is_well = made_up or (coached and truth.told)
        given: dict[str, Answer] = {}
        for plan, alone, chance in zip(self._plans, own, chances, strict=True):
            if plan.item.type is ItemType.NUMBER:
                given[plan.item.id] = adults
            elif not plan.item.options:
                given[plan.item.id] = None
            elif plan.indicator == COACHING:
                given[plan.item.id] = _on_coaching(plan, truth, chance[0], coached=coached, made_up=made_up)
            elif says_all_is_well and plan.loading and plan.counted:
                given[plan.item.id] = plan.counted[0]
            else:
                level = _level(plan.loading, mood, alone)
                given[plan.item.id] = _one(plan, truth, level, chance)
        route = self._walk(mode, frozenset(modules)).route(given)
        return {item.id: given[item.id] for item in route if item.type is not ItemType.NOTE}

    def _walk(self, mode: str, modules: frozenset[str]) -> Walk:
        if (mode, modules) not in self._walks:
            self._walks[mode, modules] = Walk(self.questionnaire, mode=mode, modules=modules)
        return self._walks[mode, modules]


def _on_coaching(plan: _Codes, truth: CommunityTruth, chance: float, *, coached: bool, made_up: bool) -> Answer:
    """Whoever was coached says so as readily as others say no."""
    shares = truth.shares[COACHING]
    if not made_up and chance < shares.dont_know:
        return plan.dont_know[0]
    if not made_up and chance < shares.dont_know + shares.refused:
        return plan.refused[0]
    return plan.counted[0] if coached else plan.others[0]


def _one(plan: _Codes, truth: CommunityTruth, level: float, chance: Sequence[float]) -> Answer:
    shares = truth.shares[plan.indicator] if plan.indicator else _NONE
    codes = _pick(plan, shares, level, chance)
    return tuple(sorted(codes)) if plan.item.type is ItemType.MULTI else codes[0]


def _level(loading: float, mood: float, alone: float) -> float:
    """Even between 0 and 1, whatever the loading: 0 is the most content."""
    return 0.5 * math.erfc((loading * mood + math.sqrt(1 - loading * loading) * alone) / math.sqrt(2))


def _pick(plan: _Codes, shares: Shares, level: float, chance: Sequence[float]) -> _CODES:
    """From the most content to those who do not say; people without experience of it are taken out first."""
    if plan.outside and chance[0] < shares.outside:
        return plan.outside[:1]
    if level < shares.rate:
        return _some(plan, plan.counted, chance[1:], counted=True)
    said = 1.0
    for codes, share in ((plan.refused, shares.refused), (plan.dont_know, shares.dont_know)):
        said -= share if codes else 0.0
        if codes and level >= said:
            return codes[:1]
    return _some(plan, plan.others or plan.alone, chance[1:], counted=False)


def _some(plan: _Codes, codes: _CODES, chance: Sequence[float], *, counted: bool) -> _CODES:
    """One of ``codes``, the first more often; where several may be chosen, one to three and perhaps others."""
    first = codes[int(len(codes) * chance[0] ** 1.3)]
    if plan.item.type is not ItemType.MULTI:
        return (first,)
    if not counted and plan.alone and chance[1] < 0.6:
        return (plan.alone[int(len(plan.alone) * chance[0])],)
    if first in plan.alone:
        return (first,)
    most = min(plan.item.max_choices or 3, 3)
    more = [*codes, *(plan.others if counted else ())]
    step = 1 + int(chance[1] * 7)
    found = {first}
    for number in range(1, 1 + int(chance[1] * most)):
        found.add(more[(codes.index(first) + number * step) % len(more)])
    return tuple(found - set(plan.alone))


def _plan(item: Item, indicator: str | None, counted_in: Mapping[str, Collection[int]]) -> _Codes:
    def codes(kind: OptionKind, *, exclusive: bool | None = None) -> _CODES:
        return tuple(
            option.code
            for option in item.options
            if option.kind is kind
            and not option.terminate
            and not option.open
            and (exclusive is None or option.exclusive is exclusive)
        )

    counts = counted_in[indicator] if indicator else frozenset()
    substantive = codes(OptionKind.SUBSTANTIVE, exclusive=False)
    return _Codes(
        item=item,
        counted=tuple(code for code in substantive if code in counts),
        others=tuple(code for code in substantive if code not in counts),
        alone=codes(OptionKind.SUBSTANTIVE, exclusive=True),
        dont_know=codes(OptionKind.DONT_KNOW),
        refused=codes(OptionKind.REFUSED),
        outside=codes(OptionKind.NOT_APPLICABLE),
        indicator=indicator,
        loading=LOADING if has_direction(item) and item.type is ItemType.SINGLE else 0.0,
    )
