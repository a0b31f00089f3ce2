"""Above a hidden community the interval is pooled: over repeated samples it is as wide as unequal weights make it."""

import numpy as np
import pytest

from analysis.answers import AnswerState
from analysis.design import FloatArray, SurveyDesign
from analysis.publication import PublishedEstimate
from analysis.wave_estimates import Rate, WaveAnswers, estimate_wave
from tests.analysis.waves import asked, by_key, city_of

SIZES = (9, 60, 60, 60, 60)
ADULTS = (600, 1800, 1200, 900, 600)
RATE = 0.6
ROUNDS = 400


def survey_once(chance: np.random.Generator) -> PublishedEstimate:
    """The city of five communities; one adult of each dwelling with 1 to 4, weighted to the adults of the community."""
    community = np.repeat(np.arange(len(SIZES)), SIZES)
    adults = chance.integers(1, 5, size=len(community)).astype(np.float64)
    sums: FloatArray = np.bincount(community, weights=adults)
    knows = chance.random(len(community)) < RATE
    states = np.where(knows, AnswerState.COUNTED, AnswerState.NOT_COUNTED).astype(np.int8)
    names = [f"c{number}" for number in range(len(SIZES))]
    wave = WaveAnswers(
        rates=[Rate(code="r", states=states)],
        tree=city_of(names, dict(zip(names, ADULTS, strict=True))),
        unit_areas=1 + community,
        design=SurveyDesign(weights=adults * (np.array(ADULTS) / sums)[community], strata=community),
        probability=True,
        pooling_tier=4,
    )
    return asked(by_key(estimate_wave(wave)), None)


@pytest.mark.slow
def test_the_cost_of_weights_inside_communities_is_counted_once() -> None:
    chance = np.random.default_rng(20260301)

    found = [survey_once(chance) for _ in range(ROUNDS)]

    assert all(row.pooled for row in found)
    rates = np.array([row.proportion for row in found])
    true_effect = float(rates.var(ddof=1)) / (RATE * (1 - RATE) / sum(SIZES))
    effect = float(np.mean([row.design_effect for row in found]))
    covered = float(np.mean([(row.low or 0) <= RATE <= (row.high or 0) for row in found]))
    # The spread of 400 rounds tells the true effect within some 7 % (one standard error). Counted twice, the weights
    # of 1 to 4 adults (Kish's 1.2) would make the effect 1.2 times as large again.
    assert 0.93 < effect / true_effect < 1.15
    assert 0.93 <= covered <= 0.98
