"""What is kept of a draw comes back as it was; months are counted by the calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.earlier_draws import (
    EarlierDraw,
    EarlierDraws,
    Window,
    earlier_of,
    earlier_text,
    windows_of,
    windows_text,
)
from analysis.sampling.sample_design import Method
from analysis.sampling.sampling_error import SamplingError

NUMBERS = st.integers(0, 2**64 - 1)
WINDOWS = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=9),
    st.builds(
        Window,
        method=st.sampled_from(Method),
        taken=st.integers(0, 10**6),
        arcs=st.lists(st.tuples(NUMBERS, NUMBERS).map(lambda pair: (min(pair), max(pair))), max_size=3).map(tuple),
        start=st.integers(0, 2**63),
        total=st.integers(0, 2**63),
    ),
    max_size=3,
)


@given(WINDOWS)
def test_windows_there_and_back(windows: dict[str, Window]) -> None:
    assert windows_of(windows_text(windows)) == windows


@given(st.binary(min_size=1), st.dates(), st.lists(st.dates(), max_size=3), WINDOWS)
def test_earlier_draws_there_and_back(seed: bytes, on: date, days: list[date], windows: dict[str, Window]) -> None:
    draws = tuple(EarlierDraw(visited_on=day, windows=windows) for day in sorted(days))
    earlier = EarlierDraws(series_seed=seed, on=on, draws=draws)

    assert earlier_of(earlier_text(earlier)) == earlier


def test_no_earlier_draws_is_the_empty_text() -> None:
    assert earlier_text(None) == ""
    assert earlier_of("") is None


@pytest.mark.parametrize(
    "text",
    [
        "[]", "3", '{"a": 3}', '{"a": {}}', "{",
        '{"a": {"method": "best", "taken": 1, "arcs": [], "start": 0, "total": 0}}',
        '{"a": {"method": "permanent", "taken": -1, "arcs": [], "start": 0, "total": 0}}',
        '{"a": {"method": "permanent", "taken": true, "arcs": [], "start": 0, "total": 0}}',
        '{"a": {"method": "permanent", "taken": 1, "arcs": [["5", "4"]], "start": 0, "total": 0}}',
        '{"a": {"method": "permanent", "taken": 1, "arcs": [["0", "10000000000000000"]], "start": 0, "total": 0}}',
    ],
)  # fmt: skip
def test_other_texts(text: str) -> None:
    with pytest.raises(SamplingError, match="windows"):
        windows_of(text)
    with pytest.raises(SamplingError, match="earlier draws"):
        earlier_of(text)


@pytest.mark.parametrize(
    ("visited", "months", "on", "rests"),
    [
        (date(2026, 4, 30), 12, date(2027, 4, 30), True),
        (date(2026, 4, 30), 12, date(2027, 5, 1), False),
        (date(2026, 8, 31), 6, date(2027, 2, 28), True),
        (date(2026, 8, 31), 6, date(2027, 3, 1), False),
        (date(2027, 8, 31), 6, date(2028, 2, 29), True),
        (date(2026, 12, 31), 1, date(2027, 1, 31), True),
        (date(2026, 12, 31), 0, date(2026, 12, 31), False),
    ],
)
def test_months_of_the_calendar(visited: date, months: int, on: date, rests: bool) -> None:
    draws = (EarlierDraw(visited_on=visited, windows={}),)

    assert bool(EarlierDraws(series_seed=b"s", on=on, draws=draws).within(months)) is rests


def test_the_oldest_first_and_a_seed() -> None:
    days = (date(2026, 5, 1), date(2026, 4, 1))

    with pytest.raises(SamplingError, match="oldest"):
        EarlierDraws(series_seed=b"s", on=days[0], draws=tuple(EarlierDraw(visited_on=day, windows={}) for day in days))
    with pytest.raises(SamplingError, match="seed"):
        EarlierDraws(series_seed=b"", on=days[0])
