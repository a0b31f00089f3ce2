"""Accounts that anybody may sign in with while the site shows invented data."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is an example who is not made one. An added column alone, so the table is not made anew."""
    op.execute(
        "ALTER TABLE accounts ADD COLUMN example BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_accounts_example_role CHECK (NOT example OR role <> 'administrator')"
    )
