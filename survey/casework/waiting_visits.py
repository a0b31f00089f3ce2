"""Visits of a wave that wait for a supervisor's decision, with what it needs: where, who, when, what was said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from survey.areas import Area
from survey.casework.acceptance import find_refusal
from survey.fieldwork.payloads import Problems, VisitPayload, parse_visit
from survey.fieldwork.quarantine import Reason, read_reason
from survey.keys import Sealer
from survey.messages import Message
from survey.roles import Scope
from survey.store import inbox
from survey.store.cases import Case, cases_by_ids
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState, list_inbox
from survey.store.units import get_units
from survey.store.waves import WaveRecord
from survey.units import Unit


@dataclass(frozen=True, kw_only=True)
class WaitingVisit:
    """``unit`` and ``area`` are ``None`` for a case nobody knows. ``refusal``: why nobody may accept it."""

    uuid: UUID
    payload: VisitPayload
    unit: Unit | None
    area: Area | None
    canvasser: str
    reason: Message | str | None
    refusal: Reason | None


def list_waiting_visits(
    session: Session,
    sealer: Sealer,
    wave: WaveRecord,
    *,
    areas: Mapping[str, Area],
    names: Mapping[int, str],
    scope: Scope,
    at: datetime,
) -> tuple[WaitingVisit, ...]:
    """The earliest first; only communities within ``scope``. Those that cannot be read are left out."""
    rows = {
        row.uuid: (row, parsed)
        for row in list_inbox(session, wave.id, kind=PayloadKind.VISIT, state=PayloadState.QUARANTINED)
        if isinstance(parsed := _read(sealer, row), VisitPayload)
    }
    cases = cases_by_ids(session, {payload.case for _, payload in rows.values()})
    parents = {code: area.parent for code, area in areas.items()}
    units = get_units(session, wave.frame_id, [one.unit_serial for one in cases.values()])
    found = [
        WaitingVisit(
            uuid=uuid,
            payload=payload,
            unit=units.get(case.unit_serial) if case else None,
            area=areas.get(case.area) if case else None,
            canvasser=names.get(payload.canvasser, ""),
            reason=read_reason(sealer, uuid, row.reason),
            refusal=find_refusal(session, sealer, payload, case, wave_id=wave.id, stored=row.reason, at=at),
        )
        for uuid, (row, payload) in rows.items()
        if _within(case := cases.get(payload.case), scope, parents)
    ]
    return tuple(sorted(found, key=lambda one: (one.payload.at, one.uuid)))


def _read(sealer: Sealer, row: InboxRecord) -> VisitPayload | Problems:
    return parse_visit(sealer.unseal(row.body or b"", context=inbox.context(row.uuid)))


def _within(case: Case | None, scope: Scope, parents: Mapping[str, str | None]) -> bool:
    return scope.sees_area(case.area if case else None, parents)
