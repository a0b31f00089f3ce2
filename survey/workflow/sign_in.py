"""Sign in: is this name with this password an active account, and has this not been tried too often?

Three parts, because the middle one takes a tenth of a second of arithmetic and must not hold the database meanwhile:
:func:`admit` (in a writing transaction), :func:`check_password` (in none), :func:`confirm` (in another).
An attempt is recorded as failed *before* its password is looked at, and as succeeded after: a hundred attempts at
once get no more tries than a hundred in a row. Names and addresses are stored only as keyed digests.
"""

import hmac
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.passwords import is_password
from survey.store import accounts, sign_in_attempts
from survey.store.accounts import Account

#: Failures are counted over this long.
WINDOW = timedelta(minutes=15)
#: Failures after which no more tries are admitted: of one name from one address, of one name from anywhere
#: (higher, or a stranger could lock anybody out), and of one address (a whole office may share it).
LIMIT_NAME_AT_ADDRESS = 5
LIMIT_NAME = 20
LIMIT_ADDRESS = 30
#: Older attempts are of no more use.
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Who tries, from where. ``name_key`` and ``address_key`` are what the store may keep of it."""

    name: str
    name_key: str
    address_key: str


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Whether the password may be looked at now. ``minutes_to_wait`` 0: yes."""

    minutes_to_wait: int = 0
    account: Account | None = None
    password_hash: str | None = None


def make_attempt(*, name: str, address: str, secret_key: str) -> Attempt:
    """An attempt with the keyed digests of its name and address.

    >>> attempt = make_attempt(name="王芳", address="192.0.2.7", secret_key="s")
    >>> len(attempt.name_key), attempt.name_key == attempt.address_key
    (64, False)
    """
    return Attempt(
        name=name,
        name_key=_digest(secret_key, "name", name),
        address_key=_digest(secret_key, "address", address),
    )


def admit(session: Session, attempt: Attempt, *, at: datetime) -> Admission:
    """Count the attempt, or say how many minutes to wait. The transaction must be committed either way."""
    sign_in_attempts.prune_attempts(session, at - KEPT_FOR)
    if _too_often(session, attempt, since=at - WINDOW):
        return Admission(minutes_to_wait=_minutes_to_wait(session, attempt, at=at))
    sign_in_attempts.record_attempt(
        session, name_key=attempt.name_key, address_key=attempt.address_key, at=at, succeeded=False
    )
    # A name with control characters cannot exist, and some databases refuse even to look for it.
    found = accounts.find_account(session, attempt.name) if attempt.name.isprintable() else None
    # Without a password of its own (not activated yet) nobody gets in, least of all with an empty one.
    if found is None or not found[0].active or found[1] is None:
        return Admission()
    return Admission(account=found[0], password_hash=found[1])


def check_password(admission: Admission, password: str) -> Account | None:
    """The account if the password is its own. Takes as long for a name that does not exist."""
    return admission.account if is_password(password, admission.password_hash) else None


def confirm(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """Record that the attempt succeeded; the failures before it no longer count."""
    sign_in_attempts.record_attempt(
        session, name_key=attempt.name_key, address_key=attempt.address_key, at=at, succeeded=True
    )


def _digest(secret_key: str, kind: str, value: str) -> str:
    return hmac.digest(secret_key.encode(), f"{kind}:{value}".encode(), "sha256").hex()


def _too_often(session: Session, attempt: Attempt, *, since: datetime) -> bool:
    name, address = attempt.name_key, attempt.address_key
    count = sign_in_attempts.count_failures
    return (
        count(session, name_key=name, address_key=address, since=since) >= LIMIT_NAME_AT_ADDRESS
        or count(session, name_key=name, since=since) >= LIMIT_NAME
        or count(session, address_key=address, since=since) >= LIMIT_ADDRESS
    )


def _minutes_to_wait(session: Session, attempt: Attempt, *, at: datetime) -> int:
    """The fewest whole minutes after which enough failures lie outside the window."""

    def admitted_after(minutes: int) -> bool:
        return not _too_often(session, attempt, since=at - WINDOW + timedelta(minutes=minutes))

    most = int(WINDOW.total_seconds() // 60)
    return bisect_left(range(1, most), True, key=admitted_after) + 1
