"""``survey instrument``: questionnaires from TOML and from XLSForm workbooks, and as these."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.output import Answer, language, verb
from survey.cli.site import now, open_current
from survey.roles import Permission

if TYPE_CHECKING:
    from questionnaires.definition import Questionnaire
    from questionnaires.item_bank import BankItem, Standard
    from survey.messages import Problem


@click.group()
def instrument() -> None:
    """Questionnaires."""


@instrument.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--against", metavar="VERSION", help="Say what changed against this stored or built-in version.")
@verb(needs=Permission.MANAGE_WAVES)
def check(file: Path, against: str | None) -> Answer:
    """Check an instrument FILE without storing it: what to look at twice, minutes, routes."""
    from questionnaires.fingerprint import questionnaire_fingerprint
    from questionnaires.review import review
    from questionnaires.versions import compare_versions
    from survey.cli import instrument_answers
    from survey.files.instrument_files import read_instrument
    from survey.workflow.add_instrument import refuse_reserved

    read = read_instrument(file)
    questionnaire = read.questionnaire
    refuse_reserved(questionnaire)
    found = review(questionnaire)
    fingerprint = questionnaire_fingerprint(questionnaire)
    comparison = compare_versions(find_here(questionnaire.slug, against), questionnaire) if against else None
    return Answer(
        document={
            "slug": questionnaire.slug,
            "version": questionnaire.version,
            "fingerprint": fingerprint,
            "items": len(questionnaire.items),
            "indicators": [indicator.code for indicator in questionnaire.indicators],
            "problems": [],
            "left_out": _left_out(read.left_out),
            **instrument_answers.review_document(found, language()),
            **({} if comparison is None else instrument_answers.comparison_document(comparison)),
        },
        lines=[
            f"{questionnaire.slug} {questionnaire.version}: {len(questionnaire.items)} items, "
            f"{len(questionnaire.indicators)} indicators, sha256 {fingerprint}",
            *_left_out_lines(read.left_out),
            *instrument_answers.review_lines(found, language()),
            *([] if comparison is None else instrument_answers.comparison_lines(comparison)),
        ],
    )


@instrument.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@verb(needs=Permission.MANAGE_WAVES)
def add(file: Path) -> Answer:
    """Add an instrument FILE (TOML or XLSForm); the same wording again is the same instrument."""
    from survey.workflow.add_instrument import add_instrument, check_instrument

    database = open_current()
    questionnaire = check_instrument(file)
    with database.writing() as session:
        record = add_instrument(session, questionnaire, at=now())
    return Answer(
        document={"slug": record.slug, "version": record.version, "fingerprint": record.fingerprint},
        lines=[f"{record.slug} {record.version} sha256 {record.fingerprint}"],
    )


@instrument.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write a TOML file instead of adding to the store.")
@verb(needs=Permission.MANAGE_WAVES)
def import_(file: Path, out: Path | None) -> Answer:
    """Add the questionnaire in an XLSForm workbook FILE, or write it as TOML; says what was left out."""
    from questionnaires.fingerprint import questionnaire_fingerprint
    from questionnaires.toml_text import to_toml
    from survey.cli.new_files import write_new
    from survey.files.instrument_files import read_instrument
    from survey.workflow.add_instrument import add_instrument

    read = read_instrument(file)
    questionnaire = read.questionnaire
    if out is not None:
        write_new(out, to_toml(questionnaire).encode())
    else:
        with open_current().writing() as session:
            add_instrument(session, questionnaire, at=now())
    fingerprint = questionnaire_fingerprint(questionnaire)
    return Answer(
        document={
            "slug": questionnaire.slug,
            "version": questionnaire.version,
            "fingerprint": fingerprint,
            "items": len(questionnaire.items),
            "left_out": _left_out(read.left_out),
            "file": None if out is None else str(out),
        },
        lines=[
            f"{questionnaire.slug} {questionnaire.version} sha256 {fingerprint}",
            *_left_out_lines(read.left_out),
            *([] if out is None else [str(out)]),
        ],
    )


@instrument.command("export")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--version", help="A stored version other than the one added last.")
@verb(needs=Permission.MANAGE_WAVES)
def export(slug: str, file: Path, version: str | None) -> Answer:
    """Write an instrument, stored or built in, to FILE as an XLSForm workbook (as TOML where FILE ends in .toml)."""
    from questionnaires.fingerprint import questionnaire_fingerprint
    from questionnaires.toml_text import to_toml
    from survey.cli.new_files import write_new
    from survey.files.instrument_files import xlsform_workbook

    questionnaire = find_here(slug, version)
    as_toml = file.suffix.lower() == ".toml"
    write_new(file, to_toml(questionnaire).encode() if as_toml else xlsform_workbook(questionnaire))
    return Answer(
        document={
            "slug": questionnaire.slug,
            "version": questionnaire.version,
            "fingerprint": questionnaire_fingerprint(questionnaire),
            "items": len(questionnaire.items),
            "file": str(file),
        },
        lines=[f"{questionnaire.slug} {questionnaire.version}: {file}"],
    )


def find_here(slug: str, version: str | None) -> "Questionnaire":
    """What comes with the program needs no database."""
    from questionnaires.loading import BUILT_IN
    from survey.messages import SurveyError
    from survey.workflow.export_instrument import find_questionnaire

    try:
        database = open_current()
    except SurveyError:
        if slug not in BUILT_IN:
            raise
        return find_questionnaire(None, slug, version)
    with database.reading() as session:
        return find_questionnaire(session, slug, version)


def _left_out(notes: "Sequence[Problem]") -> list[dict[str, str]]:
    from survey.i18n import render

    return [
        {"row": note.where, "column": note.column, "got": note.got, "note": render(note.expected, language())}
        for note in notes
    ]


def _left_out_lines(notes: "Sequence[Problem]") -> list[str]:
    return ["  ".join(part for part in note.values() if part) for note in _left_out(notes)]


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


@instrument.command("standards")
@verb(needs=Permission.MANAGE_WAVES)
def standards() -> Answer:
    """Assessment standards and the built-in items that measure them; what either side leaves open."""
    from questionnaires.item_bank import item_bank

    bank, tongue = item_bank(), language()
    not_covered = [standard.id for standard in bank.not_covered]
    without_standard = [item.name for item in bank.without_standard]
    return Answer(
        document={
            "standards": [_standard(standard, tongue) for standard in bank.standards],
            "not_covered": not_covered,
            "without_standard": without_standard,
            "items": [_bank_item(item, tongue) for item in bank.items],
        },
        lines=[
            *(
                f"{standard.id}\t{standard.title.in_language(tongue)}\t{_names(item.name for item in standard.items)}"
                for standard in bank.standards
            ),
            f"standards without an item: {_names(not_covered)}",
            f"items without a standard: {_names(without_standard)}",
            "numbers and versions not given are for the city to fill in",
        ],
    )


def _standard(standard: "Standard", tongue: str) -> dict[str, Any]:
    """A number or version that a city has to fill in is ``None``."""
    return {
        "id": standard.id,
        "source": standard.source.title.in_language(tongue),
        "version": standard.source.version or None,
        "number": standard.number or None,
        "title": standard.title.in_language(tongue),
        "methods": [str(method) for method in standard.methods],
        "items": [item.name for item in standard.items],
    }


def _bank_item(item: "BankItem", tongue: str) -> dict[str, Any]:
    return {
        "item": item.name,
        "also": ["/".join(place) for place in item.places[1:]],
        "indicators": list(item.indicators),
        "text": item.text.in_language(tongue),
    }


def _names(names: Iterable[str]) -> str:
    return " ".join(names) or "-"
