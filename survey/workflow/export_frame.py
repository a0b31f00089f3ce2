"""A frame as tables in the columns in which it is imported: what comes out, imported again, has the same digest."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from survey.files.cells import protect
from survey.files.text_workbooks import text_workbook
from survey.files.unit_columns import header_of
from survey.files.unit_values import STATUS_WORDS
from survey.messages import N_, BadInput, Message
from survey.store.areas import Frame, get_frame
from survey.store.units import read_units
from survey.units import ADDRESS_FIELDS, Unit, UnitKind, UnitStatus

_PLACE = ("area", "street", "community", "grid")
#: Kinds that people live in.
_LIVED_IN = frozenset({UnitKind.DWELLING, UnitKind.VILLAGE_HOUSEHOLD})
AREA_COLUMNS = ("code", "name", "level", "parent", "population")


class TableFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


def table_format(name: str) -> TableFormat:
    """Which format a file of this name has; :class:`BadInput` for another than the two."""
    ending = name.rpartition(".")[2].lower()
    if ending not in list(TableFormat):
        message = N_("导出到 {file}：文件名要以 .csv 或 .xlsx 结尾")
        raise BadInput(Message(message, {"file": name}))
    return TableFormat(ending)


def export_units(session: Session, frame_id: int, form: TableFormat) -> bytes:
    """The units of a frame; raises ``NotThere``, and :class:`BadInput` for a frame of areas alone."""
    frame = get_frame(session, frame_id)
    if frame.kind is None:
        raise BadInput(Message(N_("第 {frame} 号抽样框只有地区，没有单元可以导出"), {"frame": frame_id}))
    header, rows = unit_header(frame.kind), _unit_rows(frame, frame.kind, read_units(session, frame_id))
    return _write(header, rows, form)


def export_areas(session: Session, frame_id: int, form: TableFormat) -> bytes:
    """The areas of a frame; raises ``NotThere``."""
    frame = get_frame(session, frame_id)
    rows = (
        (area.code, area.name, area.level.value, area.parent or "", "" if area.population is None else area.population)
        for area in frame.areas
    )
    return _write(AREA_COLUMNS, ([str(cell) for cell in row] for row in rows), form)


def unit_header(kind: UnitKind) -> list[str]:
    """The headers of an export, in the order of its columns."""
    lived_in = ("status", "residents") if kind in _LIVED_IN else ()
    return [header_of(kind, field) for field in (*_PLACE, *ADDRESS_FIELDS[kind], *lived_in)]


def _unit_rows(frame: Frame, kind: UnitKind, units: Iterable[Unit]) -> Iterator[Sequence[str]]:
    names = {area.code: area.name for area in frame.areas}
    parents = {area.code: area.parent for area in frame.areas}
    words = {status: "" if status is UnitStatus.UNKNOWN else said[0] for status, said in STATUS_WORDS.items()}
    for unit in units:
        above = names.get(parents.get(unit.area) or "", "")
        row = [unit.area, above, names[unit.area], unit.grid]
        row += [unit.address.get(field, "") for field in ADDRESS_FIELDS[kind]]
        if kind in _LIVED_IN:
            row += [words[unit.status], "" if unit.residents is None else str(unit.residents)]
        yield row


def _write(header: Sequence[str], rows: Iterable[Sequence[str]], form: TableFormat) -> bytes:
    protected = ([protect(_printable(cell)) for cell in row] for row in rows)
    return _csv([header, *protected]) if form is TableFormat.CSV else text_workbook(header, protected, sheet="frame")


def _printable(text: str) -> str:
    """Workbooks hold no control characters."""
    return text if text.isprintable() else "".join(character for character in text if character.isprintable())


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """With a mark at the start: without it Excel takes Chinese in UTF-8 for something else."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8-sig")
