"""Units from offices' tables that hold more than they should, and what is stored of them."""

from dataclasses import replace

import pytest

from survey.files.unit_columns import UnknownHeaders
from survey.messages import BadInput
from survey.sampling.frame_digest import units_digest
from survey.store.areas import get_frame, list_frames
from survey.store.database import Database
from survey.store.header_maps import read_headers
from survey.store.units import read_units
from survey.units import UnitKind
from survey.workflow.import_frame import find_same, import_frame
from survey.workflow.import_units import keep_headers
from tests.survey.conftest import AT
from tests.survey.unit_tables import (
    AREAS,
    SHUIKOU,
    csv_table,
    problems,
    read,
    units,
)

HEADER = ("区划代码", "网格", "楼栋号", "楼层", "房号")


class TestPersons:
    def test_numbers_of_persons_are_cut_out_of_texts_and_counted(self) -> None:
        rows = [("社区", "住址"), ("垌心村", "村口13800138000张家"), ("垌心村", "桥边"), ("垌心村", "塘边")]
        file = read(csv_table(*rows), UnitKind.VILLAGE_HOUSEHOLD)
        assert sorted(unit.address["location"] for unit in file.units) == ["塘边", "村口张家", "桥边"]
        assert file.concealed == 1

    def test_where_no_text_is_expected_they_are_a_problem_that_does_not_repeat_them(self) -> None:
        with pytest.raises(BadInput) as caught:
            units(HEADER, (SHUIKOU, 1, "3栋", 1, 101), (SHUIKOU, 1, "3栋", 1, "13800138000"),
                  (SHUIKOU, 1, "3栋", 1, 102), ("11010519491231002X", 1, "3栋", 1, 103))  # fmt: skip
        assert [problem.got for problem in caught.value.problems] == ["***", "***"]
        assert "13800138000" not in repr(caught.value.problems)

    def test_unknown_headers_show_no_cell(self) -> None:
        with pytest.raises(UnknownHeaders) as caught:
            units(("社区", "房号", "某某"), ("垌心村", 101, "张三"))
        assert "张三" not in repr(caught.value.problems) + str(caught.value)


class TestStored:
    def test_the_frame_keeps_its_units_and_what_was_told(self, database: Database) -> None:
        rows = [("社区", "门号", "房号"), ("垌心村", "2", "101"), ("垌心村", "1", "101")]
        file = read(csv_table(*rows), told={"门 号": "entrance"})
        with database.writing() as session:
            imported = import_frame(session, areas=AREAS, at=AT, kind=file.kind, units=file.units)
            keep_headers(session, file.kind, file.told, at=AT, by="tests")
            again = find_same(session, areas=AREAS, kind=file.kind, units=file.units)
            other = find_same(session, areas=AREAS, kind=None, units=())
        with database.reading() as session:
            frame = get_frame(session, imported.id)
            stored = tuple(read_units(session, imported.id))
            known = read_headers(session, kind=UnitKind.DWELLING)
        assert (imported.units, imported.kind, again, other) == (2, UnitKind.DWELLING, imported.id, None)
        assert (frame.kind, frame.unit_count, frame.units_digest) == (UnitKind.DWELLING, 2, units_digest(stored))
        assert stored == tuple(replace(unit, address=dict(unit.address)) for unit in file.units)
        assert imported.digest not in (frame.digest, frame.units_digest)
        assert known == {"门号": "entrance"}

    def test_nothing_is_stored_for_a_file_with_one_bad_row(self, sqlite_database: Database) -> None:
        assert problems(HEADER, (SHUIKOU, 1, "3栋", 1, 101), (SHUIKOU, 1, "3栋", 1, 101))
        with sqlite_database.reading() as session:
            assert list_frames(session) == ()
