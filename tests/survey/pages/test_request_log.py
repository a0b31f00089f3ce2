"""One line per request, and nothing in it that names a person."""

import logging
import re

import pytest

from tests.survey.pages.page_client import PageClient


def test_the_line_has_method_rule_status_and_time_only(client: PageClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="survey.requests")
    client.get("/waves/12345?token=sesame", headers={"X-Forwarded-For": "203.0.113.5"})
    client.get("/secret-path-of-somebody")
    lines = [record.getMessage() for record in caplog.records if record.name == "survey.requests"]
    assert [re.sub(r"\d+ ms$", "… ms", line) for line in lines] == [
        "GET /waves/<id:wave_id> 303 … ms",
        "GET - 404 … ms",
    ]
    for private in ("12345", "sesame", "203.0.113.5", "127.0.0.1", "secret-path"):
        assert private not in caplog.text
