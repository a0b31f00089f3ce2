"""What came in of one case before, read at once: whether somebody answered there, and how many adults they counted."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from survey.fieldwork.payloads import InterviewPayload, VisitPayload, parse_interview, parse_visit
from survey.keys import Sealer
from survey.store import inbox
from survey.store.inbox import PayloadKind, PayloadState


@dataclass(frozen=True, kw_only=True)
class EarlierPayloads:
    """Of one case, what stands in its place. ``interviews``: under their UUIDs, which are those of their responses."""

    visits: tuple[VisitPayload, ...]
    interviews: dict[UUID, InterviewPayload]


def read_earlier(session: Session, sealer: Sealer, wave_id: int, case_id: UUID) -> EarlierPayloads:
    """In one statement. Raises :class:`~survey.messages.Failure` when one does not open."""
    visits: list[VisitPayload] = []
    interviews: dict[UUID, InterviewPayload] = {}
    for record in inbox.list_by_tag(session, wave_id, sealer.tag(f"case:{case_id}")):
        if record.state is not PayloadState.PLACED or record.body is None:
            continue
        body = sealer.unseal(record.body, context=inbox.context(record.uuid))
        parsed = parse_visit(body) if record.kind is PayloadKind.VISIT else parse_interview(body)
        if isinstance(parsed, VisitPayload):
            visits.append(parsed)
        elif isinstance(parsed, InterviewPayload):
            interviews[record.uuid] = parsed
    return EarlierPayloads(visits=tuple(visits), interviews=interviews)
