"""Interviews at the doors of a wave's cases, read from the inbox with the wave's key."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session

from survey.fieldwork.glances import ReviewGlance, glance_for_review
from survey.fieldwork.payloads import InterviewPayload, parse_interview
from survey.keys import Sealer
from survey.store.inbox import TABLE as INBOX
from survey.store.inbox import PayloadKind, PayloadState, context
from survey.store.responses import TABLE as RESPONSES
from survey.store.sealed_payloads import read_payloads
from survey.store.tables import UuidText


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


class GlancedInterview(NamedTuple):
    """``body``: what ``seen`` was seen of, opened; it goes no further than the one who asked."""

    uuid: UUID
    state: PayloadState
    reason: str
    seen: ReviewGlance
    body: bytes

    def read(self) -> InterviewRecord | None:
        """All of it; ``None`` when it cannot be read."""
        payload = parse_interview(self.body)
        if not isinstance(payload, InterviewPayload):
            return None
        return InterviewRecord(uuid=self.uuid, payload=payload, state=self.state, reason=self.reason)


def glance_at_interviews(session: Session, sealer: Sealer, wave_id: int) -> tuple[GlancedInterview, ...]:
    """As :func:`read_interviews` of a whole wave. Those in their place were read and checked when they came: of them
    there is only looked at what all are needed for.
    """
    columns = INBOX.c
    query = select(type_coerce(columns.uuid, UuidText), columns.state, columns.reason, columns.body).where(
        columns.wave_id == wave_id, columns.kind == PayloadKind.INTERVIEW, columns.body.is_not(None)
    )
    found = []
    for uuid, state, reason, sealed in session.execute(query).all():  # row by row it takes a third longer
        body = sealer.unseal(sealed, context=context(uuid))
        if (seen := glance_for_review(body)) is not None:
            one = GlancedInterview(UUID(uuid), state, reason, seen, body)
            if state is PayloadState.PLACED or one.read() is not None:
                found.append(one)
    return tuple(sorted(found, key=lambda one: (one.seen.times.started, one.uuid)))


def read_completeness(session: Session, wave_id: int) -> dict[UUID, str]:
    """Interview -> complete or partial, of those whose answers became a response; answers that came otherwise, too."""
    columns = RESPONSES.c
    rows = session.execute(select(columns.uuid, columns.completeness).where(columns.wave_id == wave_id))
    return {row[0]: row[1] for row in rows}
