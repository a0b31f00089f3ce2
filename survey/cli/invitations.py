"""``survey invitation sheet``: letters to the drawn dwellings of a community, each with a new one-time code."""

import os
from pathlib import Path

import click

from survey.cli.output import Answer, verb
from survey.cli.site import RECORD_ID, now, open_current, public_url
from survey.config import read_config
from survey.roles import Permission


@click.group()
def invitation() -> None:
    """Invitations to answer online: sealed letters with a one-time code for drawn dwellings."""


@invitation.command("sheet")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option("--area", metavar="CODE", required=True, help="Code of the community.")
@click.option("--out", "path", metavar="F.pdf", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--reprint", is_flag=True, help="Print again: the codes printed before become void.")
@verb(needs=Permission.DRAW)
def sheet(wave_id: int, area: str, path: Path, reprint: bool) -> Answer:
    """Print a letter for each drawn dwelling of a community, also where somebody has answered: one sheet, folded twice.

    Whoever has answered is thanked and finds that out when they type the new code; no sheet tells who it is.
    The codes are in the file and nowhere else: print it, put the letters into envelopes, delete it.
    """
    from survey.keys import KeyRing
    from survey.public_address import parse_public_url
    from survey.reports.letter_pdf import print_letters
    from survey.reports.letter_sheets import compose_letters
    from survey.reports.pdf import require_typesetter
    from survey.units import address_line
    from survey.workflow.issue_invitations import issue_invitations

    config = read_config()
    public = parse_public_url(config.public_url)
    site = public_url()
    require_typesetter()
    _reserve(path)
    try:
        with open_current().writing() as session:
            keys = KeyRing(folder=config.keys)
            made = issue_invitations(session, keys, wave_id, community=area, reprint=reprint, at=now())
            document = compose_letters(
                [(address_line(letter.unit.address), letter.code) for letter in made.letters],
                community=made.community.name,
                details=made.wave.details,
                introduction=made.introduction,
                entrance=f"{site}/a",
                rights=f"{site}/rights/{wave_id}",
            )
        pdf, missing = print_letters(document)
        path.write_bytes(pdf.content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    answer = {
        "wave": wave_id,
        "area": area,
        "file": str(path),
        "letters": len(made.letters),
        "revoked": made.revoked,
        "missing_characters": missing,
        "address": document.entrance,
    }
    return Answer(document=answer, lines=_lines(answer, public is None))


def _lines(answer: dict[str, object], local: bool) -> list[str]:
    lines = [f"{answer['file']}: {answer['letters']} letters; the codes are in this file and nowhere else"]
    lines += [f"{answer['revoked']} codes printed before are void"] if answer["revoked"] else []
    lines += [f"printed as □, not in the font: {answer['missing_characters']}"] if answer["missing_characters"] else []
    lines += [f"SURVEY_PUBLIC_URL is not set: the letters lead to {answer['address']}, this machine"] if local else []
    return lines


def _reserve(path: Path) -> None:
    """An empty file for its owner's eyes, before any code is made; refuses one that is there."""
    from survey.messages import N_, Conflict, Failure, Message

    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise Conflict(Message(N_("{file} 已经存在：请换一个文件名"), {"file": path})) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Failure(Message(N_("写不了文件 {file}：{reason}"), {"file": path, "reason": reason})) from error
