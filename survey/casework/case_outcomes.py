"""What counts of the visits and interviews of one case: its attempts, each once, as the rates need them.

An interview is an attempt whether or not its visit was recorded, and one whose visit was recorded is the same attempt.
At the door "complete" is said by the interview: where none is placed there was somebody, and no answers.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from analysis.fieldwork.dispositions import Outcome

INTERVIEWED = frozenset({Outcome.COMPLETE, Outcome.PARTIAL})
#: When an interview was that is known to be that of a visit, and decides the final code whenever it was.
WHENEVER = datetime.min.replace(tzinfo=UTC)


class Attempted(NamedTuple):
    """A visit as far as it counts. ``canvasser``: who made it, 0: nobody."""

    at: datetime
    outcome: Outcome
    occupied: bool | None
    online: bool
    canvasser: int


class Interviewed(NamedTuple):
    """An interview as far as it counts; ``started`` and ``canvasser`` where no visit tells them."""

    started: datetime
    finished: datetime
    outcome: Outcome
    at_door: bool
    canvasser: int


class CaseAttempt(NamedTuple):
    """``order``: where it stands among the attempts that ``decides`` the final code; ``at``: when it was made.

    ``at_door``: somebody was there; an answer by invitation is no such attempt.
    """

    at: datetime
    order: datetime
    outcome: Outcome
    occupied: bool
    at_door: bool
    decides: bool
    canvasser: int


def attempts_of(visits: Sequence[Attempted], interviews: Sequence[Interviewed]) -> list[CaseAttempt]:
    """The attempts of one case; of one moment, what decides later stands later.

    A visit that says "complete" and the interview held then are one attempt, at the time of the visit.
    """
    told = [visit for visit in visits if visit.outcome in INTERVIEWED and not visit.online] if interviews else []
    if len(told) > 1:
        told.sort(key=lambda visit: visit.at)
    found, paired = [], 0
    for held in sorted(interviews, key=lambda one: one.finished) if len(interviews) > 1 else interviews:
        at, canvasser = held.started, held.canvasser
        if held.at_door and paired < len(told):
            at, canvasser = told[paired].at, told[paired].canvasser
            paired += 1
        found.append(CaseAttempt(at, held.finished, held.outcome, False, held.at_door, True, canvasser))
    for visit in visits:
        outcome, decides = visit.outcome, True
        if outcome in INTERVIEWED and not visit.online:
            if interviews:
                continue
            outcome = Outcome.OTHER
        seen = visit.occupied is True
        found.append(CaseAttempt(visit.at, visit.at, outcome, seen, not visit.online, decides, visit.canvasser))
    found += [
        CaseAttempt(visit.at, visit.at, visit.outcome, False, True, False, visit.canvasser) for visit in told[paired:]
    ]
    return found
