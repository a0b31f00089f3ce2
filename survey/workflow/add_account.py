"""Add an account: a name, a role, how far it reaches, and a password that is kept only as an argon2 hash."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.account_rules import Person, Places, check_name, check_new_password, check_person
from survey.passwords import hash_password
from survey.roles import CanvasserType, Role, Scope
from survey.store import accounts, areas, waves
from survey.store.accounts import Account


def add_account(
    session: Session,
    *,
    name: str,
    password: str | None,
    role: Role,
    at: datetime,
    full_name: str = "",
    canvasser_type: CanvasserType | None = None,
    scope: Scope = Scope(),  # noqa: B008 - frozen
    ties: frozenset[str] = frozenset(),
    example: bool = False,
) -> Account:
    """Store a new active account; without a password it waits for an activation code.

    ``example``: anybody may sign in with it by a button. Only ``survey demo`` says so, and of no administrator.

    Raises :class:`BadInput` for a name or password that breaks the rules, or an area or wave that is not there;
    ``Conflict`` for a name in use.
    """
    check_name(name)
    if password is not None:
        check_new_password(password, name)
    person = Person(role=role, full_name=full_name.strip(), canvasser_type=canvasser_type, scope=scope, ties=ties)
    check_person(person, _places(session))
    return accounts.add_account(
        session,
        name=name,
        password_hash=None if password is None else hash_password(password),
        role=role,
        at=at,
        full_name=person.full_name,
        canvasser_type=canvasser_type,
        scope=scope,
        ties=ties,
        example=example,
    )


def _places(session: Session) -> Places:
    return Places(areas=areas.known_areas(session), waves={wave.id for wave in waves.list_waves(session)})
