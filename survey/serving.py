"""The site under gunicorn: threads, no log of addresses, and nothing but this machine while the secret is known."""

import gc
import logging
import socket
from typing import Any

from gunicorn.app.base import BaseApplication

from survey.config import Config
from survey.factory import create_app
from survey.jobs.queue import open_queue
from survey.messages import N_, BadInput, Failure, Message
from survey.pages.security import is_loopback
from survey.public_address import parse_public_url
from survey.store.database import open_database
from survey.trusted_proxies import parse_trusted_proxies

THREADS = 8


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn with settings from here instead of a command line."""

    def __init__(self, config: Config, settings: dict[str, Any]) -> None:
        self._config, self._settings = config, settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(
            self._config, open_database(self._config.database_url), open_queue(self._config).enqueue_report
        )


def serve_site(config: Config, *, host: str, port: int, workers: int) -> None:
    """Serve until a signal comes.

    Raises :class:`BadInput` for settings that do not go together (see :func:`_check_settings`), :class:`Failure` when
    the address or the queue cannot be had.
    """
    lonely = _check_settings(config, host)
    _check_address(host, port)
    open_queue(config).close()  # in the server's own process a failure would be a page of log instead of one line
    # Our own lines only: alembic, fontTools and others report each of their steps.
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("survey").setLevel(logging.INFO)
    # Nor does a line say where in the code it was written, or by which thread: logging need not find out.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    shown = f"[{host}]" if ":" in host else host
    settings = {
        "bind": f"{shown}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": 20,
        # The site writes its own request log, without addresses, queries and codes.
        "accesslog": None,
        "errorlog": "-",
        # Its warnings quote the address and the first line of a request it cannot read; failures are errors.
        "loglevel": "error",
        "proc_name": "survey",
        "post_worker_init": _forget_the_start,
        # A socket by which others could steer the server: nobody here uses it.
        "control_socket_disable": True,
        # Left alone gunicorn believes whoever calls from this machine; survey/pages/forwarding.py decides instead.
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "forwarder_headers": "",
    }
    logging.getLogger("survey").info("site on http://%s:%s", shown, port)
    if lonely:
        logging.getLogger("survey").warning("SURVEY_TRUSTED_PROXIES is not set: all visitors count as one address")
    _Server(config, settings).run()


def _check_settings(config: Config, host: str) -> bool:
    """Raises :class:`BadInput` for settings that are none, or that would open the site with a secret everyone knows.

    Returns whether something that speaks TLS must stand in front of the site and is not known to it.
    """
    address, proxies = parse_public_url(config.public_url), parse_trusted_proxies(config.trusted_proxies)
    if config.secret_is_default and not is_loopback(host):
        message = N_("密钥还是默认值，只能在本机（127.0.0.1）上运行：先设置 SURVEY_SECRET_KEY，再用 --host {host}")
        raise BadInput(Message(message, {"host": host}))
    if config.secret_is_default and (proxies or (address and not address.is_this_machine)):
        message = N_("密钥还是默认值，只能给本机使用：先设置 SURVEY_SECRET_KEY，再设置 {setting}")
        setting = "SURVEY_TRUSTED_PROXIES" if proxies else "SURVEY_PUBLIC_URL"
        raise BadInput(Message(message, {"setting": setting}))
    if address is None and (proxies or not is_loopback(host)):
        message = N_("本机以外的人要用网站，就要知道它的网址：请设置 SURVEY_PUBLIC_URL，例如 https://survey.example")
        raise BadInput(Message(message))
    return address is not None and address.scheme == "https" and not proxies


def _forget_the_start(_worker: object) -> None:
    """What was loaded stays until the end: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


def _check_address(host: str, port: int) -> None:
    """Say at once, in one line, what gunicorn would try five times and then log."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        message = N_("不能在 {host}:{port} 上提供服务（{reason}）：换一个 --port，或先停掉占用它的程序")
        reason = error.strerror or str(error)
        raise Failure(Message(message, {"host": host, "port": port, "reason": reason})) from error
