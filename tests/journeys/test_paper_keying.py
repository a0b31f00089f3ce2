"""Paper forms as whoever keys them meets them: on a phone and on a desk, in both languages."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from survey.config import Config
from survey.factory import create_app
from survey.keys import KeyRing
from survey.roles import Role
from survey.store.accounts import add_account
from survey.store.database import Database
from tests.journeys.looking import look, look_in_both_languages, press
from tests.survey.paper_wave import PaperWave, open_paper

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "the numbers of the town"


@pytest.fixture
def paper(sqlite_database: Database, tmp_path: Path) -> PaperWave:
    return open_paper(sqlite_database, KeyRing(folder=tmp_path / "keys"))


@pytest.fixture
def url(sqlite_database: Database, tmp_path: Path, paper: PaperWave) -> Iterator[str]:
    """Where a site with the paper wave is served."""
    hashed = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    with sqlite_database.writing() as session:
        add_account(session, name="dudao", password_hash=hashed, role=Role.SUPERVISOR, at=datetime.now(UTC))
    config = Config(
        database_url=sqlite_database.url.render_as_string(),
        secret_key="a secret of these tests",
        admin_password=None,
        instance=tmp_path,
        keys=tmp_path / "keys",
    )
    server = make_server("127.0.0.1", 0, create_app(config, sqlite_database, lambda _: None), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def test_paper_is_keyed_on_any_screen(url: str, page: Page, paper: PaperWave) -> None:
    page.goto(f"{url}/sign-in")
    page.locator("#name").fill("dudao")
    page.locator("#password").fill(PASSWORD)
    press(page.locator("main button.govuk-button"))
    for address in ("", f"/{paper.batch.id}", f"/{paper.batch.id}/key"):
        page.goto(f"{url}/waves/{paper.wave}/paper{address}")
        look_in_both_languages(page)
    page.locator("input[name=serial]").fill(paper.serial(1))
    press(page.get_by_role("button", name="打开"))
    expect(page.locator("h1")).to_contain_text(paper.serial(1))
    look(page)
    page.locator("[name=q-S1]").fill("1")
    page.locator("[name=q-A1]").fill("7")
    press(page.get_by_role("button", name="保存"))
    expect(page.locator("main")).to_contain_text("请从列出的答案里选")
    look(page)
    page.locator("[name=q-A1]").fill("3")
    page.locator("[name=q-B1]").fill("1")
    page.locator("[name=q-B2]").fill("2")
    press(page.get_by_role("button", name="保存"))
    expect(page.get_by_role("status")).to_be_visible()
    look(page)
