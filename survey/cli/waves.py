"""``survey wave``: open, start, close, publish, list."""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.output import Answer, language, verb
from survey.cli.site import RECORD_ID, acting, acting_scope, now, open_current
from survey.roles import Permission
from survey.waves import WaveDetails

if TYPE_CHECKING:
    from survey.store.draws import Draw


def _one_wave(command: Callable[..., None]) -> Callable[..., None]:
    """``command(wave_id=…)`` with the wave named either way: ``WAVE`` or, like in the other verbs, ``--wave WAVE``."""

    @click.argument("positional", metavar="[WAVE]", type=RECORD_ID, required=False)
    @click.option("--wave", "named", type=RECORD_ID, help="The same as WAVE.")
    @functools.wraps(command)
    def run(positional: int | None, named: int | None, **options: Any) -> None:
        if (positional is None) == (named is None):
            raise click.UsageError("name one wave: WAVE or --wave WAVE")
        command(wave_id=named if positional is None else positional, **options)

    return run


@click.group()
def wave() -> None:
    """Waves: one fielding of one instrument."""


@wave.command("open")
@click.option("--instrument", "slug", required=True, help="Slug of a stored instrument.")
@click.option("--version", help="Of the instrument; the one added last when left out.")
@click.option("--frame", "frame_id", type=RECORD_ID, required=True)
@click.option("--name", required=True)
@click.option("--details", type=click.Path(path_type=Path), help="wave.toml: dates, sponsor, approval, targets …")
@verb(needs=Permission.MANAGE_WAVES)
def open_(slug: str, version: str | None, frame_id: int, name: str, details: Path | None) -> Answer:
    """Open a wave."""
    from survey.casework.placing import SHANGHAI
    from survey.i18n import render
    from survey.store.instruments import get_instrument
    from survey.store.waves import get_wave
    from survey.workflow.open_wave import open_wave, warn_of_past

    database = open_current()
    facts = _details(details)
    with database.writing() as session:
        at, by = now(), acting()
        wave_id = open_wave(
            session, instrument=slug, version=version, frame=frame_id, name=name, details=facts, at=at, by=by
        )
        opened = get_wave(session, wave_id)
        asked = get_instrument(session, opened.instrument_id)
    past = warn_of_past(facts, today=now().astimezone(SHANGHAI).date())
    warnings = [render(warning, language()) for warning in past]
    return Answer(
        document={
            "wave": wave_id,
            "name": opened.name,
            "state": "draft",
            "instrument": asked.slug,
            "version": asked.version,
            "warnings": warnings,
        },
        lines=[
            f"wave {wave_id}: {opened.name} ({asked.slug} {asked.version})",
            *(f"! {warning}" for warning in warnings),
        ],
    )


def _details(path: Path | None) -> WaveDetails:
    from survey.files.csv_files import decode, read_bytes
    from survey.files.wave_file import parse_wave_file

    return parse_wave_file(decode(read_bytes(path, 1_000_000), str(path)), str(path)) if path else WaveDetails()


@wave.command("details")
@_one_wave
@click.option("--file", "path", type=click.Path(path_type=Path), required=True, help="wave.toml, all of it.")
@verb(needs=Permission.MANAGE_WAVES)
def details(wave_id: int, path: Path) -> Answer:
    """Replace the facts that reports print, until the wave is published."""
    from survey.workflow.describe_wave import describe_wave

    database = open_current()
    facts = _details(path)
    with database.writing() as session:
        describe_wave(session, wave_id, details=facts, at=now(), by=acting())
    return Answer(document={"wave": wave_id}, lines=[f"wave {wave_id}: details replaced"])


@wave.command("close")
@_one_wave
@click.option("--discard-quarantine", is_flag=True, help="Make what waits for a supervisor void.")
@click.option("--paper-as-it-is", is_flag=True, help="Take keyed paper forms as keyed; leave out those not keyed.")
@verb(needs=Permission.MANAGE_WAVES)
def close(wave_id: int, discard_quarantine: bool, paper_as_it_is: bool) -> Answer:
    """Close a wave: its answers stand, and what tied them to cases is destroyed."""
    from survey.config import read_config
    from survey.keys import KeyRing
    from survey.workflow.close_wave import close_wave
    from survey.workflow.destroy_keys import destroy_keys

    database, keys = open_current(), KeyRing(folder=read_config().keys)
    with database.writing() as session:
        closed = close_wave(
            session,
            keys,
            wave_id,
            at=now(),
            by=acting(),
            discard_quarantine=discard_quarantine,
            paper_as_it_is=paper_as_it_is,
        )
    destroyed = destroy_keys(database, keys)
    return Answer(
        document={
            "wave": wave_id,
            "state": "closed",
            "cases": closed.cases,
            "responses": closed.responses,
            "discarded": closed.discarded,
            "unfinished": closed.unfinished,
            "paper_as_keyed": closed.paper.waiting,
            "paper_not_keyed": closed.paper.unkeyed,
            "keys_destroyed": destroyed,
        },
        lines=[
            f"wave {wave_id} closed",
            *([f"{closed.cases} cases, {closed.responses} responses unlinked"] if closed.cases else []),
            *([f"{closed.discarded} undecided payloads made void"] if closed.discarded else []),
            *([f"{closed.unfinished} unfinished questionnaires deleted"] if closed.unfinished else []),
            *([f"{closed.paper.waiting} paper forms taken as keyed"] if closed.paper.waiting else []),
            *([f"{closed.paper.unkeyed} paper forms that nobody keyed left out"] if closed.paper.unkeyed else []),
        ],
    )


@wave.command("start")
@_one_wave
@verb(needs=Permission.MANAGE_WAVES)
def start(wave_id: int) -> Answer:
    """Start the fieldwork of a drawn wave, or of one with open links alone (exit 1 with what is missing)."""
    from survey.config import read_config
    from survey.i18n import render
    from survey.keys import KeyRing
    from survey.workflow.start_wave import start_wave

    keys = KeyRing(folder=read_config().keys)
    with open_current().writing() as session:
        started = start_wave(session, keys, wave_id, at=now(), by=acting())
    links = _paths(started.open_links)
    warnings = [render(warning, language()) for warning in started.warnings]
    return Answer(
        document={"wave": wave_id, "state": "fielding", "open_links": links, "warnings": warnings},
        lines=[
            f"wave {wave_id} started",
            *(f"{area}\t{path}" for area, path in links.items()),
            *(f"! {warning}" for warning in warnings),
        ],
    )


def _paths(links: Mapping[str, str]) -> dict[str, str]:
    """Code of the community -> path of its open link on the site."""
    return {area: f"/o/{token}" for area, token in links.items()}


@wave.command("publish")
@_one_wave
@verb(needs=Permission.MANAGE_WAVES)
def publish(wave_id: int) -> Answer:
    """Publish a wave, or say what is missing (exit 1); what makes its numbers weak is a warning."""
    from survey.i18n import render
    from survey.workflow.publish_wave import publish_wave

    with open_current().writing() as session:
        published = publish_wave(session, wave_id, at=now(), by=acting())
    warnings = [render(warning, language()) for warning in published.warnings]
    return Answer(
        document={"wave": wave_id, "state": "published", "warnings": warnings},
        lines=[f"wave {wave_id} published", *(f"! {warning}" for warning in warnings)],
    )


@wave.command("list")
@verb(needs=Permission.SEE_FIELDWORK)
def list_() -> Answer:
    """List the waves."""
    from survey.store.draws import open_draw
    from survey.store.open_links import list_open_links
    from survey.store.responses import count_open_link, count_responses
    from survey.store.waves import list_waves

    scope = acting_scope()
    with open_current().reading() as session:
        waves = [
            (
                record,
                count_responses(session, record.id),
                count_open_link(session, record.id),
                list_open_links(session, record.id),
                open_draw(session, record.id),
            )
            for record in list_waves(session)
            if scope.sees_wave(record.id)
        ]
    return Answer(
        document={
            "waves": [
                {
                    "wave": record.id,
                    "name": record.name,
                    "state": record.state,
                    "instrument": record.instrument_slug,
                    "frame": record.frame_id,
                    "draw": _described(draw),
                    "responses": count,
                    "sample": count - open_link,
                    "open_link": open_link,
                    "open_links": _paths(links),
                    "opened_at": record.opened_at.isoformat(),
                }
                for record, count, open_link, links, draw in waves
            ]
        },
        lines=[
            f"{record.id}\t{record.state}\t{record.instrument_slug}"
            f"\t{count - open_link} sample\t{open_link} open link\t{record.name}"
            for record, count, open_link, _, _ in waves
        ],
    )


def _described(draw: "Draw | None") -> dict[str, Any] | None:
    if draw is None:
        return None
    return {"draw": draw.id, "state": draw.state, "digest": draw.digest, "cases": draw.cases}
