"""The attempts of all cases of a wave as arrays: what its monitor is made of, while it is open and when it is closed.

Read from the sealed log with the wave's key, as :mod:`survey.casework.case_log` does, without what visits and
interviews say: what an interview came to stands at its response, and only the time of those without a visit is read.

Cases weigh what their answers may tell (:mod:`survey.casework.case_designs`): closing keeps what the cases of each
outcome weigh, and a weight that one home alone has would tell what came of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from analysis.fieldwork.outcome_tables import OUTCOME_CODES, Attempts, Floats, Ints
from survey.casework.case_designs import DrawnCase, told_designs
from survey.casework.case_log import CaseLog
from survey.casework.case_outcomes import INTERVIEWED, WHENEVER, Attempted, CaseAttempt, Interviewed, attempts_of
from survey.casework.version_checks import checker_of
from survey.fieldwork.glances import glance_at_interview, glance_at_visit
from survey.fieldwork.interview_checks import InterviewChecker, mode_of
from survey.fieldwork.payloads import parse_interview
from survey.keys import Sealer
from survey.store import inbox
from survey.store.assignments import HeldCase, list_held
from survey.store.cases import list_cases
from survey.store.draws import standing_draw
from survey.store.inbox import PayloadKind
from survey.store.placed_payloads import PlacedPayload, read_placed
from survey.store.waves import WaveRecord
from survey.waves import Mode


@dataclass(frozen=True, kw_only=True)
class WaveLog:
    """``areas``: codes of the communities with cases, in order. Of each case ``area`` (position there), ``account``
    (whose it is, 0: nobody's) and ``weights`` (1 / probability with which it is in the field, as far as that may be
    told).

    ``attempts``: those that decide the final codes, with ``made_at`` (seconds since 1970, UTC) when each was made, and
    ``made_by`` (0: not known) by whom.
    Of each attempt at the door ``door_case``, ``door_at`` (seconds), ``door_outcome`` and ``canvasser`` (who made it,
    0: not known).
    """

    areas: tuple[str, ...]
    area: Ints
    account: Ints
    weights: Floats
    attempts: Attempts
    made_at: Ints
    made_by: Ints
    door_case: Ints
    door_at: Ints
    door_outcome: Ints
    canvasser: Ints


class LoggedCase(NamedTuple):
    area: str
    account: int | None  # None: nobody's
    weight: float  # 1 / probability with which the case is in the field, as far as it may be told
    attempts: Sequence[CaseAttempt]


def read_wave_log(session: Session, sealer: Sealer | None, wave: WaveRecord) -> WaveLog:
    """Of the released cases of the wave's standing draw; without a ``sealer`` nothing came of them yet.

    Raises :class:`~survey.messages.Failure` when a visit does not open.
    """
    draw = standing_draw(session, wave.id)
    if draw is None:
        return arrange(())
    made = _read(session, sealer, wave) if sealer else {}
    held = list_held(session, draw.id)
    told = _told_weights(list_cases(session, draw.id)) if _unequal(held) else {}
    return arrange(
        LoggedCase(
            case.area,
            case.account,
            told[UUID(case.id)] if told else case.weight,
            made.get(sealer.tag(f"case:{case.id}"), ()) if sealer else (),
        )
        for case in held
    )


def of_case_logs(logs: Iterable[CaseLog], owners: Mapping[UUID, int]) -> WaveLog:
    """The same of logs that are read already; ``owners``: case -> account."""
    held = tuple(logs)
    told = _told_weights(log.case for log in held)
    return arrange(
        LoggedCase(one.area, owners.get(one.id), told[one.id], log.attempts) for log in held if (one := log.case)
    )


def arrange(cases: Iterable[LoggedCase]) -> WaveLog:
    """The cases in their order, as arrays."""
    held = tuple(cases)
    areas = sorted({one.area for one in held})
    places = {area: place for place, area in enumerate(areas)}
    made = [(number, *attempt) for number, one in enumerate(held) for attempt in one.attempts]
    case, at, order, outcome, occupied, at_door, decides, canvasser = zip(*made, strict=True) if made else ((),) * 8
    cases, seconds = _whole(case), _whole([int(moment.timestamp()) for moment in at])
    outcomes, people = _whole([OUTCOME_CODES[one] for one in outcome]), _whole(canvasser)
    door, deciding = np.array(at_door, dtype=bool), np.array(decides, dtype=bool)
    return WaveLog(
        areas=tuple(areas),
        area=_whole([places[one.area] for one in held]),
        account=_whole([one.account or 0 for one in held]),
        weights=np.array([one.weight for one in held], dtype=np.float64),
        attempts=Attempts(
            case=cases[deciding],
            at=_whole([_microseconds(moment) for moment in order])[deciding],
            outcome=outcomes[deciding],
            occupied=np.array(occupied, dtype=bool)[deciding],
        ),
        made_at=seconds[deciding],
        made_by=people[deciding],
        door_case=cases[door],
        door_at=seconds[door],
        door_outcome=outcomes[door],
        canvasser=people[door],
    )


def _unequal(held: Iterable[HeldCase]) -> bool:
    """Whether cases of one community differ in weight; where they do not, they tell nothing by it."""
    first: dict[str, float] = {}
    return any(case.weight != first.setdefault(case.area, case.weight) for case in held)


def _told_weights(cases: Iterable[DrawnCase]) -> dict[UUID, float]:
    return {case: design.inclusion_total / design.inclusion_n for case, design in told_designs(cases).items()}


def _whole(numbers: Sequence[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def _microseconds(moment: datetime) -> int:
    return 0 if moment is WHENEVER else int(moment.timestamp() * 1_000_000)


def _read(session: Session, sealer: Sealer, wave: WaveRecord) -> Mapping[str, Sequence[CaseAttempt]]:
    """By the tag of the case."""
    visits: defaultdict[str, list[Attempted]] = defaultdict(list)
    held: defaultdict[str, list[PlacedPayload]] = defaultdict(list)
    for placed in read_placed(session, wave.id):
        if placed.kind is PayloadKind.INTERVIEW:
            held[placed.tag].append(placed)
        elif (visit := glance_at_visit(_open(sealer, placed))) is not None:
            online = visit.mode is Mode.WEB_TOKEN
            visits[placed.tag].append(Attempted(visit.at, visit.outcome, visit.occupied, online, visit.canvasser))
    reader = _InterviewReader(session, sealer, wave)
    found = {}
    for tag in visits.keys() | held.keys():
        made = visits.get(tag, ())
        told = sum(visit.outcome in INTERVIEWED and not visit.online for visit in made)
        found[tag] = attempts_of(made, reader.read(held.get(tag, ()), told))
    return found


class _InterviewReader:
    """Opens the interviews that say something nothing else tells: what they came to, or when they were."""

    def __init__(self, session: Session, sealer: Sealer, wave: WaveRecord) -> None:
        self._session, self._sealer, self._wave = session, sealer, wave
        self._checker: InterviewChecker | None = None

    def read(self, placed: Sequence[PlacedPayload], told: int) -> list[Interviewed]:
        """Of one case; ``told``: how many visits say that they were an interview."""
        if len(placed) == told == 1 and placed[0].completeness is not None and placed[0].mode is Mode.CAPI:
            return [Interviewed(WHENEVER, WHENEVER, Outcome(placed[0].completeness), at_door=True, canvasser=0)]
        return [found for one in placed if (found := self._read(one)) is not None]

    def _read(self, placed: PlacedPayload) -> Interviewed | None:
        body = _open(self._sealer, placed)
        if placed.completeness is not None:
            if (times := glance_at_interview(body)) is None:
                return None
            outcome, at_door = Outcome(placed.completeness), placed.mode is Mode.CAPI
            return Interviewed(times.started, times.finished, outcome, at_door, times.canvasser)
        # Broken off, or nobody eligible: it left no response, and what it is follows from its answers.
        interview = parse_interview(body)
        if isinstance(interview, tuple):
            return None
        outcome, at_door = self._check.check(interview).outcome, mode_of(interview) is Mode.CAPI
        return Interviewed(interview.started, interview.finished, outcome, at_door, interview.canvasser)

    @property
    def _check(self) -> InterviewChecker:
        if self._checker is None:
            self._checker = checker_of(self._session, self._wave)
        return self._checker


def _open(sealer: Sealer, placed: PlacedPayload) -> bytes:
    return sealer.unseal(placed.body or b"", context=inbox.context(placed.uuid))
