"""The method of drawing is part of what a commitment promises; those of before do not name it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draw_commitments", sa.Column("method", sa.Text(), nullable=True))
