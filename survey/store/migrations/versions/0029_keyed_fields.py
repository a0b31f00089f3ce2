"""How many fields were compared on each form keyed twice, as sums over a batch: forms have not all equally many.

Of batches of before it is not known; equally many give the limits that were told then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_EQUAL = """
UPDATE paper_batches SET
  compared_differences = (SELECT sum(compared) * sum(differing) / paper_batches.checked_forms
                          FROM paper_checks WHERE batch_id = paper_batches.id),
  compared_squared = (SELECT sum(compared) * sum(compared) / paper_batches.checked_forms
                      FROM paper_checks WHERE batch_id = paper_batches.id)
WHERE checked_forms > 0 AND EXISTS (SELECT 1 FROM paper_checks WHERE batch_id = paper_batches.id)
"""


def upgrade() -> None:
    for name in ("compared_differences", "compared_squared"):
        op.add_column("paper_batches", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.execute(_EQUAL)
