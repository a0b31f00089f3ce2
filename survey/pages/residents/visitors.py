"""Who fills in a questionnaire here, as their browser's own cookie says; and the token of their forms.

Residents have no account and no session of the staff's kind. The cookie is signed and holds how they came in and the
random uuid of their answers; what it lacks is the code itself, which thereby stays in no address and no history. Of the
codes that are shown at the end it holds the seed, which is stored nowhere else and follows from nothing that is.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from flask import Response, g, request
from itsdangerous import BadSignature, Signer

from survey.fieldwork.resident_codes import ResidentCodes, codes_of, new_seed
from survey.pages.site import current_site
from survey.store.sheets import Ending, Entrance
from survey.waves import FilledBy

COOKIE = "survey_answers"
#: Longer than a wave is in the field; the draft itself goes when the wave is closed.
KEPT = 60 * 24 * 3600
#: Long enough for a reply that was lost and asked for again. No uuid is left in the cookie then.
KEPT_AFTER_ENDING = 24 * 3600
DECLINED = "declined"
#: Seconds in a unit of the time that answering took.
COARSE = 5
NO_UUID = UUID(int=0)
#: Pages on which nobody is to be known by the questionnaire they fill in: there the cookie is not read.
APART = frozenset({"suggestions", "receipts", "withdrawals"})
_UNREAD = "unread"


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """``ending``: "", what an :class:`Ending` says, or :data:`DECLINED`. ``seed``: of their codes; "" in a cookie from
    before there were any. ``filled_by``: as said on the first page; ``None``: not said yet. ``came``: when
    they began, in units of :data:`COARSE` seconds; nobody but their browser keeps it."""

    entrance: Entrance
    ending: str = ""
    seed: str = ""
    filled_by: FilledBy | None = None
    came: int | None = None

    @property
    def codes(self) -> ResidentCodes | None:
        return codes_of(self.seed) if self.seed else None

    @property
    def began(self) -> datetime | None:
        """By which people know their own among those half filled in on one phone."""
        return None if self.came is None else datetime.fromtimestamp(self.came * COARSE, UTC)

    @property
    def has_finished(self) -> bool:
        """Handed in: nothing more can be answered under this entrance."""
        return self.ending in (*Ending,)


def current_visitor() -> Visitor | None:
    """Whom the cookie names; ``None`` when there is none, it is not ours, or this page is none of its business."""
    if request.blueprint in APART:
        return None
    found: Visitor | str | None = g.get("visitor", _UNREAD)
    if isinstance(found, str):
        found = g.visitor = _read(request.cookies.get(COOKIE, ""))
    return found


def _read(content: str) -> Visitor | None:
    if not content or len(content) > 1000:
        return None
    try:
        return parse_visitor(_signer(current_site().config.secret_key).unsign(content).decode())
    except BadSignature:
        return None


def parse_visitor(plain: str) -> Visitor | None:
    """Back from :func:`write_visitor`; ``None`` for what is none."""
    try:
        wave_id, area, uuid, code_hash, ending, *later = plain.split(".")
        seed, filled_by, came, order_seed = [*later, "", "", "", ""][:4]  # an older cookie has less
        entrance = Entrance(
            wave_id=int(wave_id),
            area=area,
            uuid=UUID(hex=uuid),
            code_hash=code_hash or None,
            order_seed=int(order_seed) if order_seed else None,
        )
        return Visitor(
            entrance=entrance,
            ending=ending,
            seed=seed,
            filled_by=FilledBy(filled_by) if filled_by else None,
            came=int(came) if came else None,
        )
    except ValueError:
        return None


def write_visitor(visitor: Visitor) -> str:
    """As cookies hold them: parts with dots between, none of which is in a part."""
    one = visitor.entrance
    came, order_seed = ("" if number is None else str(number) for number in (visitor.came, one.order_seed))
    known = (str(one.wave_id), one.area, one.uuid.hex, one.code_hash or "")
    return ".".join((*known, visitor.ending, visitor.seed, visitor.filled_by or "", came, order_seed))


def new_visitor(entrance: Entrance) -> Visitor:
    return Visitor(entrance=entrance, seed=new_seed())


def begin(visitor: Visitor, filled_by: FilledBy) -> Visitor:
    """As they are after saying that they want to begin. The clock runs from the first time they say so: whoever opened
    the page yesterday is not slow for it."""
    came = int(time.time()) // COARSE if visitor.came is None else visitor.came
    return replace(visitor, filled_by=filled_by, came=came)


def remember(response: Response, visitor: Visitor) -> None:
    """Put the visitor into the cookie of ``response``."""
    if visitor.has_finished:
        visitor = replace(visitor, entrance=replace(visitor.entrance, uuid=NO_UUID, order_seed=None), came=None)
    response.set_cookie(
        COOKIE,
        _signer(current_site().config.secret_key).sign(write_visitor(visitor)).decode(),
        max_age=KEPT_AFTER_ENDING if visitor.has_finished else KEPT,
        secure=True,
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    """Take the cookie away, and the codes with it."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")


def forget_finished(response: Response) -> None:
    """The same where nothing is being filled in; also for pages that are otherwise none of the cookie's business."""
    visitor = _read(request.cookies.get(COOKIE, ""))
    if visitor is None or visitor.ending:
        forget(response)


def form_token(visitor: Visitor | None) -> str:
    """What the forms of this visitor carry and nobody else can know; of nobody, a token that fits before entering."""
    key = visitor.entrance.uuid.hex if visitor else "-"
    return hmac.digest(current_site().config.secret_key.encode(), f"form of {key}".encode(), "sha256").hex()[:32]


def has_token(visitor: Visitor | None) -> bool:
    """Whether the posted form is one that this visitor was given."""
    return hmac.compare_digest(request.form.get("csrf_token", "").encode(), form_token(visitor).encode())


@lru_cache(maxsize=4)
def _signer(secret_key: str) -> Signer:
    key = hmac.digest(secret_key.encode(), b"cookie of residents", "sha256")
    return Signer(key, key_derivation="none", digest_method=hashlib.sha256)
