"""What the server checks of a payload from the door that a canvasser must not decide: who was asked, who asked, when.

A device is in somebody's hands. Whoever is asked follows from the draw's seed; whoever belongs to a community asks
nobody there; and the order of visits, which makes the final code of a case, is not for a clock to choose.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from analysis.sampling.sample_design import Respondent
from survey.casework.earlier_payloads import EarlierPayloads
from survey.fieldwork import interview_draft
from survey.fieldwork.payloads import NOBODY, InterviewPayload, VisitPayload
from survey.fieldwork.recusal import Obstacle, find_obstacle
from survey.fieldwork.respondents import is_selected
from survey.keys import Sealer
from survey.store import drafts
from survey.store.accounts import Account
from survey.store.areas import parents_in
from survey.store.cases import Case
from survey.store.drafts import DraftKind, list_drafts_by_tag
from survey.store.waves import WaveRecord

#: How far a device's clock may be ahead.
AHEAD = timedelta(days=1)


def is_of_selected(method: Respondent, seed: str, case: Case, interview: InterviewPayload) -> bool:
    """Whether the adult was asked whom the draw's ``seed`` (hex) chose; by the next birthday, whether somebody could be
    that. Nobody was selected for what came online.
    """
    if interview.canvasser == NOBODY:
        return True
    return is_selected(
        method,
        seed=seed,
        case=case.id,
        adults=interview.adults,
        men=interview.men,
        selected=interview.selected,
    )


def is_other_household(
    session: Session, sealer: Sealer, case: Case, interview: InterviewPayload, earlier: EarlierPayloads
) -> bool:
    """Whether others were counted before, or another one was to be asked: in a draft, or in an interview that came in
    and stands.

    Otherwise whoever does not like the selection counts again until somebody else is selected.
    """
    tag = sealer.tag(f"case:{case.id}")
    begun = [
        interview_draft.from_json(sealer.unseal(row.body, context=drafts.context(row.uuid)))
        for row in list_drafts_by_tag(session, case.wave_id, tag)
        if row.kind is DraftKind.INTERVIEW
    ]
    committed = {(one.adults, one.men, one.selected) for one in begun}
    committed |= {(one.adults, one.men, one.selected) for one in earlier.interviews.values() if one.canvasser != NOBODY}
    return bool(committed - {(interview.adults, interview.men, interview.selected)})


def obstacle_to(session: Session, wave: WaveRecord, case: Case, account: Account) -> Obstacle | None:
    """Why the account should have had nothing to do with the case's community; see :func:`find_obstacle`."""
    limited = account.ties or account.scope.areas
    return find_obstacle(
        canvasser_type=account.canvasser_type,
        ties=account.ties,
        scope=account.scope,
        wave_id=wave.id,
        community=case.area,
        parents=parents_in(session, wave.frame_id) if limited else {},
    )


def is_recused(session: Session, wave: WaveRecord, case: Case, account: Account) -> bool:
    return obstacle_to(session, wave, case, account) in (Obstacle.TIED, Obstacle.TIES_UNKNOWN)


def is_untimely(wave: WaveRecord, payload: VisitPayload | InterviewPayload, *, at: datetime) -> bool:
    """Whether a device's clock shows a time before the wave was opened, or more than a day after ``at``.

    (What the site itself keeps of an answer online has a day alone, and is not asked about.)
    """
    if payload.canvasser == NOBODY:
        return False
    times = [payload.at] if isinstance(payload, VisitPayload) else [payload.started, payload.finished]
    return any(not wave.opened_at <= time <= at + AHEAD for time in times)
