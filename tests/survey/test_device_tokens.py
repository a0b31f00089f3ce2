"""Tokens of devices."""

from survey.device_tokens import new_token, token_hash


def test_tokens_differ_and_fit_a_header() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 and token.isascii() and " " not in token for token in tokens)


def test_any_text_has_a_hash_of_64_digits() -> None:
    assert len(token_hash("")) == len(token_hash("密\ud800")) == 64
