"""Teams and dates drawn by lot for the cases of a draw.

The document says who is in which team, who is recused where, which team goes where and when. It goes when the wave is
closed: who went where on which day would stand beside an answer's day and community. Counts and the digest of the
document, which holds a salt, stay.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Message, NotThere
from survey.store.draws import DrawRow, DrawState
from survey.store.tables import Base


class TeamDrawRow(Base):
    """Append-only: triggers refuse to change or delete a row, but for taking its document away."""

    __tablename__ = "team_draws"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(number = 1) = (reason = '')", name="reason"),
        CheckConstraint("length(digest) = 64", name="digest"),
        UniqueConstraint("draw_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    number: Mapped[int]
    teams: Mapped[int]
    canvassers: Mapped[int]
    spare: Mapped[int]
    communities: Mapped[int]
    recusals: Mapped[int]
    days: Mapped[int]
    digest: Mapped[str]
    document: Mapped[str | None]
    reason: Mapped[str]
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class TeamCounts:
    """``canvassers``: in teams; ``spare``: in none. ``recusals``: pairs of canvasser and community.

    ``days``: of all teams.
    """

    teams: int
    canvassers: int
    spare: int
    communities: int
    recusals: int
    days: int


@dataclass(frozen=True, kw_only=True)
class TeamDraw(TeamCounts):
    """``number``: 1, and one more each time, with its ``reason``. ``digest``: SHA-256 hex of ``document``, which is
    gone once the wave is closed.
    """

    id: int
    draw_id: int
    number: int
    digest: str
    document: str | None
    reason: str
    drawn_at: datetime
    drawn_by: str


_FIELDS = tuple(field.name for field in fields(TeamDraw))


def add_team_draw(
    session: Session,
    draw_id: int,
    *,
    number: int,
    counts: TeamCounts,
    document: str,
    digest: str,
    reason: str,
    at: datetime,
    by: str,
) -> TeamDraw:
    row = TeamDrawRow(
        draw_id=draw_id,
        number=number,
        **vars(counts),
        digest=digest,
        document=document,
        reason=reason,
        drawn_at=at,
        drawn_by=by,
    )
    session.add(row)
    session.flush()
    return _team_draw(row)


def get_team_draw(session: Session, team_draw_id: int) -> TeamDraw:
    """Raises :class:`NotThere`."""
    row = session.get(TeamDrawRow, team_draw_id, populate_existing=True)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的队伍抽签"), {"id": team_draw_id}))
    return _team_draw(row)


def list_team_draws(session: Session, draw_id: int) -> tuple[TeamDraw, ...]:
    """The newest, which stands, first."""
    query = select(TeamDrawRow).where(TeamDrawRow.draw_id == draw_id).order_by(TeamDrawRow.number.desc())
    return tuple(map(_team_draw, session.scalars(query.execution_options(populate_existing=True))))


def standing_teams(session: Session, draw_id: int) -> TeamDraw | None:
    """The newest of the draw."""
    newest = select(func.max(TeamDrawRow.number)).where(TeamDrawRow.draw_id == draw_id).scalar_subquery()
    query = select(TeamDrawRow).where(TeamDrawRow.draw_id == draw_id, TeamDrawRow.number == newest)
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    return _team_draw(row) if row else None


def teams_of_waves(session: Session, waves: Collection[int]) -> dict[int, str]:
    """Wave -> document of the teams that stand for its approved draw, of those of ``waves`` that have one."""
    newest = func.max(TeamDrawRow.number).over(partition_by=TeamDrawRow.draw_id).label("newest")
    query = (
        select(DrawRow.wave_id, TeamDrawRow.document, TeamDrawRow.number, newest)
        .join(DrawRow, DrawRow.id == TeamDrawRow.draw_id)
        .where(DrawRow.wave_id.in_(waves), DrawRow.state == DrawState.APPROVED)
    )
    return {wave: text for wave, text, number, last in session.execute(query) if text and number == last}


def drop_team_documents(session: Session, wave_id: int) -> None:
    """Forget who went where and when for the wave, in every one of its draws."""
    draws = select(DrawRow.id).where(DrawRow.wave_id == wave_id)
    session.execute(update(TeamDrawRow).where(TeamDrawRow.draw_id.in_(draws)).values(document=None))


def _team_draw(row: TeamDrawRow) -> TeamDraw:
    return TeamDraw(**{name: getattr(row, name) for name in _FIELDS})
