"""Plans of sample sizes, saved for comparison; they are on record and do not change."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sample_plans",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("frame_id", sa.Integer(), sa.ForeignKey("frames.id"), nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("completes", "cases")),
        sa.Column("cases_in_all", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("completes >= 1", name="completes"),
        sa.CheckConstraint("cases >= completes", name="cases"),
        sa.CheckConstraint("cases_in_all >= 0 AND (frame_id IS NULL) = (cases_in_all IS NULL)", name="cases_in_all"),
    )
    op.create_index(None, "sample_plans", ["frame_id"])
    _make_append_only("sample_plans")


def _make_append_only(table: str) -> None:
    message = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
