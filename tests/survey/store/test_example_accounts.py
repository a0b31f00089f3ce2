"""Accounts of the demo: one a role, only while all is invented, and never one that manages accounts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from survey.roles import Role
from survey.store.accounts import add_account, get_account, set_activation, set_active, set_password
from survey.store.example_accounts import open_examples
from survey.store.waves import set_details
from survey.waves import WaveDetails
from tests.survey.pages.example import DETAILS, add_wave


@pytest.fixture
def examples(database, at):
    """Name -> id; two canvassers."""
    people = (
        ("canvasser", Role.CANVASSER),
        ("another", Role.CANVASSER),
        ("official", Role.OFFICIAL),
        ("statistician", Role.STATISTICIAN),
    )
    with database.writing() as session:
        made = {
            name: add_account(session, name=name, password_hash="h", role=role, at=at, example=True).id
            for name, role in people
        }
        add_account(session, name="leader", password_hash="h", role=Role.LEADER, at=at)
    return made


def names(database):
    with database.reading() as session:
        return {role.value: account.name for role, account in open_examples(session).items()}


def test_the_first_of_each_role_in_the_order_of_roles(database, examples):
    assert list(names(database).items()) == [
        ("statistician", "statistician"),
        ("canvasser", "canvasser"),
        ("official", "official"),
    ]


def test_a_closed_one_is_none_and_the_next_takes_its_place(database, examples):
    with database.writing() as session:
        set_active(session, examples["canvasser"], False)
        set_active(session, examples["official"], False)
    assert names(database) == {"statistician": "statistician", "canvasser": "another"}


def test_one_with_a_password_of_somebody_is_an_example_no_more(database, examples, at):
    with database.writing() as session:
        set_password(session, examples["official"], "own")
        set_activation(session, examples["statistician"], code_hash="1" * 64, expires_at=at + timedelta(days=1))
    assert names(database) == {"canvasser": "canvasser"}
    with database.reading() as session:
        assert not get_account(session, examples["official"]).example


def test_a_wave_that_is_not_invented_closes_them_all(database, examples, at):
    with database.writing() as session:
        add_wave(session, name="虚构")
    assert names(database)
    with database.writing() as session:
        real = add_wave(session, name="真的", details=WaveDetails())
    assert names(database) == {}
    with database.writing() as session:
        set_details(session, real, replace(DETAILS, fictitious=True), at=at, by="tongji")
    assert names(database)


def test_an_administrator_is_none_and_the_database_insists(database, at):
    with pytest.raises(IntegrityError), database.writing() as session:
        add_account(session, name="admin", password_hash="h", role=Role.ADMINISTRATOR, at=at, example=True)


def test_who_was_there_before_is_no_example(database, at):
    with database.writing() as session:
        account = add_account(session, name="wang", password_hash="h", role=Role.OFFICIAL, at=at)
        assert session.scalar(text("SELECT example FROM accounts")) in (0, False)
    assert not account.example
