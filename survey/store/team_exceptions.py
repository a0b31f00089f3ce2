"""Cases that went to somebody outside the team drawn for their community: how many, to whom, and why.

Who it was goes when the wave is closed, as the teams do; community, number and reason stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.draws import DrawRow
from survey.store.tables import Base
from survey.store.team_draws import TeamDrawRow


class TeamExceptionRow(Base):
    """Append-only: triggers refuse to change or delete a row, but for taking its account away."""

    __tablename__ = "team_exceptions"
    __table_args__ = (
        CheckConstraint("cases >= 1", name="cases"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_draw_id: Mapped[int] = mapped_column(ForeignKey("team_draws.id"), index=True)
    area: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    cases: Mapped[int]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class TeamException:
    """``team_draw_id``: the teams that stood. ``account_id``: who got the cases; ``None`` once the wave is closed."""

    team_draw_id: int
    area: str
    account_id: int | None
    cases: int
    reason: str
    made_at: datetime
    made_by: str


def add_team_exceptions(session: Session, exceptions: Iterable[TeamException]) -> None:
    session.add_all(TeamExceptionRow(**vars(one)) for one in exceptions)
    session.flush()


def list_team_exceptions(session: Session, draw_id: int) -> tuple[TeamException, ...]:
    """Of all the teams that were drawn for a draw, the oldest first."""
    query = (
        select(TeamExceptionRow)
        .join(TeamDrawRow, TeamDrawRow.id == TeamExceptionRow.team_draw_id)
        .where(TeamDrawRow.draw_id == draw_id)
        .order_by(TeamExceptionRow.id)
        .execution_options(populate_existing=True)
    )
    names = TeamException.__dataclass_fields__
    return tuple(TeamException(**{name: getattr(row, name) for name in names}) for row in session.scalars(query))


def drop_team_exception_accounts(session: Session, wave_id: int) -> None:
    """Forget who got the cases, in every draw of the wave."""
    teams = select(TeamDrawRow.id).join(DrawRow, DrawRow.id == TeamDrawRow.draw_id).where(DrawRow.wave_id == wave_id)
    session.execute(update(TeamExceptionRow).where(TeamExceptionRow.team_draw_id.in_(teams)).values(account_id=None))
