"""What came of each case of an open wave: its sealed visits and interviews, read with the wave's key."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from survey.casework.case_outcomes import Attempted, CaseAttempt, Interviewed, attempts_of
from survey.casework.version_checks import checker_of
from survey.fieldwork.interview_checks import mode_of
from survey.fieldwork.payloads import InterviewPayload, VisitPayload
from survey.keys import Sealer
from survey.store.cases import Case, list_cases
from survey.store.draws import standing_draw
from survey.store.inbox import PayloadState
from survey.store.interviews import read_completeness, read_interviews
from survey.store.visits import read_visits
from survey.store.waves import WaveRecord
from survey.waves import Mode


@dataclass(frozen=True, kw_only=True)
class PlacedVisit:
    uuid: UUID  # of an online answer: that of its response
    payload: VisitPayload


@dataclass(frozen=True, kw_only=True)
class PlacedInterview:
    uuid: UUID  # of its response, too, if its answers count
    payload: InterviewPayload
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class CaseLog:
    """What counts of one case. ``visits`` and ``interviews`` are those that are placed, the earliest first."""

    case: Case
    visits: Sequence[PlacedVisit]
    interviews: Sequence[PlacedInterview]

    @property
    def attempts(self) -> list[CaseAttempt]:
        """See :func:`~survey.casework.case_outcomes.attempts_of`."""
        visits = [
            Attempted(one.at, one.outcome, one.occupied, one.mode is Mode.WEB_TOKEN, one.canvasser)
            for one in (visit.payload for visit in self.visits)
        ]
        interviews = [
            Interviewed(held.started, held.finished, one.outcome, mode_of(held) is Mode.CAPI, held.canvasser)
            for one in self.interviews
            if (held := one.payload)
        ]
        return attempts_of(visits, interviews)


def read_case_logs(session: Session, sealer: Sealer | None, wave: WaveRecord) -> tuple[CaseLog, ...]:
    """All cases of the wave's standing draw, by area and unit; without a ``sealer`` nothing came of them yet."""
    draw = standing_draw(session, wave.id)
    if draw is None:
        return ()
    visits, interviews = _read(session, sealer, wave) if sealer else ({}, {})
    return tuple(
        CaseLog(case=case, visits=visits.get(case.id, ()), interviews=interviews.get(case.id, ()))
        for case in list_cases(session, draw.id)
    )


def _read(
    session: Session, sealer: Sealer, wave: WaveRecord
) -> tuple[Mapping[UUID, Sequence[PlacedVisit]], Mapping[UUID, Sequence[PlacedInterview]]]:
    checker = checker_of(session, wave)
    completeness = read_completeness(session, wave.id)
    visits: defaultdict[UUID, list[PlacedVisit]] = defaultdict(list)
    interviews: defaultdict[UUID, list[PlacedInterview]] = defaultdict(list)
    for visit in read_visits(session, sealer, wave.id):
        if visit.state is PayloadState.PLACED:
            visits[visit.payload.case].append(PlacedVisit(uuid=visit.uuid, payload=visit.payload))
    for interview in read_interviews(session, sealer, wave.id):
        if interview.state is PayloadState.PLACED:
            kept = completeness.get(interview.uuid)
            # Answers that count were checked when they came in; the others (broken off, nobody eligible) left nothing.
            outcome = Outcome(kept) if kept else checker.check(interview.payload).outcome
            placed = PlacedInterview(uuid=interview.uuid, payload=interview.payload, outcome=outcome)
            interviews[interview.payload.case].append(placed)
    return visits, interviews
