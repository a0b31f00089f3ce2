"""Invented accounts, one for each role to sign in with and a few canvassers more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.roles import CanvasserType, Role, Scope
from survey.store.accounts import Account, find_account
from survey.store.database import Session
from survey.workflow.add_account import add_account


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """``ties``: communities the person belongs to. ``of_the_wave``: reaches the wave in the field alone."""

    name: str
    full_name: str
    role: Role
    canvasser_type: CanvasserType | None = None
    ties: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    of_the_wave: bool = False


STATISTICIAN, SUPERVISOR, CANVASSER = "statistician", "supervisor", "canvasser"
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
    DemoPerson(
        name="canvasser3",
        full_name="龚仁村（虚构）",
        role=Role.CANVASSER,
        canvasser_type=CanvasserType.STUDENT,
        ties=frozenset({"990101002002"}),
    ),
    DemoPerson(
        name="canvasser4",
        full_name="匡速（虚构）",
        role=Role.CANVASSER,
        canvasser_type=CanvasserType.AGENCY,
        of_the_wave=True,
    ),
    DemoPerson(name="official", full_name="甘部（虚构）", role=Role.OFFICIAL),
    DemoPerson(name="leader", full_name="凌导（虚构）", role=Role.LEADER),
    DemoPerson(name="grid-worker", full_name="万格（虚构）", role=Role.GRID_WORKER, areas=frozenset({"990101001001"})),
    DemoPerson(name="department", full_name="卜门（虚构）", role=Role.DEPARTMENT),
)


@dataclass(frozen=True, kw_only=True)
class AddedPeople:
    """``accounts``: by name, all of them. ``added``: who was not there before."""

    accounts: Mapping[str, Account]
    added: tuple[DemoPerson, ...]


def add_people(session: Session, *, wave_id: int, password: str, at: datetime) -> AddedPeople:
    """An account that is there already stays as it is, with its own password."""
    accounts: dict[str, Account] = {}
    added = []
    for person in PEOPLE:
        known = find_account(session, person.name)
        accounts[person.name] = known[0] if known else _add(session, person, wave_id, password, at)
        if known is None:
            added.append(person)
    return AddedPeople(accounts=accounts, added=tuple(added))


def _add(session: Session, person: DemoPerson, wave_id: int, password: str, at: datetime) -> Account:
    return add_account(
        session,
        name=person.name,
        password=password,
        role=person.role,
        at=at,
        full_name=person.full_name,
        canvasser_type=person.canvasser_type,
        scope=Scope(areas=person.areas, waves=frozenset({wave_id}) if person.of_the_wave else frozenset()),
        ties=person.ties,
    )
