"""What changed since the wave before, stored with the run that found it.

Values allowed in a column are written out here, not taken from the code: a migration is history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FINDINGS = ("rose", "fell", "no_change")
REASONS = (
    *("non_probability_sample", "not_asked_before", "wording_differs", "population_differs", "no_earlier_answers"),
    *("mode_mix_differs", "suppressed", "shown_as_range", "no_interval", "used_with_care"),
)
NUMBERS = ("difference", "low", "high", "p_value")


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("earlier_run_id", sa.Integer(), sa.ForeignKey("estimate_runs.id"), nullable=False),
        sa.Column("earlier_position", sa.Integer(), nullable=True),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Double(), nullable=True) for name in NUMBERS),
        sa.ForeignKeyConstraint(["run_id", "position"], ["estimates.run_id", "estimates.position"]),
        sa.ForeignKeyConstraint(
            ["earlier_run_id", "earlier_position"],
            ["estimates.run_id", "estimates.position"],
            name=op.f("fk_changes_earlier_position"),
        ),
        sa.CheckConstraint(_listed("finding", FINDINGS), name="finding"),
        sa.CheckConstraint(_listed("reason", REASONS), name="reason"),
        sa.CheckConstraint("(finding IS NULL) <> (reason IS NULL)", name="either"),
        *(sa.CheckConstraint(f"(finding IS NULL) = ({name} IS NULL)", name=name) for name in NUMBERS),
        sa.CheckConstraint("finding IS NULL OR earlier_position IS NOT NULL", name="earlier"),
        sa.CheckConstraint("finding IS NULL OR finding <> 'rose' OR difference > 0", name="rose"),
        sa.CheckConstraint("finding IS NULL OR finding <> 'fell' OR difference < 0", name="fell"),
        sa.CheckConstraint("finding IS NULL OR (low <= difference AND difference <= high)", name="interval"),
    )
    op.create_index(None, "changes", ["earlier_run_id", "earlier_position"])
    _make_append_only("changes")


def _listed(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN (" + ", ".join(f"'{value}'" for value in values) + ")"


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
