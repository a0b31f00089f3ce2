"""Where the seed of a draw came from; names of accounts that look alike are one name.

What a name is compared by is written out here, not taken from the code: a migration is history.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Draws of before count as made with a given seed. Added columns alone: no table is made anew, no trigger lost."""
    op.execute(
        "ALTER TABLE draws ADD COLUMN seed_source TEXT DEFAULT 'given' NOT NULL "
        "CONSTRAINT ck_draws_seed_source CHECK (seed_source IN ('given', 'machine'))"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER draws_no_update_of_source BEFORE UPDATE OF seed_source ON draws "
            "BEGIN SELECT RAISE(ABORT, 'a draw never changes'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER draws_no_update_of_source BEFORE UPDATE OF seed_source ON draws "
            "FOR EACH STATEMENT EXECUTE FUNCTION draws_no_update()"
        )
    op.execute("ALTER TABLE accounts ADD COLUMN name_key TEXT DEFAULT '' NOT NULL")
    _fill_keys()
    op.create_index("ix_accounts_name_key", "accounts", ["name_key"], unique=True)


def _fill_keys() -> None:
    """The first of accounts that are called alike has the key, the others one that no name can have: they all stay."""
    accounts = sa.table("accounts", sa.column("id", sa.Integer), sa.column("name", sa.Text), sa.column("name_key"))
    taken: set[str] = set()
    connection = op.get_bind()
    for number, name in connection.execute(sa.select(accounts.c.id, accounts.c.name).order_by(accounts.c.id)).all():
        key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
        own = f"{key} {number}" if key in taken else key
        taken.add(own)
        connection.execute(sa.update(accounts).where(accounts.c.id == number).values(name_key=own))
