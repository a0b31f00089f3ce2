"""Passwords as the site keeps them: hashes that take their time."""

import pytest
from argon2 import extract_parameters
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from survey import passwords
from survey.passwords import hash_password, is_password


@pytest.fixture
def as_the_site_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PARAMETERS", RFC_9106_LOW_MEMORY)


def test_a_new_hash_takes_its_time(as_the_site_does: None) -> None:
    made = hash_password("correct horse battery")
    assert extract_parameters(made) == RFC_9106_LOW_MEMORY
    assert is_password("correct horse battery", made)
    assert not is_password("correct horse", made)


def test_two_of_one_password_differ() -> None:
    assert hash_password("correct horse battery") != hash_password("correct horse battery")


def test_a_hash_made_in_another_way_is_still_of_its_password(as_the_site_does: None) -> None:
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(passwords, "PARAMETERS", CHEAPEST)
        made = hash_password("correct horse battery")
    assert is_password("correct horse battery", made)


def test_of_no_hash_and_of_nonsense_nothing_is_the_password() -> None:
    for stored in (None, "", "nonsense"):
        assert not is_password("", stored)
        assert not is_password("nonsense", stored)
