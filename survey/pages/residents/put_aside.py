"""The other questionnaires of a browser than the one it fills in: what was just opened and waits for a word, and what
was put aside half filled in, so that it is found again by the same letter or poster.

A signed cookie as the visitor's own, from which nothing is taken but by asking.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from flask import Response, request
from itsdangerous import BadSignature, Signer

from survey.pages.residents.visitors import KEPT, Visitor, parse_visitor, write_visitor
from survey.pages.site import current_site
from survey.store.sheets import Way

COOKIE = "survey_aside"
#: Put aside at most, which a cookie has room for; the oldest goes.
MOST_KEPT = 6
_BETWEEN = "~"


@dataclass(frozen=True, kw_only=True)
class Aside:
    """``waiting``: an empty one, opened beside another one. ``kept``: put aside half filled in, the newest first."""

    waiting: Visitor | None = None
    kept: tuple[Visitor, ...] = ()

    def of_way(self, way: Way | None) -> tuple[Visitor, ...]:
        """Those who came in that way and were put aside."""
        return tuple(one for one in self.kept if one.entrance.way == way)


def read_aside() -> Aside:
    content = request.cookies.get(COOKIE, "")
    if not content or len(content) > 3000:
        return Aside()
    try:
        plain = _signer(current_site().config.secret_key).unsign(content).decode()
    except (BadSignature, UnicodeDecodeError):
        return Aside()
    waiting, *kept = (parse_visitor(part) if part else None for part in plain.split(_BETWEEN))
    return Aside(waiting=waiting, kept=tuple(one for one in kept if one))


def write_aside(response: Response, *, waiting: Visitor | None, kept: tuple[Visitor, ...]) -> None:
    """Put both into the cookie of ``response``."""
    if waiting is None and not kept:
        if COOKIE in request.cookies:
            response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")
        return
    plain = _BETWEEN.join((write_visitor(waiting) if waiting else "", *map(write_visitor, kept[:MOST_KEPT])))
    content = _signer(current_site().config.secret_key).sign(plain).decode()
    response.set_cookie(COOKIE, content, max_age=KEPT, secure=True, httponly=True, samesite="Lax")


@lru_cache(maxsize=4)
def _signer(secret_key: str) -> Signer:
    key = hmac.digest(secret_key.encode(), b"questionnaires put aside", "sha256")
    return Signer(key, key_derivation="none", digest_method=hashlib.sha256)
