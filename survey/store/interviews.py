"""Interviews at the doors of a wave's cases, read from the inbox with the wave's key."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.fieldwork.payloads import InterviewPayload, parse_interview
from survey.keys import Sealer
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.responses import TABLE as RESPONSES
from survey.store.sealed_payloads import read_payloads


@dataclass(frozen=True, kw_only=True)
class InterviewRecord:
    uuid: UUID  # and that of its response, once it is placed
    payload: InterviewPayload
    state: PayloadState
    reason: str


def read_interviews(
    session: Session,
    sealer: Sealer,
    wave_id: int | None,
    tag: str | None = None,
    *,
    tags: Collection[str] | None = None,
) -> tuple[InterviewRecord, ...]:
    """The interviews in any state, of one case if its ``tag`` is given, or of several by their ``tags``; the
    earliest first.

    Those that cannot be read are left out: :func:`survey.store.inbox.list_inbox` has them, quarantined or void.
    """
    rows = read_payloads(
        session,
        sealer,
        wave_id,
        kind=PayloadKind.INTERVIEW,
        parse=parse_interview,
        tags=[tag] if tag is not None else tags,
    )
    found = [
        InterviewRecord(uuid=record.uuid, payload=payload, state=record.state, reason=record.reason)
        for record, payload in rows
        if isinstance(payload, InterviewPayload)
    ]
    return tuple(sorted(found, key=lambda one: (one.payload.started, one.uuid)))


def read_completeness(session: Session, wave_id: int) -> dict[UUID, str]:
    """Interview -> complete or partial, of those whose answers became a response; answers that came otherwise, too."""
    columns = RESPONSES.c
    rows = session.execute(select(columns.uuid, columns.completeness).where(columns.wave_id == wave_id))
    return {row[0]: row[1] for row in rows}
