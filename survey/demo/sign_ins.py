"""How to sign in with the invented accounts: one made-up password, kept in a file that only this user can read."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.demo.people import DemoPerson
from survey.messages import N_, Failure, Message
from survey.roles import Role

FILE = "example-sign-ins.txt"


@dataclass(frozen=True, kw_only=True)
class SignIns:
    """``names``: name of the account -> its role, one for each role."""

    password: str
    names: Mapping[str, Role]
    path: Path


def new_password() -> str:
    return secrets.token_urlsafe(9)


def keep_password(instance: Path, people: Sequence[DemoPerson], password: str) -> None:
    """Write down the accounts of ``people``, if there are any. Raises :class:`Failure` when that cannot be."""
    if not people:
        return
    path = instance / FILE
    lines = [password, *(f"{person.name} {person.role}" for person in people)]
    try:
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n", "utf-8")
    except OSError as error:
        reason = {"path": path, "reason": error.strerror or type(error).__name__}
        raise Failure(Message(N_("写不了 {path}：{reason}"), reason)) from error


def sign_ins(instance: Path) -> SignIns | None:
    """The first account of each role that was written down; ``None``: none was."""
    path = instance / FILE
    if not path.is_file():
        return None
    password, *lines = path.read_text("utf-8").split("\n")
    names: dict[str, Role] = {}
    for line in filter(None, lines):
        name, _, role = line.partition(" ")
        if Role(role) not in names.values():
            names[name] = Role(role)
    return SignIns(password=password, names=names, path=path) if names else None
