"""Headers as offices write them: found under titles and over notes, in all their variants."""

import pytest

from survey.files.unit_columns import UnknownHeaders, find_columns
from survey.messages import BadInput
from survey.units import UnitKind

Rows = list[tuple[int, tuple[str, ...]]]


def rows(*lines: str) -> Rows:
    return [(number, tuple(line.split("|"))) for number, line in enumerate(lines, start=1)]


def fields(header: str, kind: UnitKind = UnitKind.DWELLING, told: dict[str, str] | None = None) -> str:
    """The fields of the columns in their order, those left out as ``-``."""
    found = find_columns(rows(header, "x|y"), kind=kind, name="t", told=told or {})
    places = {place: field for field, place in found.places.items()}
    return " ".join(places.get(place, "-") for place in range(len(header.split("|"))))


@pytest.mark.parametrize(
    ("kind", "header", "expected"),
    [
        (UnitKind.DWELLING,
         "区划代码|街道|社区|网格编号|网格员|小区名称|物业类型|楼栋号|单元号|楼层|房号|房屋状态|常住人口数",
         "area street community grid - estate - building entrance floor room status residents"),
        (UnitKind.DWELLING, "统计用区划代码|村(居)委会|网格号|楼盘|幢|梯|层|室|房屋用途|人口数",
         "area community grid estate building entrance floor room use residents"),
        (UnitKind.DWELLING, "社区代码|网格|小区|栋|单元|门牌号|常住人口",
         "area grid estate building entrance room residents"),
        (UnitKind.DWELLING, " 社 区 （必填）|＊房号：|楼栋号(幢)", "community room building"),
        (UnitKind.VILLAGE_HOUSEHOLD, "村|村民小组|户号|住址|序号", "community group serial location -"),
        (UnitKind.VILLAGE_HOUSEHOLD, "村名|组|序号|位置描述", "community group serial location"),
        (UnitKind.WORK_ORDER, "社区|工单编号|受理时间|承办单位|事项|诉求内容",
         "community number date department matter -"),
        (UnitKind.WINDOW_TRANSACTION, "社区|流水号|办理日期|窗口|事项", "community number date window matter"),
        (UnitKind.SCHOOL_CLASS, "区划代码|学校|年级|班级", "area school grade class"),
        (UnitKind.SITE, "社区|点位类型|点位名称|地址", "community site_type site location"),
    ],
)  # fmt: skip
def test_usual_headers(kind: UnitKind, header: str, expected: str) -> None:
    assert fields(header, kind) == expected


def test_the_header_is_the_row_with_the_most_known_names() -> None:
    found = find_columns(
        rows("某街道住户表|||", "|房屋信息||人", "社区|楼栋号|房号|人口数", "水口社区|3|101|2"),
        kind=UnitKind.DWELLING, name="t", told={},
    )  # fmt: skip
    assert found.header_at == 2


def test_of_two_names_for_one_thing_the_better_one_counts() -> None:
    assert fields("社区|网格|网格编号|房号") == "community - grid room"


def test_unknown_headers_are_asked_for_and_told_once() -> None:
    with pytest.raises(UnknownHeaders) as caught:
        fields("社区|门号|物管|房号")
    assert caught.value.headers == ("门号", "物管")
    assert "entrance" in str(caught.value.problems[0].expected)
    assert fields("社区|门 号|物管|房号", told={"门号": "entrance", "物管": ""}) == "community entrance - room"


def test_what_is_told_goes_before_what_is_known_but_never_lets_persons_in() -> None:
    assert fields("社区|座|房号|联系电话", told={"座": "estate", "联系电话": "entrance"}) == "community estate room -"


def test_a_column_full_of_phones_is_left_out_whatever_it_is_called() -> None:
    table = rows("社区|房号|备用|室号", "水口|101|13800138000|", "水口|102|13900139000|")
    found = find_columns(table, kind=UnitKind.DWELLING, name="t", told={})
    assert found.personal == (2,)
    mapped = find_columns(table, kind=UnitKind.DWELLING, name="t", told={"备用": "entrance"})
    assert (mapped.personal, "entrance" in mapped.places) == ((2,), False)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("甲|乙|丙", "1|2|3"), "没有表头"),
        (("社区",), "没有表头"),
        ((), "没有表头"),
        (("房号|楼层", "101|1"), "区划代码, 社区, 网格编号"),
        (("社区|楼层", "水口|1"), "房号, 楼栋号"),
        (("社区|房号|房号", "水口|1|2"), "重复的列：房号"),
        (("社区|房号|社区", "水口|1|2"), "重复的列：社区"),
    ],
)
def test_tables_that_cannot_be_read(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        find_columns(rows(*lines), kind=UnitKind.DWELLING, name="t", told={})


def test_a_field_of_another_kind_is_no_field() -> None:
    with pytest.raises(BadInput, match="没有这样的字段：school"):
        fields("社区|房号", told={"x": "school"})
