"""Permanent random numbers of grids and communities are what the rule says."""

import hashlib

import pytest

from analysis.sampling.permanent_numbers import circle
from analysis.sampling.sample_design import StageUnit
from analysis.sampling.stage_errors import PermanentKeysError


def test_numbers_are_what_the_rule_says() -> None:
    keys = ["东风一格".encode(), b"b", b"c", b"d"]
    said = [hashlib.sha256(b"series\0permanent:grid\0" + key).digest()[:8] for key in keys]

    around = circle(b"series", StageUnit.GRID, keys, code="A")

    assert [int(number) for number in around.numbers] == sorted(int.from_bytes(number, "big") for number in said)
    assert [said[unit] for unit in around.order.tolist()] == sorted(said)


def test_a_key_stands_for_one_unit() -> None:
    with pytest.raises(PermanentKeysError) as caught:
        circle(b"series", StageUnit.GRID, [b"a", b"b", b"a"], code="A")

    assert (caught.value.code, caught.value.twice) == ("A", "61")
