"""Whose word about a visitor's address is believed."""

import pytest

from survey.messages import BadInput
from survey.trusted_proxies import TrustedProxies, parse_trusted_proxies

CLIENT, SPOOFED = "203.0.113.9", "198.51.100.1"


def who(setting: str, peer: str, forwarded: str) -> str:
    """The address that counts, as ProxyFix takes it."""
    entries = [part.strip() for part in forwarded.split(",")] if forwarded else []
    hops = parse_trusted_proxies(setting).hops(peer, entries)
    return entries[-hops] if hops else peer


@pytest.mark.parametrize(
    ("setting", "peer", "forwarded", "expected"),
    [
        ("", "127.0.0.1", CLIENT, "127.0.0.1"),
        ("", CLIENT, SPOOFED, CLIENT),
        # A number: the nearest on this machine.
        ("1", "127.0.0.1", CLIENT, CLIENT),
        ("1", "::1", CLIENT, CLIENT),
        ("1", "127.0.0.1", f"{SPOOFED}, {CLIENT}", CLIENT),
        ("1", "127.0.0.1", "", "127.0.0.1"),
        ("1", CLIENT, SPOOFED, CLIENT),
        ("1", "10.0.0.5", CLIENT, "10.0.0.5"),
        ("2", "127.0.0.1", f"{SPOOFED}, {CLIENT}, 10.0.0.5", CLIENT),
        # Past the outer proxy: what the nearest one saw.
        ("2", "127.0.0.1", CLIENT, CLIENT),
        # Addresses: the first from the right that is none of them.
        ("10.0.0.5", "10.0.0.5", f"{SPOOFED}, {CLIENT}", CLIENT),
        ("10.0.0.5", CLIENT, f"{SPOOFED}, 10.0.0.5", CLIENT),
        ("10.0.0.5", "127.0.0.1", SPOOFED, "127.0.0.1"),
        ("127.0.0.1, 10.0.0.0/8", "127.0.0.1", f"{SPOOFED}, {CLIENT}, 10.1.1.1, 10.0.0.5", CLIENT),
        ("127.0.0.1, 10.0.0.0/8", "127.0.0.1", f"10.2.2.2, {CLIENT}, 10.1.1.1", CLIENT),
        ("127.0.0.1", "127.0.0.1", "what is this", "what is this"),
        ("fd00::/8", "fd00::1", f"2001:db8::7, {CLIENT}", CLIENT),
        ("10.0.0.5", "::ffff:10.0.0.5", CLIENT, CLIENT),
        # Called from inside only.
        ("10.0.0.0/8", "10.0.0.5", "10.0.0.9", "10.0.0.9"),
    ],
)
def test_the_first_address_from_the_right_that_is_not_ours(
    setting: str, peer: str, forwarded: str, expected: str
) -> None:
    assert who(setting, peer, forwarded) == expected


def test_nothing_said_is_nobody_trusted() -> None:
    for text in ("", "  ", "0"):
        assert not parse_trusted_proxies(text)
        assert parse_trusted_proxies(text) == TrustedProxies()


@pytest.mark.parametrize("text", ["10", "-1", "1.5", "*", "nginx", "10.0.0.5 10.0.0.6", "10.0.0.5,", "10.0.0.1/24"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="SURVEY_TRUSTED_PROXIES"):
        parse_trusted_proxies(text)


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "127.0.0.1,0.0.0.0/0"])
def test_the_whole_world_is_not_trusted(text: str) -> None:
    with pytest.raises(BadInput, match="SURVEY_TRUSTED_PROXIES"):
        parse_trusted_proxies(text)
