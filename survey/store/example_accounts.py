"""Accounts that anybody may sign in with, by a button: open only while everything on the site is invented."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.roles import Role
from survey.store.accounts import Account, AccountRow, account_of
from survey.store.waves import WaveRow


def open_examples(session: Session) -> dict[Role, Account]:
    """The example account of each role that can be signed in with, the first made of several, in the order of roles.

    None once a wave is there that is not marked as invented: what real residents say is not shown by a button.
    """
    examples = select(AccountRow).where(AccountRow.example, AccountRow.active, AccountRow.password_hash.is_not(None))
    found: dict[Role, Account] = {}
    for row in session.scalars(examples.order_by(AccountRow.id)):
        found.setdefault(row.role, account_of(row))
    if not found or not all_invented(session):
        return {}
    return {role: found[role] for role in Role if role in found}


def all_invented(session: Session) -> bool:
    """Whether every wave is marked as invented; also when there is none."""
    return all(details.get("fictitious") for details in session.scalars(select(WaveRow.details)))
