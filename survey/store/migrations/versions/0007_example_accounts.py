"""Accounts that anybody may sign in with while the site shows invented data."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
