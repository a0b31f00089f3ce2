"""The forms of a batch that were keyed or are void, while the wave is open: found by a tag, their answers sealed.

A row does not show which form it is: its tag is made of the serial under the wave's key, which no backup holds. So two
backups differ by a number of rows, in states; which form came back, or was void, is told by none. Answers wait here,
sealed, until it is known which forms are keyed twice. When they become responses, the row loses its body and the
response gets a fresh number: nothing leads from one to the other. No time and no account stands beside a form; who
keyed it first is inside the seal, because somebody else has to key it again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Select, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.fieldwork.paper_serials import Serial
from survey.keys import Sealer
from survey.messages import N_, Conflict, Message
from survey.store.paper_batches import BATCHES, COUNTS, VoidReason
from survey.store.single_rows import insert_if_new, rows_changed
from survey.store.tables import Base, Choice, one_of


class FormState(StrEnum):
    KEYED = "keyed"  # once; it is not yet known whether it is keyed again
    CHOSEN = "chosen"  # to be keyed a second time
    DIFFERING = "differing"  # keyed twice, not alike: to be settled against the paper
    VALID = "valid"  # its answers are a response
    VOID = "void"


#: Their answers are in the row, and nowhere else.
WAITING = (FormState.KEYED, FormState.CHOSEN, FormState.DIFFERING)


class PaperFormRow(Base):
    __tablename__ = "paper_forms"
    __table_args__ = (
        one_of("state", FormState),
        CheckConstraint(
            f"reason IN ({', '.join(repr(one) for one in ('', *(reason.value for reason in VoidReason)))})",
            name="reason",
        ),
        CheckConstraint("(state = 'void') = (reason <> '')", name="void"),
        CheckConstraint("(state IN ('valid', 'void')) = (body IS NULL)", name="body"),
        CheckConstraint("length(tag) = 64", name="tag"),
        {"sqlite_with_rowid": False},
    )

    tag: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batches.id"), index=True)
    state: Mapped[FormState] = mapped_column(Choice(FormState))
    reason: Mapped[str]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


TABLE = PaperFormRow.metadata.tables["paper_forms"]
_ADD = insert_if_new(TABLE)


@dataclass(frozen=True, kw_only=True)
class FormRecord:
    """``reason`` of a void one. ``body`` of a waiting one, sealed with :func:`context`."""

    tag: str
    batch_id: int
    state: FormState
    reason: VoidReason | None = None
    body: bytes | None = None


def tag_of(sealer: Sealer, serial: Serial) -> str:
    return sealer.tag(f"paper:{serial}")


def context(tag: str) -> str:
    """What the body of a form is sealed with."""
    return f"paper:{tag}"


def add_form(session: Session, form: FormRecord) -> None:
    """Raises :class:`Conflict` when the form is there already."""
    if not rows_changed(session, _ADD, _values(form)):
        raise Conflict(Message(N_("这份问卷已经录过或作废了，没有重复保存")))


def change_form(session: Session, form: FormRecord, *, was: FormState) -> None:
    """Put ``form`` in the place of the one with its tag. Raises :class:`Conflict` unless that one is still ``was``."""
    statement = update(TABLE).where(TABLE.c.tag == form.tag, TABLE.c.state == was).values(_values(form))
    if not rows_changed(session, statement):
        raise Conflict(Message(N_("这份问卷刚刚由别人处理了：请重新打开这一批")))


def find_form(session: Session, tag: str) -> FormRecord | None:
    rows = _records(session, select(TABLE).where(TABLE.c.tag == tag))
    return rows[0] if rows else None


def list_forms(session: Session, batch_id: int, states: Collection[FormState]) -> tuple[FormRecord, ...]:
    """By tag, which is no order of anything."""
    query = select(TABLE).where(TABLE.c.batch_id == batch_id, TABLE.c.state.in_(states)).order_by(TABLE.c.tag)
    return _records(session, query)


def count_forms(session: Session, batch_id: int) -> dict[tuple[FormState, VoidReason | None], int]:
    """Nothing once the wave is closed, see :func:`survey.store.paper_batches.read_final_counts`."""
    query = (
        select(TABLE.c.state, TABLE.c.reason, func.count())
        .where(TABLE.c.batch_id == batch_id)
        .group_by(TABLE.c.state, TABLE.c.reason)
    )
    return {(state, VoidReason(reason) if reason else None): count for state, reason, count in session.execute(query)}


def count_waiting(session: Session, wave_id: int) -> int:
    """Forms of the wave whose answers are in no response yet."""
    query = (
        select(func.count())
        .select_from(TABLE.join(BATCHES, BATCHES.c.id == TABLE.c.batch_id))
        .where(BATCHES.c.wave_id == wave_id, TABLE.c.state.in_(WAITING))
    )
    return session.scalar(query) or 0


def drop_forms(session: Session, wave_id: int) -> int:
    """Count the forms of the wave by what became of them, and delete them; how many there were.

    None may be waiting.
    """
    of_wave = select(BATCHES.c.id).where(BATCHES.c.wave_id == wave_id)
    counted = (
        select(TABLE.c.batch_id, TABLE.c.reason, func.count())
        .where(TABLE.c.batch_id.in_(of_wave))
        .group_by(TABLE.c.batch_id, TABLE.c.reason)
    )
    session.execute(insert(COUNTS).from_select(["batch_id", "reason", "forms"], counted))
    return rows_changed(session, delete(TABLE).where(TABLE.c.batch_id.in_(of_wave)))


def rewrite_in_key_order(session: Session) -> None:
    """As :func:`survey.store.responses.rewrite_in_key_order`: no row tells beside which response it was written."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("UPDATE paper_forms SET state = state")
        connection.exec_driver_sql("CLUSTER paper_forms USING pk_paper_forms")


def _values(form: FormRecord) -> dict[str, object]:
    return {**vars(form), "reason": form.reason.value if form.reason else ""}


def _records(session: Session, query: Select[tuple[object, ...]]) -> tuple[FormRecord, ...]:
    found = []
    for row in session.execute(query):
        values = dict(row._mapping)
        found.append(FormRecord(**values | {"reason": VoidReason(values["reason"]) if values["reason"] else None}))
    return tuple(found)
