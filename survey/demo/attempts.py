"""What is to come of each drawn home of a wave, planned from its truth before anybody is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from analysis.fieldwork.dispositions import Outcome
from survey.demo.truth import WaveTruth
from survey.store.cases import Case
from survey.units import Unit, UnitStatus

DAYS = 14
#: What comes of the last attempt where no interview is held, and how often.
LOST: Mapping[Outcome, float] = {
    Outcome.REFUSED_HOUSEHOLD: 0.27,
    Outcome.REFUSED_PERSON: 0.18,
    Outcome.NO_ANSWER: 0.27,
    Outcome.AWAY: 0.10,
    Outcome.NO_ENTRY: 0.09,
    Outcome.BREAK_OFF: 0.03,
    Outcome.UNABLE: 0.03,
    Outcome.LANGUAGE: 0.01,
    Outcome.OTHER: 0.02,
}
#: Before it: somebody comes again.
AGAIN: Mapping[Outcome, float] = {
    Outcome.NO_ANSWER: 0.60,
    Outcome.NO_ENTRY: 0.12,
    Outcome.AWAY: 0.16,
    Outcome.APPOINTMENT: 0.12,
}
#: Not a home of anybody who could be asked, though the frame says so.
NO_HOME: Mapping[Outcome, float] = {
    Outcome.NO_SUCH_ADDRESS: 0.3,
    Outcome.NOT_A_DWELLING: 0.3,
    Outcome.NOBODY_ELIGIBLE: 0.4,
}
SHARE_NO_HOME, SHARE_SEEN_EMPTY = 0.03, 0.75
#: One home in eight answers with the code of its letter, the others at the door.
SHARE_ONLINE = 0.12
SHARE_PARTIAL = 0.02
#: How often somebody came before, and whether a closed door shows that people live there.
EARLIER = (0.66, 0.24, 0.10)
OCCUPIED = 0.5
INTERVIEWS = frozenset({Outcome.COMPLETE, Outcome.PARTIAL, Outcome.BREAK_OFF})


@dataclass(frozen=True, kw_only=True)
class Visit:
    """``day`` 0… of the fieldwork. ``online``: nobody came, the home answers by its code. ``final``: the last one."""

    day: int
    case: Case
    outcome: Outcome
    occupied: bool | None = None
    online: bool = False
    final: bool = False

    @property
    def answered(self) -> bool:
        return self.outcome in (Outcome.COMPLETE, Outcome.PARTIAL)


def plan_visits(
    cases: Sequence[Case],
    units: Mapping[int, Unit],
    truth: WaveTruth,
    *,
    chance: Sequence[int],
    untouched: float = 0.0,
    days: int = DAYS,
) -> list[Visit]:
    """All visits, day by day in walking order; the same ones for the same ``chance`` and draw.

    ``untouched``: share of the homes where nobody was yet. Visits from day ``days`` on are still to come.
    """
    planned = []
    for case in cases:
        rng = np.random.default_rng([*chance, case.unit_serial])
        if rng.random() >= untouched:
            vacant = units[case.unit_serial].status is UnitStatus.VACANT
            planned += _visits_to(case, vacant, truth.communities[case.area].response, rng)
    return sorted((v for v in planned if v.day < days), key=lambda visit: (visit.day, visit.case.unit_serial))


def _visits_to(case: Case, vacant: bool, response: float, rng: np.random.Generator) -> list[Visit]:
    earlier = int(rng.choice(len(EARLIER), p=EARLIER))
    day, gaps = int(rng.integers(0, DAYS - 6)), rng.integers(1, 3, size=len(EARLIER)).tolist()
    last = _last(case, vacant, response, rng)
    if last.outcome in (Outcome.VACANT, *NO_HOME):
        earlier = 0
    visits = []
    for number in range(earlier):
        outcome = Outcome.NO_ANSWER if vacant else _one_of(AGAIN, rng)
        visits.append(Visit(day=day, case=case, outcome=outcome, occupied=_seen(vacant, rng)))
        day += gaps[number]
    occupied = _seen(vacant, rng) if last.outcome in AGAIN else None
    if last.online:
        day += 1  # whoever was there on a day leaves the home alone with its letter
    visits.append(replace(last, day=day, occupied=occupied, final=True))
    return visits


def _last(case: Case, vacant: bool, response: float, rng: np.random.Generator) -> Visit:
    if vacant:
        outcome = Outcome.VACANT if rng.random() < SHARE_SEEN_EMPTY else Outcome.NO_ANSWER
        return Visit(day=0, case=case, outcome=outcome)
    if rng.random() < SHARE_NO_HOME:
        return Visit(day=0, case=case, outcome=_one_of(NO_HOME, rng))
    if rng.random() >= response:
        return Visit(day=0, case=case, outcome=_one_of(LOST, rng))
    if rng.random() < SHARE_ONLINE:
        return Visit(day=0, case=case, outcome=Outcome.COMPLETE, online=True)
    partial = rng.random() < SHARE_PARTIAL
    return Visit(day=0, case=case, outcome=Outcome.PARTIAL if partial else Outcome.COMPLETE)


def _one_of(shares: Mapping[Outcome, float], rng: np.random.Generator) -> Outcome:
    return list(shares)[int(np.searchsorted(np.cumsum(list(shares.values())), rng.random() * sum(shares.values())))]


def _seen(vacant: bool, rng: np.random.Generator) -> bool | None:
    """Whether somebody is seen to live there; an empty home shows nothing."""
    seen = rng.random() < OCCUPIED
    return True if seen and not vacant else None


def not_tried(cases: Sequence[Case], visits: Sequence[Visit]) -> list[Case]:
    """The homes where nobody was yet, in walking order."""
    tried: set[UUID] = {visit.case.id for visit in visits}
    return [case for case in cases if case.id not in tried]
