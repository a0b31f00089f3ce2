"""What is stored of one resident's questionnaire while it is filled in, and how far that has come.

The browser holds an :class:`Entrance`; the answers are a sealed draft under its random uuid. Whether a code was spent
meanwhile is asked only where there is no draft: whoever has begun may finish, and a supervisor decides between two.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam
from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import VisitPayload, parse_visit
from survey.keys import KeyRing, Sealer
from survey.store import drafts, inbox, invitations, responses
from survey.store.drafts import DraftKind, DraftRecord
from survey.store.fielded_waves import SELECT_WAVE, FieldedWave, wave_of
from survey.store.inbox import InboxRecord, PayloadKind
from survey.store.invitations import InvitationState
from survey.store.recordings import LISTED, Recording, read_listed
from survey.store.responses import Answer
from survey.waves import Mode, WaveState


class Standing(StrEnum):
    """Whether a questionnaire may be filled in, or why not."""

    OPEN = "open"
    FINISHED = "finished"  # these very answers were handed in already
    SPENT = "spent"  # somebody else handed in answers with this code
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    NOT_STARTED = "not_started"
    CLOSED = "closed"
    OTHER_MODE = "other_mode"  # the wave is not answered this way


class Ending(StrEnum):
    """What came of handing in."""

    COMPLETE = "complete"
    SCREENED = "screened"  # does not belong to the population
    KEPT_ASIDE = "kept_aside"  # answers of this household were there already; a supervisor decides


#: Wave, community and stored code: equal for all who come in by one letter, or by one poster (``None`` for the code).
Way = tuple[int, str, str | None]


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """How somebody came in. ``uuid``: random, of the draft and later of the response. ``code_hash``: under which the
    code is stored, see :mod:`survey.store.invitations`. ``order_seed``: of the order in which they see options, dealt
    apart from the uuid.
    """

    wave_id: int
    area: str  # code of the community
    uuid: UUID
    code_hash: str | None  # None: by the open link
    order_seed: int | None = None

    @property
    def mode(self) -> Mode:
        return Mode.WEB_TOKEN if self.code_hash else Mode.WEB_OPEN

    @property
    def way(self) -> Way:
        return self.wave_id, self.area, self.code_hash


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """``answers``: item -> stored answer of every item seen. ``begun``: a draft is there. ``case``: of the code.

    ``ending``: of a finished one. ``recordings``: where its questions are heard.
    """

    entrance: Entrance
    standing: Standing
    wave: FieldedWave | None
    sealer: Sealer | None = None
    answers: Mapping[str, Answer]
    begun: bool = False
    case: UUID | None = None
    ending: Ending | None = None
    recordings: tuple[Recording, ...] = ()


_DRAFTS, _CODES, _RESPONSES = drafts.TABLE, invitations.TABLE, responses.TABLE
_FIND = (
    SELECT_WAVE.add_columns(
        _DRAFTS.c.uuid.label("draft"),
        _DRAFTS.c.wave_id.label("draft_wave"),
        _DRAFTS.c.kind.label("draft_kind"),
        _DRAFTS.c.body.label("draft_body"),
        _CODES.c.wave_id.label("code_wave"),
        _CODES.c.state.label("code_state"),
        _CODES.c.body.label("code_body"),
        LISTED.label("recordings"),
        _RESPONSES.c.wave_id.label("response_wave"),
    )
    .outerjoin(_DRAFTS, _DRAFTS.c.uuid == bindparam("draft"))
    .outerjoin(_CODES, _CODES.c.code_hash == bindparam("code"))
    .outerjoin(_RESPONSES, _RESPONSES.c.uuid == bindparam("draft"))
)


def find_sheet(session: Session, keys: KeyRing, entrance: Entrance) -> Sheet:
    """One statement, and another for a code that is spent already. Raises :class:`~survey.messages.Failure` when
    the wave's key is not to be read."""
    wanted = {"wave": entrance.wave_id, "draft": entrance.uuid, "code": entrance.code_hash}
    row = session.execute(_FIND, wanted).one_or_none()
    wave = wave_of(session, row) if row else None
    standing = wave_standing(wave, entrance.mode)
    if row is None or wave is None or wave.key_id is None or standing is not Standing.OPEN:
        if standing is Standing.OPEN:
            standing = Standing.NOT_STARTED  # starting a wave makes its key
        return Sheet(entrance=entrance, standing=standing, wave=wave, answers={})
    sealer, recordings = keys.open(wave.key_id), read_listed(row.recordings)
    if row.draft is not None and row.draft_wave == wave.id and row.draft_kind is DraftKind.RESIDENT:
        answers, case = _unseal(sealer, entrance.uuid, row.draft_body)
        return Sheet(
            entrance=entrance,
            standing=Standing.OPEN,
            wave=wave,
            sealer=sealer,
            answers=answers,
            begun=True,
            case=case,
            recordings=recordings,
        )
    if entrance.code_hash is None:
        done = row.response_wave == wave.id
        standing, case, ending = Standing.FINISHED if done else Standing.OPEN, None, Ending.COMPLETE if done else None
    else:
        standing, case, ending = _by_code(session, sealer, entrance, row)
    return Sheet(
        entrance=entrance,
        standing=standing,
        wave=wave,
        sealer=sealer,
        answers={},
        case=case,
        ending=ending,
        recordings=recordings,
    )


def wave_standing(wave: FieldedWave | None, mode: Mode) -> Standing:
    """What the wave itself says."""
    if wave is None:
        return Standing.UNKNOWN
    if wave.state in (WaveState.DRAFT, WaveState.DRAWN):
        return Standing.NOT_STARTED
    if wave.state is not WaveState.FIELDING:
        return Standing.CLOSED
    return Standing.OPEN if mode in wave.modes else Standing.OTHER_MODE


def save_sheet(session: Session, sheet: Sheet, answers: Mapping[str, Answer]) -> None:
    """Keep the answers as a sealed draft; the sheet is an open one."""
    if sheet.sealer is None:
        raise ValueError("got a sheet that is not open, expected an open one")
    entrance = sheet.entrance
    document = {"answers": dict(answers), "case": str(sheet.case) if sheet.case else None}
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    drafts.save_draft(
        session,
        DraftRecord(
            uuid=entrance.uuid,
            wave_id=entrance.wave_id,
            kind=DraftKind.RESIDENT,
            tag=_tag(sheet.sealer, entrance),
            body=sheet.sealer.seal(body, context=drafts.context(entrance.uuid)),
        ),
    )


def _by_code(
    session: Session, sealer: Sealer, entrance: Entrance, row: Row[Any]
) -> tuple[Standing, UUID | None, Ending | None]:
    if row.code_wave != entrance.wave_id:
        return Standing.UNKNOWN, None, None
    if row.code_state is not InvitationState.OPEN and (done := inbox.find(session, entrance.uuid)):
        return Standing.FINISHED, None, _ending(sealer, done)
    case = UUID(sealer.unseal(row.code_body, context=invitations.context(str(entrance.code_hash))).decode())
    return Standing(row.code_state.value), case, None


def _ending(sealer: Sealer, done: InboxRecord) -> Ending:
    if done.kind is PayloadKind.INTERVIEW:
        return Ending.KEPT_ASIDE
    visit = parse_visit(sealer.unseal(done.body, context=inbox.context(done.uuid))) if done.body else None
    screened = isinstance(visit, VisitPayload) and visit.outcome is Outcome.NOBODY_ELIGIBLE
    return Ending.SCREENED if screened else Ending.COMPLETE


def _tag(sealer: Sealer, entrance: Entrance) -> str | None:
    """Of the code, not of the case: an interview begun at the door is found by the case."""
    return sealer.tag(f"code:{entrance.code_hash}") if entrance.code_hash else None


def _unseal(sealer: Sealer, uuid: UUID, body: bytes) -> tuple[dict[str, Answer], UUID | None]:
    document = json.loads(sealer.unseal(body, context=drafts.context(uuid)))
    return document["answers"], UUID(document["case"]) if document["case"] else None
