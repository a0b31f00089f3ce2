from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.messages import SurveyError
from survey.store.bulk import broken_constraint
from survey.store.response_factors import Factors, add_factors, read_factors
from survey.store.responses import add_responses


def factors_of(response, **changes) -> Factors:
    made = Factors(
        uuid=response.uuid,
        stratum=response.area,
        psu=7,
        canvasser="乙",
        inclusion_n=100,
        inclusion_total=1200,
        adults=2,
    )
    return replace(made, **changes)


def test_kept_with_their_responses(database, example, make_responses):
    answers = make_responses(40)
    given = [factors_of(answer, adults=None if answer is answers[3] else 4) for answer in answers[:30]]
    given[5] = replace(given[5], canvasser="", inclusion_n=1200)
    with database.writing() as session:
        add_responses(session, example.wave, None, answers)
        assert add_factors(session, given) == 30
        assert add_factors(session, []) == 0
    with database.reading() as session:
        found = read_factors(session, example.wave)
        assert read_factors(session, example.wave + 1) == {}
    assert found == {one.uuid: one for one in given}
    assert list(found) == sorted(found, key=lambda uuid: uuid.int)


def test_once_for_a_response_that_is_there(database, example, make_responses):
    first, unknown = make_responses(2)
    with database.writing() as session:
        add_responses(session, example.wave, None, [first])
        add_factors(session, [factors_of(first)])
    for response in (first, unknown):
        with pytest.raises(broken_constraint()), database.writing() as session:
            add_factors(session, [factors_of(response)])


@pytest.mark.parametrize(
    "change", ["inclusion_n = 0", "inclusion_n = 1201", "adults = 0", "adults = 5", "stratum = NULL", "psu = NULL"]
)
def test_the_database_itself_refuses(database, example, make_responses, change):
    (answer,) = make_responses(1)
    with database.writing() as session:
        add_responses(session, example.wave, None, [answer])
        add_factors(session, [factors_of(answer)])
    with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
        session.execute(text(f"UPDATE response_factors SET {change}"))  # noqa: S608


@pytest.mark.postgresql
def test_the_order_of_the_rows_tells_nothing(postgresql_database, build_example, make_responses):
    wave, answers = build_example(postgresql_database).wave, make_responses(20)
    with postgresql_database.writing() as session:
        add_responses(session, wave, None, answers)
        add_factors(session, map(factors_of, answers))
        rows = session.execute(text("SELECT uuid FROM response_factors ORDER BY ctid")).scalars().all()
    assert rows == sorted(rows)
