"""Reading the inbox with the key: what came in, unsealed and parsed."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeVar

from sqlalchemy.orm import Session

from survey.fieldwork.payloads import Problems
from survey.keys import Sealer
from survey.store import inbox
from survey.store.inbox import InboxRecord, PayloadKind

P = TypeVar("P")


def read_payloads(
    session: Session,
    sealer: Sealer,
    wave_id: int | None,
    *,
    kind: PayloadKind,
    parse: Callable[[bytes], P | Problems],
    tags: Collection[str] | None,
) -> Iterator[tuple[InboxRecord, P | Problems]]:
    """Rows that have a body, of some cases if their ``tags`` are given, each with what ``parse`` makes of its bytes.

    Raises :class:`~survey.messages.Failure` when one does not open.
    """
    for record in _records(session, wave_id, kind, tags):
        if record.body is not None:
            yield record, parse(sealer.unseal(record.body, context=inbox.context(record.uuid)))


def _records(
    session: Session, wave_id: int | None, kind: PayloadKind, tags: Collection[str] | None
) -> Iterable[InboxRecord]:
    if tags is None:
        return inbox.list_inbox(session, wave_id, kind=kind)
    if len(tags) == 1:
        return inbox.list_by_tag(session, wave_id, next(iter(tags)), kind=kind)
    return inbox.list_by_tags(session, wave_id, tags, kind=kind)
