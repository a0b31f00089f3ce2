"""What was done about a suggestion, beside it; and when the worker was last seen."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestion_marks",
        sa.Column("uuid", sa.Uuid(), sa.ForeignKey("suggestions.uuid"), primary_key=True),
        sa.Column("handled_on", sa.Date(), nullable=False),
        sa.Column("handled_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 300", name="note"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "worker_signs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name="id"),
    )
