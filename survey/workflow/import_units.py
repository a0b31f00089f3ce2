"""Units from an office's table: all of them, or the list of rows that keep them from being a frame's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.areas import Area
from survey.files.csv_files import refuse
from survey.files.spreadsheets import SheetRows
from survey.files.unit_columns import find_columns, normalise
from survey.files.unit_places import Places
from survey.files.unit_rows import UnitRows
from survey.messages import N_, BadInput, Message
from survey.store.header_maps import save_header
from survey.units import Unit, UnitKind

MOST_UNITS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class UnitFile:
    """The units of a file in the canonical order, and what was left out of it on the way.

    ``rows``: rows that held units. ``totals``, ``notes``: rows of sums and of remarks. ``personal``: header -> filled
    cells left out because they name persons. ``concealed``: numbers of persons cut out of other texts. ``unused``:
    headers of columns that nothing here needs. ``told``: headers of this file whose meaning was told, to be kept.
    """

    kind: UnitKind
    units: tuple[Unit, ...]
    name: str
    sheet: str
    rows: int
    totals: int
    notes: int
    personal: Mapping[str, int]
    concealed: int
    unused: tuple[str, ...]
    told: Mapping[str, str]


def read_unit_file(
    table: SheetRows,
    *,
    kind: UnitKind,
    areas: Sequence[Area],
    known: Mapping[str, str] | None = None,
    told: Mapping[str, str] | None = None,
) -> UnitFile:
    """The units of ``table``. Header -> field, ``""`` for a column that is not wanted: ``told`` of this file,
    ``known`` from earlier ones.

    Raises :class:`~survey.files.unit_columns.UnknownHeaders`, and :class:`BadInput` that lists every bad row.
    """
    told = {normalise(header): field for header, field in (told or {}).items()}
    columns = find_columns(table.rows, kind=kind, name=table.name, told={**(known or {}), **told})
    normal = {normalise(header) for header in columns.headers}
    strange = sorted(told.keys() - normal)
    if strange:
        there = ", ".join(header for header in columns.headers if header)
        raise BadInput(
            Message(
                N_("{file} 里没有说明过的表头：{strange}；现有的表头：{headers}"),
                {"file": table.name, "strange": ", ".join(strange), "headers": there},
            )
        )
    reader = UnitRows(kind, columns, Places(areas))
    for number, cells in table.rows[columns.header_at + 1 :]:
        reader.read_row(number, cells)
        if len(reader.found) > MOST_UNITS:
            raise BadInput(
                Message(N_("{file} 超过 {most} 个单元：请按街道拆开"), {"file": table.name, "most": MOST_UNITS})
            )
    refuse(reader.problems, table.name)
    if not reader.found:
        raise BadInput(Message(N_("{file} 只有表头，没有数据行"), {"file": table.name}))
    headers = columns.headers
    return UnitFile(
        kind=kind,
        units=reader.units(),
        name=table.name,
        sheet=table.sheet,
        rows=reader.rows,
        totals=reader.totals,
        notes=reader.notes,
        personal={headers[place]: reader.personal[place] for place in columns.personal},
        concealed=reader.concealed,
        unused=tuple(headers[place] for place in columns.unused if headers[place]),
        told=told,
    )


def keep_headers(session: Session, kind: UnitKind, told: Mapping[str, str], *, at: datetime, by: str) -> None:
    """Remember for the next file what was told about headers."""
    for header, field in told.items():
        save_header(session, kind=kind, header=normalise(header), field=field, at=at, by=by)
