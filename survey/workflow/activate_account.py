"""Activate an account: whoever has the one-time code chooses the password. Once: the code is gone with it.

:func:`find_waiting` (reading), :func:`hash_new_password` (in no transaction: a tenth of a second of arithmetic) and
:func:`activate` (writing) are three parts, so that the arithmetic does not hold the database.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.account_rules import check_new_password
from survey.messages import N_, BadInput, Message
from survey.one_time_codes import code_hash, read_code
from survey.passwords import hash_password
from survey.store import accounts
from survey.store.accounts import Account


def find_waiting(session: Session, typed: str, *, at: datetime) -> Account:
    """The account that waits for the code somebody typed.

    Raises :class:`BadInput`, in the same words for a wrong, a used and a withdrawn code; a code that was right but
    is too old is told so, because only its owner can know it.
    """
    code = read_code(typed)
    found = accounts.find_activation(session, code_hash(code)) if code else None
    if found is None or not found[0].active:
        raise BadInput(Message(N_("激活码不正确，或者已经用过。请对照激活卡重新输入；用过的请直接登录。")))
    account, expires_at = found
    if expires_at <= at:
        raise BadInput(Message(N_("激活码已过期。请联系管理员重新发一张激活卡。")))
    return account


def hash_new_password(password: str, account: Account) -> str:
    """The argon2 hash of a password that keeps the rules; :class:`BadInput` for another."""
    check_new_password(password, account.name)
    return hash_password(password)


def activate(session: Session, typed: str, *, password_hash: str, at: datetime) -> Account:
    """Set the password and spend the code; the account as it is now. Raises as :func:`find_waiting`."""
    waiting = find_waiting(session, typed, at=at)
    accounts.set_password(session, waiting.id, password_hash)
    account = accounts.get_account(session, waiting.id)
    assert account is not None  # noqa: S101 - it was there a line above, and nobody else writes
    return account
