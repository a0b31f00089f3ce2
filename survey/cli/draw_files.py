"""``survey draw export|verify|certificate``: what outsiders need to check a draw."""

from pathlib import Path

import click

from survey.cli.new_files import new_folder, write_new
from survey.cli.output import Answer, language, verb
from survey.cli.site import RECORD_ID, acting_scope, now, open_current
from survey.messages import N_, BadInput, Message, NotThere
from survey.roles import Permission

DRAW_ID = click.argument("draw_id", metavar="ID", type=RECORD_ID)
FOLDER = click.Path(path_type=Path)


@click.command()
@DRAW_ID
@click.argument("folder", metavar="DIR", type=FOLDER)
@verb(needs=Permission.SEE_CASES)
def export(draw_id: int, folder: Path) -> Answer:
    """Write all there is of a draw into a new folder of plain files, for ``draw verify --files``.

    The folder says which homes were drawn. Of a public draw secret, seed, salt and cases are left out until the wave
    is closed, and of a draw whose earlier draws tell those of a public one until that wave is, too.
    """
    from survey.workflow.export_draw import export_draw

    require_reach(draw_id)
    with new_folder(folder) as unfinished, open_current().reading() as session:
        found = export_draw(session, draw_id, unfinished)
    kept_back = ["! secret, seed, salt and cases are left out until the wave is closed: export again then"]
    return Answer(
        document={
            "draw": draw_id,
            "folder": str(folder),
            "files": list(found.files),
            "digest": found.digest,
            "kept_back": found.kept_back,
        },
        lines=[*(f"{folder / name}" for name in found.files), *(kept_back if found.kept_back else ())],
    )


@click.command()
@click.argument("draw_id", metavar="[ID]", type=RECORD_ID, required=False)
@click.option("--files", "folder", type=FOLDER, help="Verify an exported folder instead: no database is needed.")
@verb(needs=Permission.SEE_CASES)
def verify(draw_id: int | None, folder: Path | None) -> Answer:
    """Repeat a draw from what is stored, or from the files of an export (exit 1 with what does not fit)."""
    if (draw_id is None) == (folder is None):
        raise BadInput(Message(N_("请写抽样的编号，或者用 --files 指明导出的文件夹：两者取一")))
    if folder is not None:
        return _verify_files(folder)
    assert draw_id is not None  # noqa: S101 - one of the two is given
    from survey.workflow.verify_draw import verify_draw

    require_reach(draw_id)
    with open_current().reading() as session:
        found = verify_draw(session, draw_id)
    return Answer(
        document={"draw": draw_id, "digest": found.draw.digest, "cases": found.cases, "units": found.units, "ok": True},
        lines=[
            f"draw {draw_id}: {found.cases} cases of {found.units} units come out again, sha256 {found.draw.digest}"
        ],
    )


def _verify_files(folder: Path) -> Answer:
    from survey.workflow.verify_draw import verify_files

    found = verify_files(folder)
    document = {
        "draw": found.draw,
        "public": found.public,
        "promised_method": found.promised,
        "digest": found.digest,
        "frame_digest": found.frame_digest,
        "cases": found.cases,
        "units": found.units,
        "compare": [{"name": name, "value": value} for name, value in found.compare],
        "ok": True,
    }
    unnamed = "! the commitment names no method: compare with its notice; only those of before this was promised do so"
    return Answer(
        document=document,
        lines=[
            f"draw {found.draw}: {found.cases} cases of {found.units} units come out again from {folder}",
            f"frame {found.frame_digest}",
            f"draw  {found.digest}",
            "compare both digests with the certificate; and these, which no digest covers:",
            *(f"{name}\t{value}" for name, value in found.compare),
            *([unnamed] if found.public and found.promised is None else ()),
        ],
    )


@click.command()
@DRAW_ID
@click.option("--out", "path", metavar="F.pdf", type=FOLDER, required=True, help="A new file.")
@click.option(
    "--language", "reader", type=click.Choice(["zh_Hans", "en"]), help="As this program speaks, if not given."
)
@verb(needs=Permission.SEE_CASES)
def certificate(draw_id: int, path: Path, reader: str | None) -> Answer:
    """Write the certificate of a draw (抽样公证单), which may be published: no drawn unit is on it."""
    from survey.workflow.certify_draw import certify_draw, typeset

    require_reach(draw_id)
    with open_current().reading() as session:
        facts = certify_draw(session, draw_id, at=now())
    pdf = typeset(facts, reader or language())
    write_new(path, pdf.content)
    return Answer(
        document={"draw": draw_id, "file": str(path), "pages": pdf.pages, "digest": facts.digest},
        lines=[f"wrote {path}, {pdf.pages} pages"],
    )


def require_reach(draw_id: int) -> None:
    """A draw of a wave out of reach is not there."""
    from survey.store.draws import get_draw

    scope = acting_scope()
    with open_current().reading() as session:
        wave_id = get_draw(session, draw_id).wave_id
    if not scope.sees_wave(wave_id):
        raise NotThere(Message(N_("没有编号为 {id} 的抽样"), {"id": draw_id}))
