"""A row in every table of the fieldwork, sealed under keys of their own folder."""

import hashlib
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Disposition, DispositionClass
from survey.keys import KeyRing, Sealer
from survey.store import drafts, inbox, invitations
from survey.store.disposition_counts import add_counts, add_visit_counts
from survey.store.drafts import DraftKind, DraftRecord
from survey.store.fieldwork_counts import (
    AreaAttempts,
    DayCounts,
    add_area_attempts,
    add_days,
    add_hours,
    add_weights,
)
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.invitations import Invitation, InvitationState
from survey.store.open_links import add_open_links
from survey.store.response_factors import Factors, add_factors
from survey.store.wave_keys import open_sealer

CASE = UUID("11111111-2222-4333-8444-555555555555")


def received(
    sealer: Sealer,
    wave: int | None,
    number: int,
    *,
    body: bytes = b"{}",
    case: UUID | None = CASE,
    kind: PayloadKind = PayloadKind.VISIT,
    state: PayloadState = PayloadState.PLACED,
    reason: str = "",
) -> InboxRecord:
    """What came in under the uuid ``number``."""
    uuid = UUID(int=number, version=4)
    return InboxRecord(
        uuid=uuid,
        kind=kind,
        wave_id=wave,
        tag=sealer.tag(f"case:{case}") if case else None,
        sha256=hashlib.sha256(body).hexdigest(),
        state=state,
        reason=reason,
        body=sealer.seal(body, context=inbox.context(uuid)),
    )


def draft(sealer: Sealer, wave: int, number: int, *, body: bytes = b"{}", case: UUID | None = CASE) -> DraftRecord:
    uuid = UUID(int=number, version=4)
    return DraftRecord(
        uuid=uuid,
        wave_id=wave,
        kind=DraftKind.INTERVIEW if case else DraftKind.RESIDENT,
        tag=sealer.tag(f"case:{case}") if case else None,
        body=sealer.seal(body, context=drafts.context(uuid)),
    )


def find_draft(session: Session, uuid: UUID) -> DraftRecord | None:
    """As the table has it; the site looks for drafts together with their waves."""
    row = session.execute(select(drafts.TABLE).where(drafts.TABLE.c.uuid == uuid)).mappings().one_or_none()
    return DraftRecord(**row) if row else None


def invitation(
    sealer: Sealer,
    wave: int,
    code: str,
    *,
    case: UUID = CASE,
    area: str = "330106001001",
    state: InvitationState = InvitationState.OPEN,
) -> Invitation:
    code_hash = invitations.hash_of(sealer, hashlib.sha256(code.encode()).hexdigest())
    return Invitation(
        code_hash=code_hash,
        wave_id=wave,
        area=area,
        state=state,
        tag=invitations.tag_of(sealer, code_hash),
        body=sealer.seal(str(case).encode(), context=invitations.context(code_hash)),
    )


def fill_fieldwork(session: Session, keys: KeyRing, wave: int, *, response: UUID, at: datetime) -> None:
    """One row and more in each table; ``response`` is one of the wave's."""
    sealer = open_sealer(session, keys, wave, at=at)
    for number in range(5):
        inbox.add(session, received(sealer, wave, number, body=b"\x00\\." * number))
    drafts.save_draft(session, draft(sealer, wave, 1))
    invitations.add_invitations(session, [invitation(sealer, wave, "first"), invitation(sealer, wave, "second")])
    add_open_links(session, wave, ["330106001001"])
    add_factors(
        session,
        [
            Factors(
                uuid=response,
                stratum="330106001001",
                psu=1,
                canvasser="a",
                inclusion_n=2,
                inclusion_total=90,
                adults=None,
            )
        ],
    )
    add_counts(session, wave, {("330106001001", Disposition.VACANT): 3})
    add_visit_counts(session, wave, {"330106001001": 7})
    add_weights(session, wave, {("330106001001", DispositionClass.NOT_ELIGIBLE): 135.5})
    of_area = AreaAttempts(evening=3, weekend=2, under_three=1, office_hours_only=0)
    add_area_attempts(session, wave, {"330106001001": of_area})
    day = date(2026, 5, 4)
    add_days(session, wave, [DayCounts(first_day=day, last_day=day, attempts=10, contacts=4, completes=2)])
    add_hours(session, wave, [[0] * 19 + [10] + [0] * 4] + [[0] * 24] * 6)
