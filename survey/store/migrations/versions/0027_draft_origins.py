"""Where a draft of a questionnaire comes from: the version it was begun from, and what its workbook lost on the way."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("begun_slug", "begun_version", "left_out"):
        op.add_column("instrument_drafts", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("instrument_drafts", sa.Column("left_out_of", sa.Integer(), nullable=True))
