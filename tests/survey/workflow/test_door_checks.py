"""What comes from a door counts when the right person was asked, by somebody who may, at a time that can be."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from analysis.fieldwork.dispositions import Outcome
from analysis.sampling.household import select_adult
from survey.fieldwork.payloads import Ended, LedBy
from survey.fieldwork.quarantine import Reason
from survey.fieldwork.respondents import Household
from survey.roles import Scope
from survey.store import accounts, inbox
from survey.store.accounts import Account
from survey.store.cases import get_case
from survey.store.database import Database
from survey.store.inbox import PayloadState
from survey.workflow.hold_interview import begin_interview
from tests.survey.field import NOW, OPENED, SEED, Field
from tests.survey.small_wave import EAST, WEST


def reason(database: Database, uuid: UUID) -> str:
    with database.reading() as session:
        found = inbox.find(session, uuid)
    assert found is not None
    return found.reason


@pytest.mark.parametrize("wrong", [OPENED - timedelta(seconds=1), NOW + timedelta(days=1, seconds=1)])
def test_a_lost_clock_is_not_believed(database: Database, field: Field, wrong: datetime) -> None:
    """Nor may it choose the final code, which follows from the order of the visits."""
    case = field.east[0]
    for payload in (
        field.visit(case, Outcome.VACANT, at=wrong),
        field.interview(case, finished=wrong),
        field.interview(case, started=wrong),
    ):
        uuid = uuid4()
        assert field.send(database, payload, uuid=uuid).state is PayloadState.QUARANTINED
        assert reason(database, uuid) == Reason.CLOCK
    for right in (OPENED, NOW + timedelta(days=1)):
        assert field.send(database, field.visit(case, at=right)).state is PayloadState.PLACED


@pytest.mark.parametrize("ended", Ended)
@pytest.mark.parametrize("adults", [0, 1, 2, 3, 4])
def test_another_adult_than_the_selected_one_does_not_count(
    database: Database, field: Field, adults: int, ended: Ended
) -> None:
    """Each of them could have been asked; only the one whom the draw's seed selects counts, in what broke off, too."""
    case = field.east[0]
    placed = []
    for selected in range(adults + 1):
        uuid, payload = uuid4(), field.interview(case, {"S1": 1}, adults=adults, selected=selected, ended=ended)
        if field.send(database, payload, uuid=uuid).state is PayloadState.PLACED:
            placed.append(selected)
        else:
            assert reason(database, uuid) == Reason.NOT_SELECTED
    assert placed == ([select_adult(bytes.fromhex(SEED), str(case), adults)] if adults else [])


def test_the_household_is_counted_once(database: Database, field: Field) -> None:
    """Counting again until somebody else is selected is trying again."""
    broken_off, begun = field.east[0], field.east[2]
    field.send(database, field.interview(broken_off, {"S1": 1}, adults=2, ended=Ended.BREAK_OFF))
    begin(database, field, begun, adults=2)
    for case in (broken_off, begun):
        uuid = uuid4()
        field.send(database, field.interview(case, adults=3), uuid=uuid)
        assert reason(database, uuid) == Reason.NOT_SELECTED
        assert field.send(database, field.interview(case, adults=2)).state is PayloadState.PLACED


def begin(database: Database, field: Field, case_id: UUID, *, adults: int) -> None:
    with database.writing() as session:
        case = get_case(session, case_id)
        assert case is not None
        begin_interview(
            session,
            field.keys,
            case,
            uuid=uuid4(),
            fingerprint=field.fingerprint,
            household=Household(adults=adults),
            led_by=LedBy.NOBODY,
            canvasser=field.li.id,
            at=NOW,
        )


def test_who_belongs_to_the_community_asks_nobody_there(database: Database, field: Field) -> None:
    """The tie may have become known after the cases were given out."""
    li = changed(database, field.li, ties=frozenset({EAST}))
    for payload in (field.interview(field.east[0]), field.visit(field.east[0])):
        uuid = uuid4()
        field.send(database, payload, uuid=uuid, account=li)
        assert reason(database, uuid) == Reason.RECUSED
    assert field.send(database, field.interview(field.west[0]), account=li).state is PayloadState.PLACED


def test_who_may_not_go_there_any_more_is_not_responsible(database: Database, field: Field) -> None:
    away, uuid = changed(database, field.li, scope=Scope(areas=frozenset({WEST}))), uuid4()
    field.send(database, field.interview(field.east[2]), uuid=uuid, account=away)
    assert reason(database, uuid) == Reason.NOT_ASSIGNED


def changed(
    database: Database, account: Account, *, ties: frozenset[str] = frozenset(), scope: Scope | None = None
) -> Account:
    with database.writing() as session:
        accounts.change_account(
            session,
            account.id,
            full_name="",
            role=account.role,
            canvasser_type=account.canvasser_type,
            scope=scope or Scope(),
            ties=ties,
        )
        found = accounts.get_account(session, account.id)
    assert found is not None
    return found
