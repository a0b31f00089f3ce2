"""The shape of the database: which revision it has, which this program needs, and the way from one to the other."""

import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from survey.messages import N_, Failure, Message

# Each noun's module brings its tables; alembic and the tests see all of them through METADATA.
from survey.store import (  # noqa: F401 - imported for their tables
    account_tokens,
    accounts,
    action_types,
    areas,
    assignments,
    cases,
    changes,
    disposition_counts,
    drafts,
    draw_commitments,
    draw_reviews,
    draws,
    estimates,
    fieldwork_counts,
    frozen_groups,
    header_maps,
    imports,
    inbox,
    instrument_drafts,
    instruments,
    invitations,
    ledger_visits,
    open_link_signs,
    open_links,
    outreach_actions,
    outreach_comments,
    outreach_plans,
    outreach_work,
    paper_batches,
    paper_forms,
    receipts,
    recordings,
    replicate_releases,
    reports,
    response_factors,
    responses,
    sample_plans,
    sign_in_attempts,
    suggestion_marks,
    suggestions,
    team_draws,
    team_exceptions,
    units,
    wave_keys,
    waves,
    weight_versions,
    withdrawals,
    worker_signs,
)
from survey.store.database import Database
from survey.store.failures import as_failures
from survey.store.tables import Base

METADATA = Base.metadata
MIGRATIONS = Path(__file__).parent / "migrations"


def revision(database: Database) -> str | None:
    """The revision of the database; ``None`` when it has no tables, or on SQLite no file."""
    if database.path and not database.path.exists():
        return None
    with as_failures(), database.engine.connect() as connection:
        return revision_of(connection)


def newest_revision() -> str:
    """The revision this program needs."""
    revisions = _revisions(MIGRATIONS)
    (newest,) = revisions.keys() - revisions.values()
    return newest


def known_revisions() -> frozenset[str]:
    """Every revision this program can work up from."""
    return frozenset(_revisions(MIGRATIONS))


@cache
def _revisions(migrations: Path) -> Mapping[str, str | None]:
    """Each revision and the one before it, read once from the first lines of each of the ``migrations``.

    Alembic could tell, but every verb asks, and alembic takes half a second and 12 MB to import.
    """
    found: dict[str, str | None] = {}
    for path in sorted((migrations / "versions").glob("*.py")):
        named = dict(
            re.findall(r'^(revision|down_revision)(?:: [^=\n]+)? = (?:"(\w+)"|None)$', path.read_text("utf-8"), re.M)
        )
        found[named["revision"]] = named["down_revision"] or None
    return found


def pending(database: Database) -> bool:
    """Whether migrations are to be run; also true for a revision this program does not know."""
    return revision(database) != newest_revision()


def require_current(database: Database) -> None:
    """Raises :class:`Failure` unless the database has exactly the revision this program needs."""
    has, needs = revision(database), newest_revision()
    if has is None:
        raise Failure(Message(N_("数据库还没有建立；请先运行 survey init")))
    if has not in known_revisions():
        raise Failure(unknown_revision(has))
    if has != needs:
        raise Failure(
            Message(
                N_("数据库的版本是 {got}，程序需要 {expected}；请运行 survey upgrade"),
                {"got": has, "expected": needs},
            )
        )


def migrate(database: Database, *, before_upgrade: Callable[[], None] | None = None) -> None:
    """Create the database or bring it up to date, in one transaction: it is done whole or not at all.

    ``before_upgrade`` is called under the write lock when there is something to lose: tables of an older revision.
    """
    create_file(database)
    with database.write_lock(), database.migrating() as connection:
        has = revision_of(connection)
        if has is not None and has not in known_revisions():
            raise Failure(unknown_revision(has))
        if before_upgrade and has is not None and has != newest_revision():
            before_upgrade()
        run_migrations(connection, "head")


def run_migrations(connection: Connection, to: str) -> None:
    """Work up to the revision ``to`` inside the caller's transaction, see :meth:`Database.migrating`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def revision_of(connection: Connection) -> str | None:
    """As :func:`revision`, inside a transaction."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def unknown_revision(got: str) -> Message:
    return Message(N_("数据库的版本是 {got}，这个程序不认识；它可能由更新的程序建立，请先更新程序"), {"got": got})


def create_file(database: Database) -> None:
    """On SQLite an empty file where there is none, private to its owner, and its folder."""
    if database.path is None:
        return
    try:
        database.path.parent.mkdir(parents=True, exist_ok=True)
        # Answers and password hashes: nobody else on the machine reads them. SQLite's own files beside it follow.
        os.close(os.open(database.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise Failure(
            Message(
                N_("不能建立数据库文件 {file}（{detail}）；请检查文件夹的权限"),
                {"file": str(database.path), "detail": error.strerror or str(error)},
            )
        ) from error
