"""Draws of a wave's cases: how each was made, so that anybody can repeat it, and who approved or rejected it.

What a draw was made of never changes, and no draw goes away, rejected ones neither: triggers refuse it. Whoever
writes to the database past them is found out by repeating the draw.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.account_rules import name_key
from survey.messages import N_, Conflict, Message, NotThere
from survey.store.areas import FrameRow
from survey.store.tables import Base, Choice, one_of
from survey.units import UnitKind
from survey.waves import SeedSource


class DrawState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"  # by another person than drew it
    REJECTED = "rejected"


STATE_NAMES = {
    DrawState.PROPOSED: N_("待批准"),
    DrawState.APPROVED: N_("已批准"),
    DrawState.REJECTED: N_("已否决"),
}

_STANDING = text("state IN ('proposed', 'approved')")
#: What is there of a public draw and of no other.
_OF_PUBLIC = ("public_value_name", "public_value", "public_value_at", "public_value_source")


class DrawRow(Base):
    __tablename__ = "draws"
    __table_args__ = (
        one_of("state", DrawState),
        one_of("seed_source", SeedSource),
        CheckConstraint("per_community >= 1", name="per_community"),
        CheckConstraint("replicates >= 0", name="replicates"),
        CheckConstraint("public = (commitment_id IS NOT NULL)", name="public"),
        *(CheckConstraint(f"(commitment_id IS NULL) = ({name} IS NULL)", name=name) for name in _OF_PUBLIC),
        CheckConstraint("cases >= 0", name="cases"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("state <> 'approved' OR decided_by <> drawn_by", name="second_person"),
        UniqueConstraint("id", "frame_id"),  # what the cases' foreign key needs
        UniqueConstraint("commitment_id", "public_value_name"),  # a redraw takes the next value named
        Index(None, "wave_id"),
        Index("ix_draws_one_open", "wave_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"))
    frame_id: Mapped[int] = mapped_column(ForeignKey("frames.id"), index=True)
    frame_digest: Mapped[str]
    method: Mapped[str]
    per_community: Mapped[int | None]
    seed: Mapped[str]
    public: Mapped[bool]
    salt: Mapped[str]
    digest: Mapped[str]
    cases: Mapped[int]
    state: Mapped[DrawState] = mapped_column(Choice(DrawState))
    drawn_by: Mapped[str]
    drawn_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str]
    seed_source: Mapped[SeedSource] = mapped_column(Choice(SeedSource), server_default=SeedSource.GIVEN.value)
    design: Mapped[str] = mapped_column(server_default=text("''"))
    replicates: Mapped[int] = mapped_column(server_default="0")
    windows: Mapped[str | None]
    earlier: Mapped[str] = mapped_column(server_default=text("''"))
    commitment_id: Mapped[int | None] = mapped_column(ForeignKey("draw_commitments.id"))
    public_value_name: Mapped[str | None]
    public_value: Mapped[str | None]
    public_value_at: Mapped[datetime | None]
    public_value_source: Mapped[str | None]


@dataclass(frozen=True, kw_only=True)
class Lottery:
    """Where the seed of a public draw came from: the public value named ``name`` in the commitment, as published."""

    commitment_id: int
    name: str
    value: str
    published_at: datetime
    source: str  # where anybody can look it up


@dataclass(frozen=True, kw_only=True)
class Draw:
    """``design``: canonical text, see :mod:`survey.sampling.sample_designs`; ``per_community``: of a design that takes
    the same number in every community, else ``None``. ``replicates``: reserves drawn with it. ``windows``: where
    along the permanent random numbers it took its units, knowing of the ``earlier`` draws (texts of
    :mod:`analysis.sampling.earlier_draws`). ``public_value…``: of a public draw.
    """

    id: int
    wave_id: int
    frame_id: int
    frame_digest: str
    method: str
    per_community: int | None
    seed: str  # hex
    public: bool  # False: nobody outside could see where the seed came from
    salt: str  # hex
    digest: str  # SHA-256 hex of the salted list of cases
    cases: int
    state: DrawState
    drawn_by: str
    drawn_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str  # of the decision; "" when none was given
    seed_source: SeedSource = SeedSource.GIVEN
    design: str = ""
    replicates: int = 0
    windows: str | None = None
    earlier: str = ""
    commitment_id: int | None = None
    public_value_name: str | None = None
    public_value: str | None = None
    public_value_at: datetime | None = None
    public_value_source: str | None = None


_FIELDS = tuple(field.name for field in fields(Draw))


def add_draw(
    session: Session,
    *,
    wave_id: int,
    frame_id: int,
    frame_digest: str,
    method: str,
    per_community: int | None,
    seed: str,
    salt: str,
    digest: str,
    cases: int,
    by: str,
    at: datetime,
    seed_source: SeedSource = SeedSource.GIVEN,
    design: str = "",
    replicates: int = 0,
    windows: str | None = None,
    earlier: str = "",
    lottery: Lottery | None = None,
) -> int:
    """The id of a new, proposed draw; with a ``lottery`` it is a public one.

    Raises :class:`Conflict` while another one is proposed or approved, and for a public value that was used already.
    """
    if (other := open_draw(session, wave_id)) is not None:
        message = N_("轮次已有第 {draw} 号抽样（{state}），否决后才能重新抽取")
        raise Conflict(Message(message, {"draw": other.id, "state": Message(STATE_NAMES[other.state])}))
    if lottery is not None and lottery.name in used_values(session, lottery.commitment_id):
        message = N_("公开数字“{name}”已经用于本轮的一次抽样：重抽要用承诺里的下一个")
        raise Conflict(Message(message, {"name": lottery.name}))
    row = DrawRow(
        wave_id=wave_id,
        frame_id=frame_id,
        frame_digest=frame_digest,
        method=method,
        per_community=per_community,
        seed=seed,
        public=lottery is not None,
        salt=salt,
        digest=digest,
        cases=cases,
        state=DrawState.PROPOSED,
        drawn_by=by,
        drawn_at=at,
        reason="",
        seed_source=seed_source if lottery is None else SeedSource.PUBLIC_VALUE,
        design=design,
        replicates=replicates,
        windows=windows,
        earlier=earlier,
        commitment_id=lottery and lottery.commitment_id,
        public_value_name=lottery and lottery.name,
        public_value=lottery and lottery.value,
        public_value_at=lottery and lottery.published_at,
        public_value_source=lottery and lottery.source,
    )
    session.add(row)
    session.flush()
    return row.id


def get_draw(session: Session, draw_id: int) -> Draw:
    """Raises :class:`NotThere`."""
    return _draw(_get_row(session, draw_id))


def list_draws(session: Session, wave_id: int) -> tuple[Draw, ...]:
    """The newest first."""
    query = select(DrawRow).where(DrawRow.wave_id == wave_id).order_by(DrawRow.id.desc())
    return tuple(map(_draw, session.scalars(query)))


def list_draws_of_kind(session: Session, kind: UnitKind) -> tuple[Draw, ...]:
    """The draws of every wave from frames of such units, the oldest first."""
    query = select(DrawRow).join(FrameRow, FrameRow.id == DrawRow.frame_id).where(FrameRow.kind == kind)
    return tuple(map(_draw, session.scalars(query.order_by(DrawRow.id))))


def decide_draw(session: Session, draw_id: int, *, state: DrawState, by: str, at: datetime, reason: str = "") -> None:
    """Approve or reject a proposed draw.

    Raises :class:`NotThere`; :class:`Conflict` when it is decided already, or approved by the one who drew it.
    """
    row = _get_row(session, draw_id)
    if row.state is not DrawState.PROPOSED:
        message = N_("第 {draw} 号抽样的状态是“{state}”，不能再作决定")
        raise Conflict(Message(message, {"draw": draw_id, "state": Message(STATE_NAMES[row.state])}))
    if state is DrawState.PROPOSED:
        raise ValueError("got the state proposed, expected approved or rejected")
    if state is DrawState.APPROVED and name_key(by) == name_key(row.drawn_by):
        raise Conflict(Message(N_("抽样由“{name}”抽取，须由另一人批准"), {"name": by}))
    row.state, row.decided_by, row.decided_at, row.reason = state, by, at, reason
    session.flush()


def standing_draw(session: Session, wave_id: int) -> Draw | None:
    """The approved draw of the wave."""
    found = open_draw(session, wave_id)
    return found if found and found.state is DrawState.APPROVED else None


def open_draw(session: Session, wave_id: int) -> Draw | None:
    """The wave's draw that is proposed or approved: there is one at most."""
    query = select(DrawRow).where(DrawRow.wave_id == wave_id, DrawRow.state != DrawState.REJECTED)
    row = session.scalars(query).one_or_none()
    return _draw(row) if row else None


def used_values(session: Session, commitment_id: int) -> dict[str, str]:
    """Name -> value of those public values of a commitment that a draw was made of, rejected ones too."""
    query = select(DrawRow.public_value_name, DrawRow.public_value).where(DrawRow.commitment_id == commitment_id)
    return {name: value for name, value in session.execute(query) if name is not None and value is not None}


def list_draws_of_commitment(session: Session, commitment_id: int) -> tuple[Draw, ...]:
    """The oldest first."""
    query = select(DrawRow).where(DrawRow.commitment_id == commitment_id).order_by(DrawRow.id)
    return tuple(map(_draw, session.scalars(query)))


def values_of_draws(session: Session) -> dict[str, int]:
    """Name of each public value that a draw of any wave was made of -> the first such draw."""
    query = select(DrawRow.public_value_name, DrawRow.id).where(DrawRow.public_value_name.is_not(None))
    found: dict[str, int] = {}
    for name, draw_id in session.execute(query.order_by(DrawRow.id)):
        found.setdefault(name or "", draw_id)
    return found


def _get_row(session: Session, draw_id: int) -> DrawRow:
    row = session.get(DrawRow, draw_id, populate_existing=True)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的抽样"), {"id": draw_id}))
    return row


def _draw(row: DrawRow) -> Draw:
    return Draw(**{name: getattr(row, name) for name in _FIELDS})
