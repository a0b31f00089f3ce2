"""Batches of paper forms: how many were handed out, came back, count and do not; and what was keyed twice."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATES = ("keyed", "chosen", "differing", "valid", "void")
REASONS = ("blank", "refused", "spoiled", "two_answers", "not_eligible", "too_few", "doubtful")
NUMBERS = ("printed", "issued", "returned", "checked_forms", "differing_forms", "differences_squared")


def upgrade() -> None:
    op.create_table(
        "paper_batches",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("area", "language")),
        sa.Column("large", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in NUMBERS),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_by", sa.Text(), nullable=True),
        sa.CheckConstraint("length(seed) = 64", name="seed"),
        sa.CheckConstraint("printed BETWEEN 1 AND 500", name="printed"),
        sa.CheckConstraint("issued BETWEEN 0 AND printed", name="issued"),
        sa.CheckConstraint("returned BETWEEN 0 AND issued", name="returned"),
        sa.CheckConstraint("differing_forms BETWEEN 0 AND checked_forms", name="differing_forms"),
    )
    op.create_index(None, "paper_batches", ["wave_id", "area"])
    op.create_table(
        "paper_forms",
        sa.Column("tag", sa.Text(), primary_key=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("paper_batches.id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(_one_of("state", STATES), name="state"),
        sa.CheckConstraint(_one_of("reason", ("", *REASONS)), name="reason"),
        sa.CheckConstraint("(state = 'void') = (reason <> '')", name="void"),
        sa.CheckConstraint("(state IN ('valid', 'void')) = (body IS NULL)", name="body"),
        sa.CheckConstraint("length(tag) = 64", name="tag"),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "paper_forms", ["batch_id"])
    op.create_table(
        "paper_counts",
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("paper_batches.id"), primary_key=True),
        sa.Column("reason", sa.Text(), primary_key=True),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.CheckConstraint(_one_of("reason", ("", *REASONS)), name="reason"),
        sa.CheckConstraint("forms >= 1", name="forms"),
    )
    op.create_table(
        "paper_checks",
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("paper_batches.id"), primary_key=True),
        sa.Column("item", sa.Text(), primary_key=True),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("differing", sa.Integer(), nullable=False),
        sa.CheckConstraint("differing BETWEEN 0 AND compared", name="differing"),
    )


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
