"""Batches of paper forms: the database refuses counts that do not add up, and shows of no form which one it is."""

import pytest
from sqlalchemy import DateTime, update
from sqlalchemy.exc import IntegrityError

from survey.messages import Conflict, NotThere
from survey.store import paper_forms
from survey.store.database import Database
from survey.store.paper_batches import (
    BATCHES,
    ItemCheck,
    VoidReason,
    add_batch,
    add_check,
    get_batch,
    list_batches,
    read_checks,
    read_final_counts,
)
from survey.store.paper_forms import (
    TABLE,
    FormRecord,
    FormState,
    add_form,
    change_form,
    count_forms,
    count_waiting,
    drop_forms,
    find_form,
    list_forms,
)
from tests.survey import attacker
from tests.survey.store.conftest import AT, Example
from tests.survey.store.paper_rows import batch


@pytest.fixture
def number(database: Database, example: Example) -> int:
    with database.writing() as session:
        return add_batch(session, batch(example.wave), at=AT, by="王")


def form(number: int, tag: str, state: FormState = FormState.KEYED, reason: VoidReason | None = None) -> FormRecord:
    body = b"sealed" if state in paper_forms.WAITING else None
    return FormRecord(tag=tag * 64, batch_id=number, state=state, reason=reason, body=body)


def test_a_batch_is_handed_out_whole_until_somebody_counts(database: Database, example: Example, number: int) -> None:
    with database.reading() as session:
        found = get_batch(session, number)
        assert (found.printed, found.issued, found.returned, found.made_by) == (20, 20, 0, "王")
        assert list_batches(session, example.wave) == (found,)
        with pytest.raises(NotThere):
            get_batch(session, number + 1)


@pytest.mark.parametrize(
    "change", [{"issued": 21}, {"issued": 5, "returned": 6}, {"returned": -1}, {"differing_forms": 1}]
)
def test_the_database_refuses_counts_that_do_not_add_up(
    database: Database, number: int, change: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(update(BATCHES).where(BATCHES.c.id == number).values(change))


def test_a_form_is_there_once_and_changes_once(database: Database, example: Example, number: int) -> None:
    with database.writing() as session:
        add_form(session, form(number, "a"))
        with pytest.raises(Conflict):
            add_form(session, form(number, "a", FormState.VOID, VoidReason.BLANK))
        change_form(session, form(number, "a", FormState.CHOSEN), was=FormState.KEYED)
        with pytest.raises(Conflict):
            change_form(session, form(number, "a", FormState.VALID), was=FormState.KEYED)
        add_form(session, form(number, "b", FormState.VOID, VoidReason.SPOILED))
        assert count_forms(session, number) == {
            (FormState.CHOSEN, None): 1,
            (FormState.VOID, VoidReason.SPOILED): 1,
        }
        assert count_waiting(session, example.wave) == 1
        assert [one.tag for one in list_forms(session, number, [FormState.CHOSEN])] == ["a" * 64]
        assert find_form(session, "c" * 64) is None


@pytest.mark.parametrize(
    "wrong",
    [{"state": FormState.VOID}, {"state": FormState.VALID}, {"reason": "blank"}, {"body": None}, {"reason": "eaten"}],
)
def test_the_database_refuses_a_state_that_its_body_contradicts(
    database: Database, number: int, wrong: dict[str, object]
) -> None:
    with database.writing() as session:
        add_form(session, form(number, "a"))
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(update(TABLE).values(wrong))


def test_closing_leaves_counts_alone(database: Database, example: Example, number: int) -> None:
    with database.writing() as session:
        for tag, state, reason in (
            ("a", FormState.VALID, None),
            ("b", FormState.VALID, None),
            ("c", FormState.VOID, VoidReason.BLANK),
        ):
            add_form(session, form(number, tag, state, reason))
        assert drop_forms(session, example.wave) == 3
        assert read_final_counts(session, number) == {None: 2, VoidReason.BLANK: 1}
        assert count_forms(session, number) == {}


def test_checks_are_sums_over_forms(database: Database, number: int) -> None:
    with database.writing() as session:
        add_check(session, number, {"A1": True, "A2": True})
        add_check(session, number, {"A1": False, "A2": True, "M1": False})
        add_check(session, number, {"A1": False})
        assert read_checks(session, [number]) == (
            ItemCheck(item="A1", compared=3, differing=1),
            ItemCheck(item="A2", compared=2, differing=2),
            ItemCheck(item="M1", compared=1, differing=0),
        )
        found = get_batch(session, number)
        assert (found.checked_forms, found.differing_forms, found.differences_squared) == (3, 2, 2**2 + 1 + 0)
        assert (found.compared_differences, found.compared_squared) == (2 * 2 + 3 * 1, 2**2 + 3**2 + 1)


def test_no_row_of_a_form_tells_who_when_or_in_which_order(database: Database, number: int) -> None:
    assert {column.name for column in TABLE.columns} == {"tag", "batch_id", "state", "reason", "body"}
    assert not [column for column in TABLE.columns if isinstance(getattr(column.type, "impl", None), DateTime)]
    for tag in "dbca":
        with database.writing() as session:
            add_form(session, form(number, tag))
    with database.writing() as session:
        paper_forms.rewrite_in_key_order(session)
    order = attacker.physical_order(database, "paper_forms", "tag")
    assert order == sorted(order)
    assert len(attacker.transactions(database, "paper_forms")) <= 1
