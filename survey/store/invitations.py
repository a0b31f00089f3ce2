"""One-time codes of drawn dwellings. The code itself is on the letter only; here is a hash of it, and its case sealed.

Letters lie in stairwells, and a sheet of them says which door each code is of. So a row is not found by its code alone:
the hash is made with the wave's key, which no backup holds. And the tag of a row is its own: no other table has it,
least of all the inbox, which has the numbers of responses, and no other code of the same home. Homes that join a wave
later get their first code beside the second ones of the others; did those share a tag, theirs would stand out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.keys import Sealer
from survey.store.bulk import insert_rows
from survey.store.inbox import TABLE as INBOX
from survey.store.inbox import PayloadState
from survey.store.responses import TABLE as RESPONSES
from survey.store.single_rows import rows_changed
from survey.store.tables import Base, Choice, one_of


class InvitationState(StrEnum):
    OPEN = "open"
    SPENT = "spent"  # its home has answered, with it or otherwise
    REVOKED = "revoked"  # printed anew, whether it had been used or not


class InvitationRow(Base):
    __tablename__ = "invitations"
    __table_args__ = (
        one_of("state", InvitationState),
        CheckConstraint("length(code_hash) = 64", name="code_hash"),
        CheckConstraint("length(tag) = 64", name="tag"),
        Index(None, "wave_id", "tag"),
        {"sqlite_with_rowid": False},
    )

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"))
    area: Mapped[str]
    state: Mapped[InvitationState] = mapped_column(Choice(InvitationState))
    tag: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)


TABLE = InvitationRow.metadata.tables["invitations"]
COLUMNS = ("code_hash", "wave_id", "area", "state", "tag", "body")
_FIND = select(TABLE).where(TABLE.c.code_hash.in_(bindparam("of", expanding=True)))
#: What came of cases that gave a response, at the door or online.
_ANSWERED = (
    select(INBOX.c.tag)
    .join(RESPONSES, RESPONSES.c.uuid == INBOX.c.uuid)
    .where(INBOX.c.wave_id == bindparam("wave"), INBOX.c.state == PayloadState.PLACED)
)
#: As text: in what an update returns, SQLAlchemy leaves away which table a column is of.
_SPEND = text(
    "UPDATE invitations SET state = 'spent' WHERE code_hash = :of AND state = 'open' RETURNING EXISTS ("
    "SELECT 1 FROM inbox JOIN responses ON responses.uuid = inbox.uuid "
    "WHERE inbox.wave_id = :wave AND inbox.tag = :home AND inbox.state = 'placed')"
)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    code_hash: str  # hash_of(sealer, …)
    wave_id: int
    area: str  # code of the community
    state: InvitationState
    tag: str  # tag_of(sealer, code_hash)
    body: bytes  # the case's id, sealed with context(code_hash)


def context(code_hash: str) -> str:
    """What the body of an invitation is sealed with."""
    return f"invitation:{code_hash}"


def hash_of(sealer: Sealer, hashed: str) -> str:
    """Where the row of a code is, under the key of its wave; ``hashed``: the code's SHA-256."""
    return sealer.tag(f"invited code:{hashed}")


def tag_of(sealer: Sealer, code_hash: str) -> str:
    """What the row of a code is known by as one that is kept as codes are now; it leads to no case."""
    return sealer.tag(f"invited:{code_hash}")


def add_invitations(session: Session, invitations: Iterable[Invitation]) -> int:
    """How many were stored, by their hashes: the order of the walk does not show. A hash twice breaks the key."""
    ordered = sorted(invitations, key=lambda invitation: invitation.code_hash)
    rows = [(one.code_hash, one.wave_id, one.area, one.state.value, one.tag, one.body) for one in ordered]
    if rows:
        insert_rows(session, TABLE, COLUMNS, rows)
    return len(rows)


def find_invitation(session: Session, hashes: Collection[str]) -> Invitation | None:
    """The one under one of ``hashes``: what a code is under the keys of the waves it may belong to."""
    row = session.execute(_FIND, {"of": sorted(hashes)}).one_or_none()
    return Invitation(**row._mapping) if row else None


def list_invitations(session: Session, wave_id: int) -> tuple[Invitation, ...]:
    """All of the wave, by their hashes."""
    rows = session.execute(select(TABLE).where(TABLE.c.wave_id == wave_id).order_by(TABLE.c.code_hash))
    return tuple(Invitation(**row._mapping) for row in rows)


def spend(session: Session, wave_id: int, code_hash: str, *, home: str) -> bool:
    """Spend the code, in one statement; whether answers with it are the first of its home.

    Not so when it was not open (of two who come at once one gets ``True``), nor when the home has a response by another
    way. ``home``: the tag of its case in the inbox, which cannot be told from the invitation.
    """
    answered = session.scalars(_SPEND, {"of": code_hash, "wave": wave_id, "home": home}).one_or_none()
    return answered is not None and not answered


def list_answered(session: Session, wave_id: int) -> frozenset[str]:
    """The tags, in the inbox, of the cases that have a response."""
    return frozenset(session.scalars(_ANSWERED, {"wave": wave_id}))


def list_spent(session: Session, wave_id: int, area: str) -> tuple[Invitation, ...]:
    """Codes of the community whose homes have answered, by their hashes."""
    wanted = TABLE.c.wave_id == wave_id, TABLE.c.area == area, TABLE.c.state == InvitationState.SPENT
    rows = session.execute(select(TABLE).where(*wanted).order_by(TABLE.c.code_hash))
    return tuple(Invitation(**row._mapping) for row in rows)


def revoke_all(session: Session, wave_id: int, area: str) -> int:
    """Revoke every code of the community, open or spent; how many there were that were not revoked yet."""
    standing = TABLE.c.wave_id == wave_id, TABLE.c.area == area, TABLE.c.state != InvitationState.REVOKED
    return rows_changed(session, update(TABLE).where(*standing).values(state=InvitationState.REVOKED))


def count_invitations(session: Session, wave_id: int) -> dict[str, dict[InvitationState, int]]:
    """Area -> state -> codes, by area; what there is none of is not there."""
    query = select(TABLE.c.area, TABLE.c.state, func.count()).where(TABLE.c.wave_id == wave_id)
    found: dict[str, dict[InvitationState, int]] = {}
    for area, state, count in session.execute(query.group_by(TABLE.c.area, TABLE.c.state).order_by(TABLE.c.area)):
        found.setdefault(area, {})[state] = count
    return found


def drop_invitations(session: Session, wave_id: int) -> int:
    """Delete all invitations of the wave; how many there were."""
    return rows_changed(session, delete(TABLE).where(TABLE.c.wave_id == wave_id))
