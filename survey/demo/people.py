"""Invented accounts, one for each role to sign in with and a few canvassers more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.roles import CanvasserType, Role, Scope
from survey.store.accounts import Account, find_account
from survey.store.accounts import add_account as store_account
from survey.store.database import Session
from survey.workflow.add_account import add_account


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """``ties``: communities the person belongs to. ``signs_in``: with the password of the example."""

    name: str
    full_name: str
    role: Role
    canvasser_type: CanvasserType | None = None
    ties: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    signs_in: bool = True


STATISTICIAN, SUPERVISOR, CANVASSER = "statistician", "supervisor", "canvasser"
OFFICIAL, GRID_WORKER, DEPARTMENT = "official", "grid-worker", "department"
#: Who makes interviews up.
FABRICATOR = "canvasser4"
#: Where the grid worker of the example goes: there is something to tell people.
GRID_WORKER_AREAS = frozenset({"990101001003", "990101001005"})
PEOPLE = (
    DemoPerson(name=STATISTICIAN, full_name="程算（虚构）", role=Role.STATISTICIAN),
    DemoPerson(name=SUPERVISOR, full_name="杜察（虚构）", role=Role.SUPERVISOR),
    DemoPerson(name=CANVASSER, full_name="方走访（虚构）", role=Role.CANVASSER, canvasser_type=CanvasserType.STUDENT),
    DemoPerson(
        name="canvasser2",
        full_name="何东住（虚构）",
        role=Role.CANVASSER,
        canvasser_type=CanvasserType.STUDENT,
        ties=frozenset({"990101001001"}),
    ),
    DemoPerson(name=OFFICIAL, full_name="甘部（虚构）", role=Role.OFFICIAL),
    DemoPerson(name="leader", full_name="凌导（虚构）", role=Role.LEADER),
    DemoPerson(name=GRID_WORKER, full_name="万格（虚构）", role=Role.GRID_WORKER, areas=GRID_WORKER_AREAS),
    DemoPerson(name=DEPARTMENT, full_name="卜门（虚构）", role=Role.DEPARTMENT),
)
_SURNAMES = "龚匡陆马宁欧潘齐任沈唐万夏严周郑"


def canvassers(count: int, areas: frozenset[str]) -> tuple[DemoPerson, ...]:
    """Those beside the first two: they have work to show and no password. All but one go to ``areas`` alone."""
    return tuple(
        DemoPerson(
            name=f"canvasser{number}",
            full_name=f"{_SURNAMES[number % len(_SURNAMES)]}访员{number}（虚构）",
            role=Role.CANVASSER,
            canvasser_type=CanvasserType.AGENCY if number % 4 == 0 else CanvasserType.STUDENT,
            areas=areas if number > 3 else frozenset(),
            signs_in=False,
        )
        for number in range(3, count + 1)
    )


@dataclass(frozen=True, kw_only=True)
class AddedPeople:
    """``accounts``: by name, all of them. ``added``: who was not there before and can sign in."""

    accounts: Mapping[str, Account]
    added: tuple[DemoPerson, ...]


def add_people(
    session: Session, *, many_canvassers: int, areas: frozenset[str], password: str, at: datetime
) -> AddedPeople:
    """An account that is there already stays as it is, with its own password. ``areas``: where the example plays."""
    accounts: dict[str, Account] = {}
    added: list[DemoPerson] = []
    for person in (*PEOPLE, *canvassers(many_canvassers, areas)):
        known = find_account(session, person.name)
        if known is not None:
            accounts[person.name] = known[0]
            continue
        accounts[person.name] = _add(session, person, password, at, like=added[0].name if added else None)
        if person.signs_in:
            added.append(person)
    return AddedPeople(accounts=accounts, added=tuple(added))


def _add(session: Session, person: DemoPerson, password: str, at: datetime, *, like: str | None) -> Account:
    """``like``: who has the password already. It is hashed once: each time takes a quarter of a second."""
    first = find_account(session, like) if like is not None and person.signs_in else None
    if first is not None:
        return store_account(
            session,
            name=person.name,
            password_hash=first[1],
            role=person.role,
            at=at,
            full_name=person.full_name,
            canvasser_type=person.canvasser_type,
            scope=Scope(areas=person.areas),
            ties=person.ties,
            example=True,
        )
    return add_account(
        session,
        name=person.name,
        password=password if person.signs_in else None,
        role=person.role,
        at=at,
        full_name=person.full_name,
        canvasser_type=person.canvasser_type,
        scope=Scope(areas=person.areas),
        ties=person.ties,
        example=person.signs_in,
    )
