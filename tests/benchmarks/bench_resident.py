"""What one resident costs the server: open, answer 24 questions, thanks. CPU of gunicorn's worker over many people.

Once with all questions on one page, and once on six screens, of which each is kept when it is sent: what a weak signal
or a tired battery then costs the resident is one screen.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import psutil

from survey.keys import KeyRing
from survey.store.database import Database, open_database
from survey.store.responses import count_responses
from tests.benchmarks.measurement import Measurement, at_most, command_cpu
from tests.survey import answering

PEOPLE, WARMING = 200, 20
QUESTIONS = 24
BATTERIES = (5, 5, 5, 5)


def run() -> list[Measurement]:
    page, screens = _cost(instrument(one_page=True)), _cost(instrument(one_page=False))
    return [
        Measurement(name="requests of one resident, 24 questions on one page", value=page[1], unit="requests"),
        at_most("one resident by code, 24 questions on one page", page[0] * 1000, "ms CPU", 30),
        Measurement(name="requests of one resident, 24 questions on six screens", value=screens[1], unit="requests"),
        Measurement(name="one resident by code, 24 questions on six screens", value=screens[0] * 1000, unit="ms CPU"),
    ]


def _cost(instrument: str) -> tuple[float, float]:
    """CPU seconds and requests of one person."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"SURVEY_INSTANCE": name}
        command_cpu("init", environment=environment)
        database = open_database(f"sqlite:///{folder / 'survey.sqlite3'}")
        keys = KeyRing(folder=folder / "keys")
        online = answering.start(database, keys, codes=PEOPLE + WARMING, instrument=instrument)
        cost = _serve(environment, [f"/a/{code}" for code in online.codes])
        _check(database, online.wave)
    return cost


def instrument(*, one_page: bool) -> str:
    """24 questions: four about the home and what one knows, the first of which may end it on six screens, and four
    batteries.
    """
    head, _, rest = answering.INSTRUMENT.partition("[[item]]")
    items = ["[[item]]" + item.split("[[indicator]]")[0] for item in rest.split("[[item]]")]
    indicator = "[[indicator]]" + rest.partition("[[indicator]]")[2]
    by_id = {match.group(1): item for item in items if (match := re.search(r'id = "(\w+)"', item))}
    knows = by_id["A1"].replace('section = "main"', 'section = "screen"')
    batteries = [
        by_id["D1"].replace('"D1"', f'"D{number}{place}"').replace('battery = "D"', f'battery = "D{number}"')
        for number, size in enumerate(BATTERIES)
        for place in range(size)
    ]
    first = knows.replace('id = "A1"', 'id = "A3"') if one_page else by_id["S1"]
    if one_page:
        head = head.replace('version = "1"', 'version = "1"\none_page = true')
    chosen = [first, by_id["N1"], knows, knows.replace('id = "A1"', 'id = "A2"'), *batteries]
    if len(chosen) != QUESTIONS:
        raise RuntimeError(f"got {len(chosen)} questions, expected {QUESTIONS}")
    return head + "".join(chosen) + indicator


def _check(database: Database, wave: int) -> None:
    with database.reading() as session:
        stored = count_responses(session, wave)
    if stored != PEOPLE + WARMING:
        raise RuntimeError(f"{stored} of {PEOPLE + WARMING} answers were stored")


def _serve(environment: dict[str, str], addresses: list[str]) -> tuple[float, float]:
    """CPU seconds of the server, all its processes, and requests per person, once it is warm."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "survey", "serve", "--port", str(port)],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        for address in addresses[:WARMING]:
            _Resident(port).answer(address)
        before = _cpu(server.pid)
        requests = sum(_Resident(port).answer(address) for address in addresses[WARMING:])
        return (_cpu(server.pid) - before) / PEOPLE, requests / PEOPLE
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _cpu(pid: int) -> float:
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(member.cpu_times()[:2]) for member in family)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


class _Resident:
    """A browser's requests and nothing of its own work: cookies, forms, redirects, one connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}
        self._requests = 0

    def answer(self, address: str) -> int:
        """The number of requests from the letter to thanks."""
        page = self._go(address)
        page = self._go("/questionnaire", self._form(page) | {"action": "start"})
        while "data-survey-state" not in page:
            page = self._go("/questionnaire", self._form(page))
        self._connection.close()
        return self._requests

    def _go(self, address: str, form: dict[str, str] | None = None) -> str:
        status, location, page = self._request(address, form)
        while status == 303:
            status, location, page = self._request(location, None)
        if status != 200:
            raise RuntimeError(f"{address}: {status}")
        return page

    def _request(self, address: str, form: dict[str, str] | None) -> tuple[int, str, str]:
        self._requests += 1
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if form is not None:
            headers["Content-Type"], body = "application/x-www-form-urlencoded", urlencode(form)
        self._connection.request("GET" if form is None else "POST", address, body, headers)
        reply = self._connection.getresponse()
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return reply.status, reply.headers.get("Location", ""), reply.read().decode()

    def _form(self, page: str) -> dict[str, str]:
        form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        for name, value in re.findall(r'name="(q-\w+)" type="(?:radio|checkbox)" value="(\d+)"', page):
            form.setdefault(name, value)
        for name in re.findall(r'name="(q-N\w+)"', page):
            form[name] = "2"
        return form | {"action": "next"}
