"""Instruments are added whole and once; a broken file is told all its faults."""

from pathlib import Path

import pytest

from questionnaires.loading import BUILT_IN, from_document
from survey.messages import BadInput, Conflict
from survey.store.database import Database
from survey.store.instruments import get_instrument, list_instruments
from survey.workflow.add_instrument import add_instrument, check_instrument
from tests.survey import small_wave
from tests.survey.conftest import AT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(small_wave.INSTRUMENT, "utf-8")
    return path


def add(database: Database, path: Path) -> int:
    questionnaire = check_instrument(path)
    with database.writing() as session:
        return add_instrument(session, questionnaire, at=AT).id


def test_what_is_stored_stands_by_itself(database: Database, file: Path) -> None:
    added = add(database, file)
    with database.reading() as session:
        record = get_instrument(session, added)
    assert (record.slug, record.version) == ("small", "1")
    assert from_document(record.document) == check_instrument(file)


def test_the_same_wording_again_is_the_same_instrument(database: Database, file: Path) -> None:
    first = add(database, file)
    file.write_text("# a remark\n" + small_wave.INSTRUMENT, "utf-8")
    assert add(database, file) == first


def test_another_wording_needs_another_version(database: Database, file: Path) -> None:
    add(database, file)
    other = small_wave.INSTRUMENT.replace("您满意吗", "您很满意吗")
    file.write_text(other, "utf-8")
    with pytest.raises(Conflict, match="版本"):
        add(database, file)
    file.write_text(other.replace('version = "1"', 'version = "2"'), "utf-8")
    add(database, file)
    with database.reading() as session:
        assert [record.version for record in list_instruments(session)] == ["2", "1"]


def test_the_built_in_ones_can_all_be_added(sqlite_database: Database) -> None:
    for path in BUILT_IN.values():
        add(sqlite_database, path)
    with sqlite_database.reading() as session:
        assert {record.slug for record in list_instruments(session)} == set(BUILT_IN)


def test_a_broken_file_names_file_item_and_field(file: Path) -> None:
    broken = small_wave.INSTRUMENT.replace('type = "number"', 'type = "figure"').replace("codes = [1]", "codes = [7]")
    file.write_text(broken, "utf-8")
    with pytest.raises(BadInput) as caught:
        check_instrument(file)
    assert str(file) in str(caught.value)
    assert {(problem.where, problem.column) for problem in caught.value.problems} >= {("N1", "type")}
    assert len(caught.value.problems) >= 2


@pytest.mark.parametrize("data", [b"", b"\x00", b"PK\x03\x04", b"\xff\xfe", "编号".encode("gb18030")])
def test_a_file_of_another_kind_is_refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(BadInput):
        check_instrument(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.toml", tmp_path):
        with pytest.raises(BadInput):
            check_instrument(path)
