"""One writer at a time on an SQLite file, among threads and processes.

SQLite's own waiting is a random retry; a file lock held around each write transaction is fairer and fails nobody.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.messages import N_, Failure, Message

_held = threading.local()


@contextmanager
def write_lock(database: Path, wait_seconds: float) -> Iterator[None]:
    """Hold ``<database>.lock``. Raises :class:`Failure` after ``wait_seconds``.

    ``flock`` belongs to the open file description, so each call opens the file anew: two threads of one process
    exclude each other like two processes do. The lock goes with the process that held it, however that ends.
    """
    descriptor = _open(f"{database}.lock")
    try:
        _wait(descriptor, database, wait_seconds)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def not_nested(database: str) -> Iterator[None]:
    """Raises ``RuntimeError`` where a thread that is writing to ``database`` begins again: it would wait for itself."""
    held: set[str] = _held.__dict__.setdefault("databases", set())
    if database in held:
        raise RuntimeError(f"this thread is already writing to {database}; a write transaction cannot be nested")
    held.add(database)
    try:
        yield
    finally:
        held.discard(database)


def _open(path: str) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Failure(
            Message(
                N_("不能在文件夹 {folder} 中写入；请检查它是否存在以及权限（{detail}）"),
                {"folder": str(Path(path).parent), "detail": error.strerror or str(error)},
            )
        ) from error


def _wait(descriptor: int, database: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    pause = 0.0005
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Failure(
                    Message(
                        N_("另一个程序正在写数据库 {file}，等了 {seconds} 秒仍未结束；请稍后重试"),
                        {"file": str(database), "seconds": f"{wait_seconds:g}"},
                    )
                ) from None
        time.sleep(pause)
        pause = min(pause * 2, 0.005)
