"""Invented visits and interviews of a wave in the field, sent as canvassers send them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import numpy as np

from analysis.fieldwork.dispositions import Outcome
from analysis.sampling.household import select_adult
from questionnaires.definition import Questionnaire
from questionnaires.screens import modules_for
from survey.demo.answers import Answerer
from survey.demo.attempts import INTERVIEWS, Visit
from survey.demo.homes import adults_in
from survey.demo.truth import WaveTruth
from survey.fieldwork.payloads import Ended, InterviewPayload, LedBy, Presence, VisitPayload, to_json
from survey.keys import KeyRing
from survey.store.accounts import Account
from survey.store.database import Session
from survey.store.inbox import PayloadKind
from survey.units import Unit
from survey.waves import Mode
from survey.workflow.receive_payload import Receipt, receive_payload

#: The first door of a canvasser's day, on every third of which they go out late; how long a closed door takes, and how
#: long nobody needs for an interview.
FIRST_DOOR, LATE_DOOR, AT_DOOR = timedelta(hours=9, minutes=30), timedelta(hours=18, minutes=10), timedelta(minutes=4)
LATE_EVERY = 3
#: Seconds for an item: its median, the spread of its logarithm, and in an interview that was made up.
SECONDS, SPREAD, MADE_UP_SECONDS = 17.0, 0.4, 1.5
#: How much of the way was gone when an interview ended early.
REACHED = {Outcome.PARTIAL: 0.68, Outcome.BREAK_OFF: 0.25}


@dataclass(frozen=True, kw_only=True)
class WaveInField:
    """``chance``: what all that is drawn for this wave begins with. ``first_day``: midnight in Shanghai.

    ``owners``: case -> its canvasser. ``draw_seed``: selects the adult.
    """

    wave: int
    questionnaire: Questionnaire
    fingerprint: str
    keys: KeyRing
    chance: tuple[int, ...]
    draw_seed: bytes
    first_day: datetime
    units: Mapping[int, Unit]
    owners: Mapping[UUID, Account]
    truth: WaveTruth
    answerer: Answerer


class Doors:
    """Sends what canvassers send: each goes from door to door, so that no two of one person's overlap."""

    def __init__(self, session: Session, field: WaveInField) -> None:
        self.session, self.field = session, field
        self._clocks: dict[tuple[int, int], datetime] = {}

    def send(
        self,
        visit: Visit,
        account: Account | None = None,
        *,
        instrument: str | None = None,
        made_up: bool = False,
        again: int = 0,
    ) -> Receipt:
        """From the case's canvasser, or another ``account``. ``instrument``: the wording that was asked.

        ``made_up``: written at a kitchen table. ``again``: which interview of this home it is, from 0.
        """
        account = account or self.field.owners[visit.case.id]
        first = FIRST_DOOR if (visit.day + account.id) % LATE_EVERY else LATE_DOOR
        start = self.field.first_day + timedelta(days=visit.day) + first
        at = self._clocks.get((account.id, visit.day), start)
        if visit.outcome not in INTERVIEWS:
            self._clocks[account.id, visit.day] = at + AT_DOOR
            payload = self._visit(visit, account, at)
            return self._receive(PayloadKind.VISIT, uuid4(), payload, account, at)
        rng = np.random.default_rng([*self.field.chance, visit.case.unit_serial, 1 + again])
        # A device takes any number; here the rotating module follows from it, and so from the seed.
        uuid = UUID(bytes=rng.bytes(16), version=4)
        interview = self._interview(visit, account, at, uuid, rng, made_up=made_up, instrument=instrument)
        # Whoever makes interviews up writes several at once.
        self._clocks[account.id, visit.day] = at if made_up else interview.finished + AT_DOOR
        return self._receive(PayloadKind.INTERVIEW, uuid, interview, account, interview.finished)

    def _receive(
        self, kind: PayloadKind, uuid: UUID, payload: VisitPayload | InterviewPayload, account: Account, at: datetime
    ) -> Receipt:
        body = to_json(payload)
        return receive_payload(self.session, self.field.keys, kind=kind, uuid=uuid, body=body, account=account, at=at)

    def _visit(self, visit: Visit, account: Account, at: datetime) -> VisitPayload:
        return VisitPayload(
            case=visit.case.id,
            salt=secrets.token_hex(16),
            at=at,
            outcome=visit.outcome,
            occupied=visit.occupied,
            led_by=LedBy.NOBODY,
            appointment=at + timedelta(days=2) if visit.outcome is Outcome.APPOINTMENT else None,
            canvasser=account.id,
            mode=Mode.CAPI,
        )

    def _interview(
        self,
        visit: Visit,
        account: Account,
        at: datetime,
        uuid: UUID,
        rng: np.random.Generator,
        *,
        made_up: bool,
        instrument: str | None,
    ) -> InterviewPayload:
        adults = max(1, adults_in(self.field.units[visit.case.unit_serial]))
        truth, modules = self.field.truth.communities[visit.case.area], modules_for(self.field.questionnaire, uuid)
        given = self.field.answerer.answers(truth, rng, mode=Mode.CAPI, modules=modules, adults=adults, made_up=made_up)
        answers = dict(list(given.items())[: round(REACHED.get(visit.outcome, 1.0) * len(given))])
        median = MADE_UP_SECONDS if made_up else SECONDS
        seconds = np.round(median * np.exp(SPREAD * rng.standard_normal(len(answers))), 1).tolist()
        alone, unled = rng.random(2) < (0.7, 0.9)
        return InterviewPayload(
            case=visit.case.id,
            salt=secrets.token_hex(16),
            started=at,
            finished=at + timedelta(seconds=round(sum(seconds))),
            instrument=instrument or self.field.fingerprint,
            adults=adults,
            selected=select_adult(self.field.draw_seed, str(visit.case.id), adults),
            present=(Presence.ALONE,) if alone else (Presence.FAMILY,),
            led_by=LedBy.NOBODY if unled else LedBy.GRID_WORKER,
            answers=answers,
            elapsed=dict(zip(answers, seconds, strict=True)),
            ended=Ended.BREAK_OFF if visit.outcome is Outcome.BREAK_OFF else Ended.COMPLETE,
            canvasser=account.id,
        )
