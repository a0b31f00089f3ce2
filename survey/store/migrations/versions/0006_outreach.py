"""Outreach plans: action types, actions with their history, work done, the ledger of visits."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
