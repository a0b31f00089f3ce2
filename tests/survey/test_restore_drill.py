"""The drill, on both databases: a site at work is backed up, its database is destroyed, and everything comes back; with
the keys of its open waves, and without them.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from analysis.fieldwork.dispositions import Outcome
from survey.messages import Failure
from survey.store import estimates, reports, schema
from survey.store.database import Database, open_database
from survey.store.draws import standing_draw
from survey.store.interviews import read_interviews
from survey.store.visits import read_visits
from survey.store.wave_keys import find_key, find_sealer
from survey.workflow.build_report import build_report
from survey.workflow.check_keys import check_keys
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.estimate_wave import compute_estimates
from survey.workflow.verify_draw import verify_draw
from tests.survey.field import NOW
from tests.survey.pages.residents.phone import BY_CODE, Phone, answer_all, begin
from tests.survey.restored_site import AT, PASSWORD, Site, browser_of, build_site, count_rows

#: Backups have their tests in tests/survey/store; this is all of it together.
pytestmark = pytest.mark.slow


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return build_site(database, tmp_path)


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
    assert browser().go(f"/a/{site.online.codes[0]}").heading == "您家已经答过了"
    begun = moved(site.unfinished, browser())
    assert answer_all(begun.again(), BY_CODE[2:]).state == "complete"
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
