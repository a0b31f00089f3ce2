"""A home with eligible adults is not lost because the one who was selected turns out not to be one of them."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from analysis.fieldwork.dispositions import Disposition, Outcome
from analysis.sampling.household import select_adult
from survey.casework.counted_households import read_begun
from survey.fieldwork.payloads import Ended, InterviewPayload, LedBy, VisitPayload
from survey.fieldwork.quarantine import Reason
from survey.fieldwork.respondents import Household
from survey.messages import CheckFailed
from survey.roles import Scope
from survey.store import inbox
from survey.store.accounts import Account
from survey.store.cases import get_case
from survey.store.database import Database
from survey.store.inbox import PayloadState
from survey.store.responses import count_responses
from survey.store.wave_keys import open_sealer
from survey.workflow.close_wave import close_wave
from survey.workflow.hold_interview import begin_interview, save_screen
from survey.workflow.settle_quarantine import Decision, settle_quarantine
from survey.workflow.show_cases import CaseView, list_my_cases, show_my_case
from survey.workflow.show_fieldwork import show_fieldwork
from tests.survey.field import NOW, SCREENED, SEED, Field


def codes(database: Database, field: Field) -> dict[Disposition, int]:
    """Final codes of the cases that were attempted."""
    with database.reading() as session:
        found = show_fieldwork(session, field.keys, field.wave).total.dispositions
    return {code: count for code, count in found.items() if code is not Disposition.NOT_ATTEMPTED}


def send(
    database: Database, field: Field, payload: InterviewPayload | VisitPayload, uuid: UUID | None = None
) -> tuple[UUID, str]:
    """The number of the payload and why it waits; "": it is in its place."""
    uuid = uuid or uuid4()
    field.send(database, payload, uuid=uuid)
    with database.reading() as session:
        found = inbox.find(session, uuid)
    assert found is not None
    return uuid, found.reason


def settle(database: Database, field: Field, uuid: UUID, decision: Decision) -> None:
    with database.writing() as session:
        settle_quarantine(session, field.keys, uuid, decision=decision, note="问过访员", scope=Scope(), at=NOW)


def begin(database: Database, field: Field, case_id: UUID, adults: int, account: Account) -> Household:
    with database.writing() as session:
        case = get_case(session, case_id)
        assert case is not None
        return begin_interview(
            session,
            field.keys,
            case,
            uuid=uuid4(),
            fingerprint=field.fingerprint,
            household=Household(adults=adults),
            led_by=LedBy.NOBODY,
            canvasser=account.id,
            at=NOW,
        )


def view(database: Database, field: Field, case: UUID) -> CaseView:
    with database.reading() as session:
        return show_my_case(session, field.keys, field.owner(case), case)


def in_list(database: Database, field: Field, case: UUID) -> tuple[bool, bool]:
    """Whether the canvasser's list has it as waiting, and as done."""
    with database.reading() as session:
        (wave,) = list_my_cases(session, field.keys, field.owner(case))
    line = next(one for one in wave.lines if one.case.id == case)
    return line.waiting, line.ended


def test_the_supervisor_decides_and_until_then_the_home_is_open(database: Database, field: Field) -> None:
    case = field.east[0]
    _, why = send(database, field, field.interview(case, SCREENED, adults=3))
    assert why == Reason.SCREENED_OUT
    assert codes(database, field) == {}, "not 4.70, and no attempt that closes the home"
    assert in_list(database, field, case) == (True, False)
    assert view(database, field, case).waiting
    with database.writing() as session, pytest.raises(CheckFailed, match="1 份收到的记录没有裁定"):
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")


def test_accepted_nobody_in_the_home_is_eligible(database: Database, field: Field) -> None:
    case = field.east[0]
    uuid, _ = send(database, field, field.interview(case, SCREENED))
    settle(database, field, uuid, Decision.ACCEPT)
    assert codes(database, field) == {Disposition.NOBODY_ELIGIBLE: 1}
    assert in_list(database, field, case) == (False, True)


def test_made_void_the_home_is_visited_again_and_counted_anew(database: Database, field: Field) -> None:
    case = field.east[0]
    send(database, field, field.visit(case, Outcome.NOBODY_ELIGIBLE))  # said before anything was known
    uuid, _ = send(database, field, field.interview(case, SCREENED, adults=3))
    begin(database, field, case, 3, field.zhou)  # who took over for a while
    settle(database, field, uuid, Decision.VOID)
    assert codes(database, field) == {}, "what the same canvasser said of the home is void with it"
    assert in_list(database, field, case) == (False, False)
    open_again = view(database, field, case)
    assert (open_again.voided, open_again.interviewed, open_again.counted) == (True, False, None)
    assert begin(database, field, case, 2, field.owner(case)) == Household(adults=2)
    draft = view(database, field, case).draft
    assert draft is not None
    assert draft.selected == select_adult(bytes.fromhex(SEED), str(case), 2, recount=1)
    _, why = send(database, field, field.interview(case, adults=2, selected=draft.selected))
    assert why == ""
    assert codes(database, field) == {Disposition.COMPLETE: 1}


def recounted(database: Database, field: Field, case: UUID, *, adults: int) -> None:
    """A home whose first count was wrong."""
    uuid, why = send(database, field, field.interview(case, SCREENED, adults=adults))
    assert why == Reason.SCREENED_OUT
    settle(database, field, uuid, Decision.VOID)


def lot(case: UUID, adults: int, recount: int = 0) -> int:
    return select_adult(bytes.fromhex(SEED), str(case), adults, recount=recount)


def test_every_recount_has_a_lot_and_earlier_ones_are_taken(database: Database, field: Field) -> None:
    """A device may have counted before the supervisor decided; a lot that is not drawn yet is none."""
    case = next(one for one in field.cases if len({lot(one, 12, number) for number in range(3)}) == 3)
    recounted(database, field, case, adults=3)
    _, why = send(database, field, field.interview(case, adults=12, selected=lot(case, 12, 2)))
    assert why == Reason.NOT_SELECTED, "the second recount is not ordered"
    recounted(database, field, case, adults=4)
    for number in range(3):
        _, why = send(database, field, field.interview(case, {"S1": 1}, adults=12, selected=lot(case, 12, number)))
        assert why == ("" if number == 0 else Reason.NOT_SELECTED), "what came first stands from then on"
    begin(database, field, case, 5, field.owner(case))
    draft = view(database, field, case).draft
    assert draft is not None
    assert (draft.adults, draft.selected) == (12, lot(case, 12))


def test_which_lot_comes_next_hangs_on_when_homes_were_counted_not_on_when_it_arrived(
    database: Database, field: Field
) -> None:
    """The second count was drawn by lot 1, but its device was in the net first."""
    case = next(one for one in field.cases if lot(one, 5, 1) != lot(one, 5) and lot(one, 6, 2) != lot(one, 6, 1))
    first = field.interview(
        case, SCREENED, adults=4, started=NOW - timedelta(hours=3), finished=NOW - timedelta(hours=2)
    )
    second = field.interview(case, SCREENED, adults=5, selected=lot(case, 5, 1))
    # By their numbers the second comes before the first as well.
    waiting = [send(database, field, each, UUID(int=number, version=4)) for number, each in enumerate((second, first))]
    assert {why for _, why in waiting} <= {Reason.NOT_SELECTED, Reason.SCREENED_OUT, Reason.SECOND_INTERVIEW}
    for uuid, _ in waiting:
        settle(database, field, uuid, Decision.VOID)
    begin(database, field, case, 6, field.owner(case))
    draft = view(database, field, case).draft
    assert draft is not None
    assert draft.selected == lot(case, 6, 2), "both counts were right: by lot 0, and then by lot 1"


def test_who_takes_over_a_recount_asks_whom_it_chose(database: Database, field: Field) -> None:
    """The lot is taken over as it was drawn, though another recount was ordered in between."""
    case = next(one for one in field.cases if lot(one, 6) != lot(one, 6, 1))
    owner = field.owner(case)
    other = field.zhou if owner == field.li else field.li
    begin(database, field, case, 6, owner)
    with database.writing() as session:
        found = get_case(session, case)
        assert found is not None
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        (first,) = read_begun(session, sealer, found)
        save_screen(session, field.keys, found, first.with_answers({"S1": 1}, item="S1", seconds=3), at=NOW)
    # Sent from a device by who had the case before.
    uuid = uuid4()
    field.send(database, field.interview(case, SCREENED, adults=6, selected=lot(case, 6)), uuid=uuid, account=other)
    settle(database, field, uuid, Decision.VOID)
    assert begin(database, field, case, 2, other) == Household(adults=6)
    with database.reading() as session:
        drafts = read_begun(session, sealer, found)
    assert {(draft.adults, draft.selected) for draft in drafts} == {(6, lot(case, 6))}
    assert dict(next(draft for draft in drafts if draft.canvasser == owner.id).answers) == {"S1": 1}


def test_an_interview_with_somebody_else_buys_no_other_lot(database: Database, field: Field) -> None:
    case = next(one for one in field.cases if lot(one, 6) != lot(one, 6, 1))
    uuid, why = send(database, field, field.interview(case, SCREENED, adults=6, selected=lot(case, 6) % 6 + 1))
    assert why == Reason.NOT_SELECTED
    settle(database, field, uuid, Decision.VOID)
    begin(database, field, case, 6, field.owner(case))
    draft = view(database, field, case).draft
    assert draft is not None
    assert draft.selected == lot(case, 6)


@pytest.mark.parametrize("decision", Decision)
def test_what_was_answered_so_far_survives_a_forgotten_count(
    database: Database, field: Field, decision: Decision
) -> None:
    """What was only begun goes, so that the home can be counted anew; an interview with answers is somebody's work."""
    case = field.east[0]
    begin(database, field, case, 2, field.li)
    begin(database, field, case, 2, field.zhou)
    with database.writing() as session:
        found = get_case(session, case)
        assert found is not None
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        mine = next(draft for draft in read_begun(session, sealer, found) if draft.canvasser == field.li.id)
        kept = mine.with_answers({"S1": 1, "A1": 2}, item="A1", seconds=4)
        save_screen(session, field.keys, found, kept, at=NOW)
    uuid, why = send(database, field, field.interview(case, SCREENED, adults=2))
    assert why == Reason.SCREENED_OUT
    settle(database, field, uuid, decision)
    with database.reading() as session:
        left = read_begun(session, sealer, found)
    assert kept in left
    assert len(left) == (1 if decision is Decision.VOID else 2)


def test_answers_of_another_canvasser_are_not_lost_with_the_count(database: Database, field: Field) -> None:
    """Somebody who has the case no longer screens out; who has it is in the middle of an interview."""
    case, other = field.east[0], field.zhou
    begin(database, field, case, 2, field.owner(case))
    uuid = uuid4()
    field.send(database, field.visit(case, Outcome.NOBODY_ELIGIBLE), account=field.owner(case))
    field.send(database, field.interview(case, SCREENED), uuid=uuid, account=other)
    settle(database, field, uuid, Decision.VOID)
    with database.reading() as session:
        waiting = [row.reason for row in inbox.list_inbox(session, field.wave, state=PayloadState.QUARANTINED)]
    assert waiting == [Reason.COUNTED_BEFORE], "what the one who has the case said is decided by itself"


def test_nobody_counts_again_before_the_supervisor_has_decided(database: Database, field: Field) -> None:
    case = field.east[0]
    first, _ = send(database, field, field.interview(case, SCREENED, adults=3))
    second, why = send(database, field, field.interview(case, adults=2))
    assert why == Reason.NOT_SELECTED
    settle(database, field, first, Decision.VOID)
    settle(database, field, second, Decision.ACCEPT)
    with database.reading() as session:
        assert count_responses(session, field.wave) == 1


@pytest.mark.parametrize("outcome", [Outcome.NOBODY_ELIGIBLE, Outcome.VACANT, Outcome.NOT_A_DWELLING])
def test_a_visit_does_not_deny_who_was_counted(database: Database, field: Field, outcome: Outcome) -> None:
    case, uncounted = field.east[0], field.east[1]
    begin(database, field, case, 2, field.owner(case))
    uuid, why = send(database, field, field.visit(case, outcome))
    assert why == Reason.COUNTED_BEFORE
    assert codes(database, field) == {}
    assert send(database, field, field.visit(case, Outcome.AWAY))[1] == ""
    assert send(database, field, field.visit(uncounted, outcome))[1] == ""
    settle(database, field, uuid, Decision.ACCEPT)
    assert sum(codes(database, field).values()) == 2


def test_what_broke_off_keeps_its_count(database: Database, field: Field) -> None:
    """Counting again is found at the door, before anybody is told who is asked."""
    case = field.east[0]
    assert send(database, field, field.interview(case, {"S1": 1}, adults=2, ended=Ended.BREAK_OFF))[1] == ""
    assert begin(database, field, case, 4, field.owner(case)) == Household(adults=2)
    draft = view(database, field, case).draft
    assert draft is not None
    assert (draft.adults, draft.selected) == (2, field.interview(case, adults=2).selected)
    assert send(database, field, field.interview(case, adults=2))[1] == ""
