"""The column map: what its file may say, and what cells mean under it."""

from datetime import date

import pytest

from survey.files.column_map import UNMAPPED, ItemColumns, parse_column_map, raw_answer, read_day
from survey.messages import BadInput
from survey.waves import Mode
from tests.survey import small_wave

LEAST = '[file]\nid = "id"\narea = "area"\n[items.A1]\ncolumn = "q1"\n'


def problems(text: str) -> list[tuple[str, str]]:
    """(where, got) of everything that is wrong."""
    with pytest.raises(BadInput) as caught:
        parse_column_map(text, "columns.toml")
    assert "columns.toml" in str(caught.value)
    return [(problem.where, problem.got) for problem in caught.value.problems]


def test_the_least_a_map_says() -> None:
    found = parse_column_map(LEAST, "columns.toml")
    assert (found.id, found.area, found.mode, found.day, found.design, found.areas) == ("id", "area", *[None] * 4)
    assert found.default_mode is Mode.IMPORTED
    assert found.items == (ItemColumns(item="A1", column="q1"),)


def test_everything_a_map_can_say() -> None:
    found = parse_column_map(small_wave.COLUMNS, "columns.toml")
    assert found.areas == {"E": small_wave.EAST, "W": small_wave.WEST}
    assert found.modes == {"net": Mode.WEB_OPEN}
    assert found.design == "assumed-srs"
    knows, _, acts = found.items
    assert knows.codes == {"Y": 1, "N": 2, "D": 98}
    assert acts.separator == ";"
    assert all(item.blank == {"NA"} for item in found.items)
    assert found.columns == ("no", "place", "how", "when", "knows", "satisfied", "acts")


def test_numbers_among_the_blanks_are_the_texts_of_cells() -> None:
    text = LEAST.replace("area =", "blank = [99]\narea =") + "blank = [-1]\n"
    assert parse_column_map(text, "columns.toml").items[0].blank == {"99", "-1"}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", ["items", "file.id", "file.area"]),
        (LEAST + "[more]\n", ["more"]),
        (LEAST.replace("area =", "aera ="), ["file.aera", "file.area"]),
        (LEAST.replace('"id"', "7"), ["file.id"]),
        (LEAST.replace("area =", 'design = "srs"\narea ='), ["file.design"]),
        (LEAST.replace("area =", 'default_mode = "post"\narea ='), ["file.default_mode"]),
        (LEAST.replace("area =", 'blank = "NA"\narea ='), ["file.blank"]),
        (LEAST + "[modes]\nnet = [1]\n", ["modes.net"]),
        (LEAST + "columns = { a = 1 }\n", ["items.A1"]),
        ('[file]\nid = "id"\narea = "area"\n[items.A1]\ncolumns = {}\n', ["items.A1"]),
        ('[file]\nid = "id"\narea = "area"\n[items.A1]\ncolumns = { a = 1 }\nseparator = ";"\n', ["items.A1"]),
        ('[file]\nid = "id"\narea = "area"\n[items]\nA1 = "q1"\n', ["items.A1"]),
        (LEAST + 'codes = { Y = "1" }\n', ["items.A1.codes"]),
        (LEAST + "codes = { Y = true }\n", ["items.A1.codes"]),
        (LEAST + "column2 = 1\n", ["items.A1.column2"]),
        (LEAST + 'separator = ""\n', ["items.A1.separator"]),
        ('items = 1\n[file]\nid = "id"\narea = "area"\n', ["items", "items"]),
    ],
)
def test_every_fault_is_named_by_its_place(text: str, where: list[str]) -> None:
    assert sorted(place for place, _ in problems(text)) == sorted(where)


@pytest.mark.parametrize("text", ["[file", "a = 1\na = 2", "a = " + "[" * 5000, "a = " + "9" * 5000])
def test_what_is_no_toml_is_refused_in_one_sentence(text: str) -> None:
    assert problems(text) == []


def test_without_codes_the_value_is_the_code() -> None:
    plain = ItemColumns(item="A1", column="q1", blank=frozenset({"NA"}))
    said = [raw_answer(plain, [cell], {"q1": 0}) for cell in (" 4 ", "", "NA", "na")]
    assert said == ["4", None, None, "na"]


def test_with_codes_no_other_value_passes_for_a_code() -> None:
    """In a file whose scale runs the other way, the forgotten "5" is not the item's own 5."""
    other_way = ItemColumns(item="A1", column="q1", codes={"1": 5, "2": 4, "3": 3, "4": 2})
    assert raw_answer(other_way, ["1"], {"q1": 0}) == 5
    assert raw_answer(other_way, ["5"], {"q1": 0}) == UNMAPPED + "5"
    assert raw_answer(other_way, [" "], {"q1": 0}) is None


def test_several_answers_in_one_cell() -> None:
    several = ItemColumns(item="C1", column="c", separator="、", blank=frozenset({"99"}), codes={"甲": 1, "乙": 2})
    said = [raw_answer(several, [cell], {"c": 0}) for cell in ("甲、 乙", "甲、", "99", "甲、99", "、", "甲、丙")]
    assert said == [[1, 2], [1], None, [1], None, [1, UNMAPPED + "丙"]]


def test_one_column_per_option() -> None:
    columns = ItemColumns(item="C1", columns={"c_a": 1, "c_b": 2}, blank=frozenset({"NA"}))
    positions = {"c_a": 0, "c_b": 1}
    said = [
        raw_answer(columns, cells, positions)
        for cells in (["1", "0"], ["√", "X"], ["是", "否"], ["0", "0"], ["", ""], ["NA", "NA"], ["1", "2"], ["1", "3"])
    ]
    # A 3 where 1 and 0 are expected is no choice of option 3.
    assert said == [[1], [1, 2], [1], None, None, None, [1], [1, UNMAPPED + "3"]]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026/3/2 9:05", date(2026, 3, 2)),
        ("2026年12月31日", date(2026, 12, 31)),
        ("2026-06-31", None),
        ("02/03/2026", None),
        ("20260302", None),
        ("2026-W10-1", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert read_day(text) == day
