"""Versions of weights: every factor is read back as it was, nothing changes, and what is frozen stays frozen."""

from dataclasses import fields, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.messages import Conflict, NotThere, SurveyError
from survey.store.bulk import broken_constraint
from survey.store.responses import add_responses
from survey.store.weight_versions import (
    NewWeightVersion,
    add_version,
    freeze_version,
    get_version,
    list_versions,
    read_version_factors,
    standing_version,
)
from survey.weights import version_digest
from tests.survey.store.weight_rows import LOOK, PLAN, factors_of, version_of


@pytest.fixture
def draw(database, example, draw_cases):
    with database.writing() as session:
        return draw_cases(session, example)


@pytest.fixture
def factors(database, example, make_responses):
    answers = make_responses(30)
    with database.writing() as session:
        add_responses(session, example.wave, None, answers)
    return factors_of(one.uuid for one in answers)


def test_a_version_is_read_back_to_the_last_digit(database, example, draw, factors, at):
    given = version_of(example.wave, draw, factors, at)
    with database.writing() as session:
        number = add_version(session, given, factors)
    with database.reading() as session:
        found = get_version(session, number)
        assert read_version_factors(session, number) == {one.uuid: one for one in factors}
        assert read_version_factors(session, number + 1) == {}
        assert standing_version(session, example.wave) is None
    assert {f.name: getattr(found, f.name) for f in fields(NewWeightVersion)} == vars(given)
    assert (found.plan, found.look, found.frozen) == (PLAN, LOOK, False)
    again = version_digest(found.plan, factors, draw_digest="d" * 64, answers_digest="a" * 64)
    assert again == found.digest
    assert factors[1].weight == pytest.approx(10 * 2 * 1.2 * (0.1 + 1 / 3))


def test_the_version_frozen_last_stands(database, example, draw, factors, at):
    with database.writing() as session:
        first, second, third = (
            add_version(session, version_of(example.wave, draw, factors, at), factors) for _ in range(3)
        )
        freeze_version(session, second, reason="更稳", at=at, by="李")
        freeze_version(session, first, reason="更稳", at=at + timedelta(hours=1), by="李")
    with database.reading() as session:
        standing = standing_version(session, example.wave)
        assert [one.id for one in list_versions(session, example.wave)] == [third, second, first]
        assert list_versions(session, example.wave + 1) == ()
    assert standing is not None
    assert (standing.id, standing.frozen_by, standing.frozen_reason) == (first, "李", "更稳")


def test_a_version_is_frozen_once_and_must_be_there(database, example, draw, factors, at):
    with database.writing() as session:
        number = add_version(session, version_of(example.wave, draw, factors, at), factors)
        freeze_version(session, number, reason="更稳", at=at, by="李")
    with pytest.raises(Conflict, match="已经定版"), database.writing() as session:
        freeze_version(session, number, reason="更稳", at=at, by="王")
    with pytest.raises(NotThere), database.writing() as session:
        freeze_version(session, number + 1, reason="更稳", at=at, by="王")
    with pytest.raises(NotThere), database.reading() as session:
        get_version(session, number + 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE weight_versions SET digest = digest",
        "UPDATE weight_versions SET plan = '{}'",
        "UPDATE weight_versions SET frozen_by = 'x'",
        "UPDATE weight_versions SET frozen_at = NULL, frozen_by = NULL",
        "DELETE FROM weight_versions",
        "UPDATE weight_factors SET response = 1",
        "DELETE FROM weight_factors",
        "INSERT INTO weight_factors SELECT version_id, (SELECT MAX(CAST(uuid AS TEXT)) FROM responses), "
        "1, 1, 1, 1, 1 FROM weight_factors",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_frozen(database, example, draw, factors, at, statement):
    with database.writing() as session:
        number = add_version(session, version_of(example.wave, draw, factors, at), factors[:5])
        freeze_version(session, number, reason="更稳", at=at, by="李")
    with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
        session.execute(text(statement))


def test_factors_are_those_of_answers_and_above_nothing(database, example, draw, factors, at):
    version = version_of(example.wave, draw, factors, at)
    nobody = UUID(int=max(one.uuid.int for one in factors) ^ 1)
    for wrong in (factors_of([nobody]), [factors[0]._replace(trimming=0.0)]):
        with pytest.raises((*broken_constraint(), SurveyError)), database.writing() as session:
            add_version(session, version, wrong)
    with database.reading() as session:
        assert list_versions(session, example.wave) == ()


def test_another_factor_or_plan_is_another_digest(factors):
    def digest(plan=PLAN, given=factors, draw="d", answers="a"):
        return version_digest(plan, given, draw_digest=draw, answers_digest=answers)

    assert digest() == digest(given=factors[::-1])
    changed = [
        digest(given=[factors[0]._replace(response=1.2000000000000002), *factors[1:]]),
        digest(given=factors[1:]),
        digest(plan=replace(PLAN, bounded=False)),
        digest(draw="e"),
        digest(answers="b"),
    ]
    assert digest() not in changed
    assert len(set(changed)) == 5


@pytest.mark.postgresql
def test_the_order_of_the_rows_tells_nothing(postgresql_database, build_example, draw_cases, make_responses, at):
    example, answers = build_example(postgresql_database), make_responses(20)
    factors = factors_of(one.uuid for one in answers)
    with postgresql_database.writing() as session:
        add_responses(session, example.wave, None, answers)
        add_version(session, version_of(example.wave, draw_cases(session, example), factors, at), factors)
        rows = session.execute(text("SELECT uuid FROM weight_factors ORDER BY ctid")).scalars().all()
    assert rows == sorted(rows)
