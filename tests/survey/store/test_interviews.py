from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from survey.fieldwork.payloads import Ended, InterviewPayload, LedBy, Presence, to_json
from survey.keys import Sealer
from survey.store import inbox
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.interviews import InterviewRecord, glance_at_interviews, read_interviews
from tests.survey.store.fieldwork_rows import CASE, received

SEALER = Sealer(key=bytes(range(32)))


@pytest.fixture
def interview(at) -> InterviewPayload:
    return InterviewPayload(
        case=CASE,
        salt="0" * 32,
        started=at,
        finished=at + timedelta(minutes=9),
        instrument="a" * 64,
        adults=3,
        selected=2,
        present=(Presence.ALONE,),
        led_by=LedBy.GRID_WORKER,
        answers={"q1": 1, "q2": [1, 3], "q3": "“好”", "q4": None},
        elapsed={"q1": 4.5},
        ended=Ended.COMPLETE,
        canvasser=7,
    )


def test_read_with_state_and_reason_the_earliest_first(database, example, interview):
    later = replace(interview, case=UUID(int=8), started=interview.started + timedelta(minutes=30))
    with database.writing() as session:
        for number, payload, state in ((1, later, PayloadState.QUARANTINED), (2, interview, PayloadState.PLACED)):
            record = received(
                SEALER,
                example.wave,
                number,
                body=to_json(payload),
                case=payload.case,
                kind=PayloadKind.INTERVIEW,
                state=state,
                reason="换人" if number == 1 else "",
            )
            inbox.add(session, record)
        inbox.add(session, received(SEALER, example.wave, 3, body=b"{}", kind=PayloadKind.INTERVIEW))
        inbox.add(session, received(SEALER, example.wave, 4, body=to_json(interview), kind=PayloadKind.VISIT))
    first = InterviewRecord(uuid=UUID(int=2, version=4), payload=interview, state=PayloadState.PLACED, reason="")
    second = InterviewRecord(uuid=UUID(int=1, version=4), payload=later, state=PayloadState.QUARANTINED, reason="换人")
    with database.reading() as session:
        assert read_interviews(session, SEALER, example.wave) == (first, second)
        assert read_interviews(session, SEALER, example.wave, SEALER.tag(f"case:{CASE}")) == (first,)
        assert read_interviews(session, SEALER, None) == ()
        assert tuple(one.read() for one in glance_at_interviews(session, SEALER, example.wave)) == (first, second)
