"""Hold an interview at the door: begin it with the number of eligible adults, keep each screen, hand it in.

Who is asked is decided by the draw's seed once those who live there are counted: before that nobody can know, and
afterwards nobody can change it. A home that a supervisor had counted anew gets another lot. (Where the next birthday
decides, no lot does; what was said first stands.)
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from survey.casework.counted_households import Counted, counted_before, read_begun
from survey.casework.earlier_payloads import read_earlier
from survey.casework.recounts import count_recounts
from survey.fieldwork.interview_draft import InterviewDraft, to_json
from survey.fieldwork.payloads import Ended, InterviewPayload, LedBy, Presence
from survey.fieldwork.respondents import Household, check_household, respondent_of, selected_of
from survey.keys import KeyRing, Sealer
from survey.store import drafts, inbox
from survey.store.cases import Case
from survey.store.drafts import DraftKind, DraftRecord, delete_draft, save_draft
from survey.store.draws import get_draw
from survey.store.wave_keys import open_sealer


def begin_interview(
    session: Session,
    keys: KeyRing,
    case: Case,
    *,
    uuid: UUID,
    fingerprint: str,
    household: Household,
    led_by: LedBy,
    canvasser: int,
    at: datetime,
    order_seed: int | None = None,
) -> Household:
    """Commit who was counted and with it who is asked; what stands. An interview this canvasser began stays as it is.

    What was committed there before stands, by another canvasser or in an interview that came in and was not made void;
    the answers they got do not show. Raises ``BadInput`` for numbers that cannot be, see :func:`check_household`.
    """
    draw = get_draw(session, case.draw_id)
    check_household(method := respondent_of(draw.design), household)
    sealer = open_sealer(session, keys, case.wave_id, at=at)
    begun = read_begun(session, sealer, case)
    earlier = read_earlier(session, sealer, case.wave_id, case.id)
    committed = counted_before(method, begun, earlier)
    if committed and any(draft.canvasser == canvasser for draft in begun):
        return committed.household
    if committed is None:
        recount = count_recounts(session, method, draw.seed, case, earlier)
        selected = selected_of(method, seed=draw.seed, case=case.id, household=household, recount=recount)
        committed = Counted(household=household, selected=selected)
    household = committed.household
    draft = InterviewDraft(
        # A page from before an earlier interview came in would hand in a second one under its number.
        uuid=uuid if inbox.find(session, uuid) is None else uuid4(),
        case=case.id,
        canvasser=canvasser,
        started=at,
        instrument=fingerprint,
        adults=household.adults,
        men=household.men,
        selected=committed.selected,
        led_by=led_by,
        order_seed=order_seed,
        answers={},
        elapsed={},
    )
    _save(session, sealer, case, draft)
    return household


def save_screen(session: Session, keys: KeyRing, case: Case, draft: InterviewDraft, *, at: datetime) -> None:
    """Keep the answers of a screen."""
    _save(session, open_sealer(session, keys, case.wave_id, at=at), case, draft)


def hand_in(
    session: Session,
    draft: InterviewDraft,
    *,
    salt: str,
    answers: Mapping[str, object] | None,
    present: Sequence[Presence],
    ended: Ended,
    at: datetime,
) -> InterviewPayload:
    """The finished interview as it goes into the inbox; its draft is gone with the same transaction.

    ``answers``: what is kept of those in the draft; ``None``: nothing, as the person wished or for being too little.
    That somebody was asked and stopped stays, and whom: the case's final code needs it.

    ``salt``: by :func:`~survey.workflow.hand_out_receipt.receipt_salt`.
    """
    delete_draft(session, draft.uuid)
    return InterviewPayload(
        case=draft.case,
        salt=salt,
        started=draft.started,
        finished=at,
        instrument=draft.instrument,
        adults=draft.adults,
        men=draft.men,
        selected=draft.selected,
        present=tuple(present),
        led_by=draft.led_by,
        answers=dict(answers or {}),
        elapsed=dict(draft.elapsed) if answers is not None else {},
        ended=ended,
        canvasser=draft.canvasser,
        order_seed=draft.order_seed,
    )


def _save(session: Session, sealer: Sealer, case: Case, draft: InterviewDraft) -> None:
    body = sealer.seal(to_json(draft), context=drafts.context(draft.uuid))
    tag = sealer.tag(f"case:{case.id}")
    save_draft(
        session, DraftRecord(uuid=draft.uuid, wave_id=case.wave_id, kind=DraftKind.INTERVIEW, tag=tag, body=body)
    )
