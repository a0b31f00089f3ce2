"""What somebody ticked in the ledger of visits and did not record as an outing: two records that are easily taken for
one.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.store.ledger_visits import ticked_by_day
from survey.store.outreach_work import list_work


@dataclass(frozen=True, kw_only=True)
class UnrecordedVisits:
    """``homes``: how many more were ticked than visits recorded, of that day."""

    day: date
    homes: int


def show_unrecorded_visits(session: Session, action_id: int, *, by: str) -> UnrecordedVisits | None:
    """The newest day for which ``by`` ticked more homes than they recorded visits; ``None``: there is none.

    A home may be visited twice a day, so that more visits than homes are nothing to ask about.
    """
    recorded: dict[date, int] = {}
    for work in list_work(session, action_id):
        if not work.voided and work.by == by:
            recorded[work.day] = recorded.get(work.day, 0) + work.quantity
    for day, homes in sorted(ticked_by_day(session, action_id, by=by).items(), reverse=True):
        if homes > recorded.get(day, 0):
            return UnrecordedVisits(day=day, homes=homes - recorded.get(day, 0))
    return None
