"""A finished questionnaire: stored once, its code spent, nothing lost, nothing that leads from answers to a home."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from analysis.fieldwork.dispositions import Disposition, Outcome
from survey.fieldwork.payloads import InterviewPayload, parse_interview
from survey.fieldwork.quarantine import Reason
from survey.keys import KeyRing
from survey.messages import Conflict
from survey.store import inbox, invitations
from survey.store.database import Database
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.invitations import InvitationState
from survey.store.responses import NewResponse, add_response, count_responses, read_responses
from survey.store.sheets import Ending, Entrance, Sheet, Standing
from survey.store.visits import VisitRecord, read_visits
from survey.store.wave_keys import open_sealer
from survey.waves import Mode
from survey.workflow.enter_questionnaire import enter_by_code, open_sheet
from survey.workflow.record_response import record_refusal, record_response
from survey.workflow.save_answers import save_answers
from survey.workflow.show_fieldwork import show_fieldwork
from tests.survey import answering
from tests.survey.answering import ANSWERS, AT, EAST, Online

Given = Mapping[str, Any]


@pytest.fixture
def online(database: Database, tmp_path: Path) -> Online:
    return answering.start(database, KeyRing(folder=tmp_path / "keys"))


def sheet_of(database: Database, online: Online, entrance: Entrance) -> Sheet:
    with database.reading() as session:
        return open_sheet(session, online.keys, entrance)


def finish(database: Database, online: Online, entrance: Entrance, answers: Given = ANSWERS) -> Ending:
    with database.writing() as session:
        return record_response(session, open_sheet(session, online.keys, entrance), answers, at=AT)


def visits(database: Database, online: Online) -> tuple[VisitRecord, ...]:
    with database.reading() as session:
        return read_visits(session, open_sealer(session, online.keys, online.wave, at=AT), online.wave)


def without(*names: str) -> Given:
    return {name: value for name, value in ANSWERS.items() if name not in names}


def test_an_invited_answer_is_stored_with_area_mode_and_day_and_spends_its_code(
    database: Database, online: Online
) -> None:
    entrance = online.by_code()
    assert finish(database, online, entrance) is Ending.COMPLETE
    with database.reading() as session:
        (stored,) = read_responses(session, online.wave)
        invitation = invitations.find_invitation(session, [entrance.code_hash or ""])
    assert (stored.uuid, stored.area, stored.mode) == (entrance.uuid, EAST, Mode.WEB_TOKEN)
    assert str(stored.day) == "2026-05-05", "the day in Shanghai"
    assert stored.answers == {**ANSWERS, "C1": [1, 2]}
    assert invitation is not None
    assert invitation.state is InvitationState.SPENT
    (visit,) = visits(database, online)
    assert visit.uuid == entrance.uuid, "closing finds the case of the response by it"
    assert (visit.payload.case, visit.payload.outcome) == (online.cases[0], Outcome.COMPLETE)
    assert (visit.payload.mode, visit.payload.canvasser) == (Mode.WEB_TOKEN, 0)
    assert visit.payload.at.hour == 4, "noon in Shanghai: no time of day is kept"


@pytest.mark.parametrize("seed", [0, 11, None])
def test_the_order_in_which_options_were_shown_stands_beside_the_answers(
    database: Database, online: Online, seed: int | None
) -> None:
    finish(database, online, replace(online.by_link(), order_seed=seed))
    with database.reading() as session:
        (stored,) = read_responses(session, online.wave)
    assert stored.order_seed == seed


def test_an_answer_by_open_link_leaves_nothing_but_itself(database: Database, online: Online) -> None:
    assert finish(database, online, online.by_link(), without("N1")) is Ending.COMPLETE
    with database.reading() as session:
        (stored,) = read_responses(session, online.wave)
    assert stored.mode is Mode.WEB_OPEN
    assert visits(database, online) == ()


def test_answers_off_the_route_are_left_out(database: Database, online: Online) -> None:
    finish(database, online, online.by_link(), {**without("N1"), "A1": 2, "B1": 5})
    with database.reading() as session:
        (answers,) = answering.stored(session, online.wave).values()
    assert "B1" not in answers


@pytest.mark.parametrize(
    ("answers", "outcome", "kept"),
    [
        (ANSWERS, Outcome.COMPLETE, 1),
        ({**ANSWERS, "A1": 99, "B1": None}, Outcome.PARTIAL, 1),  # a headline item was refused
        ({**ANSWERS, "D1": 99, "D2": 99, "D3": 99}, Outcome.PARTIAL, 1),
        ({**dict.fromkeys(ANSWERS), "S1": 1, "N1": 2}, Outcome.BREAK_OFF, 0),
    ],
)
def test_what_came_of_it_enters_the_log(
    database: Database, online: Online, answers: Given, outcome: Outcome, kept: int
) -> None:
    entrance = online.by_code()
    ending = finish(database, online, entrance, answers)
    assert ending is Ending.COMPLETE
    assert [visit.payload.outcome for visit in visits(database, online)] == [outcome]
    with database.reading() as session:
        assert count_responses(session, online.wave) == kept
    again = sheet_of(database, online, entrance)
    assert (again.standing, again.ending) == (Standing.FINISHED, ending)


def test_that_one_is_not_eligible_closes_no_dwelling(database: Database, online: Online) -> None:
    """Nobody counted the adults there: the code waits for another of them, on the same phone or not."""
    entrance = online.by_code()
    with database.writing() as session:
        save_answers(session, open_sheet(session, online.keys, entrance), {"S1": 2})
    assert finish(database, online, entrance, {"S1": 2}) is Ending.SCREENED
    again = sheet_of(database, online, entrance)
    assert (again.standing, again.ending, again.answers) == (Standing.OPEN, None, {})
    assert visits(database, online) == ()
    with database.reading() as session:
        codes = show_fieldwork(session, online.keys, online.wave).total.dispositions
    assert Disposition.NOBODY_ELIGIBLE not in codes
    assert finish(database, online, entrance) is Ending.COMPLETE
    assert [visit.payload.outcome for visit in visits(database, online)] == [Outcome.COMPLETE]


def test_the_draft_goes_with_the_answer(database: Database, online: Online) -> None:
    entrance = online.by_code()
    with database.writing() as session:
        save_answers(session, open_sheet(session, online.keys, entrance), {"S1": 1, "C1": (1,), "T1": "好“"})
    sheet = sheet_of(database, online, entrance)
    assert sheet.begun
    assert sheet.answers == {"S1": 1, "C1": [1], "T1": "好“"}
    finish(database, online, entrance)
    assert not sheet_of(database, online, entrance).begun


def test_handing_in_twice_is_one_answer(database: Database, online: Online) -> None:
    for entrance in (online.by_code(), online.by_link()):
        finish(database, online, entrance)
        with pytest.raises(Conflict):
            finish(database, online, entrance)
        with database.writing() as session, pytest.raises(Conflict):
            save_answers(session, open_sheet(session, online.keys, entrance), {})
    with database.reading() as session:
        assert count_responses(session, online.wave) == 2


def test_the_second_of_two_is_kept_aside_sealed(database: Database, online: Online) -> None:
    first, second = online.by_code(), online.by_code()
    with database.writing() as session:
        save_answers(session, open_sheet(session, online.keys, second), {"S1": 1})
    assert finish(database, online, first) is Ending.COMPLETE
    assert finish(database, online, second, {**ANSWERS, "A1": 2, "T1": "我才是被抽到的"}) is Ending.KEPT_ASIDE
    with database.reading() as session:
        assert list(answering.stored(session, online.wave)) == [first.uuid]
        record = inbox.find(session, second.uuid)
        sealer = open_sealer(session, online.keys, online.wave, at=AT)
    assert record is not None
    assert (record.kind, record.state, record.reason) == (
        PayloadKind.INTERVIEW,
        PayloadState.QUARANTINED,
        Reason.SECOND_INTERVIEW,
    )
    assert record.body is not None
    assert "被抽到".encode() not in record.body
    payload = parse_interview(sealer.unseal(record.body, context=inbox.context(second.uuid)))
    assert isinstance(payload, InterviewPayload)
    assert (payload.case, payload.adults, payload.canvasser) == (online.cases[0], 2, 0)
    assert payload.answers["T1"] == "我才是被抽到的"
    again = sheet_of(database, online, second)
    assert (again.standing, again.ending) == (Standing.FINISHED, Ending.KEPT_ASIDE)


def test_who_was_interviewed_at_the_door_is_not_counted_twice(database: Database, online: Online) -> None:
    interview = UUID(int=77)
    with database.writing() as session:
        sealer = open_sealer(session, online.keys, online.wave, at=AT)
        inbox.add(
            session,
            InboxRecord(
                uuid=interview,
                kind=PayloadKind.INTERVIEW,
                wave_id=online.wave,
                tag=sealer.tag(f"case:{online.cases[0]}"),
                sha256="0" * 64,
                state=PayloadState.PLACED,
                reason="",
                body=b"sealed",
            ),
        )
    first = online.by_code()
    broken_off_at_the_door = finish(database, online, first)
    assert broken_off_at_the_door is Ending.COMPLETE, "an interview that gave no response does not count"
    with database.writing() as session:
        answers = NewResponse(
            uuid=interview, area=EAST, mode=Mode.CAPI, day=None, answers="{}", completeness="complete"
        )
        add_response(session, online.wave, answers)
        session.execute(text("UPDATE invitations SET state = 'open'"))
    begun = online.by_code()
    with database.writing() as session:
        save_answers(session, open_sheet(session, online.keys, begun), {"S1": 1})
    second = online.by_code()
    assert finish(database, online, second) is Ending.KEPT_ASIDE
    with database.reading() as session:
        assert enter_by_code(session, online.keys, online.codes[0]).standing is Standing.SPENT
    again = sheet_of(database, online, second)
    assert (again.standing, again.ending) == (Standing.FINISHED, Ending.KEPT_ASIDE)
    assert sheet_of(database, online, online.by_code()).standing is Standing.SPENT, "entered, and not begun"
    assert finish(database, online, begun) is Ending.KEPT_ASIDE, "begun before: nothing that was answered is lost"
    with database.reading() as session:
        kept = list(inbox.list_inbox(session, online.wave, state=PayloadState.QUARANTINED))
    assert {one.uuid for one in kept} == {second.uuid, begun.uuid}


def test_a_revoked_code_still_keeps_what_was_answered(database: Database, online: Online) -> None:
    entrance = online.by_code()
    with database.writing() as session:
        save_answers(session, open_sheet(session, online.keys, entrance), {"S1": 1})
        invitations.revoke_all(session, online.wave, EAST)
    assert finish(database, online, entrance) is Ending.KEPT_ASIDE


def test_a_refusal_enters_the_log_once_and_leaves_the_code(database: Database, online: Online) -> None:
    entrance = online.by_code()
    for _ in range(2):
        with database.writing() as session:
            record_refusal(session, open_sheet(session, online.keys, entrance), at=AT)
            record_refusal(session, open_sheet(session, online.keys, online.by_link()), at=AT)
    assert [visit.payload.outcome for visit in visits(database, online)] == [Outcome.REFUSED_PERSON]
    assert finish(database, online, entrance) is Ending.COMPLETE
    assert {visit.payload.outcome for visit in visits(database, online)} == {
        Outcome.REFUSED_PERSON,
        Outcome.COMPLETE,
    }


def test_a_closed_wave_takes_nothing(database: Database, online: Online) -> None:
    entrance = online.by_code()
    answering.close(database, online)
    for one in (entrance, online.by_link()):
        assert sheet_of(database, online, one).standing is Standing.CLOSED
        with pytest.raises(Conflict):
            finish(database, online, one)


def test_nothing_in_the_clear_ties_an_answer_to_its_dwelling(database: Database, online: Online) -> None:
    entrance = online.by_code()
    with database.writing() as session:
        save_answers(session, open_sheet(session, online.keys, entrance), {"S1": 1, "T1": "秘密"})
    finish(database, online, online.by_code(1))
    case = str(online.cases[0])
    with database.reading() as session:
        for table in ("drafts", "inbox", "invitations", "responses"):
            for row in session.execute(text(f"SELECT * FROM {table}")):  # noqa: S608
                shown = " ".join(value.hex() if isinstance(value, bytes) else str(value) for value in row)
                assert case not in shown
                assert case.encode().hex() not in shown
                assert "秘密".encode().hex() not in shown
                assert online.codes[0] not in shown
