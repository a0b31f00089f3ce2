"""Which units a draw takes: by community, along the canonical order, with known probabilities."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.systematic import draw_systematic
from survey.messages import BadInput
from survey.sampling.sample_designs import canonical, of_equal
from survey.sampling.samples import (
    METHOD,
    METHOD_BEFORE,
    Design,
    Selected,
    check_per_community,
    draw_digest,
    read_seed,
    select_units,
)
from survey.units import Unit, UnitStatus

SEED = "00112233445566778899aabbccddeeff"


def units(count: int, area: str = "440983102001", first: int = 1) -> list[Unit]:
    return [Unit(serial=first + i, area=area, grid=f"{area}{i % 3:03}", address={"room": str(i)}) for i in range(count)]


def drawn_equally(frame: Sequence[Unit], number: int, seed: str = SEED) -> tuple[Selected, ...]:
    return select_units(frame, of_equal(number), seed=seed)


def test_each_community_gives_its_number_and_states_its_probability() -> None:
    frame = [*units(50), *units(7, "440983102002", first=51)]
    drawn = drawn_equally(frame, 10)
    assert Counter((one.area, one.inclusion_n, one.inclusion_total) for one in drawn) == {
        ("440983102001", 10, 50): 10,
        ("440983102002", 7, 7): 7,
    }
    serials = [one.unit_serial for one in drawn]
    assert serials == sorted(serials)
    assert {after - before for before, after in pairwise(serials[:10])} == {5}
    assert all(one.grid == frame[one.unit_serial - 1].grid for one in drawn)


@pytest.mark.parametrize("status", [UnitStatus.DEMOLISHED, UnitStatus.COMMERCIAL])
def test_what_is_no_dwelling_any_more_is_neither_drawn_nor_counted(status: UnitStatus) -> None:
    frame = [replace(unit, status=status) if unit.serial % 2 else unit for unit in units(40)]
    drawn = drawn_equally(frame, 5)
    assert {one.inclusion_total for one in drawn} == {20}
    assert all(one.unit_serial % 2 == 0 for one in drawn)


def test_another_seed_draws_others_and_another_community_changes_nothing() -> None:
    alone = drawn_equally(units(50), 10)
    others = {drawn_equally(units(50), 10, f"{number:016x}") for number in range(20)}
    assert len(others) == 5  # as many as there are starts
    together = drawn_equally([*units(50), *units(30, "440983102002", first=51)], 10)
    assert together[:10] == alone


def test_the_digest_needs_the_salt_and_shows_every_change() -> None:
    design = Design(frame_digest="f" * 64, method=METHOD, design=canonical(of_equal(10)), seed=SEED)
    drawn = drawn_equally(units(50), 10)
    digest = draw_digest(design, drawn, salt=b"s" * 16)
    assert digest == draw_digest(design, drawn[::-1], salt=b"s" * 16)
    assert digest != draw_digest(design, drawn, salt=b"t" * 16)
    other = {"frame_digest": "0" * 64, "method": "x", "design": canonical(of_equal(11)), "seed": "0" * 16}
    for field, value in {**other, "earlier": "{}"}.items():
        assert digest != draw_digest(replace(design, **{field: value}), drawn, salt=b"s" * 16)
    of_case = {"unit_serial": 999, "inclusion_n": 11, "inclusion_total": 51, "area": "1"}
    for field, value in {**of_case, "replicate": 1, "stratum": "*", "psu": "1", "stages": "1/2"}.items():
        assert digest != draw_digest(design, [replace(drawn[0], **{field: value}), *drawn[1:]], salt=b"s" * 16)


def test_the_digest_of_a_draw_of_before_comes_out_as_then() -> None:
    """Worked out by the program that made such draws; its lines are ``area serial n N``."""
    before = Design(
        frame_digest="f" * 64, method=METHOD_BEFORE, design="whatever", seed=SEED, earlier="x", per_community=3
    )
    drawn = drawn_equally(units(10), 3)
    text = f"frame {'f' * 64}\nmethod stratified-systematic/1\nper-community 3\nseed {SEED}\n"
    lines = "".join(sorted(f"440983102001 {one.unit_serial} 3 10\n" for one in drawn))
    assert draw_digest(before, drawn, salt=b"s" * 16) == hashlib.sha256(b"s" * 16 + (text + lines).encode()).hexdigest()


def test_a_draw_of_one_stage_is_the_one_of_before() -> None:
    """Each community by itself, with a stream of its own, and small ones whole."""
    frame = [*units(50), *units(7, "440983102002", first=51)]
    stream = CounterStream(seed=bytes.fromhex(SEED), label="stratum:440983102001")
    expected = [1 + place for place in draw_systematic(stream, n=10, total=50)] + list(range(51, 58))
    assert [one.unit_serial for one in drawn_equally(frame, 10)] == expected


@pytest.mark.parametrize("seed", ["", "0" * 14, "0" * 130, "0" * 17, "g" * 16, "０" * 16, "0x" + "0" * 16])
def test_a_seed_is_whole_bytes_in_hex(seed: str) -> None:
    with pytest.raises(BadInput):
        read_seed(seed)


@pytest.mark.parametrize("number", [0, -1, 10_001])
def test_the_number_per_community_has_bounds(number: int) -> None:
    with pytest.raises(BadInput):
        check_per_community(number)
