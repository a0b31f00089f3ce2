"""A payload is kept whatever it says, once, and counts only where nothing speaks against it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from analysis.fieldwork.dispositions import Disposition, Outcome
from survey.fieldwork.payloads import Ended, to_json
from survey.fieldwork.quarantine import Reason
from survey.fieldwork.resident_codes import codes_of
from survey.keys import KeyRing
from survey.messages import BadInput
from survey.store import assignments, inbox
from survey.store.database import Database
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.interviews import read_interviews
from survey.store.responses import StoredResponse, read_responses
from survey.store.visits import read_visits
from survey.store.wave_keys import find_sealer
from survey.waves import Mode
from survey.workflow.receive_payload import OtherBytes, Receipt
from survey.workflow.show_fieldwork import show_fieldwork
from tests.questionnaires.tiny import BEHAVIOURS
from tests.survey.field import ANSWERS, NOW, SCREENED, Field, open_field
from tests.survey.small_wave import EAST


def responses(database: Database, field: Field) -> list[StoredResponse]:
    with database.reading() as session:
        return list(read_responses(session, field.wave))


def reason(database: Database, uuid: UUID) -> str:
    with database.reading() as session:
        found = inbox.find(session, uuid)
    assert found is not None
    return found.reason


def test_an_interview_becomes_a_response_of_its_community(database: Database, field: Field) -> None:
    uuid, payload = uuid4(), field.interview(field.east[0])
    receipt = field.send(database, payload, uuid=uuid)
    digest = hashlib.sha256(to_json(payload)).hexdigest()
    code = codes_of(payload.salt).receipt
    assert receipt == Receipt(id=uuid, sha256=digest, state=PayloadState.PLACED, reason=None, new=True, code=code)
    (found,) = responses(database, field)
    assert (found.uuid, found.area, found.mode, found.day) == (uuid, EAST, Mode.CAPI, date(2026, 5, 4))
    assert found.answers == {"S1": 1, "A1": 1, "B1": 1, "B2": 2, "C1": [1, 2]}


def test_who_sent_it_is_what_the_server_knows(database: Database, field: Field) -> None:
    case = field.east[0]
    field.send(database, field.visit(case, canvasser=99))
    field.send(database, field.interview(case, canvasser=99))
    with database.reading() as session:
        sealer = find_sealer(session, field.keys, field.wave)
        assert sealer is not None
        tag = sealer.tag(f"case:{case}")
        (visit,), (interview,) = (read(session, sealer, field.wave, tag) for read in (read_visits, read_interviews))
    assert visit.payload.canvasser == interview.payload.canvasser == field.owner(case).id


@pytest.mark.parametrize("said", [Mode.WEB_TOKEN, Mode.WEB_OPEN, "telepathy"])
def test_a_device_was_at_the_door_whatever_it_says(database: Database, field: Field, said: str) -> None:
    """Nobody forges an online answer: "complete" is said by answers that are there."""
    case = field.east[0]
    document = {**json.loads(to_json(field.visit(case, Outcome.COMPLETE))), "mode": said}
    receipt = field.send(database, json.dumps(document).encode(), kind=PayloadKind.VISIT)
    assert receipt.state is PayloadState.PLACED
    with database.reading() as session:
        sealer = find_sealer(session, field.keys, field.wave)
        assert sealer is not None
        (visit,) = read_visits(session, sealer, field.wave)
        codes = show_fieldwork(session, field.keys, field.wave).total.dispositions
    assert visit.payload.mode is Mode.CAPI
    assert {code for code in codes if code is not Disposition.NOT_ATTEMPTED} == {Disposition.OTHER}


def test_a_visit_keeps_no_free_text(database: Database, field: Field) -> None:
    uuid = uuid4()
    document = {**json.loads(to_json(field.visit(field.east[0]))), "note": "they dislike the mayor"}
    field.send(database, json.dumps(document).encode(), uuid=uuid, kind=PayloadKind.VISIT)
    with database.reading() as session:
        record, sealer = inbox.find(session, uuid), find_sealer(session, field.keys, field.wave)
    assert record is not None
    assert record.body is not None
    assert sealer is not None
    assert record.state is PayloadState.PLACED
    assert b"mayor" not in sealer.unseal(record.body, context=inbox.context(uuid))


def test_the_same_bytes_again_give_the_same_receipt(database: Database, field: Field) -> None:
    uuid, payload = uuid4(), field.interview(field.east[0])
    first = field.send(database, payload, uuid=uuid)
    # The reply was lost; in between the case went to somebody else.
    with database.writing() as session:
        assignments.assign(session, [(field.east[0], field.zhou.id)], at=NOW, by="tests")
    assert field.send(database, payload, uuid=uuid, account=field.li) == replace(first, new=False)
    assert len(responses(database, field)) == 1


@pytest.mark.parametrize("kind", PayloadKind)
def test_other_bytes_under_the_same_id_change_nothing(database: Database, field: Field, kind: PayloadKind) -> None:
    uuid, payload = uuid4(), field.interview(field.east[0])
    first = field.send(database, payload, uuid=uuid)
    other = to_json(payload) + (b" " if kind is PayloadKind.INTERVIEW else b"")
    with pytest.raises(OtherBytes) as refused:
        field.send(database, other, uuid=uuid, kind=kind)
    assert refused.value.receipt == replace(first, new=False, code=None)
    assert [found.answers["B1"] for found in responses(database, field)] == [1]


def unreadable(field: Field) -> bytes:
    return json.dumps({"case": str(field.east[0]), "at": "yesterday"}).encode()


@pytest.mark.parametrize(
    ("kind", "make", "expected"),
    [
        (PayloadKind.VISIT, lambda field: to_json(field.visit(uuid4())), Reason.UNKNOWN_CASE),
        (PayloadKind.INTERVIEW, lambda field: to_json(field.interview(uuid4())), Reason.UNKNOWN_CASE),
        (PayloadKind.VISIT, lambda _: b"{}", Reason.UNKNOWN_CASE),
        (PayloadKind.INTERVIEW, lambda _: b'{"case": ["nonsense", {}]}', Reason.UNKNOWN_CASE),
        (PayloadKind.VISIT, unreadable, Reason.UNREADABLE),
        (PayloadKind.INTERVIEW, unreadable, Reason.UNREADABLE),
        (PayloadKind.VISIT, lambda field: to_json(field.visit(field.east[1])), Reason.NOT_ASSIGNED),
        (PayloadKind.INTERVIEW, lambda field: to_json(field.interview(field.east[1])), Reason.NOT_ASSIGNED),
        (
            PayloadKind.INTERVIEW,
            lambda field: to_json(field.interview(field.east[0], instrument="0" * 64)),
            Reason.OTHER_WORDING,
        ),
        (
            PayloadKind.INTERVIEW,
            lambda field: to_json(field.interview(field.east[0], {**ANSWERS, "Z9": "\ud83d"})),
            Reason.NOT_UNDERSTOOD,
        ),
        (
            PayloadKind.INTERVIEW,
            lambda field: to_json(field.interview(field.east[0], {**ANSWERS, "B1": {"a": [1]}})),
            Reason.NOT_UNDERSTOOD,
        ),
    ],
)
def test_nothing_is_refused_for_what_it_says(
    database: Database, field: Field, kind: PayloadKind, make: Callable[[Field], bytes], expected: Reason
) -> None:
    uuid, body = uuid4(), make(field)
    receipt = field.send(database, body, uuid=uuid, kind=kind, account=field.li)
    assert (receipt.state, receipt.new, reason(database, uuid)) == (PayloadState.QUARANTINED, True, expected)
    assert receipt.reason is not None
    assert responses(database, field) == []
    # As it came: a supervisor decides on the very bytes.
    holder = None if expected is Reason.UNKNOWN_CASE else field.wave
    with database.reading() as session:
        record, sealer = inbox.find(session, uuid), find_sealer(session, field.keys, holder)
    assert record is not None
    assert record.body is not None
    assert sealer is not None
    assert record.wave_id == holder
    assert b'"canvasser"' in sealer.unseal(record.body, context=inbox.context(uuid))
    again = field.send(database, body, uuid=uuid, kind=kind, account=field.li)
    assert again == replace(receipt, new=False)


def test_what_is_wrong_is_named(database: Database, field: Field) -> None:
    receipt = field.send(database, unreadable(field), kind=PayloadKind.VISIT, account=field.li)
    assert str(receipt.reason).endswith("：salt, at, outcome, led_by")


@pytest.mark.parametrize("body", [b"\xff\xd8\xff\xe0 a photo", b"[]", b"", "“{}”".encode()])
def test_what_is_no_json_object_is_not_stored(database: Database, field: Field, body: bytes) -> None:
    uuid = uuid4()
    with pytest.raises(BadInput):
        field.send(database, body, uuid=uuid, kind=PayloadKind.VISIT)
    with database.reading() as session:
        assert inbox.find(session, uuid) is None


def test_an_answer_that_the_questionnaire_refuses_is_not_taken_out_unseen(database: Database, keys: KeyRing) -> None:
    """A device that did not ask again hands it to a supervisor; one that left it out, and one that kept an answer
    which is only unlikely, hand in an interview.
    """
    field = open_field(database, keys, instrument=(BEHAVIOURS / "everything.toml").read_text(encoding="utf-8"))
    given = {"S1": 1, "N1": 3, "N2": 1, "D1": "2026-03-01", "D2": "2026-02-01", "A2": [1], "Q1": 1, "T1": None}
    refused, left_out, odd = uuid4(), uuid4(), uuid4()
    field.send(database, field.interview(field.east[0], given), uuid=refused)
    field.send(database, field.interview(field.east[1], {**given, "D2": None}), uuid=left_out)
    field.send(database, field.interview(field.east[2], {**given, "D2": None, "N2": 3}), uuid=odd)
    assert reason(database, refused) == Reason.NOT_UNDERSTOOD
    assert (reason(database, left_out), reason(database, odd)) == ("", "")
    assert {one.uuid for one in responses(database, field)} == {left_out, odd}


def test_a_second_interview_of_a_case_waits(database: Database, field: Field) -> None:
    field.send(database, field.interview(field.east[0]))
    second = uuid4()
    assert field.send(database, field.interview(field.east[0]), uuid=second).state is PayloadState.QUARANTINED
    assert reason(database, second) == Reason.SECOND_INTERVIEW
    assert len(responses(database, field)) == 1


def test_an_interview_after_an_online_answer_waits(database: Database, field: Field) -> None:
    case = field.east[0]
    field.answer_online(database, case)
    uuid = uuid4()
    field.send(database, field.interview(case), uuid=uuid)
    assert reason(database, uuid) == Reason.SECOND_INTERVIEW


def test_an_interview_after_one_that_broke_off_counts(database: Database, field: Field) -> None:
    broken = field.interview(field.east[0], {"S1": 1}, ended=Ended.BREAK_OFF)
    assert field.send(database, broken).state is PayloadState.PLACED
    assert responses(database, field) == []
    assert field.send(database, field.interview(field.east[0])).state is PayloadState.PLACED
    assert len(responses(database, field)) == 1


def test_whoever_does_not_belong_to_the_population_gives_no_response(database: Database, field: Field) -> None:
    assert field.send(database, field.interview(field.east[0], SCREENED)).state is PayloadState.QUARANTINED
    assert responses(database, field) == []


@pytest.mark.parametrize(
    ("finished", "day"),
    [
        (datetime(2026, 5, 3, 15, 59, tzinfo=UTC), date(2026, 5, 3)),
        (datetime(2026, 5, 3, 16, 0, tzinfo=UTC), date(2026, 5, 4)),  # midnight in Shanghai
    ],
)
def test_the_day_is_shanghais(database: Database, field: Field, finished: datetime, day: date) -> None:
    field.send(database, field.interview(field.east[0], finished=finished))
    assert [found.day for found in responses(database, field)] == [day]
