"""Tables of units as streets and communities keep them, for tests of their import."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from survey.areas import Area, Level
from survey.files.spreadsheets import SheetRows, read_rows
from survey.messages import BadInput
from survey.units import Unit, UnitKind
from survey.workflow.import_units import UnitFile, read_unit_file

CITY, STREET, OTHER_STREET = "440983000000", "440983102000", "440983103000"
SHUIKOU, TONGXIN, OTHER_SHUIKOU = "440983102001", "440983102201", "440983103001"
AREAS = (
    Area(code=CITY, name="信宜市", level=Level.COUNTY, parent=None, population=None),
    Area(code=STREET, name="河东街道", level=Level.STREET, parent=CITY, population=None),
    Area(code=OTHER_STREET, name="河西街道", level=Level.STREET, parent=CITY, population=None),
    Area(code=SHUIKOU, name="水口社区", level=Level.COMMUNITY, parent=STREET, population=3000),
    Area(code=TONGXIN, name="垌心村", level=Level.VILLAGE, parent=STREET, population=900),
    Area(code=OTHER_SHUIKOU, name="水口社区", level=Level.COMMUNITY, parent=OTHER_STREET, population=None),
    Area(code=f"{TONGXIN}001", name="东格", level=Level.GRID, parent=TONGXIN, population=None),
    Area(code=f"{TONGXIN}002", name="西格", level=Level.GRID, parent=TONGXIN, population=None),
)

#: A street's list of dwellings, with all that stands around and between its rows.
OFFICE = (
    ("河东街道住户信息表",),
    ("填报单位：河东街道办", None, None, None, "2024年3月"),
    ("序号", "区划代码", "社 区", "网格号", "小区（楼盘）名称", "物业类型", "楼栋号", "单元号", "楼层", "房号*",
     "房屋状态", "常住人口数（人）", "户主姓名", "联系电话", "网格员"),
    (None, "12位数字", "必填", "如：3", None, "选填", None, None, "可填1-5", None, "单选"),
    (1, SHUIKOU, "水口社区", 3, "阳光花园", "有物业", "１栋", 1, "1-2", "01-02", "自住", "３",
     "张三", 13800138000, "王五"),
    (2, SHUIKOU, "水口社区", 3, "阳光花园", "有物业", "10栋", 1, 1, 101, "出租", 2, "李四", 13900139000, "王五"),
    (3, SHUIKOU, "水口社区", 3, "阳光花园", "有物业", "2栋", 1, 1, 101, "空置", None, None, None, "王五"),
    ("小计", None, None, None, None, None, None, None, None, None, None, 5),
    (4, TONGXIN, "垌心村", "西格", None, "无人管理", "3", None, None, "A座", "商铺", None, None, None, None),
    ("合 计", None, None, None, None, None, None, None, None, None, None, 5),
    ("填表人：赵六", None, None, "审核人：钱七"),
)  # fmt: skip


def xlsx(rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_table(*rows: Sequence[object]) -> SheetRows:
    """Rows as a CSV file in GB18030 has them."""
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return read_rows(text.encode("gb18030"), "units.csv")


def read(
    table: SheetRows,
    kind: UnitKind = UnitKind.DWELLING,
    *,
    areas: Sequence[Area] = AREAS,
    told: Mapping[str, str] | None = None,
) -> UnitFile:
    return read_unit_file(table, kind=kind, areas=areas, told=told)


def units(*rows: Sequence[object], kind: UnitKind = UnitKind.DWELLING) -> tuple[Unit, ...]:
    """The units of a table whose first row is its header."""
    return read(csv_table(*rows), kind).units


def addresses(*rows: Sequence[object], kind: UnitKind = UnitKind.DWELLING) -> list[str]:
    return [" ".join(unit.address.values()) for unit in units(*rows, kind=kind)]


def problems(*rows: Sequence[object], kind: UnitKind = UnitKind.DWELLING) -> list[tuple[str, str, str]]:
    """Row, column and what was got of every problem of a table that is refused."""
    try:
        units(*rows, kind=kind)
    except BadInput as error:
        return [(problem.where, problem.column, problem.got) for problem in error.problems]
    raise AssertionError("not refused")
