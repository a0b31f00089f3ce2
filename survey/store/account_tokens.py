"""Bearer tokens of devices: only their hash is kept, so the database lets nobody in.

They end with a new password, a new activation or when the account is closed (see :mod:`survey.store.accounts`).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.accounts import Account, AccountRow, account_of
from survey.store.tables import Base


class AccountTokenRow(Base):
    __tablename__ = "account_tokens"
    __table_args__ = (CheckConstraint("length(token_hash) = 64", name="token_hash"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


def add_token(session: Session, account_id: int, *, token_hash: str, at: datetime, expires_at: datetime) -> None:
    """Keep a new token's SHA-256 (hex); the account's expired ones go."""
    expired = (AccountTokenRow.account_id == account_id) & (AccountTokenRow.expires_at <= at)
    session.execute(delete(AccountTokenRow).where(expired))
    session.add(AccountTokenRow(token_hash=token_hash, account_id=account_id, created_at=at, expires_at=expires_at))
    session.flush()


def find_token(session: Session, token_hash: str) -> tuple[Account, datetime] | None:
    """Whose token it is and when it expires; expired ones too."""
    found = session.execute(
        select(AccountRow, AccountTokenRow.expires_at)
        .join(AccountTokenRow, AccountTokenRow.account_id == AccountRow.id)
        .where(AccountTokenRow.token_hash == token_hash)
    ).one_or_none()
    return (account_of(found[0]), found[1]) if found else None


def last_token(session: Session, account_id: int) -> tuple[datetime, datetime] | None:
    """When the account's newest token was made and when it expires; expired ones too."""
    newest = (
        select(AccountTokenRow.created_at, AccountTokenRow.expires_at)
        .where(AccountTokenRow.account_id == account_id)
        .order_by(AccountTokenRow.expires_at.desc())
        .limit(1)
    )
    found = session.execute(newest).one_or_none()
    return (found[0], found[1]) if found else None


def revoke_tokens(session: Session, account_id: int) -> int:
    """How many tokens the account had."""
    tokens = delete(AccountTokenRow).where(AccountTokenRow.account_id == account_id)
    return session.connection().execute(tokens).rowcount
