"""Take out answers that were withdrawn and that an older backup brought back: by the file beside the keys.

What cannot be known again: answers of a wave that was closed and whose backup is from before the closing, when the
code was typed after it. That wave's key is destroyed, so nothing of such a backup goes on anyhow.
"""

from sqlalchemy.orm import Session

from survey.casework.withdrawn_answers import code_mark, delete_withdrawn, read_sealers, tag_mark
from survey.keys import KeyRing, Sealer
from survey.messages import N_, Failure, Message
from survey.store.withdrawals import Withdrawal, context, count_all_withdrawn, list_standing
from survey.withdrawn_marks import Held, WithdrawnMarks


def find_withdrawn(session: Session, keys: KeyRing) -> tuple[Withdrawal, ...]:
    """Answers that are here though they were withdrawn, as far as can be told: see :func:`find_obstacles`."""
    try:
        held = WithdrawnMarks(folder=keys.folder).holds()
    except Failure:
        return ()
    if not held.lines:
        return ()
    sealers, _ = read_sealers(session, keys)
    return tuple(
        found
        for found, body in list_standing(session)
        if tag_mark(found.tag) in held or _is_marked(held, sealers.get(found.wave_id), found, body)
    )


def take_out_withdrawn(session: Session, keys: KeyRing) -> int:
    """Delete and count them as if the codes were typed again; how many. What stands in the way of finding one keeps
    none of the others here.
    """
    sealers, _ = read_sealers(session, keys)
    back = find_withdrawn(session, keys)
    for found in back:
        delete_withdrawn(session, sealers.get(found.wave_id), found)
    return len(back)


def find_obstacles(session: Session, keys: KeyRing) -> tuple[Message, ...]:
    """Why answers that were withdrawn may be here unseen. Keys that are not here at all are told elsewhere."""
    marks = WithdrawnMarks(folder=keys.folder)
    try:
        held, found = marks.holds(), []
    except Failure as error:
        held, found = None, [error.message]
    if held and not held.begun and (count := count_all_withdrawn(session)):
        message = N_(
            "{count} 份答卷由本人撤回过，但密钥文件夹 {folder} 里没有 withdrawn.txt 和 withdrawn.key："
            "恢复旧备份时认不出它们。请放回副本；没有副本就新建一个空的 withdrawn.txt"
        )
        found.append(Message(message, {"count": count, "folder": keys.folder}))
    _, unread = read_sealers(session, keys)
    return (*found, *unread)


def _is_marked(held: Held, sealer: Sealer | None, found: Withdrawal, body: bytes | None) -> bool:
    if sealer is None or body is None:
        return False
    try:
        hashed = sealer.unseal(body, context=context(found.tag)).hex()
    except Failure:
        return False
    return code_mark(hashed) in held
