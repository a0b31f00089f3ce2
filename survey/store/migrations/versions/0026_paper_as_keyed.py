"""How many paper forms of a batch were taken as keyed when the wave was closed, before the second keying was done."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("paper_batches", sa.Column("as_keyed", sa.Integer(), nullable=False, server_default="0"))
