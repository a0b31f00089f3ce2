"""Whose the half-filled questionnaire of this browser is: said by whoever holds it, before anything of it is shown.

Whoever comes in anew, by letter or poster or by opening the questionnaire's bare address, is asked. What they say is
kept in a cookie that goes when the browser is closed, and with the next coming in. It is asked for only where something
is shown or deleted: a form that was on the screen already is always taken, so no answer is lost by it.
"""

import hashlib
import hmac

from flask import Response, request, url_for

from survey.pages.residents.put_aside import Aside, write_aside
from survey.pages.residents.rendering import send_to
from survey.pages.residents.visitors import Visitor
from survey.pages.site import current_site

COOKIE = "survey_mine"


def is_theirs(visitor: Visitor) -> bool:
    """Whether whoever holds the browser has said that this is theirs, or began it since they came in."""
    said = request.cookies.get(COOKIE, "").encode("utf-8", "replace")
    return hmac.compare_digest(said, _said(visitor).encode())


def say_theirs(response: Response, visitor: Visitor) -> None:
    response.set_cookie(COOKIE, _said(visitor), secure=True, httponly=True, samesite="Lax")


def unsay(response: Response) -> None:
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")


def ask_whose(*, waiting: Visitor | None, aside: Aside) -> Response:
    """To the page that asks. ``waiting``: the empty one for whoever says that it is not theirs."""
    response = send_to(url_for("entrances.ask_which"))
    write_aside(response, waiting=waiting, kept=aside.kept)
    unsay(response)
    return response


def _said(visitor: Visitor) -> str:
    name = f"said to be mine: {visitor.entrance.uuid.hex}"
    return hmac.digest(current_site().config.secret_key.encode(), name.encode(), hashlib.sha256).hex()[:32]
