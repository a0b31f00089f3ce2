"""What is counted of answers by open link for a day, and the signs that stay beside each."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_link_counts",
        sa.Column("tag", sa.Text(), primary_key=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(tag) = 64", name="tag"),
        sqlite_with_rowid=False,
    )
    op.add_column("responses", sa.Column("signs", sa.Integer(), nullable=True))
