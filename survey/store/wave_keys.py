"""Which key seals what belongs to a wave. The keys themselves are files elsewhere, see :mod:`survey.keys`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.keys import KeyRing, Sealer
from survey.messages import N_, Conflict, Message
from survey.store.tables import Base, Choice, one_of


class KeyState(StrEnum):
    MADE = "made"
    TO_DESTROY = "to_destroy"  # the wave is closed: the file goes after the commit
    DESTROYED = "destroyed"


class WaveKeyRow(Base):
    __tablename__ = "wave_keys"
    __table_args__ = (
        one_of("state", KeyState),
        CheckConstraint("length(key_id) = 32", name="key_id"),
        # UNIQUE(wave_id) alone would let the site have many keys: NULLs are never equal.
        CheckConstraint("holder = CASE WHEN wave_id IS NULL THEN 'site' ELSE 'wave ' || wave_id END", name="holder"),
    )

    key_id: Mapped[str] = mapped_column(primary_key=True)
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("waves.id"), unique=True)
    holder: Mapped[str] = mapped_column(unique=True)
    state: Mapped[KeyState] = mapped_column(Choice(KeyState))
    made_at: Mapped[datetime]


TABLE = WaveKeyRow.metadata.tables["wave_keys"]
_FIND = select(TABLE.c.key_id, TABLE.c.wave_id, TABLE.c.state).where(TABLE.c.holder == bindparam("of"))


@dataclass(frozen=True, kw_only=True)
class WaveKey:
    key_id: str
    wave_id: int | None  # None: the site's own key
    state: KeyState


def find_key(session: Session, wave_id: int | None) -> WaveKey | None:
    row = session.execute(_FIND, {"of": _holder(wave_id)}).one_or_none()
    return WaveKey(key_id=row.key_id, wave_id=row.wave_id, state=row.state) if row else None


def list_keys(session: Session) -> tuple[WaveKey, ...]:
    """Every key that was ever made, the site's own first, then by wave."""
    query = select(TABLE.c.key_id, TABLE.c.wave_id, TABLE.c.state).order_by(TABLE.c.wave_id)
    found = [WaveKey(key_id=row.key_id, wave_id=row.wave_id, state=row.state) for row in session.execute(query)]
    return tuple(sorted(found, key=lambda key: key.wave_id or 0))


def open_sealer(session: Session, keys: KeyRing, wave_id: int | None, *, at: datetime) -> Sealer:
    """The sealer of the wave; ``None`` means the site, for payloads that belong to no open wave.

    The first use makes the key, in a writing transaction: file first, so that no row ever names a key that was not
    kept; a rollback leaves a file that no row names. Raises :class:`Conflict` when the wave's key was given up, and
    :class:`Failure` when the file is not to be read.
    """
    found = find_key(session, wave_id)
    if found is None:
        return keys.open(_make(session, keys, wave_id, at))
    if found.state is not KeyState.MADE:
        raise Conflict(Message(N_("轮次 {id} 已经结束，密钥不再使用"), {"id": wave_id}))
    return keys.open(found.key_id)


def find_sealer(session: Session, keys: KeyRing, wave_id: int | None) -> Sealer | None:
    """For reading: ``None`` when there is nothing sealed, because no key was made or the wave is closed.

    Raises :class:`Failure` when the key should be there and its file is not.
    """
    found = find_key(session, wave_id)
    return keys.open(found.key_id) if found and found.state is KeyState.MADE else None


def mark_to_destroy(session: Session, wave_id: int) -> None:
    """From here on nothing is sealed under the wave's key; a wave without a key has nothing to mark."""
    session.execute(
        update(TABLE)
        .where(TABLE.c.wave_id == wave_id, TABLE.c.state == KeyState.MADE)
        .values(state=KeyState.TO_DESTROY)
    )


def keys_to_destroy(session: Session) -> tuple[str, ...]:
    """Ids of the keys whose files are still to be destroyed."""
    query = select(TABLE.c.key_id).where(TABLE.c.state == KeyState.TO_DESTROY).order_by(TABLE.c.key_id)
    return tuple(session.scalars(query))


def mark_destroyed(session: Session, key_id: str) -> None:
    """Record that the file is gone. A key that was not marked to be destroyed stays as it is."""
    session.execute(
        update(TABLE)
        .where(TABLE.c.key_id == key_id, TABLE.c.state == KeyState.TO_DESTROY)
        .values(state=KeyState.DESTROYED)
    )


def _make(session: Session, keys: KeyRing, wave_id: int | None, at: datetime) -> str:
    key_id = keys.make()
    values = {"key_id": key_id, "wave_id": wave_id, "holder": _holder(wave_id), "state": KeyState.MADE, "made_at": at}
    try:
        session.execute(TABLE.insert(), values)
    except BaseException:
        keys.destroy(key_id)
        raise
    return key_id


def _holder(wave_id: int | None) -> str:
    return "site" if wave_id is None else f"wave {wave_id}"
