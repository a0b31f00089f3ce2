"""The drill, on both databases: a site at work is backed up, its database is destroyed, and everything comes back; with
the keys of its open waves, and without them.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import func, select, text

from analysis.fieldwork.dispositions import Outcome
from survey.config import Config
from survey.factory import create_app
from survey.fieldwork.payloads import Ended
from survey.keys import KeyRing
from survey.messages import Failure
from survey.roles import Role, Scope
from survey.store import accounts, estimates, reports, schema, sign_in_attempts
from survey.store.database import Database, open_database
from survey.store.draws import standing_draw
from survey.store.inbox import PayloadState
from survey.store.interviews import read_interviews
from survey.store.visits import read_visits
from survey.store.wave_keys import find_key, find_sealer
from survey.store.waves import get_wave
from survey.workflow.build_report import build_report
from survey.workflow.check_keys import check_keys
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.estimate_wave import compute_estimates
from survey.workflow.publish_wave import publish_wave
from survey.workflow.sign_in import LIMIT_NAME_AT_ADDRESS, make_attempt
from survey.workflow.verify_draw import verify_draw
from survey.workflow.want_reports import WHOLE, want_reports
from tests.survey import answering, small_wave
from tests.survey.answering import Online
from tests.survey.conftest import import_answers, open_small_wave, run_estimates
from tests.survey.drawn_wave import drawn_wave
from tests.survey.field import NOW, Field, open_field
from tests.survey.pages.residents.phone import BY_CODE, Phone, answer_all, begin

#: Backups have their tests in tests/survey/store; this is all of it together.
pytestmark = pytest.mark.slow
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


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    """A published wave with PDFs, a drawn one, one at the doors, one that residents answer online."""
    keys = KeyRing(folder=tmp_path / "keys")
    config = Config(
        database_url=database.url.render_as_string(),
        secret_key=SECRET,
        admin_password=None,
        instance=tmp_path / "instance",
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


@pytest.fixture
def restored(site: Site, database: Database, tmp_path: Path) -> Iterator[Database]:
    """Backed up with the verb, the database destroyed, restored into an empty one with the verb."""
    backup = tmp_path / "backups" / "survey.backup"
    backup.parent.mkdir()
    assert site.survey("backup", str(backup)).returncode == 0
    destroy(database)
    with pytest.raises(Failure, match="survey init"):
        schema.require_current(database)
    said = site.survey("restore", str(backup), "--json")
    assert said.returncode == 0, said.stderr
    document = json.loads(said.stdout)
    assert document["before"] is None
    assert (document["keys"]["present"], document["keys"]["missing"]) == (2, [])
    opened = open_database(site.config.database_url)
    yield opened
    opened.close()


def destroy(database: Database) -> None:
    """Gone, as after a disk that broke or a hand that slipped."""
    database.close()
    if database.path:
        for path in database.path.parent.glob(f"{database.path.name}*"):
            path.unlink()
        return
    with database.migrating() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def moved(old: Phone, new: Phone) -> Phone:
    """The same browser, with its cookies, at the restored site."""
    new._cookies = old._cookies  # the test client has no other way to hand them on
    return new


def test_with_the_keys_everything_goes_on(site: Site, restored: Database) -> None:
    assert count_rows(restored) == site.counts
    what_was_published_stands(site, restored)
    what_is_sealed_opens(site, restored)
    residents_and_staff_go_on(site, restored)
    waves_end(site, restored)


def what_was_published_stands(site: Site, database: Database) -> None:
    """Estimates are the same, and are found again from the answers; the PDF is the same to the byte."""
    with database.reading() as session:
        run = estimates.standing_run(session, site.published)
        assert run is not None
        assert run.digest == site.digest
        assert reports.load_pdf(session, site.report) == site.pdf
        again = compute_estimates(
            session, site.keys, site.published, by_level=run.by_level, code_version="tests", at=AT, by="tests"
        )
        assert again.estimates == estimates.load_estimates(session, run.id)
        draw = standing_draw(session, site.drawn)
        assert draw is not None
        assert verify_draw(session, draw.id).cases == draw.cases
    assert build_report(database, site.waiting), "what was wanted is still wanted"


def what_is_sealed_opens(site: Site, database: Database) -> None:
    field = site.field
    with database.reading() as session:
        sealer = find_sealer(session, site.keys, field.wave)
        assert sealer is not None
        (visit,) = read_visits(session, sealer, field.wave)
        assert (visit.payload.case, visit.payload.outcome) == (field.east[0], Outcome.REFUSED_PERSON)
        held = {found.payload.case for found in read_interviews(session, sealer, field.wave)}
        assert held == {field.east[1], field.west[0]}


def residents_and_staff_go_on(site: Site, database: Database) -> None:
    """Codes that were used stay used, questionnaires that were begun go on, sessions and locks are as they were."""
    browser = browser_of(site.config, database)
    assert browser().go(f"/a/{site.online.codes[0]}").heading == "这个填答码已经用过了"
    begun = moved(site.unfinished, browser())
    assert begun.go("/questionnaire").status == 200
    assert answer_all(begun, BY_CODE[2:]).state == "complete"
    assert answer_all(begin(browser(), f"/a/{site.online.codes[2]}"), BY_CODE).state == "complete"
    assert browser().go(f"/a/{site.online.codes[2]}").status == 409
    still_in = moved(site.official, browser())
    assert still_in.get(f"/reports/{site.report}.pdf").data == site.pdf
    assert browser().sign_in("official", PASSWORD).status_code == 303
    assert browser().sign_in("closed", PASSWORD).status_code == 422
    assert browser().sign_in("guessed", PASSWORD).status_code == 429


def waves_end(site: Site, database: Database) -> None:
    """The restored key closes its wave, and is destroyed with it."""
    for wave in (site.field.wave, site.online.wave):
        with database.writing() as session:
            key = find_key(session, wave)
            assert key is not None
            close_wave(session, site.keys, wave, at=NOW, by="tests")
        assert destroy_keys(database, site.keys) == 1
        assert not site.keys.holds(key.key_id)
    assert site.survey("keys").returncode == 0


def test_without_the_keys_it_is_said_what_is_lost(site: Site, restored: Database, tmp_path: Path) -> None:
    site.keys.folder.rename(tmp_path / "lost")
    assert count_rows(restored) == site.counts, "nothing else is lost"
    what_was_published_stands(site, restored)
    said = site.survey("keys", "--json")
    assert said.returncode == 1
    with restored.reading() as session:
        lost = {each.wave_id: each for each in check_keys(session, site.keys).lost}
    assert lost.keys() == {site.field.wave, site.online.wave}
    field, online = lost[site.field.wave], lost[site.online.wave]
    assert (field.payloads, field.drafts, field.codes, field.answers) == (3, 0, 0, 1)
    assert (online.payloads, online.drafts, online.codes, online.answers) == (1, 1, 2, 1)
    words = site.survey("keys").stdout
    assert f"没有轮次 {site.field.wave} 的密钥" in words
    assert "3 份到访与访问记录、0 份未完成的问卷、0 个未用的填答码打不开" in words
    assert "1 份到访与访问记录、1 份未完成的问卷、2 个未用的填答码打不开" in words

    browser = browser_of(site.config, restored)
    assert browser().sign_in("official", PASSWORD).status_code == 303
    for wave in (site.field.wave, site.online.wave):
        with pytest.raises(Failure, match="SURVEY_KEYS"), restored.writing() as session:
            close_wave(session, site.keys, wave, at=NOW, by="tests")
    assert browser().go(f"/a/{site.online.codes[2]}").status == 503, "later, when the copy is back"

    # A copy that was kept elsewhere puts all of it right.
    (tmp_path / "lost").rename(site.keys.folder)
    assert site.survey("keys").returncode == 0
    what_is_sealed_opens(site, restored)
    assert answer_all(begin(browser(), f"/a/{site.online.codes[2]}"), BY_CODE).state == "complete"


def test_the_key_of_a_closed_wave_that_comes_back_is_said(site: Site, database: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(site.keys.folder, copy)
    with database.writing() as session:
        close_wave(session, site.keys, site.online.wave, at=NOW, by="tests")
        key = find_key(session, site.online.wave)
    assert key is not None
    destroy_keys(database, site.keys)
    assert site.survey("keys").returncode == 0
    shutil.copy(copy / f"{key.key_id}.key", site.keys.folder)
    (site.keys.folder / f"{'0' * 32}.key").write_bytes(bytes(32))
    said = site.survey("keys")
    assert said.returncode == 1
    assert f"{key.key_id}.key 的轮次已经结束" in said.stdout
    with database.reading() as session:
        found = check_keys(session, site.keys)
    # There are the key of the wave still open, and the site's own: withdrawal codes of a closed wave stand under it.
    assert (found.present, found.stale, found.unknown) == (2, (key.key_id,), ("0" * 32,))
