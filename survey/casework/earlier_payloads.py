"""What came in of one case before, read at once: whether somebody answered there, and how many adults they counted."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from survey.fieldwork.payloads import NOBODY, InterviewPayload, VisitPayload, parse_interview, parse_visit
from survey.fieldwork.quarantine import Reason
from survey.keys import Sealer
from survey.store import inbox
from survey.store.inbox import PayloadKind, PayloadState


@dataclass(frozen=True, kw_only=True)
class EarlierPayloads:
    """Of one case, what stands in its place. ``interviews``: under their UUIDs, which are those of their responses.

    ``screened_out``: interviews at the door whose selected adult was not eligible, until a supervisor has decided.
    ``void_at_door``: interviews at the door that were made void; they are in nobody's place.
    """

    visits: tuple[VisitPayload, ...]
    interviews: dict[UUID, InterviewPayload]
    screened_out: tuple[InterviewPayload, ...] = ()
    void_at_door: tuple[InterviewPayload, ...] = ()

    @property
    def at_door(self) -> tuple[InterviewPayload, ...]:
        """Interviews before which somebody counted the eligible adults, those that wait for a decision too."""
        return (*(one for one in self.interviews.values() if one.canvasser != NOBODY), *self.screened_out)


def read_earlier(session: Session, sealer: Sealer, wave_id: int, case_id: UUID) -> EarlierPayloads:
    """In one statement. Raises :class:`~survey.messages.Failure` when one does not open."""
    visits: list[VisitPayload] = []
    interviews: dict[UUID, InterviewPayload] = {}
    screened_out: list[InterviewPayload] = []
    void: list[InterviewPayload] = []
    for record in inbox.list_by_tag(session, wave_id, sealer.tag(f"case:{case_id}")):
        waits = record.state is PayloadState.QUARANTINED and record.reason == Reason.SCREENED_OUT
        voided = record.state is PayloadState.VOID and record.kind is PayloadKind.INTERVIEW
        if record.body is None or not (waits or voided or record.state is PayloadState.PLACED):
            continue
        body = sealer.unseal(record.body, context=inbox.context(record.uuid))
        parsed = parse_visit(body) if record.kind is PayloadKind.VISIT else parse_interview(body)
        if isinstance(parsed, VisitPayload):
            visits.append(parsed)
        elif isinstance(parsed, InterviewPayload) and voided:
            void.extend([parsed] if parsed.canvasser != NOBODY else [])
        elif isinstance(parsed, InterviewPayload) and waits:
            screened_out.append(parsed)
        elif isinstance(parsed, InterviewPayload):
            interviews[record.uuid] = parsed
    return EarlierPayloads(
        visits=tuple(visits), interviews=interviews, screened_out=tuple(screened_out), void_at_door=tuple(void)
    )
