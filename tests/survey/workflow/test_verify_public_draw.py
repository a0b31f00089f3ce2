"""A public draw that is not the one that was promised is found out, and each time it is said where."""

import pytest
from sqlalchemy import text

from survey.messages import CheckFailed
from survey.store.database import Database
from survey.workflow.verify_draw import verify_draw
from tests.survey.public_draw import COMMUNITIES, drawn_again, publicly_drawn
from tests.survey.workflow.test_verify_draw import tamper

TRIGGERS = {"sqlite": ("draw_commitments_no_update",), "postgresql": ("draw_commitments_append_only",)}
OTHER_SECRET = "00" * 32


def change_commitment(database: Database, statement: str) -> None:
    with database.writing() as session:
        dialect = session.connection().dialect.name
        for trigger in TRIGGERS[dialect]:
            session.execute(text(f"DROP TRIGGER {trigger}{'' if dialect == 'sqlite' else ' ON draw_commitments'}"))
        assert session.execute(text(f"UPDATE draw_commitments SET {statement}")).rowcount  # noqa: S608 - of this file


def places(database: Database, draw: int = 1) -> list[tuple[str, str]]:
    with pytest.raises(CheckFailed) as caught, database.reading() as session:
        verify_draw(session, draw)
    return [(problem.where, str(problem.expected)) for problem in caught.value.problems]


def test_an_honest_public_draw_comes_out_again(database: Database) -> None:
    draw = publicly_drawn(database)
    with database.reading() as session:
        assert verify_draw(session, draw).cases == 32


def test_the_draw_after_a_rejected_one(database: Database) -> None:
    draw = drawn_again(database)
    with database.reading() as session:
        assert [verify_draw(session, one).cases for one in (draw - 1, draw)] == [32, 32]


def test_where_communities_are_drawn(database: Database) -> None:
    draw = publicly_drawn(database, COMMUNITIES)
    with database.reading() as session:
        assert verify_draw(session, draw).cases == 10


@pytest.mark.parametrize(
    ("change", "where", "told"),
    [
        (f"secret = '{OTHER_SECRET}'", "commitment.secret", "不是当时的那一个"),
        (f"secret_digest = '{OTHER_SECRET}'", "commitment.secret", "事先公布的 SHA-256"),
        (f"frame_digest = '{OTHER_SECRET}'", "commitment.frame_digest", "抽样框被换过"),
        ("design = '{}'", "commitment.design", "承诺以后设计被改动"),
        ("earlier = '{}'", "commitment.earlier", "此前各次抽样"),
        ("committed_at = '2026-03-22 02:05:00'", "public_value.published_at", "还没有承诺"),
        ("committed_at = '2026-03-22 02:00:00'", "commitment.not_before", "可能已经公布"),
        (
            "public_values = replace(public_values, '2026-03-22', '2026-03-29')",
            "public_value.published_at",
            "不早于承诺",
        ),
        ("public_values = replace(public_values, '1 期', '9 期')", "draw.public_value_name", "按承诺里的次序"),
    ],
)
def test_a_changed_commitment(database: Database, change: str, where: str, told: str) -> None:
    publicly_drawn(database)
    change_commitment(database, change)
    found = places(database)
    assert [expected for name, expected in found if name == where and told in expected], found


@pytest.mark.parametrize(
    ("change", "where", "told"),
    [
        ("seed = '00112233445566778899aabbccddeefe'", "draw.seed", "由密数和公开数字"),
        ("public_value = '03 07 11 19 22 30 06'", "draw.seed", "03 07 11 19 22 30 06"),
        ("public_value_name = '双色球 2 期'", "draw.public_value_name", "双色球 1 期, 双色球 2 期"),
        ("public_value_at = '2026-03-21 01:00:00'", "public_value.published_at", "还没有承诺"),
        ("public_value_at = '2026-03-22 01:00:00'", "public_value.published_at", "不早于承诺"),
        ("public_value_at = '2026-03-30 01:00:00'", "draw.drawn_at", "不早于公开数字"),
        ("drawn_at = '2026-03-21 01:00:00'", "draw.drawn_at", "不早于公开数字"),
    ],
)
def test_a_changed_public_draw(database: Database, change: str, where: str, told: str) -> None:
    publicly_drawn(database)
    tamper(database, f"UPDATE draws SET {change}")  # noqa: S608 - of this file
    found = places(database)
    assert [expected for name, expected in found if name == where and told in expected], found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("replicate = 1 - replicate", "440983102001"),
        ("stratum = '*'", "440983102001"),
        ("psu = '440983102001001'", "440983102001"),
        ("stages = '1/2'", "440983102001"),
        ("inclusion_n = 17", "16/54"),
        ("grid = ''", "440983102001"),
    ],
)
def test_a_changed_case(database: Database, change: str, told: str) -> None:
    publicly_drawn(database)
    tamper(
        database,
        f"UPDATE cases SET {change} WHERE replicate < 2 "  # noqa: S608 - of this file
        "AND unit_serial = (SELECT min(unit_serial) FROM cases WHERE replicate < 2)",
    )
    ((where, expected),) = places(database)
    assert where.startswith("serial ")
    assert told in expected


def test_a_design_changed_everywhere_alike(database: Database) -> None:
    """Draw and commitment agree, but the digest of the draw remembers."""
    publicly_drawn(database)
    other = "design = replace(design, 'systematic', 'simple')"
    change_commitment(database, other)
    tamper(database, f"UPDATE draws SET {other}")  # noqa: S608 - of this file
    assert places(database)[0][0] == "draw.digest"
