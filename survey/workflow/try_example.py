"""Sign in with an example account, by a button and without a password: while the site shows invented data alone."""

import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.messages import N_, Message, NotThere
from survey.roles import Role
from survey.store import example_accounts, sign_in_attempts
from survey.store.accounts import Account

logger = logging.getLogger("survey.sign_in")

#: One address may do so this often: a class behind one address can walk through everything, a loop cannot go on.
WINDOW = timedelta(minutes=15)
LIMIT_ADDRESS = 300
#: Older attempts are of no more use.
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """``account`` ``None``: too often, for so many minutes."""

    account: Account | None
    minutes_to_wait: int = 0


def open_examples(session: Session) -> Mapping[Role, Account]:
    """The account behind each role's button, in the order of the roles; empty: there are no buttons."""
    return example_accounts.open_examples(session)


def try_example(session: Session, role: str, *, address: str, secret_key: str, at: datetime) -> Trial:
    """The example account of ``role``, the attempt counted apart from those with a password. One line in the log.

    Raises :class:`NotThere` for a role that has none, or none any more.
    """
    account = {str(known): account for known, account in open_examples(session).items()}.get(role)
    if account is None:
        raise NotThere(Message(N_("这里没有可以一键登录的示例账号，或者它们已经停用。")))
    sign_in_attempts.prune_attempts(session, at - KEPT_FOR)
    address_key = _digest(secret_key, "address of a try", address)
    if sign_in_attempts.count_attempts(session, address_key=address_key, since=at - WINDOW) >= LIMIT_ADDRESS:
        return Trial(account=None, minutes_to_wait=int(WINDOW.total_seconds() // 60))
    name_key = _digest(secret_key, "try", account.name)
    sign_in_attempts.record_attempt(session, name_key=name_key, address_key=address_key, at=at, succeeded=True)
    logger.info("example account %s (%s): signed in by button", account.name, account.role.value)
    return Trial(account=account)


def _digest(secret_key: str, kind: str, value: str) -> str:
    return hmac.digest(secret_key.encode(), f"{kind}:{value}".encode(), "sha256").hex()
