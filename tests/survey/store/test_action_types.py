from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from questionnaires.definition import Text
from survey.messages import NotThere
from survey.outreach import ActionKind
from survey.outreach_types import starting_types
from survey.store.action_types import TypeChange, change_type, get_type, keep_type, list_type_changes, list_types


def test_before_anybody_changes_them_they_are_as_shipped(database):
    with database.reading() as session:
        assert list_types(session) == starting_types()
        assert get_type(session, "INTERVIEWS").kinds == {ActionKind.ASK}
        with pytest.raises(NotThere, match="TANK"):
            get_type(session, "TANK")


def test_every_shipped_price_is_an_assumption_inside_its_range():
    types = starting_types()
    assert (len(types), len({kind.code for kind in types})) == (15, 15)
    for kind in types:
        assert kind.assumed
        assert kind.cost_low <= kind.unit_cost_cny <= kind.cost_high
        assert kind.kinds
        assert kind.amount > 0
        assert kind.name.en
        assert kind.unit.en


def test_nothing_that_tells_answers_anything_else():
    """Persuasion is no answer to dissatisfaction or to "cannot tell": no type is both told and asked."""
    for kind in starting_types():
        assert not {ActionKind.TELL, ActionKind.ASK} <= kind.kinds, kind.code


def test_a_changed_type_keeps_its_place(database, at):
    with database.writing() as session:
        own = change_type(
            session,
            "POSTER",
            name=Text(zh_Hans="海报", en="Poster"),
            unit=Text(zh_Hans="张", en="posters"),
            unit_cost_cny=12.5,
            at=at,
            by="li",
        )
        keep_type(session, "LED")
    with database.reading() as session:
        types = list_types(session)
        assert [kind.code for kind in types] == [kind.code for kind in starting_types()]
        assert get_type(session, "POSTER") == own
        assert (own.unit_cost_cny, own.assumed, own.cost_high) == (12.5, False, 60.0)
        assert get_type(session, "LED").assumed


def test_every_change_of_a_type_is_on_record(database, at):
    words = {"name": Text(zh_Hans="海报", en="Poster"), "unit": Text(zh_Hans="张", en="posters")}
    with database.writing() as session:
        change_type(session, "POSTER", **words, unit_cost_cny=12.5, at=at, by="li")
        first = list_type_changes(session)
        later = at + timedelta(days=1)
        change_type(session, "POSTER", **words, unit_cost_cny=12.5, at=later, by="wang")
        assert list_type_changes(session) == first, "the same form sent again changes nothing"
        change_type(session, "POSTER", **words, unit_cost_cny=14.0, assumed=True, at=later, by="wang")
    shipped = next(kind for kind in starting_types() if kind.code == "POSTER")
    with database.reading() as session:
        found = {(change.by, change.field): (change.before, change.after) for change in list_type_changes(session)}
    assert ("li", "unit_cost_cny") in found
    assert found["li", "name_zh"] == (shipped.name.zh_Hans, "海报")
    assert found["li", "assumed"] == ("True", "False")
    assert found["wang", "unit_cost_cny"] == ("12.5", "14")
    assert found["wang", "assumed"] == ("False", "True")
    assert first[0] == TypeChange(
        code="POSTER", at=at, by="li", field="name_zh", before=shipped.name.zh_Hans, after="海报"
    )


@pytest.mark.parametrize("change", ["UPDATE action_type_changes SET after = '1'", "DELETE FROM action_type_changes"])
def test_the_record_of_changes_stays(database, at, change):
    with database.writing() as session:
        kind = get_type(session, "POSTER")
        change_type(session, "POSTER", name=kind.name, unit=kind.unit, unit_cost_cny=1.0, at=at, by="li")
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(change))
