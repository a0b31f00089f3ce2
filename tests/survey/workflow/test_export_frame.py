"""What goes out in columns comes in again with the same digest, and runs no formula on the way."""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from survey.files.spreadsheets import read_rows
from survey.messages import BadInput
from survey.store.database import Database, open_database
from survey.units import UnitKind
from survey.workflow.export_frame import TableFormat, export_areas, export_units, table_format
from survey.workflow.import_frame import import_frame, read_areas
from survey.workflow.import_units import read_unit_file
from tests.survey.conftest import AT
from tests.survey.unit_tables import AREAS, OFFICE, SHUIKOU, read, xlsx

TEXTS = st.text(alphabet="栋1A-=+@'\t,\" ;；～01５", max_size=6)


@pytest.fixture(scope="module")
def migrated(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for many examples; each adds its frames."""
    path = tmp_path_factory.mktemp("export") / "survey.sqlite3"
    shutil.copyfile(migrated_sqlite_file, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()


def stored(session: Session, data: bytes, kind: UnitKind = UnitKind.DWELLING) -> tuple[int, str]:
    """Number and digest of a new frame."""
    file = read(read_rows(data, "units"), kind)
    imported = import_frame(session, areas=AREAS, at=AT, kind=kind, units=file.units)
    return imported.id, imported.digest


@pytest.mark.parametrize("form", TableFormat)
def test_a_frame_that_goes_out_and_in_again_is_the_same(database: Database, form: TableFormat) -> None:
    with database.writing() as session:
        frame, digest = stored(session, xlsx(OFFICE))
        areas = read_areas(read_rows(export_areas(session, frame, form), "areas"))
        file = read_unit_file(read_rows(export_units(session, frame, form), "u"), kind=UnitKind.DWELLING, areas=areas)
        again = import_frame(session, areas=areas, at=AT, kind=file.kind, units=file.units)
    assert again.digest == digest
    assert (file.totals, file.notes) == (0, 0)
    assert file.personal == {}


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS, st.sampled_from(["自住", "拆除", ""])), min_size=1, max_size=8))
def test_whatever_could_be_imported_comes_back(migrated: Database, rows: list[tuple[str, str, str, str]]) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([("区划代码", "小区", "单元", "房号", "房屋状态"), *((SHUIKOU, *row) for row in rows)])
    with migrated.writing() as session:
        try:
            frame, digest = stored(session, table.getvalue().encode())
        except BadInput:
            return
        for form in TableFormat:
            assert stored(session, export_units(session, frame, form))[1] == digest


@pytest.mark.parametrize("kind", UnitKind)
def test_every_kind_goes_out_in_the_columns_it_comes_in(sqlite_database: Database, kind: UnitKind) -> None:
    rows = {
        UnitKind.DWELLING: [("社区代码", "房号"), (SHUIKOU, 101)],
        UnitKind.VILLAGE_HOUSEHOLD: [("社区代码", "组", "户号", "住址"), (SHUIKOU, "二组", 7, "井边")],
        UnitKind.WORK_ORDER: [("社区代码", "工单号", "日期"), (SHUIKOU, "00012", "2024.3.5")],
        UnitKind.WINDOW_TRANSACTION: [("社区代码", "流水号", "日期", "窗口"), (SHUIKOU, 9, "2024.3.5", "3号")],
        UnitKind.SCHOOL_CLASS: [("社区代码", "学校", "年级", "班级"), (SHUIKOU, "一小", "三年级", 2)],
        UnitKind.SITE: [("社区代码", "点位", "地址"), (SHUIKOU, "公园", "东路1号")],
    }[kind]
    with sqlite_database.writing() as session:
        frame, digest = stored(session, xlsx(rows), kind)
        assert stored(session, export_units(session, frame, TableFormat.XLSX), kind)[1] == digest


def test_codes_are_text_and_nothing_runs(sqlite_database: Database) -> None:
    rows = [("区划代码", "网格", "小区", "房号"), (SHUIKOU, 3, "'=HYPERLINK(1)", "'-1")]
    with sqlite_database.writing() as session:
        frame, _ = stored(session, xlsx(rows))
        book = load_workbook(io.BytesIO(export_units(session, frame, TableFormat.XLSX)))
        text = export_units(session, frame, TableFormat.CSV)
    header, cells = list(book.worksheets[0].iter_rows())
    assert [cell.value for cell in header][:4] == ["区划代码", "街道", "社区", "网格编号"]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    values = [cell.value for cell in cells]
    assert values[:5] == [SHUIKOU, "河东街道", "水口社区", f"{SHUIKOU}003", "'=HYPERLINK(1)"]
    assert "'-1" in values
    assert text.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK(1)" in text.decode("utf-8-sig")


def test_what_cannot_go_out(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        frame = import_frame(session, areas=AREAS, at=AT).id
        with pytest.raises(BadInput, match="只有地区"):
            export_units(session, frame, TableFormat.CSV)
    assert table_format("a.B.XLSX") is TableFormat.XLSX
    with pytest.raises(BadInput, match="结尾"):
        table_format("units")
