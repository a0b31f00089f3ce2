"""Change an account: who it belongs to, its role and reach; close it and open it again.

Somebody must always be left who can mend accounts, and nobody takes their own rights away by a slip.
"""

from sqlalchemy.orm import Session

from survey.account_rules import Person, Places, check_person
from survey.messages import N_, Conflict, Message, NotThere
from survey.roles import Role
from survey.store import accounts, areas, waves
from survey.store.accounts import Account


def change_account(session: Session, account_id: int, *, person: Person, by: Account | None) -> Account:
    """Describe the account anew and end its sessions. ``by``: who does it, ``None`` for the operator.

    Raises :class:`NotThere`; :class:`~survey.messages.BadInput` for an area or wave that is not there;
    :class:`Conflict` for one's own role and the role or reach of the last administrator.
    """
    before = find_account(session, account_id)
    check_person(person, Places(areas=areas.known_areas(session), waves={w.id for w in waves.list_waves(session)}))
    if person.role is not before.role:
        if by is not None and by.id == account_id:
            raise Conflict(Message(N_("不能更改自己的角色：请让另一位管理员更改。")))
        _keep_an_administrator(session, before)
        if before.example and person.role is Role.ADMINISTRATOR:
            raise Conflict(Message(N_("“{name}”是示例账号，不能当管理员：请先重设它的密码。"), {"name": before.name}))
    accounts.change_account(
        session,
        account_id,
        full_name=person.full_name.strip(),
        role=person.role,
        canvasser_type=person.canvasser_type,
        scope=person.scope,
        ties=person.ties,
    )
    return find_account(session, account_id)


def set_active(session: Session, account_id: int, *, active: bool, by: Account | None) -> Account:
    """Close the account, ending its sessions and tokens, or open it again. The same again changes nothing.

    Raises :class:`NotThere`; :class:`Conflict` for one's own and the last administrator's.
    """
    account = find_account(session, account_id)
    if account.active == active:
        return account
    if not active:
        if by is not None and by.id == account_id:
            raise Conflict(Message(N_("不能停用自己的账号：请让另一位管理员停用。")))
        _keep_an_administrator(session, account)
    accounts.set_active(session, account_id, active)
    return find_account(session, account_id)


def close_examples(session: Session) -> tuple[Account, ...]:
    """Close every example account that is open, so that no button signs anybody in; those that were closed."""
    closed = [account for account in accounts.list_accounts(session) if account.example and account.active]
    return tuple(set_active(session, account.id, active=False, by=None) for account in closed)


def find_account(session: Session, account_id: int) -> Account:
    """Raises :class:`NotThere`."""
    account = accounts.get_account(session, account_id)
    if account is None:
        raise NotThere(Message(N_("没有编号为 {id} 的账号"), {"id": account_id}))
    return account


def _keep_an_administrator(session: Session, leaving: Account) -> None:
    """Raise :class:`Conflict` unless another administrator can sign in, or ``leaving`` could not either."""
    if leaving.role is not Role.ADMINISTRATOR or not (leaving.active and leaving.activated):
        return
    others = [
        account
        for account in accounts.list_accounts(session, Role.ADMINISTRATOR)
        if account.active and account.activated and account.id != leaving.id
    ]
    if not others:
        raise Conflict(Message(N_("“{name}”是最后一个能登录的管理员：请先增加另一个并激活。"), {"name": leaving.name}))
