"""Why a version of weights was frozen; of versions frozen before nobody said."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("weight_versions", sa.Column("frozen_reason", sa.Text(), nullable=True))
