"""Public values come out of their file as they went in, and a file that cannot be used names what is wrong."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from survey.files.public_value_file import read_public_values, write_public_values
from survey.messages import BadInput
from survey.sampling.public_values import PublicValue

GOOD = """
[[value]]
name = "彩票第 1 期"
value = " 03\\t07  11"
published_at = 2026-11-24T21:15:00+08:00
source = "报纸"
"""


def test_the_value_as_it_goes_into_the_seed() -> None:
    (value,) = read_public_values(GOOD, "v.toml")
    at = datetime(2026, 11, 24, 21, 15, tzinfo=timezone(timedelta(hours=8)))
    assert value == PublicValue(name="彩票第 1 期", value="03 07 11", published_at=at, source="报纸")


def test_what_is_written_is_read_again() -> None:
    values = tuple(
        PublicValue(
            name=name, value=f'"{name}" \\ 1', published_at=datetime(2026, 1, 2, 3, 4, 5, 6, UTC), source="x\x7f"
        )
        for name in ("甲", "b'\"")
    )
    assert read_public_values(write_public_values(values), "v.toml") == values


def test_the_example_of_the_demo_fits_its_design() -> None:
    folder = Path(__file__).parents[3] / "survey" / "demo"
    (value,) = read_public_values((folder / "public-values.toml").read_text(encoding="utf-8"), "public-values.toml")
    assert f'name = "{value.name}"' in (folder / "design.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "[[value]]"),
        ("", "name, value, published_at, source"),
        ("value = 3", "[[value]]"),
        ("[[value]\n", "不是 TOML"),
        (GOOD + "\n[other]\n", "[[value]]"),
    ],
)
def test_no_list_of_values(text: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_public_values(text, "v.toml")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "column"),
    [
        ('name = "彩票第 1 期"', "", "name"),
        ('source = "报纸"', 'source = " "', "source"),
        ("2026-11-24T21:15:00+08:00", "2026-11-24T21:15:00", "published_at"),
        ("2026-11-24T21:15:00+08:00", '"heute"', "published_at"),
        ('" 03\\t07  11"', "30711", "value"),
        ('" 03\\t07  11"', '"03\\u200b07"', "value"),
        ('source = "报纸"', 'source = "报纸"\nvalues = 1', "values"),
    ],
)
def test_what_is_wrong_is_named(before: str, after: str, column: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_public_values(GOOD.replace(before, after), "v.toml")
    assert [problem.column for problem in caught.value.problems] == [column]
    assert caught.value.problems[0].where == "value 1"
