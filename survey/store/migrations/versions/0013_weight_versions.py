"""Versions of weights with every factor of every answer; inclusion probabilities over several stages are long numbers.

A version never changes but for being frozen, once; nothing is added to one that is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FACTORS = ("inclusion", "adults", "response", "calibration", "trimming")
FIXED = ("id", "wave_id", "draw_id", "answers_digest", "plan", "look", "digest", "built_at", "built_by")


def upgrade() -> None:
    if not _sqlite():
        for name in ("inclusion_n", "inclusion_total"):
            op.alter_column("response_factors", name, type_=sa.BigInteger(), existing_type=sa.Integer())
    op.create_table(
        "weight_versions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("draw_id", sa.Integer(), sa.ForeignKey("draws.id"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("answers_digest", "plan", "look", "digest")),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("built_by", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_by", sa.Text(), nullable=True),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.CheckConstraint("(frozen_by IS NULL) = (frozen_at IS NULL)", name="frozen"),
    )
    op.create_index(None, "weight_versions", ["wave_id"])
    op.create_index(None, "weight_versions", ["draw_id"])
    op.create_table(
        "weight_factors",
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("weight_versions.id"), primary_key=True),
        sa.Column("uuid", sa.Uuid(), sa.ForeignKey("responses.uuid"), primary_key=True),
        *(sa.Column(name, sa.Double(), nullable=False) for name in FACTORS),
        *(sa.CheckConstraint(f"{name} > 0", name=name) for name in FACTORS),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "weight_factors", ["uuid"])
    _protect_on_sqlite() if _sqlite() else _protect_on_postgresql()


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _protect_on_sqlite() -> None:
    fixed = ", ".join(FIXED)
    frozen = "(SELECT frozen_at FROM weight_versions WHERE id = NEW.version_id) IS NOT NULL"
    for name, when, message in (
        ("weight_versions_no_delete", "DELETE ON weight_versions", "weight_versions is append-only"),
        ("weight_versions_no_update", f"UPDATE OF {fixed} ON weight_versions", "a version never changes"),
        (
            "weight_versions_frozen_once",
            "UPDATE ON weight_versions WHEN OLD.frozen_at IS NOT NULL",
            "a version is frozen once",
        ),
        ("weight_factors_no_delete", "DELETE ON weight_factors", "weight_factors is append-only"),
        ("weight_factors_no_update", "UPDATE ON weight_factors", "weight_factors is append-only"),
        ("weight_factors_no_insert", f"INSERT ON weight_factors WHEN {frozen}", "a frozen version takes nothing more"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _protect_on_postgresql() -> None:
    fixed = ", ".join(FIXED)
    _function("weight_versions_no_update", "RAISE EXCEPTION 'a version never changes';")
    _function(
        "weight_versions_frozen_once",
        "IF OLD.frozen_at IS NOT NULL THEN RAISE EXCEPTION 'a version is frozen once'; END IF; RETURN NEW;",
    )
    _function("weight_factors_append_only", "RAISE EXCEPTION 'weight_factors is append-only';")
    _function(
        "weight_factors_no_insert",
        "IF EXISTS (SELECT 1 FROM weight_versions v WHERE v.id = NEW.version_id AND v.frozen_at IS NOT NULL) "
        "THEN RAISE EXCEPTION 'a frozen version takes nothing more'; END IF; RETURN NEW;",
    )
    for name, when, each in (
        ("weight_versions_no_update", f"UPDATE OF {fixed} ON weight_versions", "STATEMENT"),
        ("weight_versions_frozen_once", "UPDATE ON weight_versions", "ROW"),
        ("weight_factors_append_only", "UPDATE OR DELETE OR TRUNCATE ON weight_factors", "STATEMENT"),
        ("weight_factors_no_insert", "INSERT ON weight_factors", "ROW"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} FOR EACH {each} EXECUTE FUNCTION {name}()")
    op.execute(
        "CREATE TRIGGER weight_versions_no_delete BEFORE DELETE OR TRUNCATE ON weight_versions "
        "FOR EACH STATEMENT EXECUTE FUNCTION weight_versions_no_update()"
    )


def _function(name: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
