from datetime import timedelta

import pytest

from survey.store.sign_in_attempts import count_attempts, count_failures, prune_attempts, record_attempt


@pytest.fixture
def attempts(database, at):
    """Two names from one address, another address for the second."""
    made = [
        ("a", "home", 0, False),
        ("a", "home", 1, True),
        ("a", "home", 2, False),
        ("b", "home", 3, False),
        ("b", "away", 4, False),
    ]
    with database.writing() as session:
        for name, address, minute, succeeded in made:
            moment = at + timedelta(minutes=minute)
            record_attempt(session, name_key=name, address_key=address, at=moment, succeeded=succeeded)
    return database


@pytest.mark.parametrize(
    ("keys", "since_minute", "expected"),
    [
        ({"name_key": "a"}, 0, 1),  # the success forgives the first
        ({"name_key": "b"}, 0, 2),
        ({"name_key": "b"}, 4, 1),
        ({"address_key": "home"}, 0, 2),
        ({"name_key": "b", "address_key": "home"}, 0, 1),
        ({"name_key": "c"}, 0, 0),
    ],
)
def test_failures_after_the_last_success_count(attempts, at, keys, since_minute, expected):
    with attempts.reading() as session:
        assert count_failures(session, **keys, since=at + timedelta(minutes=since_minute)) == expected


def test_without_a_key_nothing_is_counted(attempts, at):
    with attempts.reading() as session, pytest.raises(ValueError, match="name_key"):
        count_failures(session, since=at)


def test_old_attempts_are_forgotten(attempts, at):
    with attempts.writing() as session:
        prune_attempts(session, at + timedelta(minutes=4))
    with attempts.reading() as session:
        assert count_failures(session, name_key="b", since=at) == 1
        assert count_failures(session, name_key="a", since=at) == 0


def test_attempts_count_whatever_came_of_them(attempts, at):
    with attempts.reading() as session:
        assert count_attempts(session, address_key="home", since=at) == 4
        assert count_attempts(session, address_key="home", since=at + timedelta(minutes=3)) == 1
        assert count_attempts(session, address_key="nowhere", since=at) == 0
