"""Which answers were withdrawn, in a file beside the keys, outside database and backups: a backup from before brings
the answers back, and the file takes them out again.

A line is a keyed hash that says nothing by itself: no time, no community, no number of an answer. Whoever has the file
and its key can tell of a row of withdrawal codes in an old backup that it was used, and nothing of whose it is. Lines
are only ever added. The two files are made together, so one without the other is a loss: it is said, and no new key
or list is begun over it, under which what was kept before would be lost for good.
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
        """Keep the ``marks`` of an answer, before it is deleted; for one writer at a time.

        Raises :class:`Failure` when the disk refuses, or when what was kept before is not to be read.
        """
        key = self.holds().key
        try:
            key = key or self._begin()
            # What a full disk cut off before is no part of the first line.
            self._append("".join(f"\n{_line(key, mark)}" for mark in marks) + "\n")
        except OSError as error:
            message = N_("不能写密钥文件夹 {folder}（{detail}）；请检查 SURVEY_KEYS、权限与磁盘空间")
            raise Failure(Message(message, {"folder": self.folder, "detail": error.strerror or error})) from error

    def holds(self) -> "Held":
        """What is in the file now; nothing where nothing was withdrawn yet.

        Raises :class:`Failure` when it cannot be read, and when of file and key one is lost.
        """
        try:
            key = self._key.read_bytes() if self._key.is_file() else b""
            text = self._file.read_text("ascii") if self._file.exists() else None
        except (OSError, UnicodeDecodeError) as error:
            message = N_("读不了 {path}：{reason}")
            raise Failure(Message(message, {"path": self._file, "reason": type(error).__name__})) from error
        lines = frozenset(line for line in (text or "").split() if _LINE.fullmatch(line))
        if lines and len(key) != KEY_BYTES:
            message = N_(
                "{list} 的密钥 {key} 不在或者已损坏：认不出撤回过的答卷，现在也不能撤回。请放回副本；"
                "没有副本就把 {list} 清空：以前撤回的答卷，恢复旧备份时再也认不出来"
            )
            raise Failure(Message(message, {"list": self._file, "key": self._key}))
        if text is None and len(key) == KEY_BYTES:
            message = N_(
                "只有 {key}，没有 {list}：认不出撤回过的答卷，现在也不能撤回。请放回副本；"
                "没有副本就新建一个空的 {list}：以前撤回的答卷，恢复旧备份时再也认不出来"
            )
            raise Failure(Message(message, {"list": self._file, "key": self._key}))
        return Held(begun=text is not None, key=key if len(key) == KEY_BYTES else b"", lines=lines)

    @property
    def _file(self) -> Path:
        return self.folder / "withdrawn.txt"

    @property
    def _key(self) -> Path:
        return self.folder / "withdrawn.key"

    def _begin(self) -> bytes:
        """A new key, where there are no lines; the list first, which says nothing while it is empty."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._append("")
        self._key.unlink(missing_ok=True)  # half of one, which a power cut left
        with os.fdopen(os.open(self._key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key := secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        return key

    def _append(self, text: str) -> None:
        with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


@dataclass(frozen=True, kw_only=True)
class Held:
    """The lines of the file and the key they were made with. ``begun``: there is a file, be it empty."""

    begun: bool
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
