"""Who may sign in, as what, and how far each account reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, column, delete, func, select, table, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.account_rules import name_key
from survey.messages import N_, Conflict, Message, NotThere
from survey.roles import CanvasserType, Role, Scope
from survey.store.tables import Base, Choice, Json, one_of

_EVERYWHERE = '{"areas":[],"waves":[]}'
#: Named, not imported: :mod:`survey.store.account_tokens` builds on this module.
_TOKENS = table("account_tokens", column("account_id"))


class AccountRow(Base):
    __tablename__ = "accounts"
    __table_args__ = (
        one_of("role", Role),
        one_of("canvasser_type", CanvasserType),
        CheckConstraint("canvasser_type IS NULL OR role = 'canvasser'", name="type_of_canvasser"),
        CheckConstraint("length(activation_hash) = 64", name="activation_hash"),
        CheckConstraint("(activation_hash IS NULL) = (activation_expires_at IS NULL)", name="activation_expires"),
        CheckConstraint("activation_hash IS NULL OR password_hash IS NULL", name="activated_once"),
        # Who manages accounts could make some that stay when the examples are closed.
        CheckConstraint("NOT example OR role <> 'administrator'", name="example_role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    name_key: Mapped[str] = mapped_column(unique=True, index=True, server_default=text("''"))  # what it is compared by
    full_name: Mapped[str] = mapped_column(default="", server_default=text("''"))
    password_hash: Mapped[str | None]  # None: not activated yet, nobody can sign in
    role: Mapped[Role] = mapped_column(Choice(Role))
    canvasser_type: Mapped[CanvasserType | None] = mapped_column(Choice(CanvasserType))
    scope: Mapped[dict[str, Any]] = mapped_column(Json, server_default=_EVERYWHERE)
    ties: Mapped[list[str]] = mapped_column(Json, server_default="[]")
    active: Mapped[bool]
    session_version: Mapped[int] = mapped_column(default=0, server_default="0")
    activation_hash: Mapped[str | None] = mapped_column(unique=True)
    activation_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    example: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


@dataclass(frozen=True, kw_only=True)
class Account:
    id: int
    name: str
    full_name: str  # "" when not told
    role: Role
    canvasser_type: CanvasserType | None  # of canvassers alone
    scope: Scope
    ties: frozenset[str]  # codes of the communities the person belongs to: no cases there
    active: bool
    activated: bool  # has a password
    session_version: int  # a session that began under another one is over
    created_at: datetime
    example: bool = False  # of the demo: anybody may sign in with it, see survey.store.example_accounts


def add_account(
    session: Session,
    *,
    name: str,
    password_hash: str | None,
    role: Role,
    at: datetime,
    full_name: str = "",
    canvasser_type: CanvasserType | None = None,
    scope: Scope = Scope(),  # noqa: B008 - frozen
    ties: frozenset[str] = frozenset(),
    example: bool = False,
) -> Account:
    """A new, active account; without a password nobody signs in. Raises :class:`Conflict` when the name is taken.

    ``example``: for the demo alone, and never an administrator.
    """
    key = name_key(name)
    if other := session.scalars(select(AccountRow.name).where(AccountRow.name_key == key)).one_or_none():
        if other == name:
            raise Conflict(Message(N_("账号“{name}”已经存在，请换一个名称"), {"name": name}))
        alike = N_("账号“{name}”和已有的“{other}”只差大小写或全半角，请换一个名称")
        raise Conflict(Message(alike, {"name": name, "other": other}))
    row = AccountRow(
        name=name,
        name_key=key,
        password_hash=password_hash,
        active=True,
        session_version=0,
        created_at=at,
        example=example,
        **_described(full_name, role, canvasser_type, scope, ties),
    )
    session.add(row)
    session.flush()
    return account_of(row)


def find_account(session: Session, name: str) -> tuple[Account, str | None] | None:
    """The account called exactly ``name`` and its password hash; inactive and not yet activated ones too."""
    row = session.scalars(select(AccountRow).where(AccountRow.name == name)).one_or_none()
    return (account_of(row), row.password_hash) if row else None


def get_account(session: Session, account_id: int) -> Account | None:
    row = session.get(AccountRow, account_id)
    return account_of(row) if row else None


def list_accounts(session: Session, role: Role | None = None) -> tuple[Account, ...]:
    """All accounts, or those of one role, by name; inactive ones too."""
    query = select(AccountRow).order_by(AccountRow.name)
    return tuple(map(account_of, session.scalars(query if role is None else query.where(AccountRow.role == role))))


def count_accounts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AccountRow)) or 0


def change_account(
    session: Session,
    account_id: int,
    *,
    full_name: str,
    role: Role,
    canvasser_type: CanvasserType | None,
    scope: Scope,
    ties: frozenset[str],
) -> None:
    """Describe the account anew; its sessions end, so that nobody goes on with rights of before.

    Raises :class:`NotThere`.
    """
    _change(session, account_id, _described(full_name, role, canvasser_type, scope, ties))


def set_active(session: Session, account_id: int, active: bool) -> None:
    """Let the account in or keep it out; its sessions and tokens end. Raises :class:`NotThere`."""
    _change(session, account_id, {"active": active})
    _end_tokens(session, account_id)


def set_password(session: Session, account_id: int, password_hash: str) -> None:
    """A new password; sessions, tokens and any activation end, and an example becomes somebody's own.

    Raises :class:`NotThere`.
    """
    values = {
        "password_hash": password_hash,
        "activation_hash": None,
        "activation_expires_at": None,
        "example": False,
    }
    _change(session, account_id, values)
    _end_tokens(session, account_id)


def set_activation(session: Session, account_id: int, *, code_hash: str, expires_at: datetime) -> None:
    """Let whoever has the code (``code_hash``: its SHA-256, hex) choose a password.

    The old password is gone, sessions and tokens end; an example becomes somebody's own. Raises :class:`NotThere`.
    """
    values = {
        "password_hash": None,
        "activation_hash": code_hash,
        "activation_expires_at": expires_at,
        "example": False,
    }
    _change(session, account_id, values)
    _end_tokens(session, account_id)


def find_activation(session: Session, code_hash: str) -> tuple[Account, datetime] | None:
    """The account waiting for this code and when the code expires; expired ones and inactive accounts too."""
    row = session.scalars(select(AccountRow).where(AccountRow.activation_hash == code_hash)).one_or_none()
    return (account_of(row), row.activation_expires_at) if row and row.activation_expires_at else None


def raise_session_version(session: Session, account_id: int) -> None:
    """End every session of the account, copies of its cookies too; an unknown account has none."""
    change = update(AccountRow).where(AccountRow.id == account_id)
    session.execute(change.values(session_version=AccountRow.session_version + 1))


def account_of(row: AccountRow) -> Account:
    """The record of a row, for the other modules of the store."""
    return Account(
        id=row.id,
        name=row.name,
        full_name=row.full_name,
        role=row.role,
        canvasser_type=row.canvasser_type,
        scope=Scope(areas=frozenset(row.scope["areas"]), waves=frozenset(row.scope["waves"])),
        ties=frozenset(row.ties),
        active=row.active,
        activated=row.password_hash is not None,
        session_version=row.session_version,
        created_at=row.created_at,
        example=row.example,
    )


def _described(
    full_name: str, role: Role, canvasser_type: CanvasserType | None, scope: Scope, ties: frozenset[str]
) -> dict[str, Any]:
    return {
        "full_name": full_name,
        "role": role,
        # A canvasser who becomes something else is no student canvasser any more.
        "canvasser_type": canvasser_type if role is Role.CANVASSER else None,
        "scope": {"areas": sorted(scope.areas), "waves": sorted(scope.waves)},
        "ties": sorted(ties),
    }


def _change(session: Session, account_id: int, values: Mapping[str, Any]) -> None:
    """Set ``values`` and end the account's sessions."""
    row = session.get(AccountRow, account_id, populate_existing=True)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的账号"), {"id": account_id}))
    for name, value in values.items():
        setattr(row, name, value)
    row.session_version += 1
    session.flush()


def _end_tokens(session: Session, account_id: int) -> None:
    session.execute(delete(_TOKENS).where(_TOKENS.c.account_id == account_id))
