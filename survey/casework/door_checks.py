"""What the server checks of a payload from the door that a canvasser must not decide: who was asked, who asked, when.

A device is in somebody's hands. Whoever is asked follows from the draw's seed; whoever belongs to a community asks
nobody there; and the order of visits, which makes the final code of a case, is not for a clock to choose.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import NOT_ELIGIBLE
from analysis.sampling.sample_design import Respondent
from survey.casework.counted_households import is_counted, read_begun
from survey.casework.earlier_payloads import EarlierPayloads
from survey.casework.recounts import is_of_selected
from survey.fieldwork.interview_draft import InterviewDraft
from survey.fieldwork.payloads import NOBODY, InterviewPayload, VisitPayload
from survey.fieldwork.recusal import Obstacle, find_obstacle
from survey.keys import Sealer
from survey.store.accounts import Account
from survey.store.areas import parents_in
from survey.store.cases import Case
from survey.store.waves import WaveRecord

#: How far a device's clock may be ahead.
AHEAD = timedelta(days=1)


def is_right_adult(
    session: Session, sealer: Sealer, method: Respondent, seed: str, case: Case, interview: InterviewPayload
) -> bool:
    """Whether the adult was asked whom the draw's ``seed`` (hex) chose; by the next birthday, whether somebody could be
    that. Nobody was selected for what came online.
    """
    return interview.canvasser == NOBODY or is_of_selected(session, sealer, method, seed, case, interview)


def is_other_household(
    session: Session, sealer: Sealer, case: Case, interview: InterviewPayload, earlier: EarlierPayloads
) -> bool:
    """Whether others were counted before, or another one was to be asked: in a draft, or in an interview that came in
    and stands, or waits because the selected one was not eligible.

    Otherwise whoever does not like the selection counts again until somebody else is selected.
    """
    held: tuple[InterviewDraft | InterviewPayload, ...] = (*read_begun(session, sealer, case), *earlier.at_door)
    committed = {(one.adults, one.men, one.selected) for one in held}
    return bool(committed - {(interview.adults, interview.men, interview.selected)})


def denies_count(session: Session, sealer: Sealer, case: Case, visit: VisitPayload) -> bool:
    """Whether the visit takes a home out of the rates where eligible adults were counted before."""
    return visit.outcome in NOT_ELIGIBLE and is_counted(session, sealer, case)


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
