"""Where the site may listen, and what it says when it cannot."""

import dataclasses
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.config import Config
from survey.messages import BadInput, Failure
from survey.pages.security import is_loopback
from survey.serving import serve_site
from tests.survey.conftest import Instance

ANYWHERE = "0.0.0.0"  # noqa: S104 - what is refused here


@pytest.fixture
def config(empty_instance: Instance) -> Config:
    return empty_instance.config


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_only_this_machine_reaches_the_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", [ANYWHERE, "", "::", "192.168.1.2", "survey.example", "localhost.example", "1"])
def test_every_other_host_may_be_reached_from_elsewhere(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", [ANYWHERE, "::", "survey.example"])
def test_with_the_secret_everyone_knows_only_the_loopback_is_served(config: Config, host: str) -> None:
    with pytest.raises(BadInput, match="SURVEY_SECRET_KEY"):
        serve_site(config, host=host, port=8000, workers=1)


def test_what_others_reach_has_an_address(config: Config) -> None:
    secret = dataclasses.replace(config, secret_key="another secret")
    for host, proxies in ((ANYWHERE, ""), ("127.0.0.1", "1")):
        with pytest.raises(BadInput, match="SURVEY_PUBLIC_URL"):
            serve_site(dataclasses.replace(secret, trusted_proxies=proxies), host=host, port=8000, workers=1)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"trusted_proxies": "1"}, "先设置 SURVEY_SECRET_KEY，再设置 SURVEY_TRUSTED_PROXIES"),
        ({"public_url": "https://survey.example"}, "先设置 SURVEY_SECRET_KEY，再设置 SURVEY_PUBLIC_URL"),
        ({"public_url": "survey.example"}, "SURVEY_PUBLIC_URL 是“survey.example”"),
        ({"trusted_proxies": "my-proxy"}, "SURVEY_TRUSTED_PROXIES 是“my-proxy”"),
    ],
)
def test_settings_that_do_not_fit_are_said_before_the_server_starts(
    config: Config, settings: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        serve_site(dataclasses.replace(config, **settings), host="127.0.0.1", port=8000, workers=1)  # type: ignore[arg-type]


def test_a_port_in_use_is_said_in_one_sentence(config: Config, taken_port: int) -> None:
    with pytest.raises(Failure, match=rf"127.0.0.1:{taken_port} .*--port"):
        serve_site(config, host="127.0.0.1", port=taken_port, workers=1)


def test_a_host_that_is_nowhere_is_said_in_one_sentence(config: Config, taken_port: int) -> None:
    secret = dataclasses.replace(config, secret_key="another secret", public_url="https://survey.example")
    with pytest.raises(Failure, match=r"survey\.invalid"):
        serve_site(secret, host="survey.invalid", port=8000, workers=1)


def test_a_queue_that_cannot_be_made_is_said_before_the_server_starts(config: Config, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Failure, match="任务队列"):
        serve_site(
            dataclasses.replace(config, instance=tmp_path / "file" / "x"), host="127.0.0.1", port=port, workers=1
        )


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def connect(port: int) -> socket.socket:
    end = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=30)
        except ConnectionRefusedError:
            assert time.monotonic() < end, "the site did not start"
            time.sleep(0.1)


@pytest.mark.slow
def test_a_request_that_is_none_leaves_no_address_in_the_log(empty_instance: Instance) -> None:
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SURVEY_")}
    log = empty_instance.folder / "site.log"
    with log.open("wb") as output:
        site = subprocess.Popen(
            [sys.executable, "-m", "survey", "serve", "--port", str(port)],
            env={**environment, "SURVEY_INSTANCE": str(empty_instance.folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        with connect(port) as line:
            line.sendall(b"FOO\r\n\r\n")
            answer = line.makefile("rb").read()
    finally:
        site.terminate()
        site.wait(timeout=60)
    assert answer.startswith(b"HTTP/1.1 400 ")
    lines = log.read_text().splitlines()
    assert [text for text in lines if "site on" not in text] == []


START_UNREADY = """
import sys
from survey import serving
from survey.config import read_config

def create_app(*_):
    raise RuntimeError("no site today")

serving.create_app = create_app
serving.serve_site(read_config(), host="127.0.0.1", port=int(sys.argv[1]), workers=1)
"""


@pytest.mark.slow
def test_a_site_that_cannot_start_says_why(empty_instance: Instance) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", START_UNREADY, str(free_port())],
        env={**os.environ, "SURVEY_INSTANCE": str(empty_instance.folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert "no site today" in ended.stderr
