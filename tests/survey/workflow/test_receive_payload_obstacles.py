"""A payload that cannot be placed now stays, one without its key is kept by the sender, and of sixteen one counts."""

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from survey.casework import placing
from survey.fieldwork.payloads import to_json
from survey.fieldwork.quarantine import Reason
from survey.keys import KeyRing
from survey.messages import Failure
from survey.store import inbox
from survey.store.database import Database
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.responses import NewResponse, StoredResponse, add_response, count_responses, read_responses
from survey.store.wave_keys import find_key
from survey.store.waves import change_state
from survey.waves import Mode, WaveState
from survey.workflow.receive_payload import OtherBytes, Receipt, receive_payload
from tests.survey.field import ANSWERS, NOW, Field, open_field
from tests.survey.small_wave import EAST


def responses(database: Database, field: Field) -> list[StoredResponse]:
    with database.reading() as session:
        return list(read_responses(session, field.wave))


def reason(database: Database, uuid: UUID) -> str:
    with database.reading() as session:
        found = inbox.find(session, uuid)
    assert found is not None
    return found.reason


def test_a_wave_that_is_over_takes_nothing_and_loses_nothing(database: Database, field: Field) -> None:
    early, uuid = uuid4(), uuid4()
    before = field.send(database, field.interview(field.east[0]), uuid=early)
    with database.writing() as session:
        change_state(session, field.wave, WaveState.CLOSED, at=NOW, by="tests")
    assert field.send(database, field.interview(field.east[2]), uuid=uuid).state is PayloadState.QUARANTINED
    with database.reading() as session:
        record = inbox.find(session, uuid)
    assert record is not None
    assert (record.reason, record.wave_id, before.new) == (Reason.CLOSED, None, True)


def test_before_the_start_it_waits(database: Database, keys: KeyRing) -> None:
    field, uuid = open_field(database, keys, started=False), uuid4()
    field.send(database, field.visit(field.east[0]), uuid=uuid)
    assert reason(database, uuid) == Reason.NOT_STARTED


def test_what_cannot_be_placed_stays(
    database: Database, field: Field, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the answer was 路灯太暗")

    monkeypatch.setattr(placing, "add_response", broken)
    uuid, payload = uuid4(), field.interview(field.east[0], {**ANSWERS, "T1": "路灯太暗"})
    with caplog.at_level(logging.ERROR):
        receipt = field.send(database, payload, uuid=uuid)
    assert (receipt.state, reason(database, uuid)) == (PayloadState.QUARANTINED, Reason.NOT_PLACED)
    assert "RuntimeError" in caplog.text
    assert "路灯" not in caplog.text
    assert str(field.east[0]) not in caplog.text
    assert field.send(database, payload, uuid=uuid).new is False


def test_an_id_that_is_a_response_already_stays_in_the_inbox(database: Database, field: Field) -> None:
    """An answer by open link has no row in the inbox; nobody can write over it."""
    uuid = uuid4()
    with database.writing() as session:
        add_response(
            session,
            field.wave,
            NewResponse(
                uuid=uuid, area=EAST, mode=Mode.WEB_OPEN, day=None, answers='{"B1":3}', completeness="complete"
            ),
        )
    field.send(database, field.interview(field.east[0]), uuid=uuid)
    assert reason(database, uuid) == Reason.NOT_PLACED
    assert [found.answers for found in responses(database, field)] == [{"B1": 3}]


def test_without_the_key_nothing_is_stored_and_the_sender_keeps_it(database: Database, field: Field) -> None:
    with database.reading() as session:
        key = find_key(session, field.wave)
    assert key is not None
    uuid, hidden = uuid4(), KeyRing(folder=field.keys.folder.with_name("elsewhere"))
    with pytest.raises(Failure, match="密钥"):
        replace(field, keys=hidden).send(database, field.interview(field.east[0]), uuid=uuid)
    with database.reading() as session:
        assert inbox.find(session, uuid) is None
        assert count_responses(session, field.wave) == 0
    assert field.send(database, field.interview(field.east[0]), uuid=uuid).new


def sixteen(database: Database, field: Field, bodies: list[bytes], uuid: UUID) -> list[Receipt | None]:
    """The receipts of all that came at once; ``None`` for one that was told that the id is taken."""

    def put(body: bytes) -> Receipt | None:
        try:
            with database.writing() as session:
                return receive_payload(
                    session,
                    field.keys,
                    kind=PayloadKind.INTERVIEW,
                    uuid=uuid,
                    body=body,
                    account=field.li,
                    at=NOW,
                )
        except OtherBytes:
            return None

    with ThreadPoolExecutor(16) as threads:
        return list(threads.map(put, bodies))


def test_sixteen_times_the_same_at_once_is_one(database: Database, field: Field) -> None:
    for case in field.east[::2]:
        body = to_json(field.interview(case))
        found = sixteen(database, field, [body] * 16, uuid4())
        assert sorted(receipt.new for receipt in found if receipt) == [False] * 15 + [True]
        assert {receipt.sha256 for receipt in found if receipt} == {hashlib.sha256(body).hexdigest()}
    assert len(responses(database, field)) == len(field.east[::2])


def test_of_sixteen_different_ones_at_once_one_is_kept(database: Database, field: Field) -> None:
    bodies = [to_json(field.interview(field.east[0])) for _ in range(16)]
    found = sixteen(database, field, bodies, uuid4())
    (kept,) = [receipt for receipt in found if receipt]
    assert kept.sha256 in {hashlib.sha256(body).hexdigest() for body in bodies}
    assert len(responses(database, field)) == 1
