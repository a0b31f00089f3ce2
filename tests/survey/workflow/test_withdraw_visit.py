"""A visit is taken back right after it was recorded, by the server's clock, whatever the device's says."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from analysis.fieldwork.dispositions import Outcome
from survey.messages import Conflict
from survey.store.cases import get_case
from survey.store.database import Database
from survey.store.inbox import PayloadState
from survey.store.visits import VisitRecord, read_visits
from survey.store.wave_keys import open_sealer
from survey.workflow.withdraw_visit import WITHIN, withdraw_visit
from tests.survey.field import NOW, Field


def visit_of(database: Database, field: Field, uuid: UUID) -> VisitRecord:
    with database.reading() as session:
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        return next(one for one in read_visits(session, sealer, field.wave) if one.uuid == uuid)


def withdraw(database: Database, field: Field, case_id: UUID, uuid: UUID, *, at: datetime) -> None:
    with database.writing() as session:
        case = get_case(session, case_id)
        assert case is not None
        withdraw_visit(session, field.keys, case, uuid, account=field.owner(case_id), at=at)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(minutes=5), timedelta(hours=23)])
def test_a_clock_that_is_ahead_wins_no_time(database: Database, field: Field, ahead: timedelta) -> None:
    first, second = field.east[0], field.east[2]
    uuids = {case: uuid4() for case in (first, second)}
    for case, uuid in uuids.items():
        field.send(database, field.visit(case, Outcome.VACANT, at=NOW + ahead), uuid=uuid)
    assert visit_of(database, field, uuids[first]).payload.at == NOW, "no visit was made after it arrived"
    withdraw(database, field, first, uuids[first], at=NOW + WITHIN)
    assert visit_of(database, field, uuids[first]).state is PayloadState.VOID
    with pytest.raises(Conflict, match="15 分钟以内"):
        withdraw(database, field, second, uuids[second], at=NOW + max(WITHIN, ahead) + timedelta(seconds=1))
    assert visit_of(database, field, uuids[second]).state is PayloadState.PLACED


def test_what_was_recorded_offline_long_before_is_for_the_supervisor(database: Database, field: Field) -> None:
    case, uuid = field.east[0], uuid4()
    field.send(database, field.visit(case, at=NOW - timedelta(hours=3)), uuid=uuid)
    assert visit_of(database, field, uuid).payload.at == NOW - timedelta(hours=3)
    with pytest.raises(Conflict):
        withdraw(database, field, case, uuid, at=NOW + timedelta(minutes=1))
