"""What both kinds of backup have in common when they are refused."""

from pathlib import Path

from survey.messages import N_, BadInput, Message
from survey.store.schema import known_revisions


def refused(path: Path, why: Message) -> BadInput:
    """The one sentence for a file that cannot be restored; ``why`` stands in it."""
    return BadInput(
        Message(
            N_("{file} 不能用来恢复：{why}；预期是 survey backup 写的完整备份，数据库没有改动"),
            {"file": str(path), "why": why},
        )
    )


def damaged(path: Path, detail: str) -> BadInput:
    return refused(path, Message(N_("文件已损坏：{detail}"), {"detail": detail}))


def foreign(path: Path) -> BadInput:
    return refused(path, Message(N_("它不是本程序的数据库")))


def expect_start(path: Path, magic: bytes, otherwise: Message) -> None:
    """Raises :class:`BadInput` unless the file can be read and starts with ``magic``."""
    try:
        with path.open("rb") as file:
            start = file.read(len(magic))
    except OSError as error:
        why = Message(N_("读不了文件：{detail}"), {"detail": error.strerror or str(error)})
        raise refused(path, why) from error
    if not start:
        raise refused(path, Message(N_("文件是空的")))
    if start != magic:
        raise refused(path, otherwise)


def expect_known_revision(path: Path, revision: str) -> None:
    """Raises :class:`BadInput` for a revision of some later program."""
    if revision not in known_revisions():
        why = Message(N_("这个程序不认识它的版本“{got}”；请先更新程序"), {"got": revision})
        raise refused(path, why)
