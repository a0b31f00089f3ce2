"""The stored truth: what it says is what a great many invented people answer, coded as any answers are."""

from collections.abc import Mapping

import numpy as np
import pytest

from questionnaires.coding import AnswerState, code_responses
from questionnaires.definition import Questionnaire
from questionnaires.loading import BUILT_IN, load_file
from survey.demo.answers import Answerer
from survey.demo.city import Place, read_city
from survey.demo.truth import COACHING, WaveTruth, kinder, make_truth

SLUGS = ("urban-community", pytest.param("civilized-village", marks=pytest.mark.slow))
MANY = 8_000


def places_of(questionnaire: Questionnaire) -> tuple[Place, ...]:
    city = read_city()
    return city.villages if questionnaire.slug == "civilized-village" else city.communities


def truth_of(questionnaire: Questionnaire, *, seed: int = 1, moved: bool = False) -> WaveTruth:
    places = places_of(questionnaire)
    adults = {place.code: 1000 + 100 * number for number, place in enumerate(places)}
    return make_truth(questionnaire, places, adults, seed=seed, moved=moved)


@pytest.fixture(scope="module", params=SLUGS)
def questionnaire(request: pytest.FixtureRequest) -> Questionnaire:
    return load_file(BUILT_IN[request.param])


def coded_rates(questionnaire: Questionnaire, truth: WaveTruth, area: str) -> Mapping[str, tuple[float, float, int]]:
    """Indicator -> rate on the asked base, on the valid base, and how many were asked."""
    rng, answerer = np.random.default_rng(11), Answerer(questionnaire)
    modules = sorted({item.module for item in questionnaire.items if item.module})
    answers = [
        answerer.answers(truth.communities[area], rng, mode="capi", modules={modules[n % len(modules)]}, adults=2)
        for n in range(MANY)
    ]
    coded = code_responses(questionnaire, questionnaire.indicators, answers)
    found = {}
    for code, states in coded.states.items():
        counted = int(np.count_nonzero(states == AnswerState.COUNTED))
        asked = int(np.count_nonzero(states != AnswerState.NOT_IN_BASE))
        valid = counted + int(np.count_nonzero(states == AnswerState.NOT_COUNTED))
        found[code] = counted / asked, counted / valid, asked
    return found


@pytest.mark.slow
def test_a_great_many_coded_answers_have_the_true_rates(questionnaire: Questionnaire) -> None:
    truth = truth_of(questionnaire)
    area = places_of(questionnaire)[0].code
    for code, (asked, valid, count) in coded_rates(questionnaire, truth, area).items():
        true_asked, true_valid = truth.rates(code, [area])
        error = 4 * (true_asked * (1 - true_asked) / count) ** 0.5
        assert asked == pytest.approx(true_asked, abs=error), code
        assert valid == pytest.approx(true_valid, abs=1.2 * error), code


@pytest.mark.slow
def test_where_people_answer_as_they_were_told_the_answers_differ_from_the_truth() -> None:
    questionnaire = load_file(BUILT_IN["urban-community"])
    truth = truth_of(questionnaire)
    coached = next(place for place in places_of(questionnaire) if place.coached)
    found = coded_rates(questionnaire, truth, coached.code)
    assert found[COACHING][1] == pytest.approx(coached.coached, abs=0.03)
    true_rate, _ = truth.rates("IND_SAT_PARKING", [coached.code])
    pushed = true_rate + truth.communities[coached.code].shares[COACHING].valid_rate * (1 - true_rate)
    assert found["IND_SAT_PARKING"][0] == pytest.approx(pushed, abs=0.025)
    assert pushed > true_rate + 0.04


def test_the_rate_of_several_communities_weighs_them_by_who_is_asked(questionnaire: Questionnaire) -> None:
    """Whoever reported a problem is asked whether it was solved."""
    truth = truth_of(questionnaire)
    few, many = (truth.communities[place.code] for place in places_of(questionnaire)[:2])
    asked = [one.adults * one.shares["IND_VOICE"].rate for one in (few, many)]
    expected = sum(base * one.shares["IND_RESOLVE"].rate for base, one in zip(asked, (few, many), strict=True)) / sum(
        asked
    )
    assert truth.rates("IND_RESOLVE", [few.area, many.area])[0] == pytest.approx(expected)


def test_two_waves_of_one_seed_differ_by_the_named_changes_alone() -> None:
    questionnaire = load_file(BUILT_IN["urban-community"])
    before, after = truth_of(questionnaire), truth_of(questionnaire, moved=True)
    changed = {
        (area, code)
        for area, one in before.communities.items()
        for code, shares in one.shares.items()
        if shares != after.communities[area].shares[code]
    }
    assert changed == {(place.code, code) for place in places_of(questionnaire) for code in place.moves}


def test_the_same_seed_gives_the_same_truth(questionnaire: Questionnaire) -> None:
    assert truth_of(questionnaire).document() == truth_of(questionnaire).document()
    assert truth_of(questionnaire).document() != truth_of(questionnaire, seed=2).document()


def test_the_document_has_every_rate_of_every_community(questionnaire: Questionnaire) -> None:
    document = truth_of(questionnaire).document()
    codes = {indicator.code for indicator in questionnaire.indicators}
    assert document["whole"].keys() == codes
    assert document["communities"].keys() == {place.code for place in places_of(questionnaire)}
    for community in document["communities"].values():
        assert community["rates"].keys() == codes
        assert 0 < community["non_response"] < 1


def test_those_who_choose_themselves_think_better_of_it() -> None:
    questionnaire = load_file(BUILT_IN["urban-community"])
    truth = truth_of(questionnaire)
    area = places_of(questionnaire)[2].code
    better = kinder(truth, 0.08)
    assert better.rates("IND_SAT_PARKING", [area])[0] == pytest.approx(truth.rates("IND_SAT_PARKING", [area])[0] + 0.08)
    assert better.rates(COACHING, [area]) == truth.rates(COACHING, [area])
