"""Invented visits and interviews of the wave in the field, sent as canvassers send them."""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import numpy as np

from analysis.fieldwork.dispositions import Outcome
from analysis.sampling.household import select_adult
from questionnaires.definition import Questionnaire
from questionnaires.screens import Walk, modules_for
from survey.demo.answers import COMMUNITIES, demo_walk
from survey.fieldwork.payloads import Ended, InterviewPayload, LedBy, Presence, VisitPayload, to_json
from survey.keys import KeyRing
from survey.store.accounts import Account
from survey.store.cases import Case
from survey.store.database import Session
from survey.store.inbox import PayloadKind
from survey.units import Unit, UnitStatus
from survey.waves import Mode
from survey.workflow.receive_payload import Receipt, receive_payload

DAYS = 12
ATTEMPTS = 3
#: Nobody has been to one case in eight yet, and in the last community only to every other one.
NOT_YET, LATE_COMMUNITY = 0.12, "990101002004"
#: What comes of an attempt; the rest are interviews.
SHARES: Mapping[Outcome, float] = {
    Outcome.NO_ANSWER: 0.25,
    Outcome.NO_ENTRY: 0.06,
    Outcome.AWAY: 0.07,
    Outcome.APPOINTMENT: 0.05,
    Outcome.REFUSED_HOUSEHOLD: 0.06,
    Outcome.REFUSED_PERSON: 0.04,
    Outcome.UNABLE: 0.01,
    Outcome.LANGUAGE: 0.01,
    Outcome.OTHER: 0.01,
    Outcome.NO_SUCH_ADDRESS: 0.01,
    Outcome.NOT_A_DWELLING: 0.01,
    Outcome.NOBODY_ELIGIBLE: 0.01,
}
#: After these somebody comes again.
AGAIN = frozenset({Outcome.NO_ANSWER, Outcome.NO_ENTRY, Outcome.AWAY, Outcome.APPOINTMENT})
#: How an interview ends, and how much of the way was gone then.
ENDINGS = {Outcome.COMPLETE: (0.88, 1.0), Outcome.PARTIAL: (0.05, 0.68), Outcome.BREAK_OFF: (0.07, 0.25)}
BY_AREA = {community.area: community for community in COMMUNITIES}
FIRST_HOUR, SLOT = timedelta(hours=16, minutes=30), timedelta(minutes=20)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """``day`` 0… of the fieldwork. ``outcome`` complete, partial or break-off: an interview."""

    day: int
    case: Case
    outcome: Outcome
    occupied: bool | None


@dataclass(frozen=True, kw_only=True)
class DemoField:
    """The wave in the field. ``first_day``: midnight in Shanghai. ``owners``: case -> its canvasser."""

    wave: int
    questionnaire: Questionnaire
    fingerprint: str
    keys: KeyRing
    seed: int
    draw_seed: bytes
    first_day: datetime
    cases: Sequence[Case]
    units: Mapping[int, Unit]
    owners: Mapping[UUID, Account]


def plan_attempts(field: DemoField) -> list[Attempt]:
    """All attempts, day by day in walking order; the same ones for the same seed and draw."""
    planned = [attempt for case in field.cases for attempt in _attempts_at(field, case)]
    return sorted(planned, key=lambda attempt: (attempt.day, attempt.case.unit_serial))


def _attempts_at(field: DemoField, case: Case) -> Iterator[Attempt]:
    rng = np.random.default_rng([field.seed, case.unit_serial])
    if rng.random() < (0.5 if case.area == LATE_COMMUNITY else NOT_YET):
        return
    vacant = field.units[case.unit_serial].status is UnitStatus.VACANT
    day = int(rng.integers(0, DAYS - 3))
    for _ in range(ATTEMPTS):
        outcome = _outcome(vacant, rng)
        seen = bool(rng.random() < 0.5)
        yield Attempt(day=day, case=case, outcome=outcome, occupied=True if seen and outcome in AGAIN else None)
        day += int(rng.integers(1, 4))
        if outcome not in AGAIN or day >= DAYS:
            return


def _outcome(vacant: bool, rng: np.random.Generator) -> Outcome:
    if vacant:
        return Outcome.VACANT if rng.random() < 0.7 else Outcome.NO_ANSWER
    outcomes = [*SHARES, *ENDINGS]
    interviewed = 1 - sum(SHARES.values())
    shares = [*SHARES.values(), *(interviewed * share for share, _ in ENDINGS.values())]
    return outcomes[int(rng.choice(len(outcomes), p=shares))]


class Doors:
    """Sends what canvassers send, each in turn at a time of its own, so that no two of one person overlap."""

    def __init__(self, session: Session, field: DemoField) -> None:
        self.session, self.field = session, field
        self._slots: Counter[tuple[int, int]] = Counter()

    def send(self, attempt: Attempt, account: Account | None = None, *, instrument: str | None = None) -> Receipt:
        """From the case's canvasser, or another ``account``; ``instrument``: the wording that was asked."""
        account = account or self.field.owners[attempt.case.id]
        at = self._time(attempt.day, account)
        if attempt.outcome not in ENDINGS:
            return self._receive(PayloadKind.VISIT, uuid4(), self._visit(attempt, account, at), account)
        uuid = uuid4()
        payload = self._interview(attempt, account, at, uuid, instrument or self.field.fingerprint)
        return self._receive(PayloadKind.INTERVIEW, uuid, payload, account)

    def _time(self, day: int, account: Account) -> datetime:
        slot = self._slots[account.id, day]
        self._slots[account.id, day] += 1
        return self.field.first_day + timedelta(days=day) + FIRST_HOUR + slot % 13 * SLOT

    def _receive(
        self, kind: PayloadKind, uuid: UUID, payload: VisitPayload | InterviewPayload, account: Account
    ) -> Receipt:
        at = payload.at if isinstance(payload, VisitPayload) else payload.finished
        return receive_payload(
            self.session, self.field.keys, kind=kind, uuid=uuid, body=to_json(payload), account=account, at=at
        )

    def _visit(self, attempt: Attempt, account: Account, at: datetime) -> VisitPayload:
        return VisitPayload(
            case=attempt.case.id,
            salt=secrets.token_hex(16),
            at=at,
            outcome=attempt.outcome,
            occupied=attempt.occupied,
            led_by=LedBy.NOBODY,
            appointment=at + timedelta(days=2) if attempt.outcome is Outcome.APPOINTMENT else None,
            canvasser=account.id,
            mode=Mode.CAPI,
        )

    def _interview(
        self, attempt: Attempt, account: Account, at: datetime, uuid: UUID, instrument: str
    ) -> InterviewPayload:
        rng = np.random.default_rng([self.field.seed, attempt.case.unit_serial, 1])
        adults = int(rng.choice([1, 2, 2, 3, 4]))
        questionnaire = self.field.questionnaire
        walk = Walk(questionnaire, mode=Mode.CAPI, modules=modules_for(questionnaire, uuid), one_item=True)
        given = demo_walk(walk, BY_AREA[attempt.case.area], adults=adults, rng=rng)
        answers = dict(list(given.items())[: round(ENDINGS[attempt.outcome][1] * len(given))])
        hurried = account.name == "canvasser4" and rng.random() < 0.4
        elapsed = {item: round(float(rng.lognormal(3.0, 0.4)) / (10 if hurried else 1), 1) for item in answers}
        finished = at + timedelta(seconds=sum(elapsed.values()))
        return InterviewPayload(
            case=attempt.case.id,
            salt=secrets.token_hex(16),
            started=at,
            finished=finished,
            instrument=instrument,
            adults=adults,
            selected=select_adult(self.field.draw_seed, str(attempt.case.id), adults),
            present=(Presence.ALONE,) if rng.random() < 0.7 else (Presence.FAMILY,),
            led_by=LedBy.NOBODY if rng.random() < 0.9 else LedBy.GRID_WORKER,
            answers=answers,
            elapsed=elapsed,
            ended=Ended.BREAK_OFF if attempt.outcome is Outcome.BREAK_OFF else Ended.COMPLETE,
            canvasser=account.id,
        )
