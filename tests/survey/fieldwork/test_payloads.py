"""The wire: canonical bytes, tolerant reading, and nothing that raises for what a payload says."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.glances import glance_at_interview, glance_at_visit, glance_for_review
from survey.fieldwork.payloads import (
    Ended,
    InterviewPayload,
    LedBy,
    Presence,
    VisitPayload,
    case_of,
    parse_interview,
    parse_visit,
    stamp,
    to_json,
)
from survey.files.json_members import read_object
from survey.messages import BadInput
from survey.waves import Mode

SHANGHAI = timezone(timedelta(hours=8))
CASE = UUID("6f1c5b0e-8a5b-4b0f-9a3d-2c1b0a998877")
VISIT = VisitPayload(
    case=CASE,
    salt="00112233445566778899aabbccddeeff",
    at=datetime(2026, 5, 4, 18, 30, tzinfo=SHANGHAI),
    outcome=Outcome.APPOINTMENT,
    occupied=True,
    led_by=LedBy.GRID_WORKER,
    appointment=datetime(2026, 5, 6, 19, tzinfo=SHANGHAI),
    canvasser=7,
    mode=Mode.CAPI,
)
INTERVIEW = InterviewPayload(
    case=CASE,
    salt="ffeeddccbbaa99887766554433221100",
    started=datetime(2026, 5, 4, 10, 30, tzinfo=UTC),
    finished=datetime(2026, 5, 4, 10, 41, tzinfo=UTC),
    instrument="ab" * 32,
    adults=3,
    selected=2,
    present=(Presence.FAMILY, Presence.NEIGHBOURS),
    led_by=LedBy.NOBODY,
    answers={"q1": 1, "q2": [1, 3], "q3": "路灯", "q4": None},
    elapsed={"q1": 4.25},
    ended=Ended.COMPLETE,
    canvasser=7,
)
KINDS = [(VISIT, parse_visit), (INTERVIEW, parse_interview)]


@pytest.mark.parametrize(("payload", "parse"), KINDS)
def test_what_is_written_is_read_back(
    payload: VisitPayload | InterviewPayload, parse: Callable[[bytes], object]
) -> None:
    assert parse(to_json(payload)) == payload


@pytest.mark.parametrize("changes", [{}, {"mode": Mode.WEB_TOKEN, "occupied": None}, {"outcome": Outcome.VACANT}])
def test_a_glance_sees_what_the_reader_sees(changes: dict[str, object]) -> None:
    visit = replace(VISIT, **changes)  # type: ignore[arg-type]
    for body in (to_json(visit), stamp(to_json(visit), canvasser=1, mode=visit.mode)):
        read = parse_visit(body)
        assert isinstance(read, VisitPayload)
        assert glance_at_visit(body) == (read.at, read.outcome, read.occupied, read.mode, read.canvasser)


@pytest.mark.parametrize("body", [b"{}", b'{"at": 3, "outcome": "away"}', b'{"at": "2026-05-04", "outcome": [1]}'])
def test_a_glance_at_what_is_no_visit_sees_nothing(body: bytes) -> None:
    assert glance_at_visit(body) is None


@pytest.mark.parametrize(
    "answers",
    [
        {"q1": 1},
        {"finished": "2001-01-01T00:00:00Z", "started": 1},
        {"q1": '"finished":"2001-01-01T00:00:00Z"', "q2": '"canvasser":9}'},
        {"canvasser": 9},
        {"case": "00000000-0000-0000-0000-00000000000f", "answers": {"q1": 2}, "q1": 10**20},
        {"q1": '{"answers":{"q1":2},"case":"00000000-0000-0000-0000-00000000000f"}'},
        {},
    ],
)
def test_a_glance_at_an_interview_sees_its_times_and_answers(answers: dict[str, object]) -> None:
    interview = to_json(replace(INTERVIEW, answers=answers))
    spaced = json.dumps(json.loads(interview), indent=1).encode()
    for body in (interview, spaced, stamp(interview, canvasser=12), stamp(spaced, canvasser=12)):
        read = parse_interview(body)
        assert isinstance(read, InterviewPayload)
        assert glance_at_interview(body) == (read.started, read.finished, read.canvasser)
        assert glance_for_review(body) == (read.case, glance_at_interview(body), read.answers)


def test_a_name_written_another_way_is_no_place_to_hide_another_case() -> None:
    body = to_json(replace(INTERVIEW, answers={"case": str(UUID(int=9))}))
    hidden = body.replace(b'"case":"' + str(INTERVIEW.case).encode(), b'"c\\u0061se":"' + str(INTERVIEW.case).encode())
    assert hidden != body
    seen = glance_for_review(hidden)
    assert seen is not None
    assert seen.case == INTERVIEW.case


@pytest.mark.parametrize("body", [b"{}", b'{"started": 3, "finished": 4}', b'{"started":"x","finished":"y"}'])
def test_a_glance_at_what_is_no_interview_sees_nothing(body: bytes) -> None:
    assert glance_at_interview(body) is None
    assert glance_for_review(body) is None


def test_equal_payloads_have_equal_bytes() -> None:
    assert to_json(replace(VISIT, at=VISIT.at.astimezone(UTC))) == to_json(VISIT)
    assert to_json(replace(INTERVIEW, answers=dict(reversed(INTERVIEW.answers.items())))) == to_json(INTERVIEW)


def test_the_salt_makes_equal_visits_different() -> None:
    assert to_json(replace(VISIT, salt="0" * 32)) != to_json(VISIT)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xd8\xff\xe0JFIF",
        "{“case”: 1}".encode(),
        b"[1]",
        b"null",
        b'"x"',
        b'{"a": NaN}',
        b'{"a": 1} {}',
        "{}".encode("utf-16"),
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    for read in (read_object, parse_visit, parse_interview):
        with pytest.raises(BadInput, match="JSON"):
            read(body)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("case", "17"),
        ("case", None),
        ("salt", "short"),
        ("salt", "0" * 31 + "g"),
        ("at", "2026-05-04T18:30:00"),
        ("at", "0001-01-01T00:00:00+14:00"),
        ("at", 1714818600),
        ("outcome", "delighted"),
        ("occupied", "yes"),
        ("led_by", None),
        ("appointment", "tomorrow"),
        ("mode", "telepathy"),
        ("canvasser", -1),
        ("canvasser", True),
    ],
)
def test_one_wrong_member_of_a_visit_is_one_problem(member: str, value: object) -> None:
    (problem,) = _problems(parse_visit, {**json.loads(to_json(VISIT)), member: value})
    assert problem == member


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("adults", 100),
        ("adults", 2.5),
        ("selected", 4),
        ("instrument", "AB" * 32),
        ("present", ["ghosts"]),
        ("present", "alone"),
        ("answers", [1, 2]),
        ("answers", None),
        ("elapsed", [4]),
        ("ended", "abandoned"),
        ("finished", ""),
    ],
)
def test_one_wrong_member_of_an_interview_is_one_problem(member: str, value: object) -> None:
    (problem,) = _problems(parse_interview, {**json.loads(to_json(INTERVIEW)), member: value})
    assert problem == member


def test_what_a_sender_may_leave_out() -> None:
    document = json.loads(to_json(VISIT))
    for name in ("occupied", "appointment", "mode", "canvasser"):
        del document[name]
    expected = replace(VISIT, occupied=None, appointment=None, mode=Mode.CAPI, canvasser=0)
    assert parse_visit(json.dumps(document).encode()) == expected


def test_a_clock_is_no_reason_to_doubt_an_answer() -> None:
    document = {**json.loads(to_json(INTERVIEW)), "elapsed": {"q1": 3, "q2": -5, "q3": None, "q4": "long", "q5": True}}
    read = parse_interview(json.dumps(document).encode())
    assert isinstance(read, InterviewPayload)
    assert read.elapsed == {"q1": 3.0}


def test_numbers_no_computer_holds_stay_text() -> None:
    document = to_json(INTERVIEW).replace(b'"q1":1,', b'"q1":1e999,"q5":' + b"9" * 5000 + b",")
    read = parse_interview(document)
    assert isinstance(read, InterviewPayload)
    assert (read.answers["q1"], read.answers["q5"]) == ("1e999", "9" * 5000)
    assert parse_interview(to_json(read)) == read


def test_half_a_character_survives_a_round() -> None:
    read = parse_interview(to_json(replace(INTERVIEW, answers={"q3": "\ud83d"})))
    assert isinstance(read, InterviewPayload)
    assert read.answers == {"q3": "\ud83d"}


def test_the_server_says_who_sent_it() -> None:
    for body in (to_json(VISIT), json.dumps(json.loads(to_json(VISIT)), indent=1).encode() + b"\n"):
        read = parse_visit(stamp(body, canvasser=12))
        assert read == replace(VISIT, canvasser=12)
    assert stamp(b" { } ", canvasser=3) == b' { "canvasser":3} '


def test_a_case_is_found_in_an_unreadable_payload() -> None:
    assert case_of(json.dumps({"case": str(CASE), "at": 5}).encode()) == CASE
    assert case_of(b'{"case": 5}') is None
    assert case_of(b"{}") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = sorted({*json.loads(to_json(VISIT)), *json.loads(to_json(INTERVIEW))})


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_no_object_raises(document: dict[str, object]) -> None:
    body = json.dumps(document).encode()
    for parse in (parse_visit, parse_interview):
        parse(body)
        parse(stamp(body, canvasser=1))


def _problems(parse: Callable[[bytes], object], document: object) -> list[str]:
    found = parse(json.dumps(document).encode())
    assert isinstance(found, tuple)
    return [problem.column for problem in found]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1", 1),
        ("1.5", 1.5),
        ("123456789012345678", 123456789012345678),
        ("1234567890123456789", "1234567890123456789"),
        ("-123456789012345678", "-123456789012345678"),
        ("1e3", 1000.0),
        ("-1E999", "-1E999"),
        ("1.5e999", "1.5e999"),
        ('"9e999"', "9e999"),
    ],
)
@pytest.mark.parametrize("document", ['{"a": %s}', '{"a":[0,%s]}', '{"a":\n%s\n,"b":{"c":2.25}}'])
def test_numbers_that_no_computer_holds_stay_text_wherever_they_stand(
    document: str, written: str, read: object
) -> None:
    found = read_object((document % written).encode())["a"]
    number = found[1] if isinstance(found, list) else found
    assert (number, type(number)) == (read, type(read))
