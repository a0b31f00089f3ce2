"""``/frames``: the sampling frames, one with all that looks odd in it, files of units in and out."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from survey.areas import Area, Level
from survey.files.spreadsheets import SheetRows, read_rows
from survey.files.unit_columns import UnknownHeaders, fields_of
from survey.messages import N_, BadInput, Message, Problem
from survey.pages.access import current_account, needs
from survey.pages.security import takes_up_to
from survey.pages.site import current_site
from survey.pages.whole_waves import require_no_limits
from survey.roles import Permission
from survey.store.areas import get_frame
from survey.store.database import Session
from survey.store.header_maps import read_headers
from survey.units import UnitKind
from survey.workflow.export_frame import TableFormat, export_areas, export_units
from survey.workflow.import_frame import ImportedFrame, find_same, import_frame, read_areas
from survey.workflow.import_units import UnitFile, keep_headers, read_unit_file
from survey.workflow.show_frame import FrameSummary, FrameView, list_frames, show_frame

blueprint = Blueprint("frames", __name__)

LARGEST_FILE = 20_000_000
#: Two files, and room for one that is too large by far: its sender gets an answer instead of a broken connection.
LARGEST_FORM = 64_000_000
MOST_ROWS = 100_000
MIME_TYPES = {
    TableFormat.CSV: "text/csv",
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FROM_FILE = "file"


@dataclass(frozen=True, kw_only=True)
class FramesPage:
    frames: tuple[FrameSummary, ...]


@dataclass(frozen=True, kw_only=True)
class FramePage:
    """``file``: what was left out of the file that has just become this frame; ``same``: it was here before."""

    view: FrameView
    file: UnitFile | None = None
    fresh: bool = False
    same: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportPage:
    """``told``: header -> field, as chosen in this form or kept from earlier ones; ``asked``: the unknown among them.

    ``areas_from``: the number of the frame whose areas are used, or ``file``. ``wrong``: the id of the field that the
    problem is about.
    """

    frames: tuple[FrameSummary, ...]
    kind: UnitKind = UnitKind.DWELLING
    areas_from: str = FROM_FILE
    told: dict[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    problem: Message | None = None
    problems: Sequence[Problem] = ()
    wrong: str = ""
    levels: tuple[str, ...] = tuple(level.value for level in Level)
    largest: int = LARGEST_FILE // 1_000_000
    kinds: tuple[UnitKind, ...] = tuple(UnitKind)

    @property
    def fields(self) -> tuple[str, ...]:
        return fields_of(self.kind)


@blueprint.get("/frames")
@needs(Permission.MANAGE_FRAMES)
def show_list() -> ResponseReturnValue:
    require_no_limits()
    with current_site().database.reading() as store:
        page = FramesPage(frames=list_frames(store))
    return render_template("statisticians/frames.html", page=page)


@blueprint.get("/frames/<id:frame_id>")
@needs(Permission.MANAGE_FRAMES)
def show(frame_id: int) -> ResponseReturnValue:
    require_no_limits()
    return _frame_page(frame_id)


@blueprint.get("/frames/<id:frame_id>/units.csv", defaults={"form": TableFormat.CSV})
@blueprint.get("/frames/<id:frame_id>/units.xlsx", defaults={"form": TableFormat.XLSX})
@needs(Permission.MANAGE_FRAMES)
def download_units(frame_id: int, form: TableFormat) -> ResponseReturnValue:
    require_no_limits()
    with current_site().database.reading() as store:
        data = export_units(store, frame_id, form)
    return _download(data, f"frame-{frame_id}-units.{form}", form)


@blueprint.get("/frames/<id:frame_id>/areas.csv")
@needs(Permission.MANAGE_FRAMES)
def download_areas(frame_id: int) -> ResponseReturnValue:
    require_no_limits()
    with current_site().database.reading() as store:
        data = export_areas(store, frame_id, TableFormat.CSV)
    return _download(data, f"frame-{frame_id}-areas.csv", TableFormat.CSV)


@blueprint.get("/frames/import")
@needs(Permission.MANAGE_FRAMES)
def show_import() -> ResponseReturnValue:
    require_no_limits()
    kind = _kind(request.args.get("kind", ""))
    with current_site().database.reading() as store:
        page = ImportPage(frames=list_frames(store), kind=kind, told=read_headers(store, kind=kind))
    return render_template("statisticians/frame_import.html", page=page)


@blueprint.post("/frames/import")
@needs(Permission.MANAGE_FRAMES)
@takes_up_to(LARGEST_FORM)
def import_() -> ResponseReturnValue:
    require_no_limits()
    kind, told, asked = _kind(request.form.get("kind", "")), _told(), tuple[str, ...]()
    try:
        imported, file, same = _import(kind, told)
    except UnknownHeaders as error:
        problem: BadInput = error
        asked = error.headers
    except BadInput as error:
        problem = error
    else:
        return _frame_page(imported, file=file, same=same), 200 if same else 201
    with current_site().database.reading() as store:
        known, frames = read_headers(store, kind=kind), list_frames(store)
    page = ImportPage(
        frames=frames,
        kind=kind,
        areas_from=request.form.get("areas_from", FROM_FILE),
        told={**known, **told},
        asked=asked,
        problem=problem.message,
        problems=() if asked else problem.problems,
        wrong="" if asked else _wrong(problem),
    )
    return render_template("statisticians/frame_import.html", page=page), 422


def _wrong(problem: BadInput) -> str:
    """The table that mends it: the one that the message names, or the one that is missing; none where the names of both
    files leave it open.
    """
    if request.form.get("areas_from", FROM_FILE) != FROM_FILE:
        return "units"
    units, areas = (file.filename or "" if (file := request.files.get(name)) else "" for name in ("units", "areas"))
    if units and areas and (units in areas or areas in units):
        return ""
    return "units" if units and units in str(problem) else "areas"


def _import(kind: UnitKind, told: dict[str, str]) -> tuple[int, UnitFile | None, bool]:
    """The frame's number, its file of units, and whether the very same frame was here before."""
    account, now = current_account(), datetime.now(UTC)
    upload = _upload("units")
    database = current_site().database
    with database.reading() as store:
        areas, known = _areas(store), read_headers(store, kind=kind)
    # The form sends again what was told before, also of headers that this file does not have.
    file = read_unit_file(upload, kind=kind, areas=areas, known={**known, **told}) if upload else None
    with database.writing() as store:
        of_kind, units = (file.kind, file.units) if file else (None, ())
        changed = {header: field for header, field in told.items() if known.get(header) != field}
        keep_headers(store, kind, changed, at=now, by=account.name)
        same = find_same(store, areas=areas, kind=of_kind, units=units)
        if same is not None:
            return same, file, True
        imported: ImportedFrame = import_frame(store, areas=areas, at=now, kind=of_kind, units=units)
    return imported.id, file, False


def _areas(store: Session) -> tuple[Area, ...]:
    chosen = request.form.get("areas_from", FROM_FILE)
    if chosen.isdecimal() and len(chosen) < 10:
        return get_frame(store, int(chosen)).areas
    upload = _upload("areas")
    if upload is None:
        raise BadInput(Message(N_("请选择地区表，或者沿用已有抽样框的地区。")))
    return read_areas(upload)


def _upload(name: str) -> SheetRows | None:
    """The table in a file of the form; ``None`` where none was chosen."""
    file: FileStorage | None = request.files.get(name)
    if file is None or not file.filename:
        return None
    with closing(file):
        data = file.stream.read(LARGEST_FORM)
    if len(data) > LARGEST_FILE:
        raise BadInput(
            Message(
                N_("{file} 有 {size} MB，最多 {largest} MB：请拆成几个文件"),
                {"file": file.filename, "size": -(-len(data) // 1_000_000), "largest": LARGEST_FILE // 1_000_000},
            )
        )
    table = read_rows(data, file.filename)
    if len(table.rows) > MOST_ROWS:
        raise BadInput(
            Message(
                N_("{file} 有 {rows} 行，网页上最多 {most} 行：请在服务器上用 survey frame import 导入"),
                {"file": file.filename, "rows": len(table.rows), "most": MOST_ROWS},
            )
        )
    return table


def _kind(said: str) -> UnitKind:
    return next((kind for kind in UnitKind if kind.value == said), UnitKind.DWELLING)


def _told() -> dict[str, str]:
    """Header -> field, from the pairs of the form that have been answered; ``-`` stands for leaving a column out."""
    pairs = zip(request.form.getlist("header"), request.form.getlist("field"), strict=False)
    return {header: "" if chosen == "-" else chosen for header, chosen in pairs if header and chosen}


def _frame_page(frame_id: int, *, file: UnitFile | None = None, same: bool = False) -> str:
    with current_site().database.reading() as store:
        view = show_frame(store, frame_id)
    page = FramePage(view=view, file=file, fresh=request.method == "POST", same=same)
    return render_template("statisticians/frame.html", page=page)


def _download(data: bytes, name: str, form: TableFormat) -> Response:
    response = Response(data, mimetype=MIME_TYPES[form])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
