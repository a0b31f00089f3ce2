"""Who of a dwelling is asked, by Kish's tables and by the next birthday: committed once, whoever tries again."""

from uuid import UUID, uuid4

import pytest

from analysis.sampling.household import kish_table
from analysis.sampling.sample_design import Respondent
from survey.fieldwork.interview_draft import InterviewDraft
from survey.fieldwork.payloads import Ended, LedBy
from survey.fieldwork.quarantine import Reason
from survey.fieldwork.respondents import Household
from survey.keys import KeyRing
from survey.messages import BadInput, Conflict
from survey.store import inbox
from survey.store.cases import get_case
from survey.store.database import Database
from survey.store.inbox import PayloadState
from survey.workflow.hold_interview import begin_interview
from survey.workflow.settle_quarantine import Decision, settle_quarantine
from survey.workflow.show_cases import show_my_case
from tests.survey.field import NOW, SEED, Field, open_field


@pytest.fixture
def kish(database: Database, keys: KeyRing) -> Field:
    return open_field(database, keys, respondent=Respondent.KISH)


@pytest.fixture
def birthday(database: Database, keys: KeyRing) -> Field:
    return open_field(database, keys, respondent=Respondent.BIRTHDAY)


def begin(database: Database, field: Field, case_id: UUID, household: Household) -> InterviewDraft:
    with database.writing() as session:
        case = get_case(session, case_id)
        assert case is not None
        begin_interview(
            session,
            field.keys,
            case,
            uuid=uuid4(),
            fingerprint=field.fingerprint,
            household=household,
            led_by=LedBy.NOBODY,
            canvasser=field.li.id,
            at=NOW,
        )
        draft = show_my_case(session, field.keys, field.li, case_id).draft
    assert draft is not None
    return draft


def sent(database: Database, field: Field, case: UUID, **what: object) -> str:
    """The reason why the interview waits; ``""`` when it counts."""
    uuid = uuid4()
    field.send(database, field.interview(case, **what), uuid=uuid)  # type: ignore[arg-type]
    with database.reading() as session:
        found = inbox.find(session, uuid)
    assert found is not None
    return found.reason


def mine(field: Field) -> list[UUID]:
    return [case for case in field.cases if field.owner(case) == field.li]


def test_the_table_of_the_case_says_who(database: Database, kish: Field) -> None:
    for case, adults in zip(mine(kish), (1, 2, 4, 5, 6, 9), strict=True):
        draft = begin(database, kish, case, Household(adults=adults, men=1))
        right = kish_table(bytes.fromhex(SEED), str(case)).select(adults)
        assert (draft.adults, draft.men, draft.selected) == (adults, 1, right)
        # Begun again with other numbers: it stays as it is.
        assert begin(database, kish, case, Household(adults=2, men=0)) == draft


def test_men_and_women_are_counted_once(database: Database, kish: Field) -> None:
    """With as many adults and one man more somebody else is in the same place."""
    case = mine(kish)[0]
    draft = begin(database, kish, case, Household(adults=3, men=1))
    assert sent(database, kish, case, adults=3, men=2, selected=draft.selected) == Reason.NOT_SELECTED
    assert sent(database, kish, case, adults=3, selected=draft.selected) == Reason.NOT_SELECTED
    assert sent(database, kish, case, adults=3, men=1, selected=draft.selected % 3 + 1) == Reason.NOT_SELECTED
    assert sent(database, kish, case, adults=3, men=1, selected=draft.selected) == ""


def test_a_supervisor_cannot_overrule_the_table(database: Database, kish: Field) -> None:
    case, uuid = mine(kish)[0], uuid4()
    wrong = kish_table(bytes.fromhex(SEED), str(case)).select(4) % 4 + 1
    kish.send(database, kish.interview(case, adults=4, men=2, selected=wrong), uuid=uuid)
    settle = {"decision": Decision.ACCEPT, "note": "好", "scope": kish.li.scope, "wave_id": kish.wave}
    with pytest.raises(Conflict, match="不能采用"), database.writing() as session:
        settle_quarantine(session, kish.keys, uuid, at=NOW, **settle)  # type: ignore[arg-type]


def test_whose_birthday_is_next_is_recorded_once(database: Database, birthday: Field) -> None:
    begun, broken_off = mine(birthday)[:2]
    assert begin(database, birthday, begun, Household(adults=3, birthday=2)).selected == 2
    assert begin(database, birthday, begun, Household(adults=3, birthday=1)).selected == 2
    ended = {"ended": Ended.BREAK_OFF, "answers": {"S1": 1}}
    assert sent(database, birthday, broken_off, adults=3, selected=3, **ended) == ""
    for case, first in ((begun, 2), (broken_off, 3)):
        assert sent(database, birthday, case, adults=3, selected=first - 1) == Reason.NOT_SELECTED
        assert sent(database, birthday, case, adults=2, selected=first - 1) == Reason.NOT_SELECTED
        assert sent(database, birthday, case, adults=3, selected=first) == ""


@pytest.mark.parametrize("selected", [0, 4])
def test_nobody_has_that_birthday(database: Database, birthday: Field, selected: int) -> None:
    case = mine(birthday)[0]
    with pytest.raises(BadInput, match="1 到合格成年人数 3"):
        begin(database, birthday, case, Household(adults=3, birthday=selected))
    assert sent(database, birthday, case, adults=3, selected=0) == Reason.NOT_SELECTED


@pytest.mark.parametrize("household", [Household(adults=3), Household(adults=3, men=4), Household(adults=0, men=0)])
def test_numbers_no_table_is_read_for(database: Database, kish: Field, household: Household) -> None:
    with pytest.raises(BadInput):
        begin(database, kish, mine(kish)[0], household)


def test_who_takes_over_asks_the_same_person(database: Database, birthday: Field) -> None:
    case_id = mine(birthday)[0]
    begin(database, birthday, case_id, Household(adults=4, birthday=4))
    with database.writing() as session:
        case = get_case(session, case_id)
        assert case is not None
        begin_interview(
            session,
            birthday.keys,
            case,
            uuid=uuid4(),
            fingerprint=birthday.fingerprint,
            household=Household(adults=4, birthday=1),
            led_by=LedBy.NOBODY,
            canvasser=birthday.zhou.id,
            at=NOW,
        )
    interview = birthday.interview(case_id, adults=4, selected=1)
    assert birthday.send(database, interview).state is PayloadState.QUARANTINED
