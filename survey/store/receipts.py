"""Receipts: that something was handed in, and nothing else. Not what, where, when, how, nor whether it was blank.

A row is a wave and a hash; no column leads to a response or a case, and the hash follows from nothing that is stored.
What two backups differ by is a number of receipts, as many as questionnaires that came, blank and declined ones among
them. After the wave is closed the hashes are listed for everybody.
"""

from sqlalchemy import CheckConstraint, ForeignKey, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.single_rows import insert_if_new, rows_changed
from survey.store.tables import Base


class ReceiptRow(Base):
    __tablename__ = "receipts"
    __table_args__ = (CheckConstraint("length(hash) = 64", name="hash"), {"sqlite_with_rowid": False})

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)


TABLE = ReceiptRow.metadata.tables["receipts"]
_ADD = insert_if_new(TABLE)
_LIST = select(TABLE.c.hash).where(TABLE.c.wave_id == bindparam("wave")).order_by(TABLE.c.hash)
_HOLDS = select(TABLE.c.hash).where(TABLE.c.wave_id == bindparam("wave"), TABLE.c.hash == bindparam("one"))


def add_receipt(session: Session, wave_id: int, hashed: str) -> bool:
    """Keep the hash of a receipt, in one statement; ``False`` when it is there already, as for a form sent twice."""
    return bool(rows_changed(session, _ADD, {"wave_id": wave_id, "hash": hashed}))


def list_receipts(session: Session, wave_id: int) -> tuple[str, ...]:
    """All hashes of the wave, sorted: the order says nothing."""
    return tuple(session.scalars(_LIST, {"wave": wave_id}))


def holds_receipt(session: Session, wave_id: int, hashed: str) -> bool:
    return session.scalar(_HOLDS, {"wave": wave_id, "one": hashed}) is not None


def count_receipts(session: Session, wave_id: int) -> int:
    return session.scalar(select(func.count()).where(TABLE.c.wave_id == wave_id)) or 0


def rewrite_in_key_order(session: Session) -> None:
    """As :func:`survey.store.responses.rewrite_in_key_order`: no row tells beside which answer it was written."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("UPDATE receipts SET hash = hash")
        connection.exec_driver_sql("CLUSTER receipts USING pk_receipts")
