"""A wave as those who answer meet it: its state, its questionnaire and its key, in one statement.

Residents ask for it at every screen. What never changes (the questionnaire of an instrument) or seldom does (the
details) is read from its text once and kept in the process.
"""

import weakref
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Text, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.loading import from_document
from survey.store.instruments import InstrumentRow, get_instrument
from survey.store.wave_details import read_details
from survey.store.wave_keys import KeyState, WaveKeyRow
from survey.store.waves import WaveRow
from survey.waves import Mode, WaveDetails, WaveState

#: Instruments kept in memory; a site has a few.
_MOST = 32


@dataclass(frozen=True, kw_only=True)
class FieldedWave:
    """``wording``: equal where questionnaire and details are the same, so that what follows from both can be kept.

    ``key_id`` is ``None`` before the wave has a key and after it was given up.
    """

    id: int
    state: WaveState
    details: WaveDetails
    questionnaire: Questionnaire
    fingerprint: str
    key_id: str | None
    wording: tuple[str, ...]

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Of the wave, or of its instrument where the wave names none."""
        return self.details.modes or tuple(Mode(mode) for mode in self.questionnaire.modes)


_WAVES, _INSTRUMENTS, _KEYS = (row.metadata.tables[row.__tablename__] for row in (WaveRow, InstrumentRow, WaveKeyRow))
#: Of the wave with the id ``wave``; :func:`wave_of` reads a row of it, with whatever a caller joins to it.
SELECT_WAVE = (
    select(
        _WAVES.c.id.label("wave"),
        _WAVES.c.state,
        type_coerce(_WAVES.c.details, Text).label("details"),
        _INSTRUMENTS.c.id.label("instrument"),
        _INSTRUMENTS.c.fingerprint,
        _KEYS.c.key_id,
        _KEYS.c.state.label("key_state"),
    )
    .select_from(_WAVES)
    .join(_INSTRUMENTS, _INSTRUMENTS.c.id == _WAVES.c.instrument_id)
    .outerjoin(_KEYS, _KEYS.c.wave_id == _WAVES.c.id)
    .where(_WAVES.c.id == bindparam("wave"))
)
_questionnaires: dict[tuple[str, ...], Questionnaire] = {}
#: Each database's address, worked out once: writing it costs as much as a query.
_addresses: "weakref.WeakKeyDictionary[object, str]" = weakref.WeakKeyDictionary()


def find_fielded_wave(session: Session, wave_id: int) -> FieldedWave | None:
    """One statement, but for the first time that this process meets the instrument."""
    row = session.execute(SELECT_WAVE, {"wave": wave_id}).one_or_none()
    return wave_of(session, row) if row else None


def wave_of(session: Session, row: Row[Any]) -> FieldedWave:
    """The wave in a row of :data:`SELECT_WAVE`."""
    # Instruments are never changed; another database, or one restored, may hold another under the same number.
    instrument = (_address(session), str(row.instrument), row.fingerprint)
    return FieldedWave(
        id=row.wave,
        state=row.state,
        details=read_details(row.details),
        questionnaire=_questionnaire(session, instrument, row.instrument),
        fingerprint=row.fingerprint,
        key_id=row.key_id if row.key_state is KeyState.MADE else None,
        wording=(*instrument, row.details),
    )


def _address(session: Session) -> str:
    engine = session.get_bind().engine
    found = _addresses.get(engine.pool)
    if found is None:
        found = _addresses[engine.pool] = engine.url.render_as_string()
    return found


def _questionnaire(session: Session, key: tuple[str, ...], instrument_id: int) -> Questionnaire:
    found = _questionnaires.get(key)
    if found is None:
        found = from_document(get_instrument(session, instrument_id).document)
        while len(_questionnaires) >= _MOST:
            _questionnaires.pop(next(iter(_questionnaires)), None)
        _questionnaires[key] = found
    return found
