"""``survey frame``: areas from CSV."""

from pathlib import Path

import click

from survey.cli.output import Answer, verb
from survey.cli.site import now, open_current
from survey.roles import Permission


@click.group()
def frame() -> None:
    """Sampling frames."""


@frame.command("import")
@click.option("--areas", "areas_file", type=click.Path(path_type=Path), required=True, help="CSV of areas.")
@verb(needs=Permission.MANAGE_FRAMES)
def import_(areas_file: Path) -> Answer:
    """Import areas: columns code,name,level,parent,population."""
    from survey.csv_files import read_csv
    from survey.workflow.import_frame import import_frame, read_areas

    database = open_current()
    areas = read_areas(read_csv(areas_file))
    with database.writing() as session:
        imported = import_frame(session, areas=areas, at=now())
    return Answer(
        document={"frame": imported.id, "areas": imported.areas, "digest": imported.digest},
        lines=[f"frame {imported.id}: {imported.areas} areas, sha256 {imported.digest}"],
    )


@frame.command("list")
@verb(needs=Permission.MANAGE_FRAMES)
def list_() -> Answer:
    """List the frames."""
    from survey.store.areas import list_frames

    with open_current().reading() as session:
        frames = list_frames(session)
    return Answer(
        document={
            "frames": [
                {"frame": f.id, "areas": len(f.areas), "digest": f.digest, "created_at": f.created_at.isoformat()}
                for f in frames
            ]
        },
        lines=[f"{f.id}\t{len(f.areas)} areas\t{f.created_at:%Y-%m-%d}\t{f.digest}" for f in frames],
    )
