"""How often a home was counted anew, which says by which lot its respondent is drawn then.

The first count of a home draws by lot 0. When a supervisor made an interview void whose selected adult was not
eligible, the adults are counted again, and lot 1 draws among them, and so on: lot 0 has chosen one already, and drawing
by it again from a shorter list would favour some of those who are left.
"""

from sqlalchemy.orm import Session

from analysis.sampling.sample_design import Respondent
from survey.casework.earlier_payloads import EarlierPayloads, read_earlier
from survey.casework.version_checks import checker_of
from survey.fieldwork.payloads import InterviewPayload
from survey.fieldwork.respondents import is_selected
from survey.keys import Sealer
from survey.store.cases import Case
from survey.store.waves import get_wave


def count_recounts(session: Session, method: Respondent, seed: str, case: Case, earlier: EarlierPayloads) -> int:
    """``seed`` (hex): of the draw. An interview that was made void for another reason, or with somebody else than a lot
    chose, buys no other lot: it is the same adult who is asked then.
    """
    if not earlier.void_at_door:
        return 0
    checker = checker_of(session, get_wave(session, case.wave_id))
    recounts = 0
    for interview in sorted(earlier.void_at_door, key=lambda one: one.started):
        right = is_by_lot(method, seed, case, interview, recounts=recounts)
        recounts += right and checker.check(interview).screened
    return recounts


def is_of_selected(
    session: Session, sealer: Sealer, method: Respondent, seed: str, case: Case, interview: InterviewPayload
) -> bool:
    """Whether the adult was asked whom a lot of the case chose, the first or one of a recount (a device may have
    counted before a recount was ordered); by the next birthday, whether somebody could be that.
    """
    if is_by_lot(method, seed, case, interview):
        return True
    earlier = read_earlier(session, sealer, case.wave_id, case.id)
    recounts = count_recounts(session, method, seed, case, earlier)
    return is_by_lot(method, seed, case, interview, recounts=recounts)


def is_by_lot(method: Respondent, seed: str, case: Case, interview: InterviewPayload, *, recounts: int = 0) -> bool:
    """Whether one of the lots 0 … ``recounts`` chose the adult."""
    return any(
        is_selected(
            method,
            seed=seed,
            case=case.id,
            adults=interview.adults,
            men=interview.men,
            selected=interview.selected,
            recount=recount,
        )
        for recount in range(recounts + 1)
    )
