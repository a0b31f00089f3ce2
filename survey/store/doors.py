"""What the server knows of the door that a payload names, in one statement: every visit and interview asks for it."""

from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from survey.store.assignments import AssignmentRow
from survey.store.cases import Case
from survey.store.draws import DrawRow
from survey.store.wave_keys import KeyState, WaveKeyRow
from survey.store.waves import SELECT_WAVES, WaveRecord, WaveRow, wave_in

_DRAWS, _KEYS, _ASSIGNMENTS = (row.metadata.tables[row.__tablename__] for row in (DrawRow, WaveKeyRow, AssignmentRow))
_ONE = (
    SELECT_WAVES.add_columns(
        _DRAWS.c.seed,
        _DRAWS.c.design,
        _KEYS.c.key_id,
        _KEYS.c.state.label("key_state"),
        _ASSIGNMENTS.c.account_id.label("holder"),
    )
    .join(_DRAWS, _DRAWS.c.wave_id == WaveRow.id)
    .outerjoin(_KEYS, _KEYS.c.wave_id == WaveRow.id)
    .outerjoin(_ASSIGNMENTS, _ASSIGNMENTS.c.case_id == bindparam("case"))
    .where(_DRAWS.c.id == bindparam("draw"))
)


@dataclass(frozen=True, kw_only=True)
class Door:
    """``seed`` (hex) and ``design`` (canonical text): of the draw. ``holder``: the account that has the case.
    ``key_id``: of the wave's key, ``None`` before it is made and once it was given up.
    """

    case: Case
    wave: WaveRecord
    seed: str
    design: str
    holder: int | None
    key_id: str | None


def find_door(session: Session, case: Case) -> Door:
    row = session.execute(_ONE, {"case": case.id, "draw": case.draw_id}).one()
    return Door(
        case=case,
        wave=wave_in(row),
        seed=row.seed,
        design=row.design,
        holder=row.holder,
        key_id=row.key_id if row.key_state is KeyState.MADE else None,
    )
