"""Import accounts: the whole table of an office at once, each account with a one-time code; all of it or nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.account_rules import ActivationCard, Places, goes_nowhere, make_code, name_key
from survey.files.account_file import read_accounts
from survey.files.spreadsheets import SheetRows
from survey.store import accounts, areas, waves


def import_accounts(session: Session, sheet: SheetRows, *, at: datetime) -> tuple[ActivationCard, ...]:
    """The cards of the new accounts in the order of the rows; only hashes of their codes are stored.

    Raises :class:`~survey.messages.BadInput` with everything that is wrong, by row.
    """
    places = Places(areas=areas.known_areas(session), waves={wave.id for wave in waves.list_waves(session)})
    taken = frozenset(name_key(account.name) for account in accounts.list_accounts(session))
    cards = []
    for row in read_accounts(sheet, places, taken):
        person = row.person
        account = accounts.add_account(
            session,
            name=row.name,
            password_hash=None,
            role=person.role,
            at=at,
            full_name=person.full_name,
            canvasser_type=person.canvasser_type,
            scope=person.scope,
            ties=person.ties,
        )
        code, hashed, expires_at = make_code(at)
        accounts.set_activation(session, account.id, code_hash=hashed, expires_at=expires_at)
        cards.append(
            ActivationCard(
                account_id=account.id,
                name=account.name,
                full_name=account.full_name,
                role=account.role,
                code=code,
                expires_at=expires_at,
                nowhere=goes_nowhere(person, places.areas),
            )
        )
    return tuple(cards)
