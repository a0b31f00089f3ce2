"""The address on paper, and the only name the site answers to."""

import pytest

from survey.messages import BadInput
from survey.public_address import parse_public_url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://survey.example", "https://survey.example"),
        (" https://Survey.Example/ ", "https://survey.example"),
        ("https://survey.example:443", "https://survey.example"),
        ("https://survey.example:8443/", "https://survey.example:8443"),
        ("https://192.0.2.7", "https://192.0.2.7"),
        ("https://[2001:db8::7]:8443", "https://[2001:db8::7]:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_an_address_is_scheme_and_host(text: str, url: str) -> None:
    address = parse_public_url(text)
    assert address is not None
    assert address.url == url


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_said_is_no_address(text: str) -> None:
    assert parse_public_url(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "survey.example",
        "http://survey.example",
        "ftp://survey.example",
        "https://",
        "https://survey.example/site",
        "https://survey.example?a=1",
        "https://survey.example/#a",
        "https://me@survey.example",
        "https://survey.example:port",
        "https://survey.example:99999",
        "https://survey example",
        "https://survey.example\n.evil.example",
        "https://-",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="SURVEY_PUBLIC_URL"):
        parse_public_url(text)


def test_only_the_same_host_is_the_site() -> None:
    address = parse_public_url("https://survey.example:8443")
    assert address is not None
    assert address.is_named("SURVEY.example:8443")
    for other in ("survey.example", "survey.example:443", "evil.example:8443", "survey.example:8443.evil.example", ""):
        assert not address.is_named(other)
