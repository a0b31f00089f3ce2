"""One-time codes of drawn dwellings. The code itself is on the letter only; here is a hash of it, and its case sealed.

Letters lie in stairwells, and a sheet of them says which door each code is of. So a row is not found by its code alone:
the hash is made with the wave's key, which no backup holds. And the tag by which the codes of one case are found is of
this table: no other one has it, least of all the inbox, which has the numbers of responses.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.keys import Sealer
from survey.store.bulk import insert_rows
from survey.store.inbox import TABLE as INBOX
from survey.store.inbox import PayloadState
from survey.store.responses import TABLE as RESPONSES
from survey.store.single_rows import rows_changed
from survey.store.tables import Base, Choice, one_of

CHUNK = 500


class InvitationState(StrEnum):
    OPEN = "open"
    SPENT = "spent"  # its home has answered, with it or otherwise
    REVOKED = "revoked"


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
    tag: str  # tag_of(sealer, …)
    body: bytes  # the case's id, sealed with context(code_hash)


def context(code_hash: str) -> str:
    """What the body of an invitation is sealed with."""
    return f"invitation:{code_hash}"


def hash_of(sealer: Sealer, hashed: str) -> str:
    """Where the row of a code is, under the key of its wave; ``hashed``: the code's SHA-256."""
    return sealer.tag(f"invited code:{hashed}")


def tag_of(sealer: Sealer, case: UUID) -> str:
    """What the codes of one case have in common."""
    return sealer.tag(f"invited:{case}")


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


def list_tags(session: Session, wave_id: int, state: InvitationState) -> frozenset[str]:
    """The tags of the cases that have a code in this state."""
    return frozenset(session.scalars(select(TABLE.c.tag).where(TABLE.c.wave_id == wave_id, TABLE.c.state == state)))


def revoke_by_tags(session: Session, wave_id: int, tags: Iterable[str]) -> int:
    """Revoke the open codes of these cases; how many there were. A spent one stays spent."""
    return _end(session, wave_id, tags, InvitationState.REVOKED)


def spend_by_tags(session: Session, wave_id: int, tags: Iterable[str]) -> int:
    """Spend the open codes of these cases, which have answered otherwise; how many there were."""
    return _end(session, wave_id, tags, InvitationState.SPENT)


def _end(session: Session, wave_id: int, tags: Iterable[str], state: InvitationState) -> int:
    wanted = sorted(set(tags))
    ended = 0
    for start in range(0, len(wanted), CHUNK):
        change = update(TABLE).where(
            TABLE.c.wave_id == wave_id,
            TABLE.c.tag.in_(wanted[start : start + CHUNK]),
            TABLE.c.state == InvitationState.OPEN,
        )
        ended += rows_changed(session, change.values(state=state))
    return ended


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
