"""Questions read out in a dialect: a few short files of a wave, heard by residents who would rather listen."""

from dataclasses import dataclass

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, bindparam, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.single_rows import rows_changed
from survey.store.tables import Base

#: What phones play without help, also inside WeChat.
TYPES = ("audio/mpeg", "audio/mp4", "audio/ogg")
MOST_BYTES = 500_000
LONGEST_DIALECT = 20


class RecordingRow(Base):
    __tablename__ = "item_recordings"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint(f"length(dialect) BETWEEN 1 AND {LONGEST_DIALECT}", name="dialect"),
        CheckConstraint(f"type IN ({', '.join(repr(one) for one in TYPES)})", name="type"),
        CheckConstraint(f"length(body) BETWEEN 1 AND {MOST_BYTES}", name="body"),
        Index(None, "sha256"),
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    dialect: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    type: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)


TABLE = RecordingRow.metadata.tables["item_recordings"]
_COLUMNS = TABLE.c
_LIST = (
    select(_COLUMNS.item, _COLUMNS.dialect, _COLUMNS.sha256)
    .where(_COLUMNS.wave_id == bindparam("wave"))
    .order_by(_COLUMNS.item, _COLUMNS.dialect)
)
#: The recordings of the wave ``wave`` in one text, for a query that asks for more: :func:`read_listed` takes it apart.
LISTED = (
    select(func.aggregate_strings(_COLUMNS.item + " " + _COLUMNS.sha256 + " " + _COLUMNS.dialect, "\n"))
    .where(_COLUMNS.wave_id == bindparam("wave"))
    .scalar_subquery()
)


@dataclass(frozen=True, kw_only=True)
class Recording:
    """``sha256``: of the file, its address."""

    item: str
    dialect: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Sound:
    type: str
    body: bytes


def list_recordings(session: Session, wave_id: int) -> tuple[Recording, ...]:
    """Without the files, by item and dialect; one statement."""
    return tuple(
        Recording(item=row.item, dialect=row.dialect, sha256=row.sha256)
        for row in session.execute(_LIST, {"wave": wave_id})
    )


def read_listed(text: str | None) -> tuple[Recording, ...]:
    """As :func:`list_recordings` gives them.

    >>> [(one.item, one.dialect) for one in read_listed("C1 00 粤语\\nA1 00 客家话 梅县")]
    [('A1', '客家话 梅县'), ('C1', '粤语')]
    """
    if not text:
        return ()
    lines = (line.split(" ", 2) for line in text.split("\n"))
    found = (Recording(item=item, sha256=sha256, dialect=dialect) for item, sha256, dialect in lines)
    return tuple(sorted(found, key=lambda one: (one.item, one.dialect)))


def find_sound(session: Session, sha256: str) -> Sound | None:
    """The file with this digest, of whatever wave."""
    row = session.execute(select(_COLUMNS.type, _COLUMNS.body).where(_COLUMNS.sha256 == sha256).limit(1)).first()
    return Sound(type=row.type, body=row.body) if row else None


def put_recording(session: Session, wave_id: int, recording: Recording, sound: Sound) -> None:
    """In the place of an earlier one of the same item and dialect."""
    drop_recording(session, wave_id, item=recording.item, dialect=recording.dialect)
    session.execute(insert(TABLE), {"wave_id": wave_id, **vars(recording), **vars(sound)})


def drop_recording(session: Session, wave_id: int, *, item: str, dialect: str) -> bool:
    """Whether there was one."""
    found = delete(TABLE).where(_COLUMNS.wave_id == wave_id, _COLUMNS.item == item, _COLUMNS.dialect == dialect)
    return bool(rows_changed(session, found, {}))
