from datetime import timedelta

import pytest

from survey.messages import Conflict, NotThere
from survey.store.instruments import add_instrument, find_instrument, get_instrument, list_instruments


def test_the_same_wording_is_added_once(database, at):
    given = {"slug": "a", "version": "1", "fingerprint": "f", "document": {"乙": 1, "甲": [None, 2.5]}}
    with database.writing() as session:
        first = add_instrument(session, **given, at=at)
        again = add_instrument(session, **given, at=at + timedelta(days=1))
    assert first == again
    with database.reading() as session:
        found = get_instrument(session, first.id)
        assert found == first
        assert list(found.document) == ["乙", "甲"]  # the order of keys is kept


def test_another_wording_needs_another_version(database, at):
    with database.writing() as session:
        add_instrument(session, slug="a", version="1", fingerprint="f", document={}, at=at)
        with pytest.raises(Conflict, match="版本 1"):
            add_instrument(session, slug="a", version="1", fingerprint="g", document={}, at=at)


def test_the_version_added_last_is_the_newest(database, at):
    with database.writing() as session:
        for version in ("9", "10"):
            add_instrument(session, slug="a", version=version, fingerprint=version, document={}, at=at)
        add_instrument(session, slug="b", version="1", fingerprint="b", document={}, at=at)
    with database.reading() as session:
        assert find_instrument(session, "a").version == "10"
        assert find_instrument(session, "a", "9").version == "9"
        assert [(found.slug, found.version) for found in list_instruments(session)] == [
            ("a", "10"),
            ("a", "9"),
            ("b", "1"),
        ]


def test_what_is_not_there_is_named(database):
    with database.reading() as session:
        for look in (
            lambda: find_instrument(session, "none"),
            lambda: find_instrument(session, "none", "2"),
            lambda: get_instrument(session, 8),
        ):
            with pytest.raises(NotThere):
                look()
