"""A site under gunicorn for a benchmark, and residents' browsers that do nothing of their own work."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import psutil


def settings(port: int) -> dict[str, str]:
    """With a proxy of ours in front, so that the network of each resident is known and counted."""
    return {
        "SURVEY_SECRET_KEY": "a secret of benchmarks that is long enough",
        "SURVEY_TRUSTED_PROXIES": "1",
        "SURVEY_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


@dataclass(frozen=True, kw_only=True)
class Server:
    port: int
    pid: int

    def cpu(self) -> float:
        """CPU seconds so far of all its processes."""
        family = [psutil.Process(self.pid), *psutil.Process(self.pid).children(recursive=True)]
        return sum(sum(member.cpu_times()[:2]) for member in family)


@contextmanager
def serving(environment: Mapping[str, str], *, workers: int = 2) -> Iterator[Server]:
    """``survey serve`` on a free port until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "survey", "serve", "--port", str(port), "--workers", str(workers)],
        env={**os.environ, **settings(port), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield Server(port=port, pid=process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


class Resident:
    """Cookies, forms, redirects, one connection. ``receipt``: of the last page, ``requests``: until then."""

    receipt: str

    def __init__(self, port: int, *, address: str = "203.0.113.7") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._address = address
        self.requests = 0

    def answer(self, way_in: str) -> "Resident":
        """From the letter or the poster to thanks."""
        page = self._go(way_in)
        page = self._go("/questionnaire", self._form(page) | {"action": "start"})
        while "data-survey-state" not in page:
            page = self._go("/questionnaire", self._form(page))
        self._connection.close()
        (self.receipt,) = re.findall(r'data-receipt="([^"]+)"', page)
        return self

    def status(self, address: str) -> int:
        """Of one further request, wherever it leads."""
        return self._request(address, None)[0]

    def _go(self, address: str, form: dict[str, str] | None = None) -> str:
        status, location, page = self._request(address, form)
        while status == 303:
            status, location, page = self._request(location, None)
        if status != 200:
            raise RuntimeError(f"{address}: {status}")
        return page

    def _request(self, address: str, form: dict[str, str] | None) -> tuple[int, str, str]:
        self.requests += 1
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "X-Forwarded-For": self._address}
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
