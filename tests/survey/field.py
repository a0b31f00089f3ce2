"""A small wave in the field: two communities, drawn dwellings, two canvassers, and the payloads they send."""

import hashlib
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from analysis.sampling.household import select_adult
from analysis.sampling.sample_design import Respondent
from questionnaires.loading import load_text
from survey.areas import Area, Level
from survey.fieldwork.payloads import Ended, InterviewPayload, LedBy, Presence, VisitPayload, to_json
from survey.keys import KeyRing
from survey.roles import CanvasserType, Role
from survey.sampling.sample_designs import canonical, of_equal
from survey.store import accounts, areas, assignments, cases, draws, inbox, units, waves
from survey.store.accounts import Account
from survey.store.cases import NewCase
from survey.store.database import Database
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.wave_keys import open_sealer
from survey.units import Unit, UnitKind
from survey.waves import Mode, WaveDetails, WaveState
from survey.workflow.add_instrument import add_instrument
from survey.workflow.receive_payload import Receipt, receive_payload
from tests.prepared import prepared
from tests.survey import small_wave
from tests.survey.small_wave import CITY, EAST, WEST

OPENED = datetime(2026, 5, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 4, 11, tzinfo=UTC)  # 19:00 in Shanghai
#: Of the draw.
SEED = "ab" * 16
GRIDS = {EAST: f"{EAST}001", WEST: f"{WEST}001"}

#: The small questionnaire with a question that ends it.
INSTRUMENT = small_wave.INSTRUMENT.replace(
    "[[item]]",
    """[[item]]
id = "S1"
section = "main"
type = "single"
zh_Hans = "住满六个月了吗"
en = "Have you lived here for six months"
options = [
  { code = 1, zh_Hans = "是", en = "Yes" },
  { code = 2, zh_Hans = "否", en = "No", terminate = true },
]

[[item]]""",
    1,
).replace('modes = ["web_open", "paper_entry"]', 'modes = ["capi", "web_token"]')
INSTRUMENT = INSTRUMENT.replace('slug = "small"', 'slug = "door"')
for mode in ("web_open", "paper_entry"):
    INSTRUMENT = INSTRUMENT.replace(
        f"[introductions.{mode}]", f"[introductions.{'capi' if mode == 'web_open' else 'web_token'}]"
    )

ANSWERS: Mapping[str, object] = {"S1": 1, "A1": 1, "B1": 1, "B2": 2, "C1": [1, 2]}
SCREENED: Mapping[str, object] = {"S1": 2}


@dataclass(frozen=True, kw_only=True)
class Field:
    """``east``, ``west``: the cases there, in walking order; ``li`` and ``zhou`` have every other one of them."""

    wave: int
    draw: int
    fingerprint: str
    east: tuple[UUID, ...]
    west: tuple[UUID, ...]
    li: Account
    zhou: Account
    keys: KeyRing

    @property
    def cases(self) -> tuple[UUID, ...]:
        return self.east + self.west

    def owner(self, case: UUID) -> Account:
        return (self.li, self.zhou)[self.cases.index(case) % 2]

    def visit(self, case: UUID, outcome: Outcome = Outcome.NO_ANSWER, **changes: object) -> VisitPayload:
        plain: dict[str, object] = {
            "case": case,
            "salt": secrets.token_hex(16),
            "at": NOW,
            "outcome": outcome,
            "occupied": None,
            "led_by": LedBy.NOBODY,
            "appointment": None,
            "canvasser": 0,
            "mode": Mode.CAPI,
        }
        return VisitPayload(**{**plain, **changes})  # type: ignore[arg-type]

    def interview(self, case: UUID, answers: Mapping[str, object] = ANSWERS, **changes: object) -> InterviewPayload:
        adults = changes.get("adults", 2)
        assert isinstance(adults, int)
        plain: dict[str, object] = {
            "case": case,
            "salt": secrets.token_hex(16),
            "started": NOW - timedelta(minutes=12),
            "finished": NOW,
            "instrument": self.fingerprint,
            "adults": adults,
            "selected": select_adult(bytes.fromhex(SEED), str(case), adults) if adults else 0,
            "present": (Presence.ALONE,),
            "led_by": LedBy.NOBODY,
            "answers": dict(answers),
            "elapsed": {"A1": 3.5},
            "ended": Ended.COMPLETE,
            "canvasser": 0,
        }
        return InterviewPayload(**{**plain, **changes})  # type: ignore[arg-type]

    def send(
        self,
        database: Database,
        payload: VisitPayload | InterviewPayload | bytes,
        *,
        uuid: UUID | None = None,
        account: Account | None = None,
        kind: PayloadKind | None = None,
        at: datetime = NOW,
    ) -> Receipt:
        """Receive it as from the canvasser who has the case."""
        body = payload if isinstance(payload, bytes) else to_json(payload)
        if kind is None:
            kind = PayloadKind.VISIT if isinstance(payload, VisitPayload) else PayloadKind.INTERVIEW
        if account is None:
            account = self.li if isinstance(payload, bytes) else self.owner(payload.case)
        with database.writing() as session:
            return receive_payload(
                session, self.keys, kind=kind, uuid=uuid or uuid4(), body=body, account=account, at=at
            )

    def answer_online(self, database: Database, case: UUID, outcome: Outcome = Outcome.COMPLETE) -> UUID:
        """What an answer by invitation leaves in the log, as the site records it; the uuid is its response's."""
        uuid = uuid4()
        body = to_json(self.visit(case, outcome, mode=Mode.WEB_TOKEN, occupied=True))
        with database.writing() as session:
            sealer = open_sealer(session, self.keys, self.wave, at=NOW)
            record = InboxRecord(
                uuid=uuid,
                kind=PayloadKind.VISIT,
                wave_id=self.wave,
                tag=sealer.tag(f"case:{case}"),
                sha256=hashlib.sha256(body).hexdigest(),
                state=PayloadState.PLACED,
                reason="",
                body=sealer.seal(body, context=inbox.context(uuid)),
            )
            assert inbox.add(session, record)
        return uuid


@prepared
def open_field(
    database: Database,
    keys: KeyRing,
    *,
    per_community: int = 6,
    started: bool = True,
    clusters: tuple[tuple[int, str, str, int, int], ...] = (),
    respondent: Respondent = Respondent.LIST,
    instrument: str = INSTRUMENT,
) -> Field:
    """A wave in the field (only drawn, unless ``started``): of 40 dwellings each, ``per_community`` drawn at random.

    ``clusters``: how those in the east were drawn, one after the other: so many, stratum, PSU, inclusion probability.
    ``respondent``: who is asked in a dwelling.
    """
    chance = random.Random(7)  # noqa: S311 - an example, not a secret
    frame_areas = (
        Area(code=CITY, name="小城", level=Level.CITY, parent=None, population=None),
        Area(code=EAST, name="东社区", level=Level.COMMUNITY, parent=CITY, population=1200),
        Area(code=WEST, name="西社区", level=Level.COMMUNITY, parent=CITY, population=1000),
    )
    with database.writing() as session:
        frame = areas.add_frame(
            session,
            areas=frame_areas,
            digest="d" * 64,
            at=OPENED,
            kind=UnitKind.DWELLING,
            units_digest="e" * 64,
            unit_count=80,
        )
        units.add_units(session, frame, [_unit(serial) for serial in range(1, 81)])
        added = add_instrument(session, load_text(instrument, "small.toml"), at=OPENED)
        wave = waves.add_wave(
            session,
            name="入户轮次",
            instrument_id=added.id,
            frame_id=frame,
            details=WaveDetails(modes=(Mode.CAPI, Mode.WEB_TOKEN)),
            at=OPENED,
            by="tests",
        )
        draw = draws.add_draw(
            session,
            wave_id=wave,
            frame_id=frame,
            frame_digest="d" * 64,
            method="stratified-systematic-1",
            per_community=per_community,
            design=canonical(replace(of_equal(per_community), respondent=respondent)),
            seed=SEED,
            salt="cd" * 16,
            digest="f" * 64,
            cases=2 * per_community,
            by="tests",
            at=OPENED,
        )
        drawn = {
            area: sorted(chance.sample(range(first, first + 40), per_community))
            for area, first in ((EAST, 1), (WEST, 41))
        }
        made = [
            NewCase(
                id=uuid4(),
                area=area,
                grid=GRIDS[area],
                unit_serial=serial,
                inclusion_n=per_community,
                inclusion_total=40,
                stratum=area,
                stages=f"{per_community}/40",
            )
            for area, serials in drawn.items()
            for serial in serials
        ]
        designs = [one for one in clusters for _ in range(one[0])]
        made[: len(designs)] = [
            replace(case, stratum=stratum, psu=psu, stages=f"{n}/{total}", inclusion_n=n, inclusion_total=total)
            for case, (_, stratum, psu, n, total) in zip(made, designs, strict=False)
        ]
        cases.add_cases(session, draw, made)
        draws.decide_draw(session, draw, state=draws.DrawState.APPROVED, by="somebody else", at=OPENED)
        waves.change_state(session, wave, WaveState.DRAWN, at=OPENED, by="tests")
        if started:
            open_sealer(session, keys, wave, at=OPENED)
            waves.change_state(session, wave, WaveState.FIELDING, at=OPENED, by="tests")
        people = [_canvasser(session, who) for who in ("li", "zhou")]
        assignments.assign(session, [(case.id, people[i % 2].id) for i, case in enumerate(made)], at=OPENED, by="tests")
    return Field(
        wave=wave,
        draw=draw,
        fingerprint=added.fingerprint,
        east=tuple(case.id for case in made if case.area == EAST),
        west=tuple(case.id for case in made if case.area == WEST),
        li=people[0],
        zhou=people[1],
        keys=keys,
    )


def _unit(serial: int) -> Unit:
    area = EAST if serial <= 40 else WEST
    return Unit(
        serial=serial,
        area=area,
        grid=GRIDS[area],
        address={"building": "1", "room": str(serial)},
        residents=serial % 5 or None,
    )


def _canvasser(session: Session, name: str) -> Account:
    if (found := accounts.find_account(session, name)) is not None:
        return found[0]
    return accounts.add_account(
        session, name=name, password_hash="none", role=Role.CANVASSER, at=OPENED, canvasser_type=CanvasserType.STUDENT
    )
