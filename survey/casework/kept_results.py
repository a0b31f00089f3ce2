"""What was worked out of a wave, kept in this process for as long as everything it was worked out of is the same.

A result is found by the digest of all that it depends on as it is stored: never by time, and by the number of a wave
only together with what the wave holds. So it cannot be of other answers, another state, another key or another
database, and nobody has to say that something changed. Only what pages may show is kept, a few results at a time.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import TypeVar, cast

from sqlalchemy.orm import Session

from survey.keys import KeyRing
from survey.store.accounts import list_accounts
from survey.store.areas import frame_digests
from survey.store.draws import standing_draw
from survey.store.frozen_groups import frozen_digest
from survey.store.imports import list_imports
from survey.store.inbox import contents_digest
from survey.store.instruments import get_instrument
from survey.store.response_digests import contents_digest as responses_digest
from survey.store.response_factors import factors_digest
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord
from survey.store.weight_versions import standing_version
from survey.waves import WaveState

MOST_KEPT = 24
_CLOSED = (WaveState.CLOSED, WaveState.PUBLISHED)

R = TypeVar("R")
_kept: OrderedDict[Hashable, object] = OrderedDict()
_lock = Lock()


def kept_result(
    session: Session, keys: KeyRing, waves: Iterable[WaveRecord], question: Hashable, work_out: Callable[[], R]
) -> R:
    """What ``work_out`` finds of ``waves``, worked out once; ``question``: what is asked and with which arguments.

    ``work_out`` may depend on nothing else than the question and what :func:`basis_of` names, and what it finds is not
    changed by anyone. Raises :class:`~survey.messages.Failure` when the key of an open wave is not to be read.
    """
    key = (question, tuple(basis_of(session, keys, wave) for wave in waves))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return cast(R, _kept[key])
    found = work_out()
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def basis_of(session: Session, keys: KeyRing, wave: WaveRecord) -> str:
    """SHA-256 (hex) over everything that estimates of the wave are worked out of."""
    draw, instrument = standing_draw(session, wave.id), get_instrument(session, wave.instrument_id)
    parts: list[object] = [
        wave,
        draw,
        instrument.document,
        frame_digests(session, wave.frame_id),
        list_imports(session, wave.id),
        responses_digest(session, wave.id),
    ]
    if draw is not None and wave.state in _CLOSED:
        parts += [factors_digest(session, wave.id), frozen_digest(session, wave.id)]
        version = standing_version(session, wave.id)
        parts.append(version and (version.id, version.digest))
    elif draw is not None:
        opened = find_sealer(session, keys, wave.id) is not None
        types = [(account.id, account.canvasser_type) for account in list_accounts(session)]
        parts += [opened, contents_digest(session, wave.id), types]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
