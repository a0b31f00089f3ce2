"""Receipts, codes that take back answers with the counts they leave, and complaints and suggestions.

Factors of frozen weights never change; but those of an answer that may be withdrawn go with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MODES = ("capi", "web_token", "web_open", "paper_entry", "cati_entry", "kiosk", "imported")
KINDS = ("complaint", "suggestion")
KEPT = "weight_factors is append-only"
WITHDRAWN = "EXISTS (SELECT 1 FROM withdrawals WHERE withdrawals.uuid = OLD.uuid)"


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), primary_key=True),
        sa.Column("hash", sa.Text(), primary_key=True),
        sa.CheckConstraint("length(hash) = 64", name="hash"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "withdrawals",
        sa.Column("tag", sa.Text(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("length(tag) = 64", name="tag"),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "withdrawals", ["wave_id"])
    op.create_index(None, "withdrawals", ["uuid"])
    op.create_table(
        "withdrawal_counts",
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), primary_key=True),
        sa.Column("area", sa.Text(), primary_key=True),
        sa.Column("mode", sa.Text(), primary_key=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.CheckConstraint(_one_of("mode", MODES), name="mode"),
        sa.CheckConstraint("answers >= 1", name="answers"),
    )
    op.create_table(
        "suggestions",
        sa.Column("uuid", sa.Uuid(), primary_key=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "text", "contact")),
        sa.CheckConstraint(_one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 1000", name="text"),
        sa.CheckConstraint("length(contact) <= 100", name="contact"),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "suggestions", ["area"])
    _let_factors_go()


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _let_factors_go() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER weight_factors_no_delete")
        op.execute(
            f"CREATE TRIGGER weight_factors_no_delete BEFORE DELETE ON weight_factors WHEN NOT {WITHDRAWN} "
            f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        )
        return
    op.execute("DROP TRIGGER weight_factors_append_only ON weight_factors")
    op.execute(
        "CREATE TRIGGER weight_factors_append_only BEFORE UPDATE OR TRUNCATE ON weight_factors "
        "FOR EACH STATEMENT EXECUTE FUNCTION weight_factors_append_only()"
    )
    op.execute(
        "CREATE FUNCTION weight_factors_no_delete() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT {WITHDRAWN} THEN RAISE EXCEPTION '{KEPT}'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER weight_factors_no_delete BEFORE DELETE ON weight_factors "
        "FOR EACH ROW EXECUTE FUNCTION weight_factors_no_delete()"
    )
