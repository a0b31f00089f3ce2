"""Reset a password: the old one ends at once, and a one-time code lets the person choose a new one."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.account_rules import ActivationCard, make_code
from survey.messages import N_, Conflict, Message, NotThere
from survey.store import accounts


def reset_password(session: Session, account_id: int, *, at: datetime) -> ActivationCard:
    """The card to hand over; only the code's hash is stored. Sessions, tokens and an earlier code end.

    Raises :class:`NotThere`; :class:`Conflict` for a closed account.
    """
    account = accounts.get_account(session, account_id)
    if account is None:
        raise NotThere(Message(N_("没有编号为 {id} 的账号"), {"id": account_id}))
    if not account.active:
        raise Conflict(Message(N_("账号“{name}”已停用：请先重新启用。"), {"name": account.name}))
    code, hashed, expires_at = make_code(at)
    accounts.set_activation(session, account_id, code_hash=hashed, expires_at=expires_at)
    return ActivationCard(
        account_id=account.id,
        name=account.name,
        full_name=account.full_name,
        role=account.role,
        code=code,
        expires_at=expires_at,
    )
