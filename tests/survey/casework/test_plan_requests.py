"""What is typed into a sample plan."""

import pytest

from survey.casework.plan_requests import read_values
from survey.i18n import render
from survey.messages import BadInput


@pytest.mark.parametrize(
    ("text", "percent", "share"),
    [
        ("90", True, 0.9),
        ("90%", True, 0.9),
        ("９０％", True, 0.9),
        ("0.5", True, 0.005),
        ("0.9", False, 0.9),
        ("90", False, 0.9),
        ("90%", False, 0.9),
        ("0.99", False, 0.99),
        ("99", False, 0.99),
        ("100", False, 1.0),
        ("100%", False, 1.0),
        ("1%", False, 0.01),
        ("1.5", False, 0.015),
        (".5%", False, 0.005),
    ],
)
def test_shares(text: str, percent: bool, share: float) -> None:
    assert read_values({"rate": text}, percent=percent) == {"rate": share}


@pytest.mark.parametrize("name", ["rate", "later", "power", "level", "response", "line", "weak"])
@pytest.mark.parametrize("text", ["1", "1.0", "１", "1.000"])
def test_a_bare_one_is_all_or_one_in_a_hundred(name: str, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_values({name: text}, percent=False)
    assert "应为写明百分号：1% 或 100%" in render(refused.value.problems[0].expected, "zh_Hans")


def test_one_point_is_a_margin() -> None:
    assert read_values({"margin": "1"}, percent=False) == {"margin": 0.01}


@pytest.mark.parametrize(("text", "either"), [("1", "1% 或 100%"), ("0.9", "0.9% 或 90%")])
def test_the_form_asks_when_hardly_anybody_is_to_answer(text: str, either: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_values({"response": text}, percent=True)
    assert either in render(refused.value.problems[0].expected, "zh_Hans")
    assert read_values({"response": f"{text}%"}, percent=True) == {"response": round(float(text) / 100, 12)}


def test_a_table_of_communities() -> None:
    table = "东社区 80\n\n110101002000,75.5，30\n西社区\t60%\t12.5\n"
    assert read_values({"rates": table}, percent=True) == {
        "rates": {"东社区": 0.8, "110101002000": 0.755, "西社区": 0.6},
        "costs": {"110101002000": 30.0, "西社区": 12.5},
    }


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        read_values(
            {"rate": "x", "population": "1.5", "rho": "1e3", "rates": "东 80\n东 70\n西\n南 多", "deff": "-1"},
            percent=True,
        )
    told = [render(problem.expected, "zh_Hans") for problem in refused.value.problems]
    assert len(told) == 7
    assert told[0] == "预期的率：得到“x”，应为百分数，例如 90 或 90%"


def test_long_or_endless_numbers_are_none() -> None:
    for text in ("9" * 400, "nan", "inf", "1e999", "٣"):
        with pytest.raises(BadInput):
            read_values({"population": text}, percent=True)
