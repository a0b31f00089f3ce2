"""The seed of the order in which options were shown; and an answer that is stored is no draft any more.

The trigger saves a request of residents a statement: the draft of an answer goes with the storing itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_DELETE = "DELETE FROM drafts WHERE uuid = NEW.uuid;"


def upgrade() -> None:
    op.add_column("responses", sa.Column("order_seed", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION responses_end_draft() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_DELETE} RETURN NULL; END $$"
        )
        op.execute(
            "CREATE TRIGGER responses_end_draft AFTER INSERT ON responses FOR EACH ROW "
            "WHEN (NEW.import_id IS NULL) EXECUTE FUNCTION responses_end_draft()"
        )
    else:
        op.execute(
            "CREATE TRIGGER responses_end_draft AFTER INSERT ON responses WHEN NEW.import_id IS NULL "
            f"BEGIN {_DELETE} END"
        )
