"""A supervisor accepts or makes void; of several interviews of a case one enters the weights."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import to_json
from survey.fieldwork.quarantine import Reason, read_reason, reason_message
from survey.keys import KeyRing
from survey.messages import BadInput, Conflict, NotThere
from survey.roles import Scope
from survey.store import accounts, inbox
from survey.store.database import Database
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.responses import StoredResponse, read_responses
from survey.store.wave_keys import find_sealer
from survey.store.waves import change_state
from survey.waves import Mode, WaveState
from survey.workflow.settle_quarantine import Decision, settle_quarantine
from tests.survey.field import ANSWERS, NOW, Field
from tests.survey.small_wave import CITY, EAST, WEST

NOTE = "三栋二单元，换人时还在路上"


def settle(
    database: Database, field: Field, uuid: UUID, decision: Decision, *, note: str = NOTE, scope: Scope | None = None
) -> PayloadState:
    with database.writing() as session:
        return settle_quarantine(
            session, field.keys, uuid, decision=decision, note=note, scope=scope or Scope(), at=NOW
        )


def responses(database: Database, field: Field) -> list[StoredResponse]:
    with database.reading() as session:
        return list(read_responses(session, field.wave))


def reassigned(database: Database, field: Field) -> UUID:
    """An interview by somebody whose case went to somebody else while they were offline."""
    uuid = uuid4()
    receipt = field.send(database, field.interview(field.east[0]), uuid=uuid, account=field.zhou)
    assert receipt.state is PayloadState.QUARANTINED
    return uuid


def test_what_is_accepted_counts_once(database: Database, field: Field) -> None:
    uuid = reassigned(database, field)
    assert settle(database, field, uuid, Decision.ACCEPT) is PayloadState.PLACED
    (found,) = responses(database, field)
    assert (found.uuid, found.area, found.mode) == (uuid, EAST, Mode.CAPI)
    with pytest.raises(Conflict, match="已经裁定"):
        settle(database, field, uuid, Decision.ACCEPT)
    with pytest.raises(Conflict, match="已经裁定"):
        settle(database, field, uuid, Decision.VOID)
    assert len(responses(database, field)) == 1


def test_the_reason_is_kept_sealed(database: Database, field: Field) -> None:
    uuid = reassigned(database, field)
    settle(database, field, uuid, Decision.VOID)
    with database.reading() as session:
        record, sealer = inbox.find(session, uuid), find_sealer(session, field.keys, field.wave)
    assert record is not None
    assert sealer is not None
    assert record.state is PayloadState.VOID
    assert NOTE not in record.reason
    assert read_reason(sealer, uuid, record.reason) == NOTE
    assert str(reason_message(record.reason)) == "督导已作裁定"
    assert responses(database, field) == []


def test_a_second_interview_cannot_be_accepted(database: Database, field: Field) -> None:
    first, second = uuid4(), uuid4()
    field.send(database, field.interview(field.east[0]), uuid=first)
    field.send(database, field.interview(field.east[0]), uuid=second)
    with pytest.raises(Conflict, match="已经有一份访问"):
        settle(database, field, second, Decision.ACCEPT)
    assert settle(database, field, second, Decision.VOID) is PayloadState.VOID
    assert [found.uuid for found in responses(database, field)] == [first]


def test_of_two_that_wait_the_accepted_one_shuts_the_other_out(database: Database, field: Field) -> None:
    one, other = reassigned(database, field), reassigned(database, field)
    settle(database, field, other, Decision.ACCEPT)
    with pytest.raises(Conflict):
        settle(database, field, one, Decision.ACCEPT)
    assert [found.uuid for found in responses(database, field)] == [other]


def test_odd_answers_count_as_far_as_they_can_be_used(database: Database, field: Field) -> None:
    uuid = uuid4()
    field.send(database, field.interview(field.east[0], {**ANSWERS, "Z9": 1}), uuid=uuid)
    settle(database, field, uuid, Decision.ACCEPT)
    assert "Z9" not in responses(database, field)[0].answers


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda field: to_json(field.interview(field.east[0], instrument="0" * 64)), Reason.OTHER_WORDING),
        (lambda field: to_json(field.interview(field.east[0], adults=2, selected=0)), Reason.NOT_SELECTED),
        (lambda field: to_json(field.interview(uuid4())), Reason.UNKNOWN_CASE),
        (lambda field: b'{"case": "%s"}' % str(field.east[0]).encode(), Reason.UNREADABLE),
    ],
)
def test_what_can_only_be_void(database: Database, field: Field, make, why: Reason) -> None:  # type: ignore[no-untyped-def]
    uuid = uuid4()
    field.send(database, make(field), uuid=uuid, kind=PayloadKind.INTERVIEW, account=field.li)
    with pytest.raises(Conflict, match=str(reason_message(why))):
        settle(database, field, uuid, Decision.ACCEPT)
    assert settle(database, field, uuid, Decision.VOID) is PayloadState.VOID


def test_an_interview_by_somebody_who_belongs_there_can_only_be_void(database: Database, field: Field) -> None:
    """Also where the tie became known only while it waited."""
    uuid = reassigned(database, field)
    with database.writing() as session:
        accounts.change_account(
            session,
            field.zhou.id,
            full_name="",
            role=field.zhou.role,
            canvasser_type=field.zhou.canvasser_type,
            scope=Scope(),
            ties=frozenset({EAST}),
        )
    with pytest.raises(Conflict, match="应当回避"):
        settle(database, field, uuid, Decision.ACCEPT)
    assert responses(database, field) == []
    assert settle(database, field, uuid, Decision.VOID) is PayloadState.VOID


def test_a_clock_that_is_ahead_is_not_waited_for(database: Database, field: Field) -> None:
    """The time of a visit gives the log its order; that of an interview gives way to the server's day."""
    ahead = NOW + timedelta(days=3)
    visit, interview = uuid4(), uuid4()
    field.send(database, field.visit(field.east[0], Outcome.VACANT, at=ahead), uuid=visit)
    field.send(database, field.interview(field.east[0], finished=ahead), uuid=interview)
    later = ahead + timedelta(days=1)
    with pytest.raises(Conflict, match="设备时间不对"), database.writing() as session:
        settle_quarantine(session, field.keys, visit, decision=Decision.ACCEPT, note=NOTE, scope=Scope(), at=later)
    settle(database, field, interview, Decision.ACCEPT)
    assert [found.day for found in responses(database, field)] == [date(2026, 5, 4)]


def test_another_waves_number_is_not_there(database: Database, field: Field) -> None:
    uuid = reassigned(database, field)

    def void(wave: int) -> PayloadState:
        with database.writing() as session:
            return settle_quarantine(
                session, field.keys, uuid, decision=Decision.VOID, note=NOTE, scope=Scope(), at=NOW, wave_id=wave
            )

    with pytest.raises(NotThere):
        void(field.wave + 1)
    assert void(field.wave) is PayloadState.VOID


def test_what_came_after_the_end_can_only_be_void_and_its_content_goes(database: Database, field: Field) -> None:
    """The site's own key is never destroyed: an opinion with a case is not to stay under it."""
    with database.writing() as session:
        change_state(session, field.wave, WaveState.CLOSED, at=NOW, by="tests")
    uuid, payload = uuid4(), field.interview(field.east[0])
    first = field.send(database, payload, uuid=uuid)
    with pytest.raises(Conflict, match="已经结束"):
        settle(database, field, uuid, Decision.ACCEPT)
    settle(database, field, uuid, Decision.VOID)
    with database.reading() as session:
        record = inbox.find(session, uuid)
    assert record is not None
    assert (record.body, record.tag, record.state) == (None, None, PayloadState.VOID)
    again = field.send(database, payload, uuid=uuid)
    assert (again.sha256, again.new) == (first.sha256, False)


def test_a_visit_is_accepted_into_the_log(database: Database, field: Field) -> None:
    uuid = uuid4()
    field.send(database, field.visit(field.east[0], Outcome.VACANT), uuid=uuid, account=field.zhou)
    assert settle(database, field, uuid, Decision.ACCEPT) is PayloadState.PLACED


@pytest.mark.parametrize("note", ["", "  ", "长" * 501])
def test_without_a_reason_nothing_is_decided(database: Database, field: Field, note: str) -> None:
    uuid = reassigned(database, field)
    with pytest.raises(BadInput, match="理由"):
        settle(database, field, uuid, Decision.VOID, note=note)


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope(areas=frozenset({CITY})), True),
        (Scope(areas=frozenset({EAST})), True),
        (Scope(areas=frozenset({WEST})), False),
        (Scope(waves=frozenset({99})), False),
    ],
)
def test_out_of_reach_is_not_there(database: Database, field: Field, scope: Scope, seen: bool) -> None:
    uuid = reassigned(database, field)
    if seen:
        assert settle(database, field, uuid, Decision.VOID, scope=scope) is PayloadState.VOID
    else:
        with pytest.raises(NotThere):
            settle(database, field, uuid, Decision.VOID, scope=scope)


def test_an_unknown_number_is_not_there(sqlite_database: Database, keys: KeyRing) -> None:
    with pytest.raises(NotThere), sqlite_database.writing() as session:
        settle_quarantine(session, keys, uuid4(), decision=Decision.VOID, note=NOTE, scope=Scope(), at=NOW)
