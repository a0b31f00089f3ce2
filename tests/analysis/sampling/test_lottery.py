"""The seed of a public draw is what the documentation says, byte for byte."""

import hashlib

import pytest

from analysis.sampling import lottery
from analysis.sampling.lottery import PublicValueError, lottery_seed, normal_value, secret_digest
from analysis.sampling.sampling_error import SamplingError

SECRET = bytes(range(32))


def documented(after: str) -> str:
    """The hex digits that the module's text gives behind ``after``."""
    assert lottery.__doc__
    line = lottery.__doc__.partition(after)[2].splitlines()
    digits = line[0] if "SHA-256" in after else line[1].replace("seed", "")
    return digits.replace(" ", "")


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("03 07 11 19 22 30 05", 'value "03 07 11 19 22 30 05"'),
        (" 03\t07 11  19 22 30\u300005\n", 'value "03 07 11 19 22 30 05"'),
        ("开奖号码 123", 'value "开奖号码 123"'),
        ("caf\u00e9", 'value "caf'),
        ("cafe\u0301", 'value "caf'),
    ],
)
def test_the_documented_vectors(value: str, named: str) -> None:
    assert lottery_seed(SECRET, value).hex() == documented(named)


def test_the_seed_in_words() -> None:
    assert secret_digest(SECRET) == documented("its SHA-256") == hashlib.sha256(SECRET).hexdigest()
    assert lottery_seed(SECRET, "x") == hashlib.sha256(SECRET + b"x").digest()


@pytest.mark.parametrize("other", ["03 07 11 19 22 30 06", "３ 07 11 19 22 30 05", "03,07,11,19,22,30,05"])
def test_another_value_is_another_seed(other: str) -> None:
    assert lottery_seed(SECRET, other) != lottery_seed(SECRET, "03 07 11 19 22 30 05")


@pytest.mark.parametrize(("value", "unseen"), [("1\u200b2", "U+200B"), ("\ufeff12", "U+FEFF"), ("1\x002", "U+0000")])
def test_a_character_that_cannot_be_seen_is_refused(value: str, unseen: str) -> None:
    with pytest.raises(PublicValueError, match="U\\+") as caught:
        normal_value(value)
    assert caught.value.unseen == unseen


@pytest.mark.parametrize("value", ["", " \u3000\n", "x" * 501])
def test_values_of_no_use(value: str) -> None:
    with pytest.raises(PublicValueError):
        lottery_seed(SECRET, value)


@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(33)])
def test_a_secret_has_32_bytes(secret: bytes) -> None:
    with pytest.raises(SamplingError, match="expected 32"):
        lottery_seed(secret, "1")
    with pytest.raises(SamplingError, match="expected 32"):
        secret_digest(secret)
