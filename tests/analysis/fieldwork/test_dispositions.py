import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.fieldwork.dispositions import (
    CLASSES,
    Attempt,
    Disposition,
    DispositionClass,
    Outcome,
    final_disposition,
)

ATTEMPTS = st.lists(
    st.builds(Attempt, outcome=st.sampled_from(Outcome), occupied=st.sampled_from([True, False, None])), max_size=8
)


def final(*outcomes: Outcome | tuple[Outcome, bool]) -> str:
    return final_disposition(
        [
            Attempt(outcome=one[0], occupied=one[1]) if isinstance(one, tuple) else Attempt(outcome=one)
            for one in outcomes
        ]
    ).value


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.COMPLETE, "1.1"),
        (Outcome.PARTIAL, "1.2"),
        (Outcome.REFUSED_HOUSEHOLD, "2.111"),
        (Outcome.REFUSED_PERSON, "2.112"),
        (Outcome.BREAK_OFF, "2.12"),
        (Outcome.NO_ENTRY, "3.17"),
        (Outcome.NO_ANSWER, "3.20"),
        (Outcome.AWAY, "2.25"),
        (Outcome.APPOINTMENT, "2.25"),
        (Outcome.UNABLE, "2.32"),
        (Outcome.LANGUAGE, "2.33"),
        (Outcome.OTHER, "2.36"),
        (Outcome.NO_SUCH_ADDRESS, "4.10"),
        (Outcome.NOT_A_DWELLING, "4.51"),
        (Outcome.VACANT, "4.61"),
        (Outcome.NOBODY_ELIGIBLE, "4.70"),
    ],
)
def test_one_attempt(outcome: Outcome, code: str) -> None:
    assert final(outcome) == code


def test_no_attempt() -> None:
    assert final() == "3.11"


def test_a_closed_door_is_non_contact_only_where_people_are_seen_to_live() -> None:
    assert final((Outcome.NO_ENTRY, True)) == "2.23"
    assert final((Outcome.NO_ANSWER, True)) == "2.24"
    assert final((Outcome.NO_ANSWER, False)) == "3.20"
    assert final((Outcome.NO_ANSWER, True), Outcome.NO_ENTRY) == "2.23"
    assert final(Outcome.NO_ENTRY, (Outcome.NO_ANSWER, True), (Outcome.NO_ANSWER, False)) == "2.24"


def test_the_latest_of_a_class() -> None:
    assert final(Outcome.REFUSED_PERSON, Outcome.BREAK_OFF) == "2.12"
    assert final(Outcome.BREAK_OFF, Outcome.REFUSED_HOUSEHOLD, Outcome.NO_ANSWER) == "2.111"
    assert final(Outcome.NO_ANSWER, Outcome.VACANT) == "4.61"
    assert final(Outcome.VACANT, Outcome.NO_ANSWER) == "3.20"
    assert final(Outcome.UNABLE, Outcome.LANGUAGE) == "2.33"


def test_what_holds_for_good_outranks_what_holds_for_now() -> None:
    assert final(Outcome.UNABLE, Outcome.AWAY) == "2.32"
    assert final(Outcome.APPOINTMENT, Outcome.NOBODY_ELIGIBLE, Outcome.AWAY) == "4.70"


def test_interview_before_refusal_before_contact_before_closed_doors() -> None:
    assert final(Outcome.COMPLETE, Outcome.REFUSED_PERSON) == "1.1"
    assert final(Outcome.PARTIAL, Outcome.COMPLETE) == "1.1"
    assert final(Outcome.PARTIAL, Outcome.BREAK_OFF) == "1.2"
    assert final(Outcome.REFUSED_HOUSEHOLD, Outcome.NOBODY_ELIGIBLE) == "2.111"
    assert final(Outcome.AWAY, (Outcome.NO_ANSWER, True)) == "2.25"


def test_nobody_takes_an_occupied_home_out_of_the_rates_by_its_looks() -> None:
    assert final((Outcome.NO_ANSWER, True), Outcome.VACANT) == "2.24"
    assert final(Outcome.AWAY, Outcome.VACANT) == "2.25"
    assert final(Outcome.NO_ANSWER, (Outcome.NOT_A_DWELLING, True)) == "4.51"


@given(ATTEMPTS)
def test_every_log_has_one_code_and_every_code_one_class(attempts: list[Attempt]) -> None:
    assert final_disposition(attempts) in CLASSES


@given(ATTEMPTS)
def test_a_complete_interview_stays_complete(attempts: list[Attempt]) -> None:
    assert final_disposition([*attempts, Attempt(outcome=Outcome.COMPLETE)]) is Disposition.COMPLETE
    assert final_disposition([Attempt(outcome=Outcome.COMPLETE), *attempts]) is Disposition.COMPLETE


@given(ATTEMPTS)
def test_only_what_the_door_tells_takes_a_case_out(attempts: list[Attempt]) -> None:
    met = any(CLASSES[final_disposition([attempt])] in ["I", "P", "R", "O"] for attempt in attempts)
    gone = CLASSES[final_disposition(attempts)] is DispositionClass.NOT_ELIGIBLE

    assert not (met and gone) or any(attempt.outcome is Outcome.NOBODY_ELIGIBLE for attempt in attempts)
