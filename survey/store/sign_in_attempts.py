"""Attempts to sign in, counted so that guessing becomes slow. Keys are whatever the caller hashed; never a password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.tables import Base


class SignInAttemptRow(Base):
    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_key: Mapped[str] = mapped_column(index=True)
    address_key: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    succeeded: Mapped[bool]


def record_attempt(session: Session, *, name_key: str, address_key: str, at: datetime, succeeded: bool) -> None:
    session.add(SignInAttemptRow(name_key=name_key, address_key=address_key, at=at, succeeded=succeeded))
    session.flush()


def count_failures(
    session: Session, *, name_key: str | None = None, address_key: str | None = None, since: datetime
) -> int:
    """Failures at or after ``since`` that followed the last success with the same key (with both: the same pair)."""
    if name_key is None and address_key is None:
        raise ValueError("got no key, expected name_key, address_key or both")
    attempts = select(SignInAttemptRow.id).where(SignInAttemptRow.at >= since)
    if name_key is not None:
        attempts = attempts.where(SignInAttemptRow.name_key == name_key)
    if address_key is not None:
        attempts = attempts.where(SignInAttemptRow.address_key == address_key)
    # The last success by number, not by time: two attempts may share one moment.
    last_success = session.scalar(
        attempts.where(SignInAttemptRow.succeeded).order_by(SignInAttemptRow.id.desc()).limit(1)
    )
    failures = attempts.where(~SignInAttemptRow.succeeded)
    if last_success is not None:
        failures = failures.where(SignInAttemptRow.id > last_success)
    return session.scalar(select(func.count()).select_from(failures.subquery())) or 0


def count_attempts(session: Session, *, address_key: str, since: datetime) -> int:
    """All attempts with the key at or after ``since``, whatever came of them."""
    attempts = select(func.count()).where(SignInAttemptRow.address_key == address_key, SignInAttemptRow.at >= since)
    return session.scalar(attempts) or 0


@dataclass(frozen=True, kw_only=True)
class FailedSignIns:
    """``names``, ``addresses``: how many different ones failed; nobody can tell which."""

    failed: int
    names: int
    addresses: int


def count_failed(session: Session, *, since: datetime) -> FailedSignIns:
    """Tries at or after ``since`` that did not succeed: one that did stands as a failure first, and as itself after."""
    columns = (SignInAttemptRow.name_key, SignInAttemptRow.address_key)
    succeeded = func.sum(case((SignInAttemptRow.succeeded, 1), else_=0))
    query = select(*columns, func.count() - 2 * succeeded).where(SignInAttemptRow.at >= since).group_by(*columns)
    pairs = [(name, address, failed) for name, address, failed in session.execute(query) if failed > 0]
    return FailedSignIns(
        failed=sum(failed for *_, failed in pairs),
        names=len({name for name, *_ in pairs}),
        addresses=len({address for _, address, _ in pairs}),
    )


def prune_attempts(session: Session, before: datetime) -> None:
    """Forget the attempts made before ``before``."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.at < before))
