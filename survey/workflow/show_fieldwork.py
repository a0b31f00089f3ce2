"""Show how the fieldwork goes: cases, attempts, final codes and rates, by community, canvasser and day; and the plan.

From the sealed log while the wave is open, from what closing kept once it is closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from survey.casework.field_tables import ENOUGH_ATTEMPTS, Days, FieldTables, Progress, add_up, make_tables
from survey.casework.fieldwork_plan import ExpectedBy, FieldPlan, find_expectation
from survey.casework.frozen_fieldwork import read_frozen_fieldwork
from survey.casework.wave_log import read_wave_log
from survey.keys import KeyRing
from survey.store import inbox
from survey.store.accounts import Account, list_accounts
from survey.store.draws import standing_draw
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord, get_wave
from survey.waves import WaveState

__all__ = [
    "ENOUGH_ATTEMPTS",
    "Days",
    "ExpectedBy",
    "FieldPlan",
    "FieldTables",
    "Fieldwork",
    "Progress",
    "add_up",
    "show_fieldwork",
]

_OVER = (WaveState.CLOSED, WaveState.PUBLISHED)


@dataclass(frozen=True, kw_only=True)
class Fieldwork:
    """``canvassers``: by name, all in ``tables``; empty once the wave is closed (then nobody knows).

    ``quarantined``: payloads of the wave that wait for a supervisor. ``plan``: ``None`` without a draw.
    """

    wave: int
    state: WaveState
    tables: FieldTables
    plan: FieldPlan | None
    canvassers: tuple[Account, ...] = ()
    quarantined: Mapping[PayloadKind, int] = field(default_factory=dict)

    @property
    def total(self) -> Progress:
        return self.tables.total

    @property
    def by_area(self) -> Mapping[str, Progress]:
        return self.tables.by_area

    @property
    def by_canvasser(self) -> Mapping[int, Progress]:
        return self.tables.by_canvasser

    @property
    def unassigned(self) -> int:
        """Cases that are nobody's."""
        return self.tables.unassigned


def show_fieldwork(session: Session, keys: KeyRing, wave_id: int) -> Fieldwork:
    """Raises ``NotThere`` for an unknown wave, ``Failure`` when the key of an open one is not to be read."""
    wave = get_wave(session, wave_id)
    if wave.state in _OVER:
        tables = read_frozen_fieldwork(session, wave_id)
        return Fieldwork(wave=wave_id, state=wave.state, tables=tables, plan=_plan(session, wave, tables))
    tables = make_tables(read_wave_log(session, find_sealer(session, keys, wave_id), wave))
    states = inbox.count_states(session, wave_id)
    people = tables.by_canvasser.keys() | tables.holding.keys()
    canvassers = [account for account in list_accounts(session) if account.id in people]
    return Fieldwork(
        wave=wave_id,
        state=wave.state,
        tables=tables,
        plan=_plan(session, wave, tables),
        canvassers=tuple(sorted(canvassers, key=lambda account: account.name)),
        quarantined={kind: states.get((kind, PayloadState.QUARANTINED), 0) for kind in PayloadKind},
    )


def _plan(session: Session, wave: WaveRecord, tables: FieldTables) -> FieldPlan | None:
    draw = standing_draw(session, wave.id)
    if draw is None:
        return None
    return FieldPlan(
        drawn=draw.cases,
        released=tables.total.cases,
        completes=tables.total.completes,
        expectation=find_expectation(session, wave, draw),
        start=wave.details.start,
        end=wave.details.end,
    )
