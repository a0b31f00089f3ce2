"""``survey frame``: areas and units from offices' tables, and back."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.new_files import write_new
from survey.cli.output import Answer, verb
from survey.cli.site import RECORD_ID, acting, now, open_current, require_no_limits
from survey.roles import Permission
from survey.units import UnitKind

if TYPE_CHECKING:
    from survey.store.database import Database
    from survey.workflow.import_units import UnitFile

FILE = click.Path(path_type=Path)


@click.group()
def frame() -> None:
    """Sampling frames."""


@frame.command("import")
@click.option("--areas", "areas_file", type=FILE, required=True, help="CSV, XLSX or XLS of areas.")
@click.option("--units", "units_file", type=FILE, help="CSV, XLSX or XLS of units.")
@click.option(
    "--kind", type=click.Choice([str(kind) for kind in UnitKind]), default=str(UnitKind.DWELLING), show_default=True
)
@click.option(
    "--map", "told", multiple=True, metavar="HEADER=FIELD",
    help="What an unknown header means; HEADER= to leave the column out. Kept for the next file.",
)  # fmt: skip
@verb(needs=Permission.MANAGE_FRAMES)
def import_(areas_file: Path, units_file: Path | None, kind: str, told: Sequence[str]) -> Answer:
    """Import areas (columns code,name,level,parent,population) and units (headers as offices write them)."""
    from survey.files.csv_files import read_bytes
    from survey.files.spreadsheets import read_rows
    from survey.store.areas import get_frame
    from survey.workflow.import_frame import describe_import, find_same, import_frame, read_areas
    from survey.workflow.import_units import keep_headers

    require_no_limits()
    meanings = _meanings(told)
    if meanings and units_file is None:
        raise click.UsageError("--map needs --units")
    database = open_current()
    areas = read_areas(read_rows(read_bytes(areas_file), areas_file.name))
    file = _read_units(database, units_file, UnitKind(kind), areas, meanings) if units_file else None
    kind_of, units = (file.kind, file.units) if file else (None, ())
    with database.writing() as session:
        same = find_same(session, areas=areas, kind=kind_of, units=units)
        if same is None:
            imported = import_frame(session, areas=areas, at=now(), kind=kind_of, units=units)
        else:
            imported = describe_import(get_frame(session, same))
        if file:
            keep_headers(session, file.kind, file.told, at=now(), by=acting())
    document = {"frame": imported.id, "areas": imported.areas, "digest": imported.digest, "existing": same is not None}
    told_same = [f"the same content is here already: frame {imported.id}, nothing imported"] if same else []
    if file is None:
        line = f"frame {imported.id}: {imported.areas} areas, sha256 {imported.digest}"
        return Answer(document=document, lines=[*told_same, line])
    counts = f"{imported.areas} areas, {imported.units} units ({file.kind})"
    return Answer(
        document={**document, "kind": file.kind, "units": imported.units, "report": _report(file)},
        lines=[*told_same, f"frame {imported.id}: {counts}, sha256 {imported.digest}", *_report_lines(file)],
    )


def _meanings(told: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in told:
        header, sign, field = one.rpartition("=")
        if not sign or not header.strip():
            raise click.UsageError(f"--map {one}: write HEADER=FIELD, or HEADER= to leave the column out")
        found[header.strip()] = field.strip()
    return found


def _read_units(
    database: "Database", path: Path, kind: UnitKind, areas: Sequence[Any], told: Mapping[str, str]
) -> "UnitFile":
    from survey.files.csv_files import read_bytes
    from survey.files.spreadsheets import read_rows
    from survey.store.header_maps import read_headers
    from survey.workflow.import_units import read_unit_file

    with database.reading() as session:
        known = read_headers(session, kind=kind)
    return read_unit_file(read_rows(read_bytes(path), path.name), kind=kind, areas=areas, known=known, told=told)


def _report(file: "UnitFile") -> dict[str, Any]:
    return {
        "sheet": file.sheet,
        "rows": file.rows,
        "totals_skipped": file.totals,
        "notes_skipped": file.notes,
        "personal_columns_dropped": dict(file.personal),
        "personal_numbers_removed": file.concealed,
        "unused_columns": list(file.unused),
    }


def _report_lines(file: "UnitFile") -> list[str]:
    read = f"read {file.rows} rows" + (f" of sheet {file.sheet}" if file.sheet else "")
    lines = [f"{read}; skipped {file.totals} rows of totals and {file.notes} of notes"]
    if file.personal:
        dropped = ", ".join(f"{header} ({cells} cells)" for header, cells in file.personal.items())
        lines.append(f"dropped for holding personal data: {dropped}")
    if file.concealed:
        lines.append(f"telephone or identity numbers removed from {file.concealed} cells")
    if file.unused:
        lines.append(f"columns not used: {', '.join(file.unused)}")
    return lines


@frame.command("list")
@verb(needs=Permission.MANAGE_FRAMES)
def list_() -> Answer:
    """List the frames."""
    from survey.workflow.show_frame import list_frames

    require_no_limits()
    with open_current().reading() as session:
        frames = list_frames(session)[::-1]
    return Answer(
        document={
            "frames": [
                {
                    "frame": f.id,
                    "areas": f.areas,
                    "kind": f.kind,
                    "units": f.units,
                    "digest": f.digest,
                    "created_at": f.created_at.isoformat(),
                }
                for f in frames
            ]
        },
        lines=[
            f"{f.id}\t{f.areas} areas\t{f.units} units\t{f.kind or '-'}\t{f.created_at:%Y-%m-%d}\t{f.digest}"
            for f in frames
        ],
    )


@frame.command("export")
@click.argument("frame_id", metavar="FRAME", type=RECORD_ID)
@click.option("--out", type=FILE, required=True, help="Where the units go: .csv or .xlsx, a new file.")
@click.option("--areas", "areas_out", type=FILE, help="Where the areas go: .csv or .xlsx, a new file.")
@verb(needs=Permission.MANAGE_FRAMES)
def export(frame_id: int, out: Path, areas_out: Path | None) -> Answer:
    """Write the units of FRAME in the columns in which they are imported (of a frame without units: its areas)."""
    from survey.store.areas import get_frame
    from survey.workflow.export_frame import export_areas, export_units, table_format

    require_no_limits()
    made: dict[Path, bytes] = {}
    with open_current().reading() as session:
        write = export_units if get_frame(session, frame_id).kind else export_areas
        made[out] = write(session, frame_id, table_format(out.name))
        if areas_out:
            made[areas_out] = export_areas(session, frame_id, table_format(areas_out.name))
    for path, data in made.items():
        write_new(path, data)
    return Answer(
        document={"frame": frame_id, "files": [str(path) for path in made]}, lines=[f"wrote {path}" for path in made]
    )
