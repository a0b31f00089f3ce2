"""One line per request: method, rule, status, milliseconds. No query, no path, no address: those can name people."""

import logging
import time

from flask import Flask, Response, g, request

logger = logging.getLogger("survey.requests")


def init_app(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_write)


def rule_of_request() -> str:
    """The pattern of the URL as written in the code (``/waves/<int:wave_id>``); ``-`` where none fits."""
    rule = request.url_rule
    return rule.rule if rule else "-"


def _start() -> None:
    g.started = time.perf_counter()


def _write(response: Response) -> Response:
    elapsed = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    logger.info("%s %s %d %.0f ms", request.method, rule_of_request(), response.status_code, elapsed)
    return response
