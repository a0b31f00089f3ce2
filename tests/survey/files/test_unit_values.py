"""Values of units as people write them: ranges, days, statuses, numbers inside texts."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.files.unit_values import (
    MOST_PER_ROW,
    Unfit,
    expand,
    natural_key,
    plain,
    read_day,
    read_grid_number,
    read_residents,
    read_status,
    read_text,
    refuse_date,
)
from survey.units import UnitStatus

WORDS = st.text(alphabet="0123456789栋楼一二三十百A-~;,、 层室", max_size=12)


@given(st.integers(1, 60), st.integers(0, 60), st.sampled_from("-~至到—–"))
def test_a_range_is_each_of_its_floors(first: int, more: int, sign: str) -> None:
    assert expand("floor", f"{first}{sign}{first + more}") == tuple(str(n) for n in range(first, first + more + 1))


@given(st.integers(1, 99), st.integers(1, 90), st.integers(0, 9))
def test_a_range_of_rooms_stays_on_its_floor(floor: int, first: int, more: int) -> None:
    low, high = floor * 100 + first, floor * 100 + first + more
    assert expand("room", f"{low}-{high}") == tuple(str(room) for room in range(low, high + 1))


@given(st.sampled_from(["floor", "room"]), WORDS)
def test_what_ranges_name_is_bounded_and_names_itself(field: str, text: str) -> None:
    try:
        found = expand(field, plain(text))
    except Unfit:
        return
    assert 1 <= len(found) <= MOST_PER_ROW
    assert len(set(found)) == len(found)
    for one in found:
        assert expand(field, one) == (one,), "what was written once is read again as it stands"


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("floor", "1-5;7-10", ("1", "2", "3", "4", "5", "7", "8", "9", "10")),
        ("floor", "1~5", ("1", "2", "3", "4", "5")),
        ("floor", "1层至3层", ("1", "2", "3")),
        ("floor", "-1至2", ("-1", "1", "2")),
        ("floor", "3楼", ("3",)),
        ("floor", "-1", ("-1",)),
        ("floor", "1-3,3-4", ("1", "2", "3", "4")),
        ("floor", "阁楼", ("阁楼",)),
        ("room", "101-104", ("101", "102", "103", "104")),
        ("room", "101室-103室", ("101", "102", "103")),
        ("room", "A1-A3", ("A1", "A2", "A3")),
        ("room", "A1-3", ("A1", "A2", "A3")),
        ("room", "01-03", ("01", "02", "03")),
        ("room", "0101-0103", ("0101", "0102", "0103")),
        ("room", "9-12", ("9", "10", "11", "12")),
        ("room", "2-101", ("2-101",)),
        ("room", "2-1-101", ("2-1-101",)),
        ("room", "101、103", ("101", "103")),
        ("room", "101;", ("101",)),
        ("room", "", ("",)),
    ],
)
def test_ranges_as_they_are_written(field: str, text: str, expected: tuple[str, ...]) -> None:
    assert expand(field, text) == expected


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("floor", "5-1"),
        ("floor", "1-100000"),
        ("room", "101-604"),
        ("room", "101-1204"),
        ("room", "A1-B3"),
        ("floor", ";".join(f"{n}-{n + 99}" for n in range(0, 1000, 100))),
        ("room", "住" * 101),
    ],
)
def test_ranges_that_cannot_be_meant(field: str, text: str) -> None:
    with pytest.raises(Unfit):
        expand(field, text)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30, unique=True), st.randoms())
def test_numbers_sort_by_value(numbers: list[int], chance: random.Random) -> None:
    texts = [f"{number}栋" for number in numbers]
    chance.shuffle(texts)
    assert sorted(texts, key=natural_key) == [f"{number}栋" for number in sorted(numbers)]


@given(st.lists(WORDS, max_size=12), st.randoms())
def test_the_natural_order_is_one_order(texts: list[str], chance: random.Random) -> None:
    ordered = sorted(texts, key=natural_key)
    chance.shuffle(texts)
    assert sorted(texts, key=natural_key) == ordered


def test_an_address_without_a_part_comes_before_those_with_it() -> None:
    assert sorted(["2栋", "", "10栋", "2栋3", "甲栋"], key=natural_key) == ["", "2栋", "2栋3", "10栋", "甲栋"]


@pytest.mark.parametrize(
    "text", ["2024.3.5", "2024年3月5日", "2024/03/05", "2024-3-5", "20240305", "2024-03-05 08:30:00"]
)
def test_days(text: str) -> None:
    assert read_day(text) == "2024-03-05"


@pytest.mark.parametrize("text", ["3月5日", "2024.2.30", "24.3.5", "2024年", "202403", "昨天"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(Unfit):
        read_day(text)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", UnitStatus.UNKNOWN),
        ("自住", UnitStatus.OWNED),
        ("出租中", UnitStatus.RENTED),
        ("出租(群租)", UnitStatus.RENTED),
        ("空 置", UnitStatus.VACANT),
        ("商铺", UnitStatus.COMMERCIAL),
        ("已拆迁", UnitStatus.DEMOLISHED),
        ("住宅", UnitStatus.UNKNOWN),
        ("vacant", UnitStatus.VACANT),
    ],
)
def test_statuses(text: str, status: UnitStatus) -> None:
    assert read_status(text) is status


def test_a_status_nobody_knows_lists_the_words() -> None:
    with pytest.raises(Unfit, match="自住, 出租, 空置, 商用, 拆除"):
        read_status("抵押")


@pytest.mark.parametrize(("text", "number"), [("3", 3), ("3人", 3), ("0", 0), ("", None), ("12 口", 12)])
def test_residents(text: str, number: int | None) -> None:
    assert read_residents(text) == number


@pytest.mark.parametrize("text", ["约3", "3.5", "-1", "99999", "三"])
def test_what_is_no_number_of_residents(text: str) -> None:
    with pytest.raises(Unfit):
        read_residents(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", "003"), ("03", "003"), ("003", "003"), ("3号网格", "003"), ("第七网格", "007"), ("第二十一网格", "021"),
        ("十", "010"), ("东风网格", ""), ("1234", ""), ("一一", ""), ("", ""),
    ],
)  # fmt: skip
def test_numbers_of_grids(text: str, number: str) -> None:
    assert read_grid_number(text) == number


def test_texts_of_an_address() -> None:
    assert plain("３栋\u3000Ａ座\x00") == "3栋 A座"
    assert [read_text("building", text) for text in ("3栋", "3号楼", "A座", "")] == ["3", "3号楼", "A座", ""]
    assert read_text("group", "2组") == "2"
    with pytest.raises(Unfit, match="科学计数"):
        read_text("number", "2.02403E+17")
    with pytest.raises(Unfit, match="日期"):
        refuse_date("2024-01-05")
    refuse_date("2024-1")
