"""``survey paper``: batches of paper forms of a wave: made, printed, counted; ``survey instrument paper``."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.instruments import find_here, instrument
from survey.cli.output import Answer, verb
from survey.cli.site import RECORD_ID, acting, now, open_current, public_url
from survey.config import read_config
from survey.roles import Permission

if TYPE_CHECKING:
    from survey.keys import KeyRing
    from survey.reports.paper_form import PaperDocument
    from survey.workflow.show_paper import BatchCounts, SecondKeying

WAVE = click.option("--wave", "wave_id", type=RECORD_ID, required=True)
BATCH = click.argument("batch_id", metavar="BATCH", type=RECORD_ID)
LANGUAGE = click.option(
    "--language", "print_language", type=click.Choice(["zh_Hans", "en"]), default="zh_Hans", show_default=True
)
LARGE = click.option("--large", is_flag=True, help="Large print, 18 pt.")


@click.group()
def paper() -> None:
    """Paper forms of a wave, in batches handed out by community."""


@paper.command("add")
@WAVE
@click.option("--area", metavar="CODE", help="Code of the community; needed where the wave has several.")
@click.option("--count", "forms", type=click.IntRange(1, 500), required=True)
@LANGUAGE
@LARGE
@verb(needs=Permission.KEY_PAPER)
def add(wave_id: int, area: str | None, forms: int, print_language: str, large: bool) -> Answer:
    """Make a batch: its serials, one a form."""
    from survey.store.paper_batches import get_batch
    from survey.workflow.issue_paper import issue_paper

    with open_current().writing() as session:
        batch = issue_paper(
            session,
            _keys(),
            wave_id,
            area=area,
            count=forms,
            language=print_language,
            large=large,
            at=now(),
            by=acting(),
        )
        batch = get_batch(session, batch.id)
    return Answer(
        document={"batch": batch.id, "wave": wave_id, "area": batch.area, "printed": batch.printed},
        lines=[f"batch {batch.id}: {batch.printed} forms for {batch.area}"],
    )


@paper.command("print")
@WAVE
@BATCH
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--interviewer", is_flag=True, help="With the notes for interviewers.")
@verb(needs=Permission.KEY_PAPER)
def print_(wave_id: int, batch_id: int, file: Path, interviewer: bool) -> Answer:
    """Write the forms of a batch to FILE (PDF), the same each time."""
    from survey.cli.new_files import write_new
    from survey.workflow.print_paper import print_batch, typeset

    with open_current().reading() as session:
        document = print_batch(session, _keys(), wave_id, batch_id, rights=_rights(wave_id), interviewer=interviewer)
    pdf = typeset(document)
    write_new(file, pdf.content)
    return Answer(
        document={"batch": batch_id, "forms": len(document.stamps), "pages": pdf.pages, "file": str(file)},
        lines=[f"{len(document.stamps)} forms, {pdf.pages} pages: {file}"],
    )


@paper.command("counts")
@WAVE
@BATCH
@click.option("--issued", type=int, help="Write down how many were handed out.")
@click.option("--returned", type=int, help="Write down how many came back.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day they came back; not said: as before, or today.")
@verb(needs=Permission.KEY_PAPER)
def counts(wave_id: int, batch_id: int, issued: int | None, returned: int | None, day: datetime | None) -> Answer:
    """Handed out, returned, valid, void by reason, and the second keying of a batch."""
    from survey.reports.wording import BEIJING
    from survey.roles import Scope
    from survey.store.waves import get_wave
    from survey.workflow.count_paper import count_paper
    from survey.workflow.show_paper import show_batch

    database = open_current()
    if issued is not None or returned is not None:
        with database.writing() as session:
            before = show_batch(session, _keys(), get_wave(session, wave_id), batch_id, scope=Scope()).counts.batch
            count_paper(
                session,
                _keys(),
                wave_id,
                batch_id,
                issued=before.issued if issued is None else issued,
                returned=before.returned if returned is None else returned,
                returned_on=day.date() if day else before.returned_on or now().astimezone(BEIJING).date(),
                at=now(),
                by=acting(),
            )
    with database.reading() as session:
        view = show_batch(session, _keys(), get_wave(session, wave_id), batch_id, scope=Scope())
    document = {**_counts(view.counts), "second_keying": _second(view.second)}
    return Answer(document=document, lines=[f"{name}\t{value}" for name, value in document.items()])


@paper.command("list")
@WAVE
@verb(needs=Permission.KEY_PAPER)
def list_(wave_id: int) -> Answer:
    """List the batches of a wave with their counts."""
    from survey.roles import Scope
    from survey.store.waves import get_wave
    from survey.workflow.show_paper import show_paper

    with open_current().reading() as session:
        view = show_paper(session, get_wave(session, wave_id), scope=Scope())
    batches = [_counts(one) for one in view.batches]
    return Answer(
        document={"wave": wave_id, "batches": batches, "second_keying": _second(view.second)},
        lines=["\t".join(f"{name}={value}" for name, value in one.items()) for one in batches],
    )


@instrument.command("paper")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--version", help="A stored version other than the one added last.")
@LARGE
@LANGUAGE
@click.option("--interviewer", is_flag=True, help="With the notes for interviewers.")
@click.option("--wave", "wave_id", type=RECORD_ID, help="Make a batch of this wave: each form has a serial.")
@click.option("--area", metavar="CODE", help="Code of the batch's community; needed where the wave has several.")
@click.option("--count", "forms", type=click.IntRange(1, 500), default=1, show_default=True, help="Forms of the batch.")
@verb(needs=Permission.KEY_PAPER)
def print_form(
    slug: str,
    file: Path,
    version: str | None,
    large: bool,
    print_language: str,
    interviewer: bool,
    wave_id: int | None,
    area: str | None,
    forms: int,
) -> Answer:
    """Write an instrument to FILE (PDF) as a paper form: a specimen, or with --wave a batch of forms with serials."""
    from survey.cli.new_files import write_new
    from survey.workflow.print_paper import print_specimen, typeset

    batch = None
    if wave_id is None:
        document = print_specimen(
            find_here(slug, version), language=print_language, large=large, interviewer=interviewer
        )
    else:
        batch, document = _new_batch(slug, version, wave_id, area, forms, print_language, large, interviewer)
    pdf = typeset(document)
    write_new(file, pdf.content)
    printed = len(document.stamps) or len(document.forms)
    return Answer(
        document={"batch": batch, "forms": printed, "pages": pdf.pages, "file": str(file)},
        lines=[f"{'specimen' if batch is None else f'batch {batch}'}: {printed} forms, {file}"],
    )


def _new_batch(
    slug: str,
    version: str | None,
    wave_id: int,
    area: str | None,
    forms: int,
    print_language: str,
    large: bool,
    interviewer: bool,
) -> "tuple[int, PaperDocument]":
    from survey.messages import N_, BadInput, Message
    from survey.store.instruments import get_instrument
    from survey.store.waves import get_wave
    from survey.workflow.issue_paper import issue_paper
    from survey.workflow.print_paper import print_batch

    keys = _keys()
    with open_current().writing() as session:
        fielded = get_instrument(session, get_wave(session, wave_id).instrument_id)
        if fielded.slug != slug or version not in (None, fielded.version):
            message = N_("轮次 {wave} 用的是问卷 {slug} {version}，不是“{got}”")
            params = {"wave": wave_id, "slug": fielded.slug, "version": fielded.version, "got": slug}
            raise BadInput(Message(message, params))
        batch = issue_paper(
            session, keys, wave_id, area=area, count=forms, language=print_language, large=large, at=now(), by=acting()
        )
        document = print_batch(session, keys, wave_id, batch.id, rights=_rights(wave_id), interviewer=interviewer)
        return batch.id, document


def _rights(wave_id: int) -> str:
    return f"{public_url()}/rights/{wave_id}"


def _keys() -> "KeyRing":
    from survey.keys import KeyRing

    return KeyRing(folder=read_config().keys)


def _counts(counts: "BatchCounts") -> dict[str, Any]:
    batch = counts.batch
    return {
        "batch": batch.id,
        "area": batch.area,
        "printed": batch.printed,
        "issued": batch.issued,
        "returned": batch.returned,
        "valid": counts.valid,
        "void": counts.voided,
        "void_reasons": {reason.value: number for reason, number in counts.void.items()},
        "keyed_once": counts.keyed,
        "second_keying_waiting": counts.chosen + counts.differing,
        "not_keyed": counts.open,
    }


def _second(second: "SecondKeying") -> dict[str, Any]:
    fields = second.fields
    return {
        "forms": second.forms.compared,
        "forms_differing": second.forms.differing,
        "fields": fields.compared,
        "fields_differing": fields.differing,
        "disagreement": fields.proportion,
        "low": fields.low,
        "high": fields.high,
        "items": {
            one.item: {
                "compared": one.found.compared,
                "differing": one.found.differing,
                "low": one.found.low,
                "high": one.found.high,
            }
            for one in second.items
        },
    }
