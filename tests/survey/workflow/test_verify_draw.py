"""Whoever changes a row of a draw behind the program's back is found out."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text

from survey.messages import CheckFailed, NotThere
from survey.sampling.frame_digest import units_digest
from survey.sampling.samples import METHOD_BEFORE, Design, draw_digest
from survey.store.cases import list_drawn_cases
from survey.store.database import Database
from survey.store.draws import get_draw
from survey.store.units import read_units
from survey.workflow.verify_draw import MOST_NAMED, verify_draw
from tests.survey.drawn_wave import SEED, approve, draw, drawn_wave, open_wave_with_units, units

TRIGGERS = {
    "sqlite": ("draws_no_update", "draws_decided_once", "cases_no_update", "cases_no_delete"),
    "postgresql": ("draws_no_update", "draws_decided_once", "cases_append_only"),
}


def tamper(database: Database, *statements: str) -> None:
    """Change rows as somebody with the password of the database could."""
    with database.writing() as session:
        dialect = session.connection().dialect.name
        for trigger in TRIGGERS[dialect]:
            table = "" if dialect == "sqlite" else f" ON {trigger.partition('_')[0]}"
            session.execute(text(f"DROP TRIGGER {trigger}{table}"))
        for statement in statements:
            assert session.execute(text(statement)).rowcount, statement


def tamper_again(database: Database, statement: str) -> None:
    """Once the triggers are gone."""
    with database.writing() as session:
        assert session.execute(text(statement)).rowcount


def places(database: Database) -> list[tuple[str, str]]:
    """What the verification of draw 1 complains of: where, and what was expected."""
    with pytest.raises(CheckFailed) as caught, database.reading() as session:
        verify_draw(session, 1)
    assert caught.value.exit_code == 1
    return [(problem.where, str(problem.expected)) for problem in caught.value.problems]


def names(found: Sequence[tuple[str, str]]) -> list[str]:
    return [where for where, _ in found]


def test_an_honest_draw_comes_out_again(database: Database) -> None:
    drawn = draw(database, open_wave_with_units(database))
    with database.reading() as session:
        proposed = verify_draw(session, drawn.draw)
    approve(database, drawn.draw)
    with database.reading() as session:
        approved = verify_draw(session, drawn.draw)
    assert [(one.cases, one.units) for one in (proposed, approved)] == [(20, 85)] * 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE units SET status = 'rented' WHERE serial = 3",
        "UPDATE units SET residents = 9 WHERE serial = 3",
        "UPDATE units SET grid = '' WHERE serial = 3",
        """UPDATE units SET address = '{"estate":"花园小区","room":"999"}' WHERE serial = 3""",
    ],
)
def test_a_changed_unit(database: Database, change: str) -> None:
    drawn_wave(database)
    tamper(database, change)
    assert names(places(database))[:2] == ["frame.units", "frame.digest"]


def test_a_changed_area(database: Database) -> None:
    drawn_wave(database)
    tamper(database, "UPDATE areas SET population = 5 WHERE code = '440983102001'")
    assert names(places(database)) == ["frame.areas", "frame.digest"]


def test_a_unit_more(database: Database) -> None:
    drawn_wave(database)
    tamper(
        database,
        "INSERT INTO units (frame_id, serial, area, grid, address, status) "
        "VALUES (1, 900, '440983102001', '', '{}', 'owned')",
    )
    assert names(places(database))[:3] == ["frame.unit_count", "frame.units", "frame.digest"]


def test_a_frame_whose_digests_were_changed_too(database: Database) -> None:
    """The draw itself remembers the frame it was made from."""
    drawn_wave(database)
    tamper(database, "UPDATE units SET residents = 9 WHERE serial = 3")
    with database.reading() as session:
        forged = units_digest(read_units(session, 1))
    with database.writing() as session:
        session.execute(text("UPDATE frames SET units_digest = :forged"), {"forged": forged})
    assert names(places(database)) == ["frame.digest"]


def test_a_changed_probability(database: Database) -> None:
    drawn_wave(database)
    tamper(database, "UPDATE cases SET inclusion_total = 55 WHERE area = '440983102001'")
    found = places(database)
    assert len(found) == 10
    assert all(where.startswith("serial ") and expected.endswith("10/54") for where, expected in found)


def test_a_missing_case(database: Database) -> None:
    drawn_wave(database)
    tamper(database, "DELETE FROM cases WHERE unit_serial = (SELECT min(unit_serial) FROM cases)")
    found = places(database)
    assert names(found)[0] == "draw.cases"
    assert len(found) == 2
    assert "按种子抽中了它" in found[1][1]


def test_an_extra_case(database: Database) -> None:
    drawn_wave(database)
    tamper(
        database,
        "INSERT INTO cases (id, draw_id, frame_id, unit_serial, area, grid, inclusion_n, inclusion_total) "
        "SELECT '00000000000000000000000000000001', 1, 1, serial, area, grid, 10, 54 FROM units "
        "WHERE serial = (SELECT min(serial) FROM units WHERE serial NOT IN (SELECT unit_serial FROM cases))",
    )
    found = places(database)
    assert names(found)[0] == "draw.cases"
    assert "不在样本里" in found[1][1]


def test_a_swapped_case(database: Database) -> None:
    """Somebody would rather have the neighbours asked."""
    drawn_wave(database)
    tamper(
        database,
        "UPDATE cases SET unit_serial = unit_serial + 1 WHERE unit_serial = (SELECT min(unit_serial) FROM cases)",
    )
    found = places(database)
    assert ["按种子抽中了它" in found[0][1], "不在样本里" in found[1][1]] == [True, True]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("seed = '00112233445566778899aabbccddeefe'", "draw.digest"),
        ("seed = 'not hex'", "draw.seed"),
        ("method = 'by hand'", "draw.method"),
        ("per_community = 11", "draw.per_community"),
        ("replicates = 1", "draw.replicates"),
        ("design = '{}'", "draw.design"),
        ("design = replace(design, 'systematic', 'simple')", "draw.digest"),
        ("design = replace(design, '{', '{ ')", "draw.design"),
        (f"digest = '{64 * '0'}'", "draw.digest"),
        ("salt = '00000000000000000000000000000000'", "draw.digest"),
        ("salt = ''", "draw.salt"),
        (f"frame_digest = '{64 * '0'}'", "frame.digest"),
        ("cases = 21", "draw.cases"),
    ],
)
def test_a_changed_record_of_the_draw(database: Database, change: str, where: str) -> None:
    drawn_wave(database)
    tamper(database, f"UPDATE draws SET {change}")  # noqa: S608 - from this file
    assert names(places(database))[0] == where


def test_a_draw_of_an_earlier_version_of_the_program(database: Database) -> None:
    """Its digest covers less, and in another form."""
    drawn_wave(database)
    with database.reading() as session:
        before, cases = get_draw(session, 1), list_drawn_cases(session, 1)
    of = Design(
        frame_digest=before.frame_digest, method=METHOD_BEFORE, design=before.design, seed=SEED, per_community=10
    )
    digest = draw_digest(of, cases, salt=bytes.fromhex(before.salt))
    tamper(database, f"UPDATE draws SET method = '{METHOD_BEFORE}', digest = '{digest}'")  # noqa: S608
    with database.reading() as session:
        assert verify_draw(session, 1).cases == 20
    tamper_again(database, "UPDATE draws SET per_community = 11")
    assert names(places(database)) == ["draw.per_community"]


def test_not_every_difference_is_named(sqlite_database: Database) -> None:
    drawn_wave(sqlite_database)
    tamper(sqlite_database, "UPDATE cases SET inclusion_total = 55")
    with pytest.raises(CheckFailed, match=rf"{MOST_NAMED}\+ 处不符") as caught, sqlite_database.reading() as session:
        verify_draw(session, 1)
    assert len(caught.value.problems) == MOST_NAMED


@pytest.mark.slow
def test_many_units_are_verified_in_moments(sqlite_database: Database) -> None:
    wave = open_wave_with_units(sqlite_database, rows=units(east=20_000, west=10_000))
    drawn = draw(sqlite_database, wave, per_community=100)
    with sqlite_database.reading() as session:
        assert verify_draw(session, drawn.draw).cases == 200


def test_an_unknown_draw_is_not_there(sqlite_database: Database) -> None:
    with pytest.raises(NotThere), sqlite_database.reading() as session:
        verify_draw(session, 1)
