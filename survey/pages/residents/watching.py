"""What is seen when an answer by open link is handed in: its network, its proof of work, how quick it was.

The proof is a number that, hashed with the token of the form, gives a digest beginning with :data:`BITS` zero bits. The
token follows from the site's secret and the answer's random uuid, which is of one wave, so a proof fits one answer and
cannot be worked out before its page was opened. The page's script finds one in idle time, in a fraction of a second on
a cheap phone; without scripts there is none, and nothing else is different.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from flask import Response, request
from itsdangerous import BadSignature, Signer

from survey.casework.open_link_watch import Watched
from survey.pages.forwarding import client_network
from survey.pages.residents.papers import Paper
from survey.pages.residents.visitors import COARSE, KEPT, Visitor, form_token
from survey.pages.site import current_site
from survey.store.responses import Answer

Watch = Callable[[Mapping[str, Answer]], Watched | None]
FIELD = "proof"
#: 8,000 hashes on average, here and in survey/static/proof.js.
BITS = 13
_LONGEST = 20
#: A cookie of its own, which outlives the questionnaire's and goes where that is sent: to no other page.
COOKIE, _PATH = "survey_handed_in", "/questionnaire"
_MOST_WAVES = 20


def watch_of(visitor: Visitor, paper: Paper, *, now: datetime) -> Watch:
    """To be asked once something is handed in; of somebody with a code nothing is watched."""

    def watch(answers: Mapping[str, Answer]) -> Watched | None:
        if visitor.entrance.code_hash is not None:
            return None
        return Watched(
            keys=current_site().keys,
            network=client_network(),
            proved=is_proof(form_token(visitor), request.form.get(FIELD, "")),
            elapsed=None if visitor.came is None else max(0, int(now.timestamp()) - visitor.came * COARSE),
            reading=paper.quick_seconds(answers),
            handed_in_before=visitor.entrance.wave_id in waves_handed_in(),
        )

    return watch


def waves_handed_in() -> tuple[int, ...]:
    """Waves in which an answer by open link was handed in from this browser, as its own cookie says."""
    content = request.cookies.get(COOKIE, "")[:1000]
    try:
        return tuple(int(wave) for wave in _signer(current_site().config.secret_key).unsign(content).split(b"."))
    except (BadSignature, ValueError):
        return ()


def remember_handed_in(response: Response, wave_id: int) -> None:
    """The numbers of waves and nothing else: no two answers are tied to each other by it."""
    waves = list(dict.fromkeys([*waves_handed_in(), wave_id]))[-_MOST_WAVES:]
    content = _signer(current_site().config.secret_key).sign(".".join(map(str, waves))).decode()
    response.set_cookie(COOKIE, content, max_age=KEPT, path=_PATH, secure=True, httponly=True, samesite="Lax")


def forget_handed_in(response: Response) -> None:
    """For whoever wants nothing to be left on the phone."""
    response.delete_cookie(COOKIE, path=_PATH, secure=True, httponly=True, samesite="Lax")


def is_proof(challenge: str, number: str) -> bool:
    """Whether somebody worked on ``challenge``; one hash.

    >>> is_proof("0" * 32, solve("0" * 32)), is_proof("0" * 32, "x"), is_proof("0" * 32, "")
    (True, False, False)
    """
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST):
        return False
    digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0


def solve(challenge: str) -> str:
    """As the script does it."""
    number = 0
    while not is_proof(challenge, str(number)):
        number += 1
    return str(number)


@lru_cache(maxsize=4)
def _signer(secret_key: str) -> Signer:
    key = hmac.digest(secret_key.encode(), b"waves handed in", "sha256")
    return Signer(key, key_derivation="none", digest_method=hashlib.sha256)
