"""Batches of paper forms, each of one wave and community: printed, handed out, returned, what became of them in counts.

Who and when stands with the batch only. Of its forms nothing is kept once the wave is closed but how many count and
how many are void for which reason; while it is open see :mod:`survey.store.paper_forms`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Message, NotThere
from survey.store.tables import Base

MOST = 500


class VoidReason(StrEnum):
    """Why a form that came back does not count; ``""``: it does."""

    BLANK = "blank"
    REFUSED = "refused"  # handed back with a word, or struck through
    SPOILED = "spoiled"  # torn, wet, unreadable
    TWO_ANSWERS = "two_answers"  # filled in by two people, or throughout with two answers an item
    NOT_ELIGIBLE = "not_eligible"  # by its own answers no part of the population
    TOO_FEW = "too_few"  # less than half answered
    DOUBTFUL = "doubtful"  # several in one hand, and the like: a person's judgement


class PaperBatchRow(Base):
    __tablename__ = "paper_batches"
    __table_args__ = (
        Index(None, "wave_id", "area"),
        CheckConstraint("length(seed) = 64", name="seed"),
        CheckConstraint(f"printed BETWEEN 1 AND {MOST}", name="printed"),
        # The database itself refuses counts that do not add up.
        CheckConstraint("issued BETWEEN 0 AND printed", name="issued"),
        CheckConstraint("returned BETWEEN 0 AND issued", name="returned"),
        CheckConstraint("differing_forms BETWEEN 0 AND checked_forms", name="differing_forms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"))
    area: Mapped[str]
    language: Mapped[str]
    large: Mapped[bool]
    seed: Mapped[str]
    printed: Mapped[int]
    issued: Mapped[int]
    returned: Mapped[int]
    checked_forms: Mapped[int]
    differing_forms: Mapped[int]
    differences_squared: Mapped[int]
    compared_differences: Mapped[int] = mapped_column(server_default="0")
    compared_squared: Mapped[int] = mapped_column(server_default="0")
    as_keyed: Mapped[int] = mapped_column(server_default="0")
    returned_on: Mapped[date | None] = mapped_column(Date)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    counted_at: Mapped[datetime | None]
    counted_by: Mapped[str | None]


class PaperCountRow(Base):
    """What became of the forms of a batch whose wave is closed; no reason: they count."""

    __tablename__ = "paper_counts"
    __table_args__ = (
        CheckConstraint(
            f"reason IN ({', '.join(repr(one) for one in ('', *(reason.value for reason in VoidReason)))})",
            name="reason",
        ),
        CheckConstraint("forms >= 1", name="forms"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batches.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    forms: Mapped[int]


class PaperCheckRow(Base):
    """How often an item was keyed twice, and how often not alike."""

    __tablename__ = "paper_checks"
    __table_args__ = (CheckConstraint("differing BETWEEN 0 AND compared", name="differing"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batches.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    compared: Mapped[int]
    differing: Mapped[int]


BATCHES = PaperBatchRow.metadata.tables["paper_batches"]
COUNTS = PaperCountRow.metadata.tables["paper_counts"]
CHECKS = PaperCheckRow.metadata.tables["paper_checks"]


@dataclass(frozen=True, kw_only=True)
class NewBatch:
    wave_id: int
    area: str
    language: str
    large: bool
    seed: str  # 64 hex digits: which forms are keyed twice follows from it
    printed: int


@dataclass(frozen=True, kw_only=True)
class PaperBatch(NewBatch):
    """``issued``, ``returned``: as counted by hand. ``checked_forms``: keyed twice, of which ``differing_forms`` not
    alike; ``differences_squared``, ``compared_differences``, ``compared_squared``: sums over them of the squared number
    of differences, of that number times the number of fields compared, and of this one squared. ``as_keyed``: taken as
    they were when the wave was closed, before the second keying was done.
    """

    id: int
    issued: int
    returned: int
    checked_forms: int
    differing_forms: int
    differences_squared: int
    compared_differences: int
    compared_squared: int
    as_keyed: int
    returned_on: date | None
    made_at: datetime
    made_by: str
    counted_at: datetime | None
    counted_by: str | None


@dataclass(frozen=True, kw_only=True)
class ItemCheck:
    item: str
    compared: int
    differing: int


def add_batch(session: Session, batch: NewBatch, *, at: datetime, by: str) -> int:
    """All forms that were printed are taken for handed out until somebody counts them."""
    values = {
        **vars(batch),
        "issued": batch.printed,
        **dict.fromkeys(("returned", "checked_forms", "differing_forms", "differences_squared"), 0),
        "made_at": at,
        "made_by": by,
    }
    number: int = session.execute(insert(BATCHES).returning(BATCHES.c.id), values).scalar_one()
    return number


def get_batch(session: Session, batch_id: int) -> PaperBatch:
    """Raises :class:`NotThere`."""
    row = session.execute(select(BATCHES).where(BATCHES.c.id == batch_id)).one_or_none()
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的纸质问卷批次"), {"id": batch_id}))
    return PaperBatch(**row._mapping)


def list_batches(session: Session, wave_id: int) -> tuple[PaperBatch, ...]:
    """By number, so in the order in which they were made."""
    query = select(BATCHES).where(BATCHES.c.wave_id == wave_id).order_by(BATCHES.c.id)
    return tuple(PaperBatch(**row._mapping) for row in session.execute(query))


def set_counts(
    session: Session, batch_id: int, *, issued: int, returned: int, returned_on: date, at: datetime, by: str
) -> None:
    values = {"issued": issued, "returned": returned, "returned_on": returned_on, "counted_at": at, "counted_by": by}
    session.execute(update(BATCHES).where(BATCHES.c.id == batch_id).values(values))


def set_as_keyed(session: Session, batch_id: int, forms: int) -> None:
    session.execute(update(BATCHES).where(BATCHES.c.id == batch_id).values(as_keyed=forms))


def add_check(session: Session, batch_id: int, items: Mapping[str, bool]) -> None:
    """One form was keyed twice; ``items``: those on it -> whether the two keyings of it differ."""
    compared, differences = len(items), sum(items.values())
    session.execute(
        update(BATCHES)
        .where(BATCHES.c.id == batch_id)
        .values(
            checked_forms=BATCHES.c.checked_forms + 1,
            differing_forms=BATCHES.c.differing_forms + int(differences > 0),
            differences_squared=BATCHES.c.differences_squared + differences**2,
            compared_differences=BATCHES.c.compared_differences + compared * differences,
            compared_squared=BATCHES.c.compared_squared + compared**2,
        )
    )
    known = set(session.scalars(select(CHECKS.c.item).where(CHECKS.c.batch_id == batch_id)))
    for item, differs in sorted(items.items()):
        if item not in known:
            values = {"batch_id": batch_id, "item": item, "compared": 1, "differing": int(differs)}
            session.execute(insert(CHECKS), values)
            continue
        session.execute(
            update(CHECKS)
            .where(CHECKS.c.batch_id == batch_id, CHECKS.c.item == item)
            .values(compared=CHECKS.c.compared + 1, differing=CHECKS.c.differing + int(differs))
        )


def read_checks(session: Session, batch_ids: Sequence[int]) -> tuple[ItemCheck, ...]:
    """Over these batches together, by item."""
    query = (
        select(CHECKS.c.item, func.sum(CHECKS.c.compared), func.sum(CHECKS.c.differing))
        .where(CHECKS.c.batch_id.in_(batch_ids))
        .group_by(CHECKS.c.item)
        .order_by(CHECKS.c.item)
    )
    return tuple(
        ItemCheck(item=item, compared=int(compared), differing=int(differing))
        for item, compared, differing in session.execute(query)
    )


def read_final_counts(session: Session, batch_id: int) -> dict[VoidReason | None, int]:
    """Of a closed wave: reason -> forms; ``None``: they count. Nothing while it is open."""
    query = select(COUNTS.c.reason, COUNTS.c.forms).where(COUNTS.c.batch_id == batch_id)
    return {VoidReason(reason) if reason else None: forms for reason, forms in session.execute(query)}
