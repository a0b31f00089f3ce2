"""Teams and dates drawn by lot for the cases of a draw.

A row never changes and never goes; only what it says of people, places and days is taken out of it, once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COUNTS = ("number", "teams", "canvassers", "spare", "communities", "recusals", "days")
FIXED = ("id", "draw_id", *COUNTS, "digest", "reason", "drawn_at", "drawn_by")


def upgrade() -> None:
    op.create_table(
        "team_draws",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("draw_id", sa.Integer(), sa.ForeignKey("draws.id"), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("(number = 1) = (reason = '')", name="reason"),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.UniqueConstraint("draw_id", "number"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _protect_sqlite()
    else:
        _protect_postgresql()


def _protect_sqlite() -> None:
    for name, when in (
        ("no_delete", "DELETE ON team_draws"),
        ("no_update", f"UPDATE OF {', '.join(FIXED)} ON team_draws"),
        ("no_document", "UPDATE OF document ON team_draws WHEN NEW.document IS NOT NULL"),
    ):
        op.execute(
            f"CREATE TRIGGER team_draws_{name} BEFORE {when} "
            "BEGIN SELECT RAISE(ABORT, 'team_draws is append-only'); END"
        )


def _protect_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION team_draws_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'team_draws is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER team_draws_append_only BEFORE DELETE OR TRUNCATE ON team_draws "
        "FOR EACH STATEMENT EXECUTE FUNCTION team_draws_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER team_draws_no_update BEFORE UPDATE OF {', '.join(FIXED)} ON team_draws "
        "FOR EACH STATEMENT EXECUTE FUNCTION team_draws_append_only()"
    )
    op.execute(
        "CREATE TRIGGER team_draws_no_document BEFORE UPDATE OF document ON team_draws "
        "FOR EACH ROW WHEN (NEW.document IS NOT NULL) EXECUTE FUNCTION team_draws_append_only()"
    )
