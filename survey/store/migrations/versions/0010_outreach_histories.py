"""Every time a plan was made, and every change of an action type; units are counted by status without reading them.

Of plans made before, the last time is known; what was changed in action types before, nobody wrote down.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outreach_plan_makings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("outreach_plans.id"), nullable=False),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("estimate_runs.id"), nullable=False),
        sa.Column("budget_cny", sa.Double(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint("budget_cny >= 0", name="budget_cny"),
    )
    op.create_index(None, "outreach_plan_makings", ["plan_id"])
    op.create_index(None, "outreach_plan_makings", ["run_id"])
    op.execute(
        "INSERT INTO outreach_plan_makings (plan_id, run_id, budget_cny, made_at, made_by) "
        "SELECT id, run_id, budget_cny, made_at, made_by FROM outreach_plans ORDER BY id"
    )
    op.create_table(
        "action_type_changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("type_code", sa.Text(), sa.ForeignKey("action_types.code"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("changed_by", "field", "before", "after")),
    )
    op.create_index(None, "action_type_changes", ["type_code"])
    for table in ("outreach_plan_makings", "action_type_changes"):
        _make_append_only(table)
    op.drop_index("ix_units_frame_id_area", "units")
    op.create_index(None, "units", ["frame_id", "area", "status"])


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
