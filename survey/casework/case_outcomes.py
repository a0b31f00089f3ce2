"""What came of each case of an open wave, and nothing more of it: its final code, and how often somebody was there.

As :mod:`survey.casework.case_log` without what visits and interviews say: where an interview's answers became a
response, that says already what they came to, and the interview stays sealed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Attempt, Disposition, Outcome, final_disposition
from questionnaires.loading import from_document
from survey.fieldwork.interview_checks import InterviewChecker, mode_of
from survey.fieldwork.payloads import glance_at_visit, parse_interview
from survey.keys import Sealer
from survey.store import inbox
from survey.store.assignments import list_held
from survey.store.draws import standing_draw
from survey.store.inbox import PayloadKind
from survey.store.instruments import get_instrument
from survey.store.placed_payloads import PlacedPayload, read_placed
from survey.store.waves import WaveRecord
from survey.waves import Mode

_INTERVIEWED = frozenset({Outcome.COMPLETE, Outcome.PARTIAL})
#: When an interview ended that decides the final code whenever it was.
_WHENEVER = datetime.min.replace(tzinfo=UTC)


class Attempted(NamedTuple):
    """A visit as far as it counts."""

    at: datetime
    outcome: Outcome
    occupied: bool | None
    online: bool


class Interviewed(NamedTuple):
    """An interview as far as it counts."""

    finished: datetime
    outcome: Outcome
    at_door: bool


def final_code(visits: Sequence[Attempted], interviews: Sequence[Interviewed]) -> Disposition:
    """From all attempts; an interview is one, whether or not its visit was recorded.

    At the door "complete" is said by the interview: where none is placed, there was somebody, and no answers.
    """
    attempts = [(one.finished, Attempt(outcome=one.outcome)) for one in interviews]
    for visit in visits:
        outcome = visit.outcome
        if outcome in _INTERVIEWED and not visit.online:
            if interviews:
                continue
            outcome = Outcome.OTHER
        attempts.append((visit.at, Attempt(outcome=outcome, occupied=visit.occupied)))
    if len(attempts) > 1:
        attempts.sort(key=lambda pair: pair[0])
    return final_disposition([attempt for _, attempt in attempts])


def attempts_at_door(visits: Sequence[Attempted], interviews: Sequence[Interviewed]) -> int:
    """How often somebody was there: each interview held is an attempt, unless a visit says it was the one."""
    at_door = [visit.outcome for visit in visits if not visit.online]
    held = sum(interview.at_door for interview in interviews)
    return len(at_door) + max(0, held - sum(outcome in _INTERVIEWED for outcome in at_door))


class CaseOutcome(NamedTuple):
    area: str
    account: int | None  # whose case it is; None: nobody's
    disposition: Disposition
    attempts_at_door: int


def read_outcomes(session: Session, sealer: Sealer | None, wave: WaveRecord) -> tuple[CaseOutcome, ...]:
    """All cases of the wave's standing draw, by area and unit; without a ``sealer`` nothing came of them yet.

    Raises :class:`~survey.messages.Failure` when a visit does not open.
    """
    draw = standing_draw(session, wave.id)
    if draw is None:
        return ()
    visits, interviews = _read(session, sealer, wave) if sealer else ({}, {})
    found = []
    for case in list_held(session, draw.id):
        tag = sealer.tag(f"case:{case.id}") if sealer else ""
        made, held = visits.get(tag, ()), interviews.get(tag, ())
        code = final_code(made, held) if made or held else Disposition.NOT_ATTEMPTED
        found.append(CaseOutcome(case.area, case.account, code, attempts_at_door(made, held)))
    return tuple(found)


def _read(
    session: Session, sealer: Sealer, wave: WaveRecord
) -> tuple[Mapping[str, Sequence[Attempted]], Mapping[str, Sequence[Interviewed]]]:
    """By the tag of the case."""
    visits: defaultdict[str, list[Attempted]] = defaultdict(list)
    interviews: defaultdict[str, list[Interviewed]] = defaultdict(list)
    unfinished: list[PlacedPayload] = []
    for placed in read_placed(session, wave.id):
        if placed.completeness is not None:
            at_door = placed.mode is Mode.CAPI
            interviews[placed.tag].append(Interviewed(_WHENEVER, Outcome(placed.completeness), at_door))
        elif placed.kind is PayloadKind.INTERVIEW:
            unfinished.append(placed)
        elif (visit := glance_at_visit(_open(sealer, placed))) is not None:
            visits[placed.tag].append(Attempted(visit.at, visit.outcome, visit.occupied, visit.mode is Mode.WEB_TOKEN))
    if unfinished:
        _judge(session, sealer, wave, unfinished, interviews)
    return visits, interviews


def _judge(
    session: Session,
    sealer: Sealer,
    wave: WaveRecord,
    unfinished: Sequence[PlacedPayload],
    interviews: Mapping[str, list[Interviewed]],
) -> None:
    """Broken off, or nobody eligible: they left no response, and what they are is looked up in their answers."""
    instrument = get_instrument(session, wave.instrument_id)
    checker = InterviewChecker(from_document(instrument.document), instrument.fingerprint)
    for placed in unfinished:
        interview = parse_interview(_open(sealer, placed))
        if not isinstance(interview, tuple):
            held = Interviewed(interview.finished, checker.check(interview).outcome, mode_of(interview) is Mode.CAPI)
            interviews[placed.tag].append(held)


def _open(sealer: Sealer, placed: PlacedPayload) -> bytes:
    return sealer.unseal(placed.body or b"", context=inbox.context(placed.uuid))
