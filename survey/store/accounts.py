"""Who may sign in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message
from survey.roles import Role
from survey.store.tables import Base, Choice, one_of


class AccountRow(Base):
    __tablename__ = "accounts"
    __table_args__ = (one_of("role", Role),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[Role] = mapped_column(Choice(Role))
    active: Mapped[bool]
    session_version: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]


@dataclass(frozen=True, kw_only=True)
class Account:
    id: int
    name: str
    role: Role
    active: bool
    session_version: int  # a session that began under another one is over


def add_account(session: Session, *, name: str, password_hash: str, role: Role, at: datetime) -> Account:
    """A new, active account. Raises :class:`Conflict` when the name is taken."""
    if find_account(session, name) is not None:
        raise Conflict(Message(N_("账号“{name}”已经存在，请换一个名称"), {"name": name}))
    row = AccountRow(name=name, password_hash=password_hash, role=role, active=True, session_version=0, created_at=at)
    session.add(row)
    session.flush()
    return _account(row)


def find_account(session: Session, name: str) -> tuple[Account, str] | None:
    """The account called exactly ``name`` and its password hash; inactive ones too."""
    row = session.scalars(select(AccountRow).where(AccountRow.name == name)).one_or_none()
    return (_account(row), row.password_hash) if row else None


def get_account(session: Session, account_id: int) -> Account | None:
    row = session.get(AccountRow, account_id)
    return _account(row) if row else None


def raise_session_version(session: Session, account_id: int) -> None:
    """End every session of the account, copies of its cookies too; an unknown account has none."""
    change = update(AccountRow).where(AccountRow.id == account_id)
    session.execute(change.values(session_version=AccountRow.session_version + 1))


def count_accounts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AccountRow)) or 0


def _account(row: AccountRow) -> Account:
    return Account(id=row.id, name=row.name, role=row.role, active=row.active, session_version=row.session_version)
