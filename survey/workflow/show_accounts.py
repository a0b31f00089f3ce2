"""Show accounts: the list for administrators, and one of them by its number or its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from survey.account_rules import Places
from survey.messages import N_, Message, NotThere
from survey.roles import Role
from survey.store import accounts, areas, waves
from survey.store.accounts import Account
from survey.store.waves import WaveRecord


class Standing(StrEnum):
    ACTIVE = "active"  # can sign in
    WAITING = "waiting"  # has a code, or needs one
    CLOSED = "closed"


STANDING_NAMES: Mapping[Standing, str] = {
    Standing.ACTIVE: N_("可登录"),
    Standing.WAITING: N_("待激活"),
    Standing.CLOSED: N_("已停用"),
}


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """One account with what its page offers: the areas and waves it can be limited to."""

    account: Account
    places: Places
    waves: tuple[WaveRecord, ...]


def standing(account: Account) -> Standing:
    if not account.active:
        return Standing.CLOSED
    return Standing.ACTIVE if account.activated else Standing.WAITING


def list_accounts(session: Session, *, role: Role | None = None, state: Standing | None = None) -> tuple[Account, ...]:
    """The accounts of one role and in one standing, or all; by name."""
    found = accounts.list_accounts(session, role)
    return tuple(account for account in found if state is None or standing(account) is state)


def show_account(session: Session, account_id: int) -> AccountView:
    """Raises :class:`NotThere`."""
    account = accounts.get_account(session, account_id)
    if account is None:
        raise NotThere(Message(N_("没有编号为 {id} 的账号"), {"id": account_id}))
    places, found = show_choices(session)
    return AccountView(account=account, places=places, waves=found)


def show_choices(session: Session) -> tuple[Places, tuple[WaveRecord, ...]]:
    """What accounts can be limited to, and the waves by name."""
    found = waves.list_waves(session)
    return Places(areas=areas.known_areas(session), waves={wave.id for wave in found}), found


def find_by_name(session: Session, name: str) -> Account:
    """Raises :class:`NotThere`."""
    found = accounts.find_account(session, name) if name.isprintable() else None
    if found is None:
        raise NotThere(Message(N_("没有名为“{name}”的账号"), {"name": name[:64]}))
    return found[0]
