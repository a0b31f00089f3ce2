"""The real site for whole walks: its own database, server and worker as processes, and a real browser."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.looking import DESKTOP

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "look at the numbers"


@dataclass(frozen=True, kw_only=True)
class RunningSite:
    """A served site and a worker with the demo city: waves 1 and 2 published, 3 in the field, 4 of villages, 5 a batch.

    ``password``: of the example's accounts, each named by its role.
    """

    url: str
    instance: Path
    environment: dict[str, str]
    password: str = ""

    def survey(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a verb against the same database."""
        command = [sys.executable, "-m", "survey", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    instance = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SURVEY_")} | {
        "SURVEY_INSTANCE": str(instance),
        "SURVEY_ADMIN_PASSWORD": PASSWORD,
        "SURVEY_LANGUAGE": "en",
    }
    running = RunningSite(url=f"http://127.0.0.1:{port}", instance=instance, environment=environment)
    for verb in (["init"], ["demo", "--scale", "small", "--json"]):
        done = running.survey(*verb)
        assert done.returncode == 0, done.stderr
    running = replace(running, password=json.loads(done.stdout)["accounts"][0]["password"])
    commands = (["serve", "--port", str(port)], ["worker"])
    processes = [_start(command, environment, instance / f"{command[0]}.log") for command in commands]
    try:
        _wait_until_healthy(running.url, instance / "serve.log")
        yield running
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(timeout=30)


def _start(command: list[str], environment: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "survey", *command], env=environment, stdout=output, stderr=subprocess.STDOUT
        )


def _wait_until_healthy(url: str, log: Path) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the site did not come up:\n{log.read_text()}")


expect.set_options(timeout=20_000)  # a busy machine is no reason to fail


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: run make test, which installs it")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A fresh browser profile; parametrise indirectly with ``(language tag, viewport)``."""
    tag, viewport = getattr(request, "param", ("zh-CN", DESKTOP))
    found = browser.new_context(locale=tag, viewport=viewport, accept_downloads=True)
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that fails its test when a script breaks or a rule of the Content-Security-Policy is hit."""
    found = context.new_page()
    found.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    return found


def sign_in(page: Page, site: RunningSite, name: str = "statistician") -> None:
    """As a person does: the form, by its labels."""
    page.goto(f"{site.url}/sign-in")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD if name == "admin" else site.password)
    page.locator("main button.govuk-button").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A walk makes its own site with the example in it: on a busy machine that alone takes minutes. Whatever opens a
    browser is told from the rest, marked or not.
    """
    for item in items:
        if item.path.parent == Path(__file__).parent:
            if not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(900))
            if "browser" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.browser)
