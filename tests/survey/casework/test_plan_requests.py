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
        ("1", False, 0.01),
        (".5%", False, 0.005),
    ],
)
def test_shares(text: str, percent: bool, share: float) -> None:
    assert read_values({"rate": text}, percent=percent) == {"rate": share}


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
