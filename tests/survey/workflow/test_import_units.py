"""Units from offices' tables: all of them in one order, or every row that is wrong."""

import random
from datetime import date
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.files.spreadsheets import read_rows
from survey.messages import BadInput
from survey.sampling.frame_digest import units_digest
from survey.units import UnitKind, UnitStatus
from tests.survey.unit_tables import (
    OFFICE,
    OTHER_SHUIKOU,
    SHUIKOU,
    TONGXIN,
    addresses,
    csv_table,
    problems,
    read,
    units,
    xlsx,
)
from tests.survey.xls_writer import Cell, Sheet, write_xls

HEADER = ("区划代码", "网格", "楼栋号", "楼层", "房号")


def test_a_street_list_is_read_with_all_that_stands_around_its_rows() -> None:
    file = read(read_rows(xlsx(OFFICE, merged=("A1:O1",)), "住户.xlsx"))
    assert [(unit.serial, unit.area, unit.grid[-3:], *unit.address.values()) for unit in file.units] == [
        (1, SHUIKOU, "003", "阳光花园", "1", "1", "1", "01"),
        (2, SHUIKOU, "003", "阳光花园", "1", "1", "1", "02"),
        (3, SHUIKOU, "003", "阳光花园", "1", "1", "2", "01"),
        (4, SHUIKOU, "003", "阳光花园", "1", "1", "2", "02"),
        (5, SHUIKOU, "003", "阳光花园", "2", "1", "1", "101"),
        (6, SHUIKOU, "003", "阳光花园", "10", "1", "1", "101"),
        (7, TONGXIN, "002", "3", "A座"),
    ]
    found = [(unit.status, unit.residents) for unit in file.units]
    # The three people of the first row live in one of its four dwellings; which one, nobody knows.
    assert found == [
        *[(UnitStatus.OWNED, None)] * 4,
        (UnitStatus.VACANT, None),
        (UnitStatus.RENTED, 2),
        (UnitStatus.COMMERCIAL, None),
    ]
    assert (file.sheet, file.rows, file.totals, file.notes) == ("Sheet", 4, 2, 2)
    assert dict(file.personal) == {"户主姓名": 2, "联系电话": 2, "网格员": 3}
    assert file.unused == ("序号", "物业类型")


def test_csv_xls_and_xlsx_of_the_same_table_are_the_same_units() -> None:
    wanted = read(read_rows(xlsx(OFFICE), "a.xlsx")).units
    assert read(csv_table(*(tuple(row) + (None,) * (15 - len(row)) for row in OFFICE))).units == wanted
    sheet = Sheet(name="住户", rows=cast(list[list[Cell]], [list(row) for row in OFFICE]), merged=[(0, 0, 0, 14)])
    assert read(read_rows(write_xls(sheet), "a.xls")).units == wanted


def test_a_community_merged_down_its_rows_counts_in_each() -> None:
    table = xlsx([("社区", "房号"), ("垌心村", 101), (None, 102), (None, 103)], merged=("A2:A4",))
    assert [unit.area for unit in read(read_rows(table, "a.xlsx")).units] == [TONGXIN] * 3


def test_a_header_in_two_rows_is_read_by_its_second() -> None:
    rows = [("社区", "房屋信息", None), (None, "楼栋号", "房号"), ("垌心村", "3栋", 101)]
    (unit,) = read(read_rows(xlsx(rows, merged=("A1:A2", "B1:C1")), "a.xlsx")).units
    assert (unit.area, dict(unit.address)) == (TONGXIN, {"building": "3", "room": "101"})


@given(st.randoms())
@settings(max_examples=20, deadline=None)
def test_the_digest_does_not_depend_on_the_order_of_rows(chance: random.Random) -> None:
    rows = [(SHUIKOU, grid, building, floor, room) for grid in (1, 12) for building in ("3栋", "12栋", "A座")
            for floor in (1, 2, 10) for room in (101, 102)]  # fmt: skip
    digest = units_digest(units(HEADER, *rows))
    chance.shuffle(rows)
    shuffled = units(HEADER, *rows)
    assert units_digest(shuffled) == digest
    assert [unit.serial for unit in shuffled] == list(range(1, len(rows) + 1))
    assert units_digest(units(HEADER, *rows[1:])) != digest


def test_the_order_is_that_of_the_street_whatever_kind_of_numbers() -> None:
    rows = [(TONGXIN, "", group, serial) for group in ("第十组", "第二组", "第一组") for serial in (10, 9)]
    assert addresses(("区划代码", "网格", "组", "户号"), *rows, kind=UnitKind.VILLAGE_HOUSEHOLD) == [
        "第一组 9", "第一组 10", "第二组 9", "第二组 10", "第十组 9", "第十组 10",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "rows", "address"),
    [
        (UnitKind.WORK_ORDER, [("社区", "工单编号", "受理时间", "承办单位", "事项"),
                               ("垌心村", "GD202403050001", "2024.3.5 10:20", "城管局", "路灯")],
         {"date": "2024-03-05", "number": "GD202403050001", "department": "城管局", "matter": "路灯"}),
        (UnitKind.WINDOW_TRANSACTION,
         [("社区", "流水号", "办理日期", "窗口"), ("垌心村", "13800138000", "20240305", "3号")],
         {"date": "2024-03-05", "number": "13800138000", "window": "3号"}),
        (UnitKind.SCHOOL_CLASS, [("社区", "学校", "年级", "班级"), ("垌心村", "一小", "三年级", "2班")],
         {"school": "一小", "grade": "三年级", "class": "2班"}),
        (UnitKind.SITE, [("社区", "点位类型", "点位名称", "地址"), ("垌心村", "公园", "人民公园", "东路1号")],
         {"site_type": "公园", "site": "人民公园", "location": "东路1号"}),
    ],
)  # fmt: skip
def test_other_kinds(kind: UnitKind, rows: list[tuple[str, ...]], address: dict[str, str]) -> None:
    if kind is UnitKind.WINDOW_TRANSACTION:
        rows = [*rows, ("垌心村", "1", "20240305", "3号"), ("垌心村", "2", "20240305", "3号")]
    assert dict(units(*rows, kind=kind)[-1].address) == address


def test_a_day_stored_as_a_day_is_that_day() -> None:
    data = xlsx([("社区", "工单编号", "日期"), ("垌心村", "A1", date(2024, 3, 5))])
    (unit,) = read(read_rows(data, "a.xlsx"), UnitKind.WORK_ORDER).units
    assert unit.address["date"] == "2024-03-05"


class TestPlaces:
    def test_by_code_by_name_by_short_name_and_by_street(self) -> None:
        found = units(
            ("区划代码", "街道", "社区", "房号"),
            (TONGXIN, "", "", 1),
            ("", "", "垌心村委会", 2),
            ("", "", "垌心", 3),
            ("", "河西街道", "水口社区", 4),
            ("", "", TONGXIN, 5),
            ("垌心村", "", "", 6),
            (f"{TONGXIN}002", "", "", 7),
        )
        by_room = {unit.address["room"]: (unit.area, unit.grid) for unit in found}
        assert by_room["4"] == (OTHER_SHUIKOU, "")
        assert by_room["7"] == (TONGXIN, f"{TONGXIN}002")
        assert {by_room[room][0] for room in "12356"} == {TONGXIN}

    @pytest.mark.parametrize(
        ("cells", "column", "got"),
        [
            (("4.40983E+11", "", ""), "区划代码", "4.40983E+11"),
            (("440983102", "", ""), "区划代码", "440983102"),
            (("440983102000", "", ""), "区划代码", "440983102000"),
            (("440983102999", "", ""), "区划代码", "440983102999"),
            (("", "", "水口社区"), "社区", "水口社区"),
            (("", "", "天边社区"), "社区", "天边社区"),
            (("", "", ""), "社区", ""),
            ((SHUIKOU, "", "垌心村"), "区划代码", SHUIKOU),
        ],
    )
    def test_a_place_that_is_none(self, cells: tuple[str, ...], column: str, got: str) -> None:
        assert problems(("区划代码", "街道", "社区", "房号"), (*cells, "101")) == [("2", column, got)]

    def test_grids_by_number_name_and_code(self) -> None:
        given = [("003", "3"), ("004", "4号网格"), ("005", "第五网格"), ("006", f"{SHUIKOU}006"), ("", "")]
        found = units(("区划代码", "网格", "房号"), *((SHUIKOU, said, room) for room, (_, said) in enumerate(given, 1)))
        by_room = {unit.address["room"]: unit.grid[12:] for unit in found}
        assert [by_room[str(room)] for room in range(1, 6)] == [number for number, _ in given]

    @pytest.mark.parametrize(
        ("area", "grid"),
        [
            (SHUIKOU, "花园网格"), (SHUIKOU, f"{TONGXIN}001"), (SHUIKOU, "1234"), (SHUIKOU, "4.40983102001E+14"),
            (TONGXIN, "3"), (TONGXIN, f"{TONGXIN}009"), (SHUIKOU, "#N/A"),
        ],
    )  # fmt: skip
    def test_a_grid_that_is_none(self, area: str, grid: str) -> None:
        assert problems(("区划代码", "网格", "房号"), (area, grid, "101")) == [("2", "网格", grid)]

    def test_a_grid_alone_tells_the_community(self) -> None:
        (unit,) = units(("网格编号", "房号"), (f"{SHUIKOU}007", "101"))
        assert (unit.area, unit.grid) == (SHUIKOU, f"{SHUIKOU}007")


class TestProblems:
    def test_every_bad_cell_is_listed_with_row_column_and_what_was_got(self) -> None:
        assert problems(
            (*HEADER, "房屋状态", "常住人口数"),
            (SHUIKOU, 1, "3栋", "5-1", 101, "自住", 2),
            (SHUIKOU, "x", "3栋", 1, "101-604", "抵押", "约3"),
            (SHUIKOU, 1, "", 1, "", "", ""),
            (SHUIKOU, 1, "2024-01-02", 1, "#REF!", "", ""),
        ) == [
            ("2", "楼层", "5-1"),
            ("3", "网格", "x"),
            ("3", "房屋状态", "抵押"),
            ("3", "常住人口数", "约3"),
            ("3", "房号", "101-604"),
            ("4", "楼栋号", ""),
            ("5", "楼栋号", "2024-01-02"),
            ("5", "房号", "#REF!"),
        ]

    def test_duplicates_name_both_rows(self) -> None:
        with pytest.raises(BadInput) as caught:
            units(HEADER, (SHUIKOU, 1, "3栋", 1, "101-103"), (SHUIKOU, "001", "３", "1层", "102室"))
        (problem,) = caught.value.problems
        assert (problem.where, problem.got) == ("3", f"{SHUIKOU} {SHUIKOU}001 3 1 102")
        assert "第 2 行" in str(problem.expected)

    def test_a_room_that_is_a_sign_alone_finds_nothing(self) -> None:
        assert problems(("区划代码", "房号"), (SHUIKOU, ";")) == [("2", "房号", ";")]

    def test_a_row_cut_short_or_too_long_is_named(self) -> None:
        assert problems(HEADER, (SHUIKOU, 1, "3栋"), (SHUIKOU, 1, "3栋", 1, 101, "", "x")) == [
            ("2", "", "3"),
            ("3", "", "7"),
        ]

    def test_a_row_that_stands_for_too_many_units_is_named(self) -> None:
        ((row, column, _),) = problems(HEADER, (SHUIKOU, 1, "3栋", "1-30", "1-30"))
        assert (row, column) == ("2", "楼层")

    def test_a_formula_without_a_saved_result_is_named(self) -> None:
        data = xlsx([("区划代码", "房号"), (SHUIKOU, '="10"&1')])
        with pytest.raises(BadInput) as caught:
            read(read_rows(data, "a.xlsx"))
        assert [(p.where, p.column, p.got) for p in caught.value.problems] == [("2", "房号", "#FORMULA!")]

    def test_a_code_stored_as_a_number_keeps_its_digits_and_one_that_lost_them_is_refused(self) -> None:
        whole = xlsx([("区划代码", "网格编号", "房号"), (440983102001, 440983102001003, 101)])
        assert read(read_rows(whole, "a.xlsx")).units[0].grid == "440983102001003"
        with pytest.raises(BadInput) as caught:
            read(read_rows(xlsx([("区划代码", "房号"), ("4.40983E+11", 101)]), "a.xlsx"))
        assert "设为文本" in str(caught.value.problems[0].expected)

    @pytest.mark.parametrize(
        "rows",
        [
            [HEADER],
            [HEADER, ("合计", "", "", "", 3)],
            [HEADER, ("", "必填", "", "如:1-5", "")],
        ],
    )
    def test_a_table_without_units_says_so(self, rows: list[tuple[object, ...]]) -> None:
        with pytest.raises(BadInput, match="没有数据行"):
            units(*rows)

    def test_the_first_row_of_data_is_never_taken_for_a_note(self) -> None:
        assert problems(HEADER, ("44098310200", 1, "3栋", 1, 101)) == [("2", "区划代码", "44098310200")]

    def test_texts_too_long_are_shown_in_part(self) -> None:
        ((_, column, got),) = problems(HEADER, (SHUIKOU, 1, "长" * 10_000, 1, 101))
        assert (column, len(got)) == ("楼栋号", 100)

    def test_pictures_in_a_name_are_part_of_it(self) -> None:
        data = xlsx([("社区", "小区名称", "房号"), ("垌心村", "🌞花园", 101)])
        assert read(read_rows(data, "a.xlsx")).units[0].address["estate"] == "🌞花园"
