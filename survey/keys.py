"""Keys outside database and backups, and what they seal: while a wave is open, what ties a case to its answers is
readable only with the wave's key; when the wave is closed the key is destroyed, and so is the tie, in every backup.
"""

import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from survey.messages import N_, Failure, Message

KEY_BYTES = 32
NONCE_BYTES = 12
_KEY_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Sealer:
    """One key at work: AES-256-GCM for bodies, HMAC-SHA-256 for tags by which sealed rows of one case are found."""

    key: bytes = field(repr=False)  # or it would stand in the log of a failure

    def seal(self, body: bytes, *, context: str) -> bytes:
        """``body`` encrypted; only the same ``context`` (say, the row's id) opens it, so rows cannot be swapped.

        >>> sealer = Sealer(key=bytes(32))
        >>> sealer.unseal(sealer.seal(b"body", context="row 1"), context="row 1")
        b'body'
        """
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, body, context.encode())

    def unseal(self, sealed: bytes, *, context: str) -> bytes:
        """Raises :class:`Failure` when the key, the context or the bytes are not those it was sealed with."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            raise Failure(Message(N_("密封的内容打不开：密钥不对，或内容被改动过"))) from error

    def tag(self, value: str) -> str:
        """64 hex digits that are the same for the same ``value`` and tell nothing without the key."""
        return hmac.digest(self._tag_key, value.encode(), "sha256").hex()

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._part("seal"))

    @cached_property
    def _tag_key(self) -> bytes:
        return self._part("tag")

    def _part(self, purpose: str) -> bytes:
        return hmac.digest(self.key, purpose.encode(), "sha256")


@dataclass(frozen=True, kw_only=True)
class KeyRing:
    """A folder with one file per key, named by the key's id, readable by its owner alone."""

    folder: Path

    def make(self) -> str:
        """The id (32 hex digits) of a new key."""
        key_id = secrets.token_hex(16)
        path = self._path(key_id)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            folder = os.open(self.folder, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        except OSError as error:
            message = N_("不能写密钥文件夹 {folder}（{detail}）；请检查 SURVEY_KEYS、权限与磁盘空间")
            raise Failure(Message(message, {"folder": self.folder, "detail": error.strerror or error})) from error
        return key_id

    def open(self, key_id: str) -> Sealer:
        """Raises :class:`Failure` when the key is not here: lost, destroyed, or on another machine."""
        _check(key_id)
        try:
            # Each request of a resident opens one: pathlib would take as long as the file.
            with open(f"{self.folder}/{key_id}.key", "rb", buffering=0) as file:  # noqa: PTH123 - see above
                key = file.read()
        except OSError as error:
            message = N_("找不到本轮次的密钥 {file}：请检查 SURVEY_KEYS；没有它，调查中的记录打不开")
            raise Failure(Message(message, {"file": self._path(key_id)})) from error
        if len(key) != KEY_BYTES:
            message = N_("密钥文件 {file} 有 {got} 字节，应为 {expected} 字节：文件已损坏")
            params = {"file": self._path(key_id), "got": len(key), "expected": KEY_BYTES}
            raise Failure(Message(message, params))
        return Sealer(key=key)

    def holds(self, key_id: str) -> bool:
        return self._path(key_id).is_file()

    def list_ids(self) -> frozenset[str]:
        """Of every key file in the folder; a folder that is not there holds none. Other files are left alone."""
        return frozenset(path.stem for path in self.folder.glob("*.key") if _KEY_ID.fullmatch(path.stem))

    def destroy(self, key_id: str) -> None:
        """Overwrite and remove; a key that is gone already is no error."""
        path = self._path(key_id)
        try:
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            message = N_("不能销毁密钥 {file}（{detail}）；请检查权限后再试")
            raise Failure(Message(message, {"file": path, "detail": error.strerror or error})) from error

    def _path(self, key_id: str) -> Path:
        _check(key_id)
        return self.folder / f"{key_id}.key"


@dataclass(frozen=True, kw_only=True)
class DayKeys:
    """One key per day in the folder of the others, for what nobody is to look up once the day is over.

    No row names it: the file alone tells. Whoever opens the key of another day destroys those of before.
    """

    folder: Path

    def open(self, day: date) -> tuple[Sealer, bool]:
        """The sealer of ``day`` and whether its key was made just now, so that whatever was under another is garbage.

        For one writer at a time. Raises :class:`Failure` when the folder is not to be read or written.
        """
        path = self.folder / f"day-{day.isoformat()}.key"
        try:
            found = path.read_bytes() if path.is_file() else b""
            if len(found) == KEY_BYTES:
                return Sealer(key=found), False
            self.destroy()
            key = secrets.token_bytes(KEY_BYTES)
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(key)
        except OSError as error:
            message = N_("不能写密钥文件夹 {folder}（{detail}）；请检查 SURVEY_KEYS、权限与磁盘空间")
            raise Failure(Message(message, {"folder": self.folder, "detail": error.strerror or error})) from error
        return Sealer(key=key), True

    def destroy(self) -> int:
        """Overwrite and remove the keys of all days; how many there were. Raises :class:`OSError`."""
        paths = list(self.folder.glob("day-*.key"))
        for path in paths:
            path.write_bytes(secrets.token_bytes(KEY_BYTES))
            path.unlink(missing_ok=True)
        return len(paths)


def _check(key_id: str) -> None:
    if not _KEY_ID.fullmatch(key_id):
        raise ValueError(f"got the key id {key_id!r}, expected 32 hex digits")
