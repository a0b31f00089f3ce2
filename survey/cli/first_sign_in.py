"""Passwords that were made up here, in one file that only this user can read, until somebody removes it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from survey.config import Config
from survey.messages import N_, Failure, Message

FILE = "first-sign-in.txt"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    name: str
    password: str
    role: str

    @property
    def line(self) -> str:
        return f"sign in as {self.name} ({self.role}), password {self.password}"


def make_password() -> str:
    return secrets.token_urlsafe(12)


def path_of(config: Config) -> Path:
    return config.instance / FILE


def read_sign_ins(config: Config) -> tuple[SignIn, ...]:
    """Those kept; none where there is no file."""
    path = path_of(config)
    if not path.is_file():
        return ()
    lines = [line.split() for line in path.read_text("utf-8").splitlines()]
    return tuple(
        SignIn(name=words[0], password=words[1], role=words[2] if len(words) > 2 else "administrator")
        for words in lines
        if len(words) > 1
    )


def keep_sign_ins(config: Config, sign_ins: Iterable[SignIn]) -> None:
    """Add to the file, a line each: name, password, role; a name that is there is replaced. Raises :class:`Failure`."""
    kept = {known.name: known for known in (*read_sign_ins(config), *sign_ins)}
    path = path_of(config)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text("".join(f"{k.name} {k.password} {k.role}\n" for k in kept.values()), "utf-8")
    except OSError as error:
        reason = {"path": path, "reason": error.strerror or type(error).__name__}
        raise Failure(Message(N_("写不了 {path}：{reason}"), reason)) from error
