import math

import numpy as np
import pytest

from analysis.estimation.model_matrix import FormulaError, level_codes, model_matrix, parse_formula

COLUMNS = {
    "y": np.array([0.0, 1, 1, 0, math.nan]),
    "x": np.array([1.0, 2, math.nan, 4, 5]),
    "age": ["old", "young", "mid", "", "old"],
    "floor": np.array([10.0, 9, 10, 9, 10]),
    "api.stu": np.arange(5.0),
}


def test_numbers_words_and_numbers_as_levels() -> None:
    found = model_matrix("y ~ x + age + floor", COLUMNS, factors=["floor"])
    assert found.names == ("(Intercept)", "x", "ageyoung", "floor10")
    assert found.complete.tolist() == [True, True, False, False, False]
    assert found.matrix[:2].tolist() == [[1, 1, 0, 1], [1, 2, 1, 0]]


def test_levels_are_those_of_the_complete_within() -> None:
    everyone = model_matrix("x ~ age", COLUMNS)
    assert everyone.names == ("(Intercept)", "ageyoung")  # nobody of middle age has an x
    within = model_matrix("y ~ age", COLUMNS, within=np.array([True, False, True, True, True]))
    assert within.names == ("(Intercept)", "ageold")


def test_interactions_and_no_intercept() -> None:
    found = model_matrix("y ~ floor*x", COLUMNS, factors=["floor"])
    assert found.names == ("(Intercept)", "floor10", "x", "floor10:x")
    assert found.matrix[0].tolist() == [1, 1, 1, 1]
    assert model_matrix("y ~ factor(floor) - 1", COLUMNS).names == ("floor9", "floor10")
    assert model_matrix("y ~ 0 + x", COLUMNS).names == ("x",)
    assert model_matrix("y ~ 0 + factor(floor) + age", COLUMNS).names == ("floor9", "floor10", "ageold", "ageyoung")
    assert model_matrix("y ~ 1", COLUMNS).matrix.tolist() == [[1]] * 5
    assert model_matrix("y ~ api.stu:x", COLUMNS).names == ("(Intercept)", "api.stu:x")


def test_a_slope_for_each_level_or_differences_of_slopes() -> None:
    assert model_matrix("y ~ factor(floor):x", COLUMNS).names == ("(Intercept)", "floor9:x", "floor10:x")
    assert model_matrix("y ~ x + factor(floor):x", COLUMNS).names == ("(Intercept)", "x", "floor10:x")


def test_an_outcome_of_two_words() -> None:
    found = model_matrix("answer ~ x", {"answer": ["no", "yes", ""], "x": np.arange(3.0)})
    assert found.outcome[:2].tolist() == [0, 1]
    with pytest.raises(FormulaError, match="3 words"):
        model_matrix("answer ~ x", {"answer": ["a", "b", "c"], "x": np.arange(3.0)})


@pytest.mark.parametrize("text", ["y", "y ~ x ~ age", "y ~", "~ x", "y ~ log(x)", "y ~ x^2", "y ~ x + + age", "y ~ 0"])
def test_formulas_that_say_nothing(text: str) -> None:
    with pytest.raises(FormulaError, match="expected"):
        model_matrix(text, COLUMNS)


def test_columns_that_are_not_there_or_say_nothing() -> None:
    with pytest.raises(FormulaError, match="got z, expected columns out of y"):
        model_matrix("y ~ z", COLUMNS)
    with pytest.raises(FormulaError, match="1 level"):
        model_matrix("y ~ age", COLUMNS, within=np.array([True, False, False, False, False]))


def test_the_same_term_twice_is_one() -> None:
    assert parse_formula("y ~ x + age*x + x").terms == (("x",), ("age",), ("age", "x"))


def test_levels_by_size_and_alphabet() -> None:
    everyone = np.ones(3, dtype=bool)
    assert level_codes(np.array([2.5, 10, 2.5]), everyone)[0] == ("2.5", "10")
    assert level_codes(["b", "a", ""], everyone)[1].tolist() == [1, 0, -1]
