"""A site at work, to be destroyed and restored: a published wave, a drawn one, one at the doors, one online."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import func, select

from analysis.fieldwork.dispositions import Outcome
from survey.config import Config
from survey.factory import create_app
from survey.fieldwork.payloads import Ended
from survey.keys import KeyRing
from survey.roles import Role, Scope
from survey.store import accounts, estimates, reports, schema, sign_in_attempts
from survey.store.database import Database, open_database
from survey.store.inbox import PayloadState
from survey.store.waves import get_wave
from survey.workflow.build_report import build_report
from survey.workflow.close_wave import close_wave
from survey.workflow.publish_wave import publish_wave
from survey.workflow.sign_in import LIMIT_NAME_AT_ADDRESS, make_attempt
from survey.workflow.want_reports import WHOLE, want_reports
from tests.prepared import prepared
from tests.survey import answering, small_wave
from tests.survey.answering import Online
from tests.survey.conftest import import_answers, open_small_wave, run_estimates
from tests.survey.drawn_wave import drawn_wave
from tests.survey.field import Field, open_field
from tests.survey.pages.residents.phone import BY_CODE, Phone, answer_all, begin

AT = datetime(2026, 5, 5, 2, tzinfo=UTC)
SECRET = "a secret of these tests"
PASSWORD = "the numbers of the town"
Browser = Callable[[], Phone]


@dataclass(frozen=True, kw_only=True)
class Site:
    """``digest``: of the run of the ``published`` wave; ``report``: its PDF's id, ``waiting``: one that is wanted.

    ``unfinished``: the phone of a resident half-way; ``official``: a browser in which somebody has signed in.
    """

    config: Config
    keys: KeyRing
    published: int
    digest: str
    report: int
    pdf: bytes
    waiting: int
    drawn: int
    field: Field
    online: Online
    unfinished: Phone
    official: Phone
    counts: dict[str, int]

    def open(self) -> Database:
        return open_database(self.config.database_url)

    def survey(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        plain = {key: value for key, value in os.environ.items() if not key.startswith("SURVEY_")}
        settings = {
            "SURVEY_DATABASE_URL": self.config.database_url,
            "SURVEY_INSTANCE": str(self.config.instance),
            "SURVEY_KEYS": str(self.config.keys),
            "SURVEY_LANGUAGE": "zh_Hans",
        }
        command = [sys.executable, "-m", "survey", *arguments]
        return subprocess.run(command, env=plain | settings, capture_output=True, text=True, timeout=120)


def browser_of(config: Config, database: Database) -> Browser:
    app = create_app(config, database, lambda _: None)
    app.test_client_class = Phone

    def browser() -> Phone:
        client = app.test_client()
        assert isinstance(client, Phone)
        return client

    return browser


def count_rows(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in schema.METADATA.tables.items()
        }


@prepared
def publish(database: Database) -> tuple[int, str, int, bytes, int]:
    """Answers from a file, estimated, closed, published; one PDF built, another wanted."""
    wave = open_small_wave(database)
    import_answers(database, wave)
    run_estimates(database, wave)
    with database.writing() as session:
        close_wave(session, KeyRing(folder=Path("/nowhere")), wave, at=AT, by="tests")
        publish_wave(session, wave, at=AT, by="tests")
        record = get_wave(session, wave)
        built, waiting = (
            want_reports(session, record, choice=choice, language="zh_Hans", scope=Scope(), at=AT, by="official")[0]
            for choice in (WHOLE, small_wave.EAST)
        )
        run = estimates.standing_run(session, wave)
        assert run is not None
    assert build_report(database, built)
    with database.reading() as session:
        pdf = reports.load_pdf(session, built)
    assert pdf is not None
    return wave, run.digest, built, pdf, waiting


def add_people(database: Database) -> None:
    """An official; one whose account was closed; one whose name is locked after wrong passwords."""
    hashed = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    with database.writing() as session:
        for name in ("official", "closed", "guessed"):
            account = accounts.add_account(session, name=name, password_hash=hashed, role=Role.OFFICIAL, at=AT)
            accounts.set_active(session, account.id, name != "closed")
        attempt = make_attempt(name="guessed", address="127.0.0.1", secret_key=SECRET)
        for _ in range(LIMIT_NAME_AT_ADDRESS):
            sign_in_attempts.record_attempt(
                session,
                name_key=attempt.name_key,
                address_key=attempt.address_key,
                at=datetime.now(UTC),
                succeeded=False,
            )


def build_site(database: Database, folder: Path) -> Site:
    """A published wave with PDFs, a drawn one, one at the doors, one that residents answer online."""
    keys = KeyRing(folder=folder / "keys")
    config = Config(
        database_url=database.url.render_as_string(),
        secret_key=SECRET,
        admin_password=None,
        instance=folder / "instance",
        keys=keys.folder,
    )
    published, digest, report, pdf, waiting = publish(database)
    drawn = drawn_wave(database)
    field = open_field(database, keys)
    field.send(database, field.visit(field.east[0], Outcome.REFUSED_PERSON, occupied=True))
    assert field.send(database, field.interview(field.east[1])).state is PayloadState.PLACED
    field.send(database, field.interview(field.west[0], answers={"S1": 1}, ended=Ended.BREAK_OFF))
    online = answering.start(database, keys, codes=3)
    add_people(database)
    browser = browser_of(config, database)
    answer_all(begin(browser(), f"/a/{online.codes[0]}"), BY_CODE)
    unfinished = answer_all(begin(browser(), f"/a/{online.codes[1]}"), BY_CODE[:2])
    official = browser()
    assert official.sign_in("official", PASSWORD).status_code == 303
    return Site(
        config=config,
        keys=keys,
        published=published,
        digest=digest,
        report=report,
        pdf=pdf,
        waiting=waiting,
        drawn=drawn,
        field=field,
        online=online,
        unfinished=unfinished,
        official=official,
        counts=count_rows(database),
    )
