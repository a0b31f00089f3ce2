"""Make a device token: with it a canvasser's phone or program signs what it sends. One at a time: a new one ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.device_tokens import new_token, token_hash
from survey.messages import N_, Conflict, Message
from survey.roles import Permission, may
from survey.store import account_tokens
from survey.store.accounts import Account

TOKEN_LASTS = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class DeviceToken:
    """Shown once: only its hash is stored."""

    token: str
    expires_at: datetime


def make_device_token(session: Session, account: Account, *, at: datetime) -> DeviceToken:
    """A new token for the account; those before it end.

    Raises :class:`Conflict` for a closed account and one that interviews nobody.
    """
    if not account.active or not may(account.role, Permission.INTERVIEW):
        raise Conflict(Message(N_("账号“{name}”不是在用的访员账号：只有访员有设备令牌。"), {"name": account.name}))
    token, expires_at = new_token(), at + TOKEN_LASTS
    account_tokens.revoke_tokens(session, account.id)
    account_tokens.add_token(session, account.id, token_hash=token_hash(token), at=at, expires_at=expires_at)
    return DeviceToken(token=token, expires_at=expires_at)


def show_device_token(session: Session, account: Account, *, at: datetime) -> datetime | None:
    """Until when the account's token is good; ``None``: it has none."""
    found = account_tokens.last_token(session, account.id)
    return found[1] if found and found[1] > at else None


def revoke_device_tokens(session: Session, account: Account) -> int:
    """How many tokens ended."""
    return account_tokens.revoke_tokens(session, account.id)
