from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.messages import NotThere
from survey.store.database import Database
from survey.store.sample_plans import SamplePlan, add_sample_plan, get_sample_plan, list_sample_plans

REQUEST = {"goal": "margin", "rate": 0.9, "margin": 0.05, "communities": ["东", "西"]}


@pytest.fixture
def plans(database: Database, example, at: datetime) -> tuple[SamplePlan, SamplePlan]:
    with database.writing() as session:
        plain = add_sample_plan(session, name="一", request=REQUEST, completes=139, cases=232, at=at, by="王")
        framed = add_sample_plan(
            session, name="二", request={}, completes=1, cases=1, at=at, by="李", frame_id=example.frame, cases_in_all=2
        )
    return plain, framed


def test_a_plan_is_kept(database: Database, plans: tuple[SamplePlan, SamplePlan]) -> None:
    with database.reading() as session:
        assert get_sample_plan(session, plans[0].id) == plans[0]
        assert list_sample_plans(session) == plans[::-1]
        assert list_sample_plans(session, [plans[0].id, 99]) == plans[:1]
    assert plans[0].request == REQUEST


def test_one_that_is_not_there(database: Database) -> None:
    with database.reading() as session, pytest.raises(NotThere):
        get_sample_plan(session, 7)


@pytest.mark.parametrize(
    "change",
    ["UPDATE sample_plans SET name = '三'", "DELETE FROM sample_plans"],
)
def test_a_plan_never_changes(database: Database, plans: tuple[SamplePlan, SamplePlan], change: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(change))


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"completes": 0, "cases": 0},
        {"completes": 5, "cases": 4},
        {"cases_in_all": 3},
        {"frame_id": 1},
    ],
)
def test_what_the_table_refuses(database: Database, example, at: datetime, values: dict[str, object]) -> None:
    plain = {"name": "一", "request": {}, "completes": 1, "cases": 1, "at": at, "by": "王"}
    with pytest.raises(DBAPIError), database.writing() as session:
        add_sample_plan(session, **plain | values)  # type: ignore[arg-type]
