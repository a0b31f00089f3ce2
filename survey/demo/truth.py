"""The stored truth: what the invented residents think, before anybody is drawn or asked.

A person's answer does not depend on how many live in the home, nor on whether the home answers: inside a community
those who are reached are like those who are not. So the true rate of an indicator, as its instrument defines it, is
known exactly, and published intervals can be held against it. Truth is what people think; where they were told how to
answer (``coached``) and do so, what they say differs from it.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from questionnaires.definition import Item, Questionnaire
from survey.demo.city import FOLDER, Place

#: How far communities differ by chance, and how many of the homes there answer, from most to least.
SPREAD = 0.04
RESPONSE = (0.57, 0.67)
#: Nobody thinks all the same.
LEAST, MOST = 0.02, 0.985


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Of those routed to the item, ``outside`` have no experience of it; of the others ``rate`` count, ``dont_know``
    and ``refused`` say so, and the rest have another answer.
    """

    rate: float
    dont_know: float = 0.0
    refused: float = 0.0
    outside: float = 0.0

    @property
    def valid_rate(self) -> float:
        """Among those with a substantive answer.

        >>> Shares(rate=0.6, dont_know=0.15, refused=0.05).valid_rate
        0.75
        """
        return round(self.rate / (1 - self.dont_know - self.refused), 12)


@dataclass(frozen=True, kw_only=True)
class CommunityTruth:
    """``shares``: indicator -> what people think. ``response``: chance that an eligible home answers.

    ``told``: whether those who were coached answer as they were told.
    """

    area: str
    adults: int
    response: float
    shares: Mapping[str, Shares]
    told: bool = False


@dataclass(frozen=True, kw_only=True)
class WaveTruth:
    """One wave of one instrument. ``communities``: by code."""

    questionnaire: Questionnaire
    communities: Mapping[str, CommunityTruth]

    def rates(self, indicator: str, areas: Iterable[str]) -> tuple[float, float]:
        """The true rate among the adults of ``areas`` together, on the asked and on the valid base."""
        counted = asked = valid = 0.0
        for area in areas:
            truth = self.communities[area]
            shares = truth.shares[indicator]
            base = truth.adults * self._routed(indicator, truth) * (1 - shares.outside)
            counted += base * shares.rate
            asked += base
            valid += base * (1 - shares.dont_know - shares.refused)
        return counted / asked, counted / valid

    def _routed(self, indicator: str, truth: CommunityTruth) -> float:
        """Which share of the community comes to the item; a module is dealt by chance, so it changes no rate."""
        return _routed_share(self.questionnaire, self.questionnaire.indicator(indicator).item, truth.shares)

    def document(self) -> dict[str, Any]:
        """For ``truth.json``: what stands behind the wave, rates 0-1."""
        codes = [indicator.code for indicator in self.questionnaire.indicators]
        return {
            "instrument": self.questionnaire.slug,
            "whole": {code: self._document_of(code, self.communities) for code in codes},
            "communities": {
                area: {
                    "adults": truth.adults,
                    "non_response": round(1 - truth.response, 4),
                    "coached": truth.shares[COACHING].valid_rate,
                    "coached_answer_as_told": truth.told,
                    "rates": {code: self._document_of(code, [area]) for code in codes},
                }
                for area, truth in self.communities.items()
            },
        }

    def _document_of(self, code: str, areas: Iterable[str]) -> dict[str, float]:
        asked, valid = self.rates(code, areas)
        return {"asked": round(asked, 6), "valid": round(valid, 6)}


COACHING = "IND_COACHING"


def make_truth(
    questionnaire: Questionnaire,
    places: Sequence[Place],
    adults: Mapping[str, int],
    *,
    seed: int,
    moved: bool = False,
) -> WaveTruth:
    """The truth of one wave, the same one for the same seed. ``moved``: after the changes that ``city.toml`` names.

    Two waves of one seed differ by these changes alone.
    """
    base = _base(questionnaire.slug)
    communities = {}
    for place in places:
        rng = np.random.default_rng([seed, int(place.code)])
        shares = {}
        for code, middle in base.items():
            special = {**place.rates, **(place.moves if moved else {})}
            drawn = float(rng.normal(middle.rate, SPREAD))
            shares[code] = _shares(middle, special.get(code, middle.rate if code == COACHING else drawn))
        if place.coached:
            shares[COACHING] = _shares(base[COACHING], place.coached)
        response = float(rng.uniform(*RESPONSE))
        communities[place.code] = CommunityTruth(
            area=place.code,
            adults=adults[place.code],
            response=round(place.response or response, 4),
            shares=shares,
            told=bool(place.coached),
        )
    return WaveTruth(questionnaire=questionnaire, communities=communities)


def kinder(truth: WaveTruth, by: float) -> WaveTruth:
    """What those think who choose themselves to answer: every rate of satisfaction, support and awareness higher."""
    communities = {
        area: CommunityTruth(
            area=area,
            adults=one.adults,
            response=one.response,
            told=one.told,
            shares={
                code: _shares(shares, shares.rate + by) if code.startswith(_LIKED) else shares
                for code, shares in one.shares.items()
            },
        )
        for area, one in truth.communities.items()
    }
    return WaveTruth(questionnaire=truth.questionnaire, communities=communities)


_LIKED = ("IND_AWARE", "IND_SUPPORT", "IND_PARTICIPATE", "IND_SAT_")


def _shares(middle: Shares, rate: float) -> Shares:
    most = MOST - middle.dont_know - middle.refused
    least = min(LEAST, middle.rate)
    return Shares(
        rate=round(min(max(rate, least), most), 4),
        dont_know=middle.dont_know,
        refused=middle.refused,
        outside=middle.outside,
    )


@lru_cache(maxsize=4)
def _base(slug: str) -> Mapping[str, Shares]:
    with (FOLDER / "truth.toml").open("rb") as file:
        raw = tomllib.load(file)[slug]
    return {code: Shares(**shares) for code, shares in raw.items()}


def _routed_share(questionnaire: Questionnaire, item_id: str, shares: Mapping[str, Shares]) -> float:
    """Conditions of items with a rate are on answers that count in another rate: their chances multiply."""
    item = questionnaire.item(item_id)
    share = 1.0
    for condition in item.ask_if:
        found = [i for i in questionnaire.indicators if i.item == condition.item and i.codes == condition.codes]
        if not found:
            raise ValueError(f"{item_id}: asked after {sorted(condition.codes)} of {condition.item}, no rate says so")
        before = shares[found[0].code]
        share *= before.rate * (1 - before.outside) * _routed_share(questionnaire, condition.item, shares)
    return share


def indicator_items(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Item -> its indicator. Raises ``ValueError`` for an item with two: its answers would have to fit both."""
    found: dict[str, str] = {}
    for indicator in questionnaire.indicators:
        if indicator.item in found:
            raise ValueError(f"{indicator.item}: got two indicators, expected one")
        found[indicator.item] = indicator.code
    return found


def has_direction(item: Item) -> bool:
    """Whether its options say good or bad: those who are content are content with much."""
    return any(option.polarity is not None for option in item.options)
