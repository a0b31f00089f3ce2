import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.messages import SurveyError
from survey.store.open_links import OpenLink, add_open_links, find_open_link, list_open_links
from tests.survey.store.counting import statements


def test_each_area_gets_a_link_and_keeps_it(database, example):
    with database.writing() as session:
        first = add_open_links(session, example.wave, ["b"])
        both = add_open_links(session, example.wave, ["b", "a", "a"])
        assert add_open_links(session, example.wave, []) == both
    assert list(both) == ["a", "b"]
    assert both["b"] == first["b"]
    with database.reading() as session:
        assert list_open_links(session, example.wave) == both
        assert list_open_links(session, example.wave + 1) == {}
        assert find_open_link(session, both["a"]) == OpenLink(token=both["a"], wave_id=example.wave, area="a")
        assert find_open_link(session, both["a"].swapcase()) is None


def test_tokens_are_short_random_and_safe_in_an_address(database, example):
    with database.writing() as session:
        tokens = add_open_links(session, example.wave, map(str, range(300))).values()
    assert len(set(tokens)) == 300
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Za-km-z]{10}", token) for token in tokens)


def test_the_database_itself_refuses(database, example):
    with database.writing() as session:
        token = add_open_links(session, example.wave, ["a"])["a"]
    insert = "INSERT INTO open_links (token, wave_id, area) VALUES "
    for values in (
        f"('{token}', {example.wave}, 'b')",
        f"('0123456789', {example.wave}, 'a')",
        f"('short', {example.wave}, 'b')",
        f"(NULL, {example.wave}, 'b')",
        "('0123456789', 99, 'b')",
    ):
        with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
            session.execute(text(insert + values))


def test_finding_is_one_statement(database, example):
    with database.reading() as session, statements(database) as seen:
        assert find_open_link(session, "0123456789") is None
    assert len(seen) == 1
