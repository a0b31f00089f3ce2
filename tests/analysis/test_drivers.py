import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.answers import AnswerState
from analysis.design import DesignError, SurveyDesign
from analysis.drivers import Driver, OddsRatio, estimate_drivers
from analysis.estimation.undefined import Undefined, UndefinedReason

States = NDArray[np.int8]
TOO_FEW = Undefined(reason=UndefinedReason.TOO_FEW_RESPONDENTS)


def city(seed: int, n: int = 600) -> tuple[SurveyDesign, States, dict[str, States]]:
    """Lifts go with being satisfied, light goes with lifts, shops with nothing."""
    random = np.random.default_rng(seed)
    lifts = random.random(n) < 0.7
    light = np.where(random.random(n) < 0.7, lifts, random.random(n) < 0.5)
    shops = random.random(n) < 0.6
    overall = random.random(n) < np.where(lifts, 0.85, 0.4)
    design = SurveyDesign(
        weights=random.uniform(1, 3, n), strata=random.integers(0, 4, n), psus=None, population=np.full(4, 100_000.0)
    )
    items = {"lifts": lifts, "light": light, "shops": shops}
    return design, overall.astype(np.int8), {code: item.astype(np.int8) for code, item in items.items()}


def ratio(found: OddsRatio | Undefined) -> OddsRatio:
    assert isinstance(found, OddsRatio)
    return found


def test_together_tells_what_alone_cannot() -> None:
    design, overall, items = city(1, 3000)
    lifts, light, shops = estimate_drivers(design, overall=overall, items=items)
    assert ratio(lifts.alone).low > 4 < ratio(lifts.together).low
    assert ratio(light.alone).low > 2
    assert ratio(light.together).low < 1 < ratio(light.together).high
    assert ratio(shops.together).p_adjusted > 0.05
    assert lifts.share == pytest.approx(0.7, abs=0.03)
    assert [row.n for row in (lifts, light, shops)] == [3000] * 3


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 999))
def test_rows_hold_together(seed: int) -> None:
    design, overall, items = city(seed)
    rows = estimate_drivers(design, overall=overall, items=items, level=0.9)
    assert [row.indicator for row in rows] == list(items)
    for row in rows:
        for found in (ratio(row.alone), ratio(row.together)):
            assert found.low <= found.value <= found.high
            assert found.p_value <= found.p_adjusted <= 1
            assert (found.low > 1 or found.high < 1) == (found.p_value < 0.1)
    backwards = estimate_drivers(design, overall=overall, items=dict(reversed(items.items())), level=0.9)
    for row, other in zip(rows, reversed(backwards), strict=True):
        assert ratio(other.together).value == pytest.approx(ratio(row.together).value, rel=1e-6)


def test_dissatisfaction_turns_the_odds_round() -> None:
    design, overall, items = city(3)
    [row, *_] = estimate_drivers(design, overall=overall, items=items)
    [turned, *_] = estimate_drivers(design, overall=(1 - overall).astype(np.int8), items=items)
    assert ratio(turned.alone).value == pytest.approx(1 / ratio(row.alone).value, rel=1e-6)


def test_other_answers_than_valid_ones_do_not_count() -> None:
    design, overall, items = city(4)
    overall, lifts = overall.copy(), items["lifts"].copy()
    overall[:50], lifts[40:100] = AnswerState.REFUSED, AnswerState.DONT_KNOW
    [row] = estimate_drivers(design, overall=overall, items={"lifts": lifts})
    assert row.n == 500
    inside = np.arange(600) >= 100
    [other] = estimate_drivers(design, overall=overall, items={"lifts": items["lifts"]}, inside=inside)
    assert (row.n, row.share) == (other.n, other.share)
    assert ratio(row.alone).value == pytest.approx(ratio(other.alone).value, rel=1e-6)


def test_a_service_few_were_asked_about_stands_alone() -> None:
    design, overall, items = city(5)
    items["shops"] = np.where(np.arange(600) % 2 == 0, AnswerState.OUTSIDE, items["shops"]).astype(np.int8)
    lifts, _, shops = estimate_drivers(design, overall=overall, items=items)
    assert ratio(shops.alone).n == 300
    assert shops.together == TOO_FEW
    assert ratio(lifts.together).n == 600


def test_too_few_say_nothing() -> None:
    design, overall, items = city(6)
    nobody = np.zeros(600, dtype=bool)
    [row, *_] = estimate_drivers(design, overall=overall, items=items, inside=nobody)
    empty = Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    assert row == Driver(indicator="lifts", n=0, share=empty, alone=empty, together=empty)
    few = np.arange(600) < 25
    for row in estimate_drivers(design, overall=overall, items=items, inside=few):
        assert row.alone == row.together == TOO_FEW
    items["lifts"] = np.ones(600, dtype=np.int8)
    lifts, light, _ = estimate_drivers(design, overall=overall, items=items)
    assert lifts.alone == lifts.together == Undefined(reason=UndefinedReason.ALL_OR_NONE)
    assert isinstance(light.together, OddsRatio)


def test_rare_dissatisfaction_bears_few_services_together() -> None:
    """Twelve dissatisfied can tell about two services at five each, not about three."""
    design, _, items = city(7)
    overall = np.ones(600, dtype=np.int8)
    overall[np.flatnonzero(items["lifts"] == 0)[:7]] = 0
    overall[np.flatnonzero(items["lifts"] == 1)[:5]] = 0
    three = estimate_drivers(design, overall=overall, items=items)
    assert {type(row.alone) for row in three} == {OddsRatio}
    assert {row.together for row in three} == {TOO_FEW}
    two = estimate_drivers(design, overall=overall, items={code: items[code] for code in ("lifts", "shops")})
    assert all(isinstance(row.together, OddsRatio) for row in two)


def test_a_service_that_decides_for_certain_is_named_and_left_out() -> None:
    design, overall, items = city(8)
    overall = np.where(items["lifts"] == 1, 1, overall).astype(np.int8)
    lifts, light, _ = estimate_drivers(design, overall=overall, items=items)
    assert lifts.alone == lifts.together == Undefined(reason=UndefinedReason.SEPARATED)
    assert isinstance(light.together, OddsRatio)


def test_lengths_that_differ_are_named() -> None:
    design, overall, items = city(9)
    with pytest.raises(DesignError, match="light"):
        estimate_drivers(design, overall=overall, items=items | {"light": overall[:5]})
