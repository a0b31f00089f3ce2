from datetime import timedelta
from uuid import UUID

import pytest

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import LedBy, VisitPayload, to_json
from survey.keys import Sealer
from survey.messages import Failure
from survey.store import inbox
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.visits import read_visits
from survey.waves import Mode
from tests.survey.store.fieldwork_rows import CASE, received

SEALER = Sealer(key=bytes(range(32)))
OTHER_CASE = UUID(int=5)


def visit(at, **changes) -> VisitPayload:
    values = {
        "case": CASE,
        "salt": "0" * 32,
        "at": at,
        "outcome": Outcome.NO_ANSWER,
        "occupied": None,
        "led_by": LedBy.NOBODY,
        "appointment": None,
        "canvasser": 7,
        "mode": Mode.CAPI,
    }
    return VisitPayload(**values | changes)


@pytest.fixture
def filled(database, example, at):
    """Number -> visit, in another order than the visits' own."""
    visits = {
        1: visit(at + timedelta(days=1)),
        2: visit(at),
        3: visit(at + timedelta(hours=1), case=OTHER_CASE, outcome=Outcome.COMPLETE, occupied=True),
    }
    with database.writing() as session:
        for number, payload in visits.items():
            case, state = payload.case, PayloadState.VOID if number == 3 else PayloadState.PLACED
            record = received(SEALER, example.wave, number, body=to_json(payload), case=case, state=state, reason="x")
            inbox.add(session, record)
        inbox.add(session, received(SEALER, example.wave, 4, body=b'{"at":"once"}', state=PayloadState.QUARANTINED))
        inbox.add(session, received(SEALER, example.wave, 5, body=to_json(visits[1]), kind=PayloadKind.INTERVIEW))
        inbox.add(session, received(SEALER, None, 6, body=to_json(visits[1])))
    return visits


def test_read_with_their_state_the_earliest_first(database, example, filled):
    with database.reading() as session:
        found = read_visits(session, SEALER, example.wave)
    assert [one.uuid.int & 0xFF for one in found] == [2, 3, 1]
    assert [one.payload for one in found] == [filled[2], filled[3], filled[1]]
    assert [one.state for one in found] == [PayloadState.PLACED, PayloadState.VOID, PayloadState.PLACED]
    assert {one.reason for one in found} == {"x"}


def test_read_of_one_case(database, example, filled):
    with database.reading() as session:
        found = read_visits(session, SEALER, example.wave, SEALER.tag(f"case:{OTHER_CASE}"))
        assert [one.payload for one in found] == [filled[3]]
        assert read_visits(session, SEALER, example.wave, SEALER.tag("case:nobody's")) == ()


def test_with_another_key_nothing_is_read(database, example, filled):
    with pytest.raises(Failure, match="密钥不对"), database.reading() as session:
        read_visits(session, Sealer(key=bytes(32)), example.wave)


def test_after_closing_there_is_nothing_to_read(database, example, filled):
    with database.writing() as session:
        inbox.drop_bodies(session, example.wave)
        assert read_visits(session, SEALER, example.wave) == ()
