"""One-time codes of drawn dwellings. The code itself is on the letter only; here is its hash, and its case sealed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.bulk import insert_rows
from survey.store.inbox import TABLE as INBOX
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.responses import TABLE as RESPONSES
from survey.store.single_rows import rows_changed
from survey.store.tables import Base, Choice, one_of

CHUNK = 500


class InvitationState(StrEnum):
    OPEN = "open"
    SPENT = "spent"
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
_FIND = select(TABLE).where(TABLE.c.code_hash == bindparam("of"))
_SPEND = (
    update(TABLE)
    .where(TABLE.c.code_hash == bindparam("of"), TABLE.c.state == InvitationState.OPEN)
    .values(state=InvitationState.SPENT)
)
#: Interviews of the code's own case that gave a response.
_AT_THE_DOOR = (
    select(INBOX.c.uuid)
    .join(RESPONSES, RESPONSES.c.uuid == INBOX.c.uuid)
    .where(
        INBOX.c.wave_id == TABLE.c.wave_id,
        INBOX.c.tag == TABLE.c.tag,
        INBOX.c.kind == PayloadKind.INTERVIEW,
        INBOX.c.state == PayloadState.PLACED,
    )
)
_SPEND_FIRST = _SPEND.where(~_AT_THE_DOOR.exists())


@dataclass(frozen=True, kw_only=True)
class Invitation:
    code_hash: str  # 64 hex digits
    wave_id: int
    area: str  # code of the community
    state: InvitationState
    tag: str  # sealer.tag("case:…")
    body: bytes  # the case's id, sealed with context(code_hash)


def context(code_hash: str) -> str:
    """What the body of an invitation is sealed with."""
    return f"invitation:{code_hash}"


def add_invitations(session: Session, invitations: Iterable[Invitation]) -> int:
    """How many were stored, by their hashes: the order of the walk does not show. A hash twice breaks the key."""
    ordered = sorted(invitations, key=lambda invitation: invitation.code_hash)
    rows = [(one.code_hash, one.wave_id, one.area, one.state.value, one.tag, one.body) for one in ordered]
    if rows:
        insert_rows(session, TABLE, COLUMNS, rows)
    return len(rows)


def find_invitation(session: Session, code_hash: str) -> Invitation | None:
    row = session.execute(_FIND, {"of": code_hash}).one_or_none()
    if row is None:
        return None
    found, wave_id, area, state, tag, body = row
    return Invitation(code_hash=found, wave_id=wave_id, area=area, state=state, tag=tag, body=body)


def spend(session: Session, code_hash: str) -> bool:
    """Whether the code was open until now; of two who come at once one gets ``True``."""
    return bool(rows_changed(session, _SPEND, {"of": code_hash}))


def spend_first(session: Session, code_hash: str) -> bool:
    """As :func:`spend`, and not where somebody of the home has been interviewed at the door."""
    return bool(rows_changed(session, _SPEND_FIRST, {"of": code_hash}))


def list_tags(session: Session, wave_id: int, state: InvitationState) -> frozenset[str]:
    """The tags of the cases that have a code in this state."""
    return frozenset(session.scalars(select(TABLE.c.tag).where(TABLE.c.wave_id == wave_id, TABLE.c.state == state)))


def revoke_by_tags(session: Session, wave_id: int, tags: Iterable[str]) -> int:
    """Revoke the open codes of these cases; how many there were. A spent one stays spent."""
    wanted = sorted(set(tags))
    revoked = 0
    for start in range(0, len(wanted), CHUNK):
        change = update(TABLE).where(
            TABLE.c.wave_id == wave_id,
            TABLE.c.tag.in_(wanted[start : start + CHUNK]),
            TABLE.c.state == InvitationState.OPEN,
        )
        revoked += rows_changed(session, change.values(state=InvitationState.REVOKED))
    return revoked


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
