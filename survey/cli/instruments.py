"""``survey instrument``: questionnaires from TOML."""

from pathlib import Path

import click

from survey.cli.output import Answer, language, verb
from survey.cli.site import now, open_current
from survey.roles import Permission


@click.group()
def instrument() -> None:
    """Questionnaires."""


@instrument.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@verb(needs=Permission.MANAGE_WAVES)
def check(file: Path) -> Answer:
    """Check an instrument FILE without storing it."""
    from questionnaires.fingerprint import questionnaire_fingerprint
    from survey.workflow.add_instrument import check_instrument

    questionnaire = check_instrument(file)
    fingerprint = questionnaire_fingerprint(questionnaire)
    return Answer(
        document={
            "slug": questionnaire.slug,
            "version": questionnaire.version,
            "fingerprint": fingerprint,
            "items": len(questionnaire.items),
            "indicators": [indicator.code for indicator in questionnaire.indicators],
            "problems": [],
        },
        lines=[
            f"{questionnaire.slug} {questionnaire.version}: {len(questionnaire.items)} items, "
            f"{len(questionnaire.indicators)} indicators, sha256 {fingerprint}"
        ],
    )


@instrument.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@verb(needs=Permission.MANAGE_WAVES)
def add(file: Path) -> Answer:
    """Add an instrument FILE; the same wording again is the same instrument."""
    from survey.workflow.add_instrument import add_instrument, check_instrument

    database = open_current()
    questionnaire = check_instrument(file)
    with database.writing() as session:
        record = add_instrument(session, questionnaire, at=now())
    return Answer(
        document={"slug": record.slug, "version": record.version, "fingerprint": record.fingerprint},
        lines=[f"{record.slug} {record.version} sha256 {record.fingerprint}"],
    )


@instrument.command("list")
@verb(needs=Permission.MANAGE_WAVES)
def list_() -> Answer:
    """List the stored instruments, and the built-in ones not added yet."""
    from questionnaires.loading import BUILT_IN, from_document
    from survey.store.instruments import list_instruments

    with open_current().reading() as session:
        records = list_instruments(session)
    titles = {record.id: from_document(record.document).title.in_language(language()) for record in records}
    missing = {slug: path for slug, path in BUILT_IN.items() if slug not in {r.slug for r in records}}
    return Answer(
        document={
            "instruments": [
                {
                    "slug": record.slug,
                    "version": record.version,
                    "title": titles[record.id],
                    "fingerprint": record.fingerprint,
                }
                for record in records
            ],
            "built_in": [{"slug": slug, "file": str(path)} for slug, path in missing.items()],
        },
        lines=[
            *(f"{record.slug}\t{record.version}\t{titles[record.id]}" for record in records),
            *(f"{slug}\tnot added: survey instrument add {path}" for slug, path in missing.items()),
        ],
    )
