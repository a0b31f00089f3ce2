"""Of a closed wave, the estimates by what only its open log told.

Values allowed in a column are written out here, not taken from the code: a migration is history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

GROUPINGS = ("canvasser_type", "guided")


def upgrade() -> None:
    op.create_table(
        "frozen_groups",
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), primary_key=True),
        sa.Column("grouping", sa.Text(), primary_key=True),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.CheckConstraint("grouping IN (" + ", ".join(f"'{name}'" for name in GROUPINGS) + ")", name="grouping"),
    )
    _make_append_only("frozen_groups")


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
