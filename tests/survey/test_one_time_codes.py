"""Codes are random, survive being typed, and are kept as hashes."""

from collections.abc import Callable

import pytest

from survey.one_time_codes import ALPHABET, LENGTH, code_hash, grouped, new_code, read_code


def test_a_code_has_80_random_bits() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert len(ALPHABET) ** LENGTH == 2**80
    assert {character for code in codes for character in code} == set(ALPHABET)


@pytest.mark.parametrize("change", [str, str.lower, grouped, lambda code: f" {grouped(code).lower()}\n"])
def test_a_code_is_read_however_it_is_typed(change: Callable[[str], str]) -> None:
    code = new_code()
    assert read_code(change(code)) == code


def test_full_width_and_look_alikes_are_read() -> None:
    assert read_code("ＯＩｌｏ－００００－００００－００００") == "0110000000000000"


@pytest.mark.parametrize("typed", ["", "0" * 15, "0" * 17, "U" * 16, "é" * 16, "0" * 10_000, "0000-0000-0000-000\x00"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_equal_codes_have_equal_hashes() -> None:
    code = new_code()
    assert code_hash(code) == code_hash(read_code(grouped(code)) or "")
    assert len(code_hash(code)) == 64
    assert code_hash(code) != code_hash(new_code())
