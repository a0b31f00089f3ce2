"""Areas from CSV: a frame, or every row that keeps it from being one."""

import pytest

from survey.areas import Level
from survey.files.csv_files import parse_csv
from survey.files.spreadsheets import SheetRows
from survey.messages import BadInput
from survey.sampling.frame_digest import areas_digest
from survey.store.areas import get_frame, list_frames
from survey.store.database import Database
from survey.workflow.import_frame import import_frame, read_areas
from tests.survey.conftest import AT
from tests.survey.small_wave import AREAS, CITY, EAST, GRID, STREET, WEST

HEADER = "code,name,level,parent,population\n"


def problems(rows: str) -> list[tuple[str, str, str]]:
    """(line, column, got) of every bad cell."""
    with pytest.raises(BadInput) as caught:
        read_areas(parse_csv((HEADER + rows).encode(), "areas.csv"))
    return [(problem.where, problem.column, problem.got) for problem in caught.value.problems]


def test_a_frame_keeps_every_area_parents_first(database: Database) -> None:
    areas = read_areas(parse_csv(AREAS.encode(), "areas.csv"))
    assert [area.code for area in areas] == [CITY, STREET, EAST, WEST, GRID]
    with database.writing() as session:
        imported = import_frame(session, areas=areas, at=AT)
    assert imported.areas == 5
    with database.reading() as session:
        frame = get_frame(session, imported.id)
    assert frame.areas == areas
    assert frame.digest == imported.digest == areas_digest(areas)


def test_populations_may_be_empty_or_written_with_commas() -> None:
    areas = {area.code: area for area in read_areas(parse_csv(AREAS.encode(), "areas.csv"))}
    assert (areas[EAST].population, areas[WEST].population, areas[CITY].population) == (1200, 1000, None)


def test_codes_in_full_width_digits_are_codes_and_names_stay_as_written() -> None:
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in CITY)
    (area,) = read_areas(parse_csv(f'{HEADER}{wide},"小城（一）\n新 区",CITY,,１２００\n'.encode(), "areas.csv"))
    assert (area.code, area.name, area.level, area.population) == (CITY, "小城（一） 新 区", Level.CITY, 1200)


def test_the_order_of_rows_and_the_encoding_do_not_change_the_digest() -> None:
    head, *rows = AREAS.strip().splitlines()
    turned = "\r\n".join([head, *reversed(rows)]).encode("gb18030")
    same = areas_digest(read_areas(parse_csv(turned, "b.csv")))
    assert same == areas_digest(read_areas(parse_csv(AREAS.encode(), "a.csv")))
    other = AREAS.replace("1200", "1201")
    assert same != areas_digest(read_areas(parse_csv(other.encode(), "a.csv")))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("11,x,city,,\n", [("2", "code", "11")]),
        ("1.101E+11,x,city,,\n", [("2", "code", "1.101E+11")]),
        (f"{CITY},,city,,\n", [("2", "name", "")]),
        (f"{CITY},{'长' * 101},city,,\n", [("2", "name", "长" * 101)]),
        (f"{CITY},x,town,,\n", [("2", "level", "town")]),
        (f"{CITY},x,city,,many\n", [("2", "population", "many")]),
        (f"{CITY},x,city,,-1\n", [("2", "population", "-1")]),
        (f"{CITY},x,city,,12.5\n", [("2", "population", "12.5")]),
        (f"{CITY},x,city,,\n{CITY},y,city,,\n", [("3", "code", CITY)]),
        (f"{EAST},x,community,{CITY},\n", [("2", "parent", CITY)]),
        (f"{CITY},x,city,{CITY},\n", [("2", "parent", CITY)]),
        (f"{CITY},x,city,,\n{EAST},y,community,{CITY},\n{WEST},z,village,{EAST},\n", [("4", "parent", EAST)]),
        (f"{GRID},x,grid,,\n", [("2", "parent", "")]),
        (f"{WEST},x,community,,\n{GRID},y,grid,{WEST},\n", [("3", "parent", WEST)]),
        (f"{EAST},x,grid,,\n", [("2", "code", EAST)]),
        (
            "x,,y,z,w\n",
            [
                ("2", "level", "y"),
                ("2", "code", "x"),
                ("2", "parent", "z"),
                ("2", "population", "w"),
                ("2", "name", ""),
            ],
        ),
    ],
)
def test_each_bad_cell_is_named(rows: str, found: list[tuple[str, str, str]]) -> None:
    assert problems(rows) == found


def test_a_bad_parent_is_named_once_and_not_at_its_children() -> None:
    assert problems(f"{STREET},一街,strasse,,\n{EAST},x,community,{STREET},\n") == [("2", "level", "strasse")]


def test_missing_columns_are_named() -> None:
    with pytest.raises(BadInput, match="缺少列：parent, population"):
        read_areas(parse_csv(b"code,name,level\n1,2,3\n", "areas.csv"))


def test_nothing_is_stored_for_a_file_with_one_bad_row(sqlite_database: Database) -> None:
    assert problems(AREAS.partition("\n")[2].replace("street", "strait"))
    with sqlite_database.reading() as session:
        assert list_frames(session) == ()


def test_a_bare_population_is_not_read_as_eligible_adults() -> None:
    row = ("440983000000", "云城市", "市", "", "900")
    for header, known in (("人口", False), ("成年人口", True)):
        table = SheetRows(name="地区.xlsx", rows=((1, ("代码", "名称", "级别", "上级代码", header)), (2, row)))
        if known:
            assert read_areas(table)[0].population == 900
        else:
            with pytest.raises(BadInput):
                read_areas(table)
