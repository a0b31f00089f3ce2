"""Recordings of questions in a dialect, and whose hand filled in a questionnaire online."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_recordings",
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), primary_key=True),
        sa.Column("item", sa.Text(), primary_key=True),
        sa.Column("dialect", sa.Text(), primary_key=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
        sa.CheckConstraint("length(dialect) BETWEEN 1 AND 20", name="dialect"),
        sa.CheckConstraint("type IN ('audio/mpeg', 'audio/mp4', 'audio/ogg')", name="type"),
        sa.CheckConstraint("length(body) BETWEEN 1 AND 500000", name="body"),
    )
    op.create_index(None, "item_recordings", ["sha256"])
    op.add_column("responses", sa.Column("filled_by", sa.Text(), nullable=True))
