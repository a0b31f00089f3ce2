"""Who was counted in a household before anybody was told who is asked: that stands, and nobody counts again.

Unless a supervisor says so: where the adult who was selected is not eligible, the count was wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from analysis.sampling.sample_design import Respondent
from survey.casework.earlier_payloads import EarlierPayloads, read_earlier
from survey.fieldwork.interview_draft import InterviewDraft, from_json
from survey.fieldwork.payloads import InterviewPayload
from survey.fieldwork.quarantine import seal_note
from survey.fieldwork.respondents import Household
from survey.keys import Sealer
from survey.store import drafts, inbox
from survey.store.cases import Case
from survey.store.drafts import DraftKind, delete_draft, list_drafts_by_tag
from survey.store.inbox import PayloadState
from survey.store.visits import read_visits


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Who was counted first, and who that made the one who is asked."""

    household: Household
    selected: int


def read_begun(session: Session, sealer: Sealer, case: Case) -> list[InterviewDraft]:
    """What anybody began at this door and did not hand in."""
    rows = list_drafts_by_tag(session, case.wave_id, sealer.tag(f"case:{case.id}"))
    return [
        from_json(sealer.unseal(row.body, context=drafts.context(row.uuid)))
        for row in rows
        if row.kind is DraftKind.INTERVIEW
    ]


def counted_before(
    method: Respondent, begun: Sequence[InterviewDraft], earlier: EarlierPayloads | None = None
) -> Counted | None:
    """What was counted first, in interviews that were ``begun`` or came in ``earlier``; ``None``: nobody counted."""
    held: tuple[InterviewDraft | InterviewPayload, ...] = (*begun, *(earlier.at_door if earlier else ()))
    if not held:
        return None
    said = held[0].selected if method is Respondent.BIRTHDAY else None
    household = Household(adults=held[0].adults, men=held[0].men, birthday=said)
    return Counted(household=household, selected=held[0].selected)


def is_counted(session: Session, sealer: Sealer, case: Case) -> bool:
    """Whether somebody counted eligible adults there, and nothing came of it that counts yet."""
    if read_begun(session, sealer, case):
        return True
    return bool(read_earlier(session, sealer, case.wave_id, case.id).screened_out)


def forget_count(session: Session, sealer: Sealer, case: Case, interview: InterviewPayload, *, note: str) -> None:
    """The household is counted anew after ``interview``, whose selected adult was not eligible.

    What was begun with a count and has no answers yet goes, and so do visits of the same canvasser that said that
    nobody is eligible: they are void. ``note``: why, as the supervisor wrote it.
    """
    for draft in read_begun(session, sealer, case):
        if not draft.answers:
            delete_draft(session, draft.uuid)
    for visit in read_visits(session, sealer, case.wave_id, sealer.tag(f"case:{case.id}")):
        same = visit.payload.canvasser == interview.canvasser
        if same and visit.payload.outcome is Outcome.NOBODY_ELIGIBLE and visit.state is not PayloadState.VOID:
            inbox.set_state(session, visit.uuid, state=PayloadState.VOID, reason=seal_note(sealer, visit.uuid, note))
