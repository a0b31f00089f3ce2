"""What is promised before a public draw: frame, design, a secret under its digest, and which public values will count.

A commitment never changes and never goes away: triggers refuse it. Its secret is told once the wave is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from analysis.sampling.lottery import secret_digest
from survey.messages import N_, Message, NotThere
from survey.sampling.public_values import PublicValueName
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
    public_values: Mapped[Any] = mapped_column(Json)  # [[name, not before], …]
    committed_at: Mapped[datetime]
    committed_by: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """``frame_digest``: of areas and units. ``design``: canonical text. ``earlier``: the earlier draws that the draw is
    given, see :mod:`analysis.sampling.earlier_draws`, ``""``: none; they are promised, too, since who could choose them
    afterwards could choose the homes. ``public_values``: in order of use.
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
        public_values=[[value.name, value.not_before.isoformat()] for value in public_values],
        committed_at=at,
        committed_by=by,
    )
    session.add(row)
    session.flush()
    return _commitment(row)


def get_commitment(session: Session, commitment_id: int) -> Commitment:
    """Raises :class:`NotThere`."""
    row = session.get(DrawCommitmentRow, commitment_id)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的抽签承诺"), {"id": commitment_id}))
    return _commitment(row)


def list_commitments(session: Session, wave_id: int) -> tuple[Commitment, ...]:
    """The newest first."""
    query = select(DrawCommitmentRow).where(DrawCommitmentRow.wave_id == wave_id).order_by(DrawCommitmentRow.id.desc())
    return tuple(map(_commitment, session.scalars(query)))


def list_commitments_of_frame(session: Session, frame_digest: str) -> tuple[Commitment, ...]:
    """Of every wave that draws from the same areas and units, the oldest first."""
    query = select(DrawCommitmentRow).where(DrawCommitmentRow.frame_digest == frame_digest)
    return tuple(map(_commitment, session.scalars(query.order_by(DrawCommitmentRow.id))))


def _commitment(row: DrawCommitmentRow) -> Commitment:
    return Commitment(
        id=row.id,
        wave_id=row.wave_id,
        frame_id=row.frame_id,
        frame_digest=row.frame_digest,
        design=row.design,
        earlier=row.earlier,
        secret=row.secret,
        secret_digest=row.secret_digest,
        public_values=tuple(
            PublicValueName(name=name, not_before=datetime.fromisoformat(not_before))
            for name, not_before in row.public_values
        ),
        committed_at=row.committed_at,
        committed_by=row.committed_by,
    )
