"""Show a statistician the answers by open link: how many of each community, which signs they bear, and what the rates
would be without those that bear some. They are no sample and are never added to it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from sqlalchemy.orm import Session

from analysis.disclosure import LEAST_RESPONDENTS
from analysis.integrity.open_answers import OpenSign, is_strong
from analysis.integrity.same_patterns import Pattern, SamePattern, find_same_patterns
from questionnaires.coding import AnswerState, Flags, States, code_responses
from questionnaires.definition import Indicator, IndicatorSet, ItemType, Questionnaire
from questionnaires.loading import from_document
from survey.areas import Area
from survey.messages import N_, Message, NotThere
from survey.roles import Scope
from survey.store.areas import get_frame
from survey.store.instruments import get_instrument
from survey.store.open_link_signs import OpenAnswer, read_open_answers
from survey.store.waves import WaveRecord


@dataclass(frozen=True, kw_only=True)
class CommunityAnswers:
    """``signs``: answers with each sign; ``alike``: those answered like others, and ``by_chance`` how many of those
    patterns chance gives; ``strong``: those with more than weak signs, ``unwatched``: from before. ``busiest_day``: the
    most answers of one day, beside the ``median_day`` of the days with any; ``None``: no days are known.
    """

    area: Area
    answers: int
    signs: Mapping[OpenSign, int]
    alike: int
    by_chance: float
    strong: int
    unwatched: int
    busiest_day: int | None
    median_day: float | None


@dataclass(frozen=True, kw_only=True)
class Share:
    """``proportion`` 0-1 of the ``asked``; ``None``: too few, or so few left out that they could be told."""

    asked: int
    proportion: float | None


@dataclass(frozen=True, kw_only=True)
class OpenRate:
    """One rate of all answers, without those with strong signs, and without those with any; unweighted, no sample."""

    indicator: Indicator
    everyone: Share
    without_strong: Share
    without_any: Share


@dataclass(frozen=True, kw_only=True)
class OpenAnswersView:
    """``area``: whose rates are shown; ``None``: of all communities within reach."""

    wave: WaveRecord
    communities: tuple[CommunityAnswers, ...]
    area: Area | None
    rates: tuple[OpenRate, ...]

    @property
    def answers(self) -> int:
        return sum(one.answers for one in self.communities)

    @property
    def unwatched(self) -> int:
        return sum(one.unwatched for one in self.communities)


@dataclass(frozen=True, kw_only=True)
class _Flagged:
    """One answer; ``alike``: its community holds too many of its pattern."""

    answer: OpenAnswer
    alike: bool

    @property
    def strong(self) -> bool:
        return self.alike or is_strong(self.answer.signs or OpenSign(0))


def show_open_answers(session: Session, wave: WaveRecord, *, scope: Scope, area: str | None = None) -> OpenAnswersView:
    """Communities with answers within reach, in the order of the frame; rates of ``area`` or of all of them.

    Raises :class:`NotThere` for an area without answers or out of reach.
    """
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    frame = get_frame(session, wave.frame_id).areas
    parents = {one.code: one.parent for one in frame}
    # Chance is reckoned from the whole wave, whoever looks.
    answers = list(read_open_answers(session, wave.id))
    patterns = find_same_patterns(
        [one.area for one in answers], [_pattern(questionnaire, one.answers) for one in answers]
    )
    alike = {place for pattern in patterns for place in pattern.responses}
    by_area: defaultdict[str, list[_Flagged]] = defaultdict(list)
    for place, one in enumerate(answers):
        if scope.sees_area(one.area, parents):
            by_area[one.area].append(_Flagged(answer=one, alike=place in alike))
    chosen = next((one for one in frame if one.code == area and one.code in by_area), None)
    if area and chosen is None:
        raise NotThere(Message(N_("这个社区没有公开链接的答卷，或者不归您负责。")))
    shown = by_area[chosen.code] if chosen else [one for these in by_area.values() for one in these]
    return OpenAnswersView(
        wave=wave,
        communities=tuple(_community(one, by_area[one.code], patterns) for one in frame if one.code in by_area),
        area=chosen,
        rates=_rates(questionnaire, shown),
    )


def _pattern(questionnaire: Questionnaire, answers: Mapping[str, object]) -> Pattern:
    """What was chosen from lists; numbers and texts are not looked at."""
    chosen = (ItemType.SINGLE, ItemType.MULTI)
    return tuple(
        (item.id, tuple(value) if isinstance(value, list) else value)
        for item in questionnaire.items
        if item.type in chosen and isinstance(value := answers.get(item.id), int | list)
    )


def _community(area: Area, flagged: Sequence[_Flagged], patterns: Sequence[SamePattern]) -> CommunityAnswers:
    counts = Counter(sign for one in flagged for sign in one.answer.signs or OpenSign(0))
    days = Counter(one.answer.day for one in flagged if one.answer.day).values()
    return CommunityAnswers(
        area=area,
        answers=len(flagged),
        signs={sign: counts[sign] for sign in OpenSign},
        alike=sum(one.alike for one in flagged),
        by_chance=sum(pattern.expected for pattern in patterns if pattern.area == area.code),
        strong=sum(one.strong for one in flagged),
        unwatched=sum(one.answer.signs is None for one in flagged),
        busiest_day=max(days, default=None),
        median_day=median(days) if days else None,
    )


def _rates(questionnaire: Questionnaire, flagged: Sequence[_Flagged]) -> tuple[OpenRate, ...]:
    indicators = [one for one in questionnaire.indicators if one.set is IndicatorSet.HEADLINE]
    if not flagged:
        return ()
    coded = code_responses(questionnaire, indicators, [one.answer.answers for one in flagged])
    weak: Flags = np.array([not one.strong for one in flagged], np.bool_)
    none: Flags = np.array([not one.alike and not one.answer.signs for one in flagged], np.bool_)
    every: Flags = np.ones(len(flagged), np.bool_)
    return tuple(
        OpenRate(
            indicator=one,
            everyone=_share(coded.states[one.code], every),
            without_strong=_share(coded.states[one.code], weak),
            without_any=_share(coded.states[one.code], none),
        )
        for one in coded.indicators
    )


def _share(states: States, kept: Flags) -> Share:
    asked = states != AnswerState.NOT_IN_BASE
    of, left_out = int((asked & kept).sum()), int((asked & ~kept).sum())
    counted = int(((states == AnswerState.COUNTED) & kept).sum())
    told = of >= LEAST_RESPONDENTS and not 0 < left_out < LEAST_RESPONDENTS
    return Share(asked=of, proportion=counted / of if told else None)
