"""A request whose body cannot be read to its end is a bad request, whatever the server calls what went wrong.

Servers raise errors of their own for chunks of a wrong length. Left alone each would be a failure of ours, with a
traceback, and anybody could fill the log.
"""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

_READING = frozenset({"read", "readline", "readlines", "readinto"})


class _Body:
    """The server's stream, whose errors are all :class:`OSError`, which Werkzeug answers with 400."""

    def __init__(self, stream: object) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._stream, name)
        return _as_broken_off(found) if name in _READING else found


class Bodies:
    """WSGI: the application reads through :class:`_Body`."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._application(environ | {"wsgi.input": _Body(environ["wsgi.input"])}, start_response)


def init_app(app: Flask) -> None:
    app.wsgi_app = Bodies(app.wsgi_app)  # type: ignore[method-assign]  # the way Flask names for it


def _as_broken_off(read: Callable[..., Any]) -> Callable[..., Any]:
    def reading(*args: object) -> Any:
        try:
            return read(*args)
        except Exception as error:
            raise OSError("the body of the request broke off") from error

    return reading
