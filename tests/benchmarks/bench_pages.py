"""What the pages of the demo cost the server: link by link from each role's home, and signed out from the front page.

A link that leads nowhere stops the walk. In one process without a network: what is counted is the site's own work and,
a millisecond a page, the client's.
"""

import re
import statistics
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import RequestRedirect

from survey.config import read_config
from survey.factory import create_app
from survey.roles import Role
from survey.store.database import open_database
from tests.benchmarks.measurement import Measurement, at_most, command_cpu

LIMIT = 150  # ms CPU, of any page
PASSWORD = "measured and weighed"
#: Of pages that differ in their record alone so many are looked at: the first that a link leads to.
SAMPLES = 4
TIMES = 3
SIGNED_OUT = "signed out"
PLACES = (SIGNED_OUT, *(role.value for role in Role))

LINKS = re.compile(r'<a\s[^>]*?href="([^"]+)"')
FORMS = re.compile(r'<form\s[^>]*?method="get"[^>]*?action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
SELECTS = re.compile(r'<select\s[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
OPTIONS = re.compile(r'<option\s[^>]*?value="([^"]*)"')


@dataclass(frozen=True, kw_only=True)
class Page:
    """``seconds``: CPU of a request once it is warm."""

    address: str
    rule: str
    seconds: float


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name:
        environment = {"SURVEY_INSTANCE": name, "SURVEY_ADMIN_PASSWORD": PASSWORD}
        command_cpu("demo", "--scale", "full", environment=environment)
        config = read_config(environment)
        app = create_app(config, open_database(config.database_url), lambda _: None)
        walked = {who: walk(app, who) for who in PLACES}
    slowest = {who: max(pages, key=lambda page: page.seconds) for who, pages in walked.items()}
    return [
        Measurement(name="pages of the demo walked", value=sum(map(len, walked.values())), unit="pages"),
        *(
            at_most(f"slowest page, {who}: {page.rule}", page.seconds * 1000, "ms CPU", LIMIT)
            for who, page in slowest.items()
        ),
    ]


def walk(app: Flask, who: str) -> list[Page]:
    """Every page that links lead ``who`` to, a few of each kind."""
    browser = _sign_in(app, who)
    waiting, known, kinds = deque(["/"]), {"/"}, Counter[tuple[str, frozenset[str]]]()
    pages: list[Page] = []
    while waiting:
        address = waiting.popleft()
        rule = _rule(app, address)
        if rule is None:
            continue
        kind = (rule, frozenset(name for name, _ in parse_qsl(urlsplit(address).query)))
        kinds[kind] += 1
        if kinds[kind] > SAMPLES:
            continue
        found = _look(browser, address, who)
        if found is None:
            continue
        seconds, text, landed = found
        pages.append(Page(address=landed, rule=_rule(app, landed) or rule, seconds=seconds))
        for target in _targets(landed, text):
            if target not in known:
                known.add(target)
                waiting.append(target)
    return pages


def _sign_in(app: Flask, who: str) -> FlaskClient:
    browser = app.test_client()
    if who == SIGNED_OUT:
        return browser
    page = "/sign-in" if who == Role.ADMINISTRATOR else "/"
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)[0]
    form = {"csrf_token": token, "name": "admin", "password": PASSWORD}
    reply = browser.post(page if who == Role.ADMINISTRATOR else f"/try/{who}", data=form)
    if reply.status_code != 303:
        raise RuntimeError(f"{who} cannot sign in: {reply.status_code}")
    return browser


def _rule(app: Flask, address: str) -> str | None:
    """The rule of a page; ``None`` for style sheets and the like."""
    try:
        rule, _ = app.url_map.bind("localhost").match(urlsplit(address).path, return_rule=True)
    except RequestRedirect:
        return None
    except Exception as error:
        raise RuntimeError(f"the link {address} leads nowhere") from error
    return None if rule.endpoint == "static" else rule.rule


def _look(browser: FlaskClient, address: str, who: str) -> tuple[float, str, str] | None:
    """CPU seconds, text and where it landed; ``None`` for a file to keep, which is no page."""
    reply = browser.get(address, follow_redirects=True)
    if reply.status_code != 200:
        raise RuntimeError(f"{who} follows a link to {address} and gets {reply.status_code}")
    landed = f"{reply.request.path}?{reply.request.query_string.decode()}".rstrip("?")
    if reply.mimetype != "text/html":
        return None
    text = reply.text
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        browser.get(landed)
        taken.append(time.process_time() - start)
    return statistics.median(taken), text, landed


def _targets(here: str, text: str) -> Iterator[str]:
    """Where the links of a page lead, and its forms that only choose what is shown."""
    for link in LINKS.findall(text):
        yield from _inside(urljoin(here, unescape(link)))
    for action, form in FORMS.findall(text):
        for name, options in SELECTS.findall(form):
            for option in OPTIONS.findall(options):
                yield from _inside(f"{unescape(action)}?{urlencode({name: unescape(option)})}")


def _inside(address: str) -> Iterator[str]:
    parts = urlsplit(address)
    if not parts.netloc and not parts.scheme and parts.path.startswith("/"):
        yield f"{parts.path}?{parts.query}".rstrip("?")
