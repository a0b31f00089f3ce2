"""The open link of each community: who follows it chose themselves, so its answers stay apart from the sample."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.tables import Base

#: Without 0 O 1 l I, which people mistake when they type. 10 of these 57: 58 bits.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
TOKEN_LENGTH = 10


class OpenLinkRow(Base):
    __tablename__ = "open_links"
    __table_args__ = (
        CheckConstraint("length(token) = 10", name="token"),
        UniqueConstraint("wave_id", "area"),
    )

    token: Mapped[str] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"))
    area: Mapped[str]


TABLE = OpenLinkRow.metadata.tables["open_links"]
_FIND = select(TABLE.c.token, TABLE.c.wave_id, TABLE.c.area).where(TABLE.c.token == bindparam("of"))


@dataclass(frozen=True, kw_only=True)
class OpenLink:
    token: str
    wave_id: int
    area: str  # code of the community


def add_open_links(session: Session, wave_id: int, areas: Iterable[str]) -> dict[str, str]:
    """Area -> token for all of the wave's links, by area; an area that has a link keeps it."""
    links = list_open_links(session, wave_id)
    new = {area: _token() for area in sorted(set(areas) - links.keys())}
    if new:
        rows = [{"token": token, "wave_id": wave_id, "area": area} for area, token in new.items()]
        session.execute(TABLE.insert(), rows)
    return dict(sorted((links | new).items()))


def find_open_link(session: Session, token: str) -> OpenLink | None:
    row = session.execute(_FIND, {"of": token}).one_or_none()
    return OpenLink(token=row.token, wave_id=row.wave_id, area=row.area) if row else None


def list_open_links(session: Session, wave_id: int) -> dict[str, str]:
    """Area -> token, by area."""
    query = select(TABLE.c.area, TABLE.c.token).where(TABLE.c.wave_id == wave_id).order_by(TABLE.c.area)
    return {row.area: row.token for row in session.execute(query)}


def _token() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(TOKEN_LENGTH))
