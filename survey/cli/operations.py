"""``survey init | serve | worker | backup | restore | upgrade``: keeping it going."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.cli.output import Answer, verb
from survey.cli.site import now, open_current
from survey.config import Config, read_config
from survey.messages import N_, Conflict, Failure, Message
from survey.roles import Permission

if TYPE_CHECKING:
    from survey.store.database import Database
    from survey.workflow.rekey_invitations import Rekeyed

ADMINISTRATOR = "admin"
SIGN_IN_FILE = "first-sign-in.txt"


@click.command()
@click.option("--make-sign-in", is_flag=True, help=f"Without that password make one up, kept in {SIGN_IN_FILE}.")
@verb(needs=Permission.OPERATE)
def init(make_sign_in: bool) -> Answer:
    """Make the database, add the built-in instruments and, from SURVEY_ADMIN_PASSWORD, the first administrator."""
    return initialise(read_config(), make_sign_in=make_sign_in)


def initialise(config: Config, *, make_sign_in: bool) -> Answer:
    """What ``survey init`` does and answers."""
    from survey.account_rules import check_new_password
    from survey.store.database import open_database
    from survey.store.schema import migrate, require_current, revision

    database = open_database(config.database_url)
    fresh = revision(database) is None
    if fresh:
        if config.admin_password is not None:
            check_new_password(config.admin_password, ADMINISTRATOR)
        migrate(database)
    require_current(database)
    added, taken = _add_built_in()
    administrator = _add_administrator(config.admin_password or (_made_up(config) if make_sign_in else None))
    sign_in = _sign_in(config) if make_sign_in else None
    shown = database.url.render_as_string(hide_password=True)
    lines = [f"database {shown}: {'made' if fresh else 'is there'}", *(f"instrument {slug}" for slug in added)]
    return Answer(
        document={
            "database": shown,
            "created": fresh,
            "revision": revision(database),
            "instruments": added,
            "taken_versions": taken,
            "administrator": administrator,
            "sign_in": sign_in,
        },
        lines=[
            *lines,
            *_taken(taken),
            *([f"administrator {administrator}"] if administrator else []),
            *([sign_in] if sign_in else []),
        ],
    )


def _made_up(config: Config) -> str | None:
    """A password for the first administrator, in a file only this user can read; ``None``: there are accounts."""
    from survey.store.accounts import count_accounts

    with open_current().reading() as session:
        if count_accounts(session):
            return None
    password = secrets.token_urlsafe(12)
    path = config.instance / SIGN_IN_FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"{ADMINISTRATOR} {password}\n", "utf-8")
    except OSError as error:
        reason = {"path": path, "reason": error.strerror or type(error).__name__}
        raise Failure(Message(N_("写不了 {path}：{reason}"), reason)) from error
    return password


def _sign_in(config: Config) -> str:
    """How to sign in, as far as it is known here."""
    path = config.instance / SIGN_IN_FILE
    if config.admin_password is not None or not path.is_file():
        return f"sign in as {ADMINISTRATOR} with the password that was set (SURVEY_ADMIN_PASSWORD)"
    name, _, password = path.read_text("utf-8").strip().partition(" ")
    return f"sign in as {name}, password {password} (kept in {path})"


def _add_built_in() -> tuple[list[str], list[str]]:
    """The slugs of the built-in instruments that are stored now, and ``slug version`` of the others: a city has a
    questionnaire of its own under that version.
    """
    from questionnaires.loading import BUILT_IN
    from survey.workflow.add_instrument import add_instrument, check_instrument

    added, taken = [], []
    with open_current().writing() as session:
        for slug, path in BUILT_IN.items():
            questionnaire = check_instrument(path)
            try:
                add_instrument(session, questionnaire, at=now())
                added.append(slug)
            except Conflict:
                taken.append(f"{slug} {questionnaire.version}")
    return added, taken


def _taken(versions: list[str]) -> list[str]:
    return [
        f"instrument {one}: this version is one of your own here, the built-in one is not added" for one in versions
    ]


def _add_administrator(password: str | None) -> str | None:
    """The name of the first administrator if one was made: only while there is no account."""
    from survey.roles import Role
    from survey.store.accounts import count_accounts
    from survey.workflow.add_account import add_account

    if password is None:
        return None
    with open_current().writing() as session:
        if count_accounts(session):
            return None
        return add_account(session, name=ADMINISTRATOR, password=password, role=Role.ADMINISTRATOR, at=now()).name


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Server processes.")
@verb(needs=Permission.OPERATE)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site until it is stopped."""
    from survey.serving import serve_site

    open_current().close()
    _add_administrator(read_config().admin_password)
    serve_site(read_config(), host=host, port=port, workers=workers)


@click.command()
@verb(needs=Permission.OPERATE)
def worker() -> None:
    """Build reports until it is stopped."""
    from survey.jobs.worker import run_worker

    run_worker(read_config())


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@verb(needs=Permission.OPERATE)
def backup(file: Path) -> Answer:
    """Write the whole database to FILE."""
    from survey.store.backups import backup as write_backup

    write_backup(open_current(), file)
    size = file.stat().st_size
    return Answer(document={"backup": str(file), "bytes": size}, lines=[f"{file}: {size} bytes"])


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@verb(needs=Permission.OPERATE)
def restore(file: Path) -> Answer:
    """Put the database back to what FILE holds; what was there is kept beside it."""
    from survey.cli.keys import find_keys, problem_text
    from survey.store.backups import restore as read_backup
    from survey.store.database import open_database
    from survey.store.schema import pending

    database = open_database(read_config().database_url)
    kept = read_backup(database, file)
    kept_text = str(kept) if kept else None
    lines = [f"restored {file}", *([f"what was there before: {kept_text}"] if kept_text else [])]
    deleted = 0
    if pending(database):
        lines.append("the backup is of an earlier version: survey upgrade, then survey keys")
        document = None
    else:
        deleted = _take_out(database)
        # What the rows were is scrubbed by the worker, which starts after a restore.
        rekeyed = _rekey(read_config(), database)
        lines += [*_deleted(deleted), *_unread(rekeyed.unread)]
        found = find_keys(database)
        lines += [problem_text(problem) for problem in found.problems]
        document = found.document
    answer = {"restored": str(file), "before": kept_text, "deleted_again": deleted, "keys": document}
    return Answer(document=answer, lines=lines)


def _take_out(database: "Database") -> int:
    """Answers that were withdrawn do not come back with a backup; how many of them did."""
    from survey.keys import KeyRing
    from survey.workflow.take_out_withdrawn import take_out_withdrawn

    with database.writing() as session:
        return take_out_withdrawn(session, KeyRing(folder=read_config().keys))


def _deleted(count: int) -> list[str]:
    return [f"withdrawn answers that were in it, deleted again: {count}"] if count else []


@click.command()
@verb(needs=Permission.OPERATE)
def upgrade() -> Answer:
    """Bring the database to this program's version; a backup is made first."""
    from survey.store.backups import upgrade_with_backup
    from survey.store.database import open_database
    from survey.store.schema import revision

    config = read_config()
    database = open_database(config.database_url)
    before = revision(database)
    kept = upgrade_with_backup(database, config.instance / "backups")
    after = revision(database)
    # What protects residents comes before all that can be refused.
    rekeyed = _rekey(config, database)
    deleted = _take_out(database)
    _, taken = _add_built_in()
    scrubbed = _scrub_what_is_owed(config, database, kept)
    done = f", backup {kept}" if kept else "" if rekeyed.codes or scrubbed else ", nothing to do"
    lines = [f"database at {after}{done}", *_deleted(deleted)]
    if scrubbed:
        too = f", {kept} too" if kept else ""
        what = f"{rekeyed.codes} codes" if rekeyed.codes else "codes"
        lines.append(f"{what} of letters are kept under their wave's key now: delete older backups{too}")
    lines += _unread(rekeyed.unread)
    return Answer(
        document={
            "from": before,
            "to": after,
            "backup": str(kept) if kept else None,
            "rekeyed": rekeyed.codes,
            "delete_older_backups": scrubbed,
            "unread": list(rekeyed.unread),
            "deleted_again": deleted,
            "taken_versions": taken,
        },
        lines=[*lines, *_taken(taken)],
    )


def _rekey(config: Config, database: "Database") -> "Rekeyed":
    """Letters as an earlier version kept them."""
    from survey.keys import KeyRing
    from survey.store.owed_scrubs import OwedScrub
    from survey.workflow.rekey_invitations import rekey_letters

    return rekey_letters(database, KeyRing(folder=config.keys), OwedScrub(config.instance))


def _scrub_what_is_owed(config: Config, database: "Database", backup: Path | None) -> bool:
    """Whether what rewritten rows were is gone from the files of the database now."""
    from survey.store.owed_scrubs import OwedScrub

    try:
        return OwedScrub(config.instance).pay(database)
    except Failure as error:
        message = N_(
            "信件的填答码已经改存，但数据库文件里还有改前的内容（{reason}）。"
            "等别的程序读完，再运行一次 survey upgrade；以前的备份都要删除（刚做的：{backup}）"
        )
        raise Failure(Message(message, {"reason": error.message, "backup": backup or "–"})) from error


def _unread(waves: Sequence[int]) -> list[str]:
    return [
        f"wave {wave}: no key to be read; put it back and run survey upgrade: its letters lead nowhere until then"
        for wave in waves
    ]
