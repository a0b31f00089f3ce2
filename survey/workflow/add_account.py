"""Add an account: a name, a role and a password that is kept only as an argon2 hash."""

from datetime import datetime

from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy.orm import Session

from survey.messages import N_, BadInput, Message
from survey.roles import Role
from survey.store import accounts
from survey.store.accounts import Account

LONGEST_NAME = 64
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000


def add_account(session: Session, *, name: str, password: str, role: Role, at: datetime) -> Account:
    """Store a new active account.

    Raises :class:`BadInput` for a name or password that breaks the rules, ``Conflict`` for a name in use.
    """
    check_name(name)
    check_new_password(password, name)
    password_hash = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY).hash(password)
    return accounts.add_account(session, name=name, password_hash=password_hash, role=role, at=at)


def check_name(name: str) -> None:
    """Raise :class:`BadInput` unless ``name`` is 1 to 64 printable characters without blanks.

    >>> check_name("wang.fang"); check_name("王芳")
    """
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or any(c.isspace() for c in name):
        raise BadInput(
            Message(
                N_("账号名“{got}”不能用：应为 1 到 {most} 个可见字符，不含空格。"),
                {"got": name[:LONGEST_NAME], "most": LONGEST_NAME},
            )
        )


def check_new_password(password: str, name: str) -> None:
    """Raise :class:`BadInput` unless ``password`` has 10 to 1,000 characters, not all alike, and is not the name."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(
            Message(
                N_("密码有 {got} 个字符：应为 {least} 到 {most} 个。"),
                {"got": len(password), "least": SHORTEST_PASSWORD, "most": LONGEST_PASSWORD},
            )
        )
    if len(set(password)) == 1 or password == name:
        raise BadInput(Message(N_("密码太容易猜：不能与账号名相同，也不能只用一个字符。")))
