"""Visits: attempts at the doors of a wave's cases, read from the inbox with the wave's key."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from survey.fieldwork.payloads import VisitPayload, parse_visit
from survey.keys import Sealer
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.sealed_payloads import read_payloads


@dataclass(frozen=True, kw_only=True)
class VisitRecord:
    uuid: UUID
    payload: VisitPayload
    state: PayloadState
    reason: str


def read_visits(
    session: Session,
    sealer: Sealer,
    wave_id: int | None,
    tag: str | None = None,
    *,
    tags: Collection[str] | None = None,
) -> tuple[VisitRecord, ...]:
    """The visits in any state, of one case if its ``tag`` is given, or of several by their ``tags``; the
    earliest first.

    Those that cannot be read are left out: :func:`survey.store.inbox.list_inbox` has them, quarantined or void.
    """
    rows = read_payloads(
        session, sealer, wave_id, kind=PayloadKind.VISIT, parse=parse_visit, tags=[tag] if tag is not None else tags
    )
    found = [
        VisitRecord(uuid=record.uuid, payload=payload, state=record.state, reason=record.reason)
        for record, payload in rows
        if isinstance(payload, VisitPayload)
    ]
    return tuple(sorted(found, key=lambda one: (one.payload.at, one.uuid)))
