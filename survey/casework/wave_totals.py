"""Totals of a wave's stored answers, without reading the answers one by one.

The database counts who is alike (:mod:`survey.store.answer_totals`), and what it counted is coded and weighted as
single answers are. Totals of several sites add up when their areas stand in one frame: the codes of areas and of
strata are places in it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy.orm import Session

from analysis.design import FloatArray, IntArray
from analysis.estimation.adding_up import add_up
from analysis.estimation.mergeable import PsuTotals
from analysis.estimation.places import place_units
from analysis.weighting.base_weights import base_weights
from questionnaires.coding import code_responses, items_of
from questionnaires.definition import Indicator, Questionnaire
from survey.areas import RANK, Area, Level
from survey.casework.case_designs import CommunityCases
from survey.store.answer_totals import AnswerGroup, group_answers


def totals_of_wave(
    session: Session,
    wave_id: int,
    questionnaire: Questionnaire,
    indicators: Sequence[Indicator],
    frame: Sequence[Area],
    *,
    cases: Mapping[str, CommunityCases] | None = None,
) -> PsuTotals:
    """The totals of ``indicators`` by area; strata are communities, responses are PSUs.

    ``cases``: of a closed drawn wave, in each community; its sample is added up with its weights and population
    correction. ``None``: the answers of a wave without a draw, of weight 1. Codes of areas and strata are places in
    ``frame``. Raises :class:`ValueError` where dwellings were drawn in more than one stage: groups do not tell PSUs.
    """
    drawn = cases is not None
    if not all(community.single_stage for community in (cases or {}).values()):
        raise ValueError("got cases drawn in stages, expected dwellings drawn at once in every community")
    groups = list(group_answers(session, wave_id, items_of(questionnaire, indicators), drawn=drawn))
    codes = {area.code: place for place, area in enumerate(frame)}
    areas = np.array([codes[group.area] for group in groups], dtype=np.int64)
    times = np.array([group.responses for group in groups], dtype=np.int64)
    # Each different document is coded once, however many areas it comes from.
    documents = {id(group.answers): group.answers for group in groups}
    document = {key: place for place, key in enumerate(documents)}
    of_group = np.array([document[id(group.answers)] for group in groups], dtype=np.int64)
    coded = code_responses(questionnaire, indicators, list(documents.values()))
    weights, population = _weighed(groups, areas, times, frame, cases) if cases else (np.ones(len(groups)), None)
    return add_up(
        place_units(areas=areas, strata=_strata(frame)[areas]),
        weights=weights,
        states=[coded.states[indicator.code][of_group] for indicator in indicators],
        rates=[indicator.code for indicator in indicators],
        population=population,
        times=times,
    )


def _strata(frame: Sequence[Area]) -> IntArray:
    """For each area the place of its community, or its own where it is in none, (areas,)."""
    places = {area.code: place for place, area in enumerate(frame)}
    strata = np.arange(len(frame))
    for place, area in enumerate(frame):
        above: Area | None = area
        while above is not None and RANK[above.level] > RANK[Level.COMMUNITY]:
            above = frame[places[above.parent]] if above.parent else None
        if above is not None and above.level is Level.COMMUNITY:
            strata[place] = places[above.code]
    return strata


def _weighed(
    groups: Sequence[AnswerGroup],
    areas: IntArray,
    times: IntArray,
    frame: Sequence[Area],
    cases: Mapping[str, CommunityCases],
) -> tuple[FloatArray, FloatArray]:
    """The weight of one response of each group, and eligible adults of each area, ``inf`` where not known."""
    known = [cases.get(area.code) for area in frame]
    populations = np.array([area.population or np.inf for area in frame], dtype=np.float64)
    adults = np.array([group.adults or np.nan for group in groups], dtype=np.float64)
    inclusion = np.array([(group.inclusion_total or 1) / (group.inclusion_n or 1) for group in groups])
    # Factors of a community are worked out from all its responses, so each group is as many of them as it counts.
    factors = base_weights(
        communities=np.repeat(areas, times),
        inclusion=np.repeat(inclusion, times),
        cases=np.array([community.weight if community else 0.0 for community in known]),
        adults=np.repeat(adults, times),
        populations=populations,
    )
    first = np.cumsum(times) - times
    return factors.weights[first], np.where(factors.to_total, populations, np.inf)
