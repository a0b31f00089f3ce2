"""``survey wave``: open, close, publish, list."""

from pathlib import Path

import click

from survey.cli.output import Answer, verb
from survey.cli.site import acting, now, open_current
from survey.waves import WaveDetails


@click.group()
def wave() -> None:
    """Waves: one fielding of one instrument."""


@wave.command("open")
@click.option("--instrument", "slug", required=True, help="Slug of a stored or built-in instrument.")
@click.option("--frame", "frame_id", type=int, required=True)
@click.option("--name", required=True)
@click.option("--details", type=click.Path(path_type=Path), help="wave.toml: dates, sponsor, approval, targets …")
@verb
def open_(slug: str, frame_id: int, name: str, details: Path | None) -> Answer:
    """Open a wave."""
    from survey.workflow.open_wave import open_wave

    database = open_current()
    facts = _details(details)
    with database.writing() as session:
        wave_id = open_wave(session, instrument=slug, frame=frame_id, name=name, details=facts, at=now(), by=acting())
    return Answer(document={"wave": wave_id, "name": name, "state": "draft"}, lines=[f"wave {wave_id}: {name}"])


def _details(path: Path | None) -> WaveDetails:
    from survey.csv_files import decode, read_bytes
    from survey.wave_file import parse_wave_file

    return parse_wave_file(decode(read_bytes(path, 1_000_000), str(path)), str(path)) if path else WaveDetails()


@wave.command("close")
@click.argument("wave_id", metavar="WAVE", type=int)
@verb
def close(wave_id: int) -> Answer:
    """Close a wave: its answers stand."""
    from survey.workflow.close_wave import close_wave

    with open_current().writing() as session:
        close_wave(session, wave_id, at=now(), by=acting())
    return Answer(document={"wave": wave_id, "state": "closed"}, lines=[f"wave {wave_id} closed"])


@wave.command("publish")
@click.argument("wave_id", metavar="WAVE", type=int)
@verb
def publish(wave_id: int) -> Answer:
    """Publish a wave, or say what is missing (exit 1)."""
    from survey.workflow.publish_wave import publish_wave

    with open_current().writing() as session:
        publish_wave(session, wave_id, at=now(), by=acting())
    return Answer(document={"wave": wave_id, "state": "published"}, lines=[f"wave {wave_id} published"])


@wave.command("list")
@verb
def list_() -> Answer:
    """List the waves."""
    from survey.store.responses import count_responses
    from survey.store.waves import list_waves

    with open_current().reading() as session:
        waves = [(record, count_responses(session, record.id)) for record in list_waves(session)]
    return Answer(
        document={
            "waves": [
                {
                    "wave": record.id,
                    "name": record.name,
                    "state": record.state,
                    "instrument": record.instrument_slug,
                    "frame": record.frame_id,
                    "responses": count,
                    "opened_at": record.opened_at.isoformat(),
                }
                for record, count in waves
            ]
        },
        lines=[
            f"{record.id}\t{record.state}\t{record.instrument_slug}\t{count} responses\t{record.name}"
            for record, count in waves
        ],
    )
