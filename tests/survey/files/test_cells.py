"""Cells as text: what a spreadsheet stores against what people saw."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.files.cells import date_text, is_error, number_text, protect, unprotect
from survey.files.csv_files import damaged_by_spreadsheet


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_every_integer_a_spreadsheet_can_hold_keeps_its_digits(number: int) -> None:
    assert number_text(float(number)) == number_text(str(number)) == str(number)


@given(st.integers(min_value=10**15, max_value=10**20))
def test_longer_ones_are_recognised_as_damaged(number: int) -> None:
    assert damaged_by_spreadsheet(number_text(str(number)))


@pytest.mark.parametrize(("stored", "shown"), [("-3", "-3"), ("0", "0"), (12.5, "12.5"), ("1E3", "1000"), (-0.0, "0")])
def test_other_numbers(stored: str | float, shown: str) -> None:
    assert number_text(stored) == shown


def test_a_time_alone_and_an_error() -> None:
    assert date_text(time(9, 30)) == "09:30:00"
    assert is_error("#DIV/0!")
    assert not is_error("")


@given(st.text(min_size=1, max_size=5))
def test_nothing_protected_runs_as_a_formula_and_protection_comes_off(text: str) -> None:
    assert protect(text)[0] not in "=+-@\t\r"
    assert unprotect(protect(text)) == unprotect(text)
