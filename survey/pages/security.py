"""Headers on every response, the settings of the cookies, nobody from outside while the secret is public, and no name
but the site's own.
"""

import ipaddress
import logging
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request, session

from survey.pages.site import current_site

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger("survey.security")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The form check on https needs the address of our own pages; nobody else gets it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

#: As in a list of header fields, found there by the small letters.
_FIELDS = tuple((name.lower(), name, value) for name, value in HEADERS.items())
_LARGEST = "_largest_form"

#: The largest form without a file is a few hundred bytes.
MAX_FORM_BYTES = 256 * 1024
#: What a proxy adds: the request began elsewhere.
FORWARDING = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
MAY_BE_CACHED = frozenset({"static", "health.show_health", "language.show_style_sheet", "heard_recordings.play"})


def init_app(app: Flask) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="survey_session",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_NAME="survey_remember",
        REMEMBER_COOKIE_SECURE=True,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
    )
    app.before_request(_refuse_strangers)
    app.before_request(_refuse_other_names)
    app.before_request(_allow_large_forms)
    app.after_request(_add_headers)


def takes_up_to(size: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a view whose forms may have ``size`` bytes, because files are sent with them."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, _LARGEST, size)
        return view

    return mark


def allow_frames(html: str) -> Response:
    """A page that shows other pages of ours in frames."""
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


def show_in_frame(html: str) -> Response:
    """A page that only our own pages may show in a frame."""
    response = Response(html, mimetype="text/html")
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _allow_large_forms() -> None:
    """Before the form is read at all; from those alone who have signed in, or anybody could keep the disk busy."""
    size: int | None = getattr(current_app.view_functions.get(request.endpoint or ""), _LARGEST, None)
    if size is not None and "_user_id" in session:
        request.max_content_length = size
        request.max_form_memory_size = size  # else a long text in a box is refused where a file is not


def _refuse_strangers() -> None:
    """With the default secret anybody can forge a session, so only this machine is served."""
    if not current_site().config.secret_is_default:
        return
    headers = request.headers
    forwarded = any(name in headers for name in FORWARDING)
    if forwarded or not is_loopback(request.remote_addr or "") or not is_loopback(_host_name(request.host)):
        abort(403)


def _refuse_other_names() -> None:
    """A request that calls the site something else was led here by somebody else, or comes past the proxy."""
    address = current_site().address
    if request.endpoint == "health.show_health":
        return  # machines ask by number, and it shows no address
    if address is not None and address.is_named(request.host):
        return
    if address is None and is_loopback(_host_name(request.host)):
        return
    # The name itself was written by whoever sent it and stays out of the log.
    logger.warning("a request for another name than SURVEY_PUBLIC_URL says was refused")
    abort(400)


def _host_name(host: str) -> str:
    """The ``Host`` header without its port. A proxy that says nothing of itself still says what it was called."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


@lru_cache(maxsize=256)  # asked twice per request while the secret is the default one
def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("::1")
    (True, True, False, True)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _add_headers(response: Response) -> Response:
    headers = response.headers
    if request.endpoint not in MAY_BE_CACHED or response.status_code >= 400:
        headers["Cache-Control"] = "no-store"
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # Each question for one field looks through all of them, so they are asked once: it is done for every response.
    there = {name.lower() for name, _ in headers}
    headers.extend([(name, value) for key, name, value in _FIELDS if key not in there])
    return response
