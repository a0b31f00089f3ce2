"""What departs from a public promise: commitments withdrawn, cases handed to somebody outside the team drawn.

Rows never change and never go; only who got the cases is taken out of the latter, once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FIXED = ("id", "team_draw_id", "area", "cases", "reason", "made_at", "made_by")


def upgrade() -> None:
    op.create_table(
        "commitment_withdrawals",
        sa.Column("commitment_id", sa.Integer(), sa.ForeignKey("draw_commitments.id"), primary_key=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name="reason"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "team_exceptions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("team_draw_id", sa.Integer(), sa.ForeignKey("team_draws.id"), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint("cases >= 1", name="cases"),
        sa.CheckConstraint("reason <> ''", name="reason"),
    )
    for column in ("team_draw_id", "account_id"):
        op.create_index(None, "team_exceptions", [column])
    if op.get_bind().dialect.name == "sqlite":
        _protect_sqlite()
    else:
        _protect_postgresql()


def _protect_sqlite() -> None:
    for table, name, when in (
        ("commitment_withdrawals", "no_delete", "DELETE ON commitment_withdrawals"),
        ("commitment_withdrawals", "no_update", "UPDATE ON commitment_withdrawals"),
        ("team_exceptions", "no_delete", "DELETE ON team_exceptions"),
        ("team_exceptions", "no_update", f"UPDATE OF {', '.join(FIXED)} ON team_exceptions"),
        ("team_exceptions", "no_account", "UPDATE OF account_id ON team_exceptions WHEN NEW.account_id IS NOT NULL"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _protect_postgresql() -> None:
    for table, name, when in (
        ("commitment_withdrawals", "append_only", "UPDATE OR DELETE OR TRUNCATE ON commitment_withdrawals"),
        ("team_exceptions", "append_only", "DELETE OR TRUNCATE ON team_exceptions"),
        ("team_exceptions", "no_update", f"UPDATE OF {', '.join(FIXED)} ON team_exceptions"),
    ):
        if name == "append_only":
            op.execute(
                f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
            )
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {when} FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        )
    op.execute(
        "CREATE TRIGGER team_exceptions_no_account BEFORE UPDATE OF account_id ON team_exceptions "
        "FOR EACH ROW WHEN (NEW.account_id IS NOT NULL) EXECUTE FUNCTION team_exceptions_append_only()"
    )
