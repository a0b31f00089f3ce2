"""What is promised before a public draw: frame, design, a secret under its digest, and which public values will count.

A commitment never changes and never goes away: triggers refuse it. Its secret is told once the wave is closed. One
whose public values will not come is withdrawn, which stays on record with its reason as the commitment does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from analysis.sampling.lottery import secret_digest
from analysis.sampling.value_spelling import read_rule
from survey.areas import Level
from survey.messages import N_, Message, NotThere
from survey.sampling.public_values import PublicValueName
from survey.store.areas import AreaRow
from survey.store.tables import Base, Json


class DrawCommitmentRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "draw_commitments"
    __table_args__ = (
        CheckConstraint("length(secret) = 64", name="secret"),
        CheckConstraint("length(secret_digest) = 64", name="secret_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), index=True)
    frame_id: Mapped[int] = mapped_column(ForeignKey("frames.id"), index=True)
    frame_digest: Mapped[str]
    design: Mapped[str]
    earlier: Mapped[str]
    secret: Mapped[str]
    secret_digest: Mapped[str]
    public_values: Mapped[Any] = mapped_column(Json)  # [[name, not before, spelling if any], …]
    committed_at: Mapped[datetime]
    committed_by: Mapped[str]
    method: Mapped[str | None]


class CommitmentWithdrawalRow(Base):
    """Append-only, as a commitment."""

    __tablename__ = "commitment_withdrawals"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"), {"sqlite_with_rowid": False})

    commitment_id: Mapped[int] = mapped_column(ForeignKey("draw_commitments.id"), primary_key=True)
    reason: Mapped[str]
    withdrawn_at: Mapped[datetime]
    withdrawn_by: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """``frame_digest``: of areas and units. ``design``: canonical text. ``earlier``: the earlier draws that the draw is
    given, see :mod:`analysis.sampling.earlier_draws`, ``""``: none; they are promised, too, since who could choose them
    afterwards could choose the homes. ``public_values``: in order of use. ``method``: how the sample is worked out, see
    :func:`survey.sampling.promised_method.promised_method`; ``None``: not named, as in commitments of before.
    """

    id: int
    wave_id: int
    frame_id: int
    frame_digest: str
    design: str
    secret: str  # hex; nobody is shown it before the wave is closed
    secret_digest: str  # SHA-256 hex of the secret's bytes
    public_values: tuple[PublicValueName, ...]
    committed_at: datetime
    committed_by: str
    earlier: str = ""
    method: str | None = None
    withdrawn: Withdrawal | None = None


def add_commitment(
    session: Session,
    *,
    wave_id: int,
    frame_id: int,
    frame_digest: str,
    design: str,
    secret: str,
    public_values: Sequence[PublicValueName],
    at: datetime,
    by: str,
    method: str | None,
    earlier: str = "",
) -> Commitment:
    row = DrawCommitmentRow(
        wave_id=wave_id,
        frame_id=frame_id,
        frame_digest=frame_digest,
        design=design,
        earlier=earlier,
        secret=secret,
        secret_digest=secret_digest(bytes.fromhex(secret)),
        public_values=[_written(value) for value in public_values],
        committed_at=at,
        committed_by=by,
        method=method,
    )
    session.add(row)
    session.flush()
    return _commitment(row, None)


def withdraw(session: Session, commitment_id: int, *, reason: str, at: datetime, by: str) -> None:
    """Of a commitment that was not withdrawn before."""
    session.add(CommitmentWithdrawalRow(commitment_id=commitment_id, reason=reason, withdrawn_at=at, withdrawn_by=by))
    session.flush()


def get_commitment(session: Session, commitment_id: int) -> Commitment:
    """Raises :class:`NotThere`."""
    row = session.execute(_query().where(DrawCommitmentRow.id == commitment_id)).one_or_none()
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的抽签承诺"), {"id": commitment_id}))
    return _commitment(row[0], row[1])


def list_commitments(session: Session, wave_id: int) -> tuple[Commitment, ...]:
    """The newest first."""
    query = _query().where(DrawCommitmentRow.wave_id == wave_id).order_by(DrawCommitmentRow.id.desc())
    return tuple(_commitment(row[0], row[1]) for row in session.execute(query))


def list_all_commitments(session: Session) -> tuple[Commitment, ...]:
    """Of every wave, the oldest first."""
    return tuple(_commitment(row[0], row[1]) for row in session.execute(_query().order_by(DrawCommitmentRow.id)))


def list_commitments_of_places(session: Session, frame_id: int) -> tuple[Commitment, ...]:
    """Of every wave whose frame has a community or village of this one, the oldest first."""
    area = AreaRow
    places = select(area.code).where(area.frame_id == frame_id, area.level.in_((Level.COMMUNITY, Level.VILLAGE)))
    promised = select(DrawCommitmentRow.frame_id)
    frames = select(area.frame_id).where(area.frame_id.in_(promised), area.code.in_(places))
    query = _query().where(DrawCommitmentRow.frame_id.in_(frames)).order_by(DrawCommitmentRow.id)
    return tuple(_commitment(row[0], row[1]) for row in session.execute(query))


def _query() -> Select[DrawCommitmentRow, CommitmentWithdrawalRow | None]:
    """Each with its withdrawal, or nothing beside it."""
    gone = CommitmentWithdrawalRow
    return select(DrawCommitmentRow, gone).outerjoin(gone, gone.commitment_id == DrawCommitmentRow.id)


def _written(value: PublicValueName) -> list[str]:
    return [value.name, value.not_before.isoformat(), *([value.spelling.text] if value.spelling else [])]


def _read(name: str, not_before: str, *spelling: str) -> PublicValueName:
    rule = read_rule(*spelling) if spelling else None
    return PublicValueName(name=name, not_before=datetime.fromisoformat(not_before), spelling=rule)


def _commitment(row: DrawCommitmentRow, gone: CommitmentWithdrawalRow | None) -> Commitment:
    return Commitment(
        id=row.id,
        wave_id=row.wave_id,
        frame_id=row.frame_id,
        frame_digest=row.frame_digest,
        design=row.design,
        earlier=row.earlier,
        secret=row.secret,
        secret_digest=row.secret_digest,
        public_values=tuple(_read(*value) for value in row.public_values),
        committed_at=row.committed_at,
        committed_by=row.committed_by,
        method=row.method,
        withdrawn=Withdrawal(reason=gone.reason, at=gone.withdrawn_at, by=gone.withdrawn_by) if gone else None,
    )
