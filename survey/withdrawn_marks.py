"""Which answers were withdrawn, in a file beside the keys, outside database and backups: a backup from before brings
the answers back, and the file takes them out again.

A line is a keyed hash that says nothing by itself: no time, no community, no number of an answer. Whoever has the file
and its key can tell of a row of withdrawal codes in an old backup that it was used, and nothing of whose it is. Lines
are only ever added. Losing the file (or its key) loses nothing but this; a restore says so.
"""

import hmac
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from survey.messages import N_, Failure, Message

KEY_BYTES = 32
_LINE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class WithdrawnMarks:
    """``folder``: that of the keys."""

    folder: Path

    def add(self, marks: Iterable[str]) -> None:
        """Keep the ``marks`` of an answer, before it is deleted. Raises :class:`Failure` when the disk refuses."""
        try:
            key = self._key() or self._make_key()
            lines = "".join(f"{_line(key, mark)}\n" for mark in marks)
            with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            message = N_("不能写密钥文件夹 {folder}（{detail}）；请检查 SURVEY_KEYS、权限与磁盘空间")
            raise Failure(Message(message, {"folder": self.folder, "detail": error.strerror or error})) from error

    def holds(self) -> "Held":
        """What is in the file now; nothing where there is none. Raises :class:`Failure` when it cannot be read."""
        try:
            key = self._key()
            text = self._file.read_text("ascii") if key and self._file.is_file() else ""
        except (OSError, UnicodeDecodeError) as error:
            message = N_("读不了 {path}：{reason}")
            raise Failure(Message(message, {"path": self._file, "reason": type(error).__name__})) from error
        return Held(key=key or b"", lines=frozenset(line for line in text.split() if _LINE.fullmatch(line)))

    @property
    def _file(self) -> Path:
        return self.folder / "withdrawn.txt"

    def _key(self) -> bytes | None:
        path = self.folder / "withdrawn.key"
        key = path.read_bytes() if path.is_file() else b""
        return key if len(key) == KEY_BYTES else None

    def _make_key(self) -> bytes:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.folder / "withdrawn.key", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(key := secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        return key


@dataclass(frozen=True, kw_only=True)
class Held:
    """The lines of the file and the key they were made with."""

    key: bytes
    lines: frozenset[str]

    def __contains__(self, mark: str) -> bool:
        return bool(self.lines) and _line(self.key, mark) in self.lines


def _line(key: bytes, mark: str) -> str:
    """
    >>> _line(bytes(32), "tag 1")[:8] != _line(bytes(32), "tag 2")[:8]
    True
    """
    return hmac.digest(key, mark.encode(), "sha256").hex()
