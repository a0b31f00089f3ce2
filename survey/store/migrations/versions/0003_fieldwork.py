"""Fieldwork: keys by name, what came in, drafts, invitations, open links; and what stays of it after closing.

Values allowed in a column are written out here, not taken from the code: a migration is history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DISPOSITIONS = (
    *("1.1", "1.2", "2.111", "2.112", "2.12", "2.23", "2.24", "2.25", "2.32", "2.33", "2.36"),
    *("3.11", "3.17", "3.20", "4.10", "4.51", "4.61", "4.70"),
)


def upgrade() -> None:
    """While a wave is open, and after it."""
    _sealed()
    _ways_in()
    _after_closing()


def _text(name: str, *, nullable: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, unique=unique)


def _wave(*, nullable: bool = False, unique: bool = False) -> sa.Column[int]:
    return sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=nullable, unique=unique)


def _wave_in_key() -> sa.Column[int]:
    return sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), primary_key=True)


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def _digits(column: str, length: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"length({column}) = {length}", name=column)


def _sealed() -> None:
    op.create_table(
        "wave_keys",
        sa.Column("key_id", sa.Text(), primary_key=True),
        _wave(nullable=True, unique=True),
        _text("holder", unique=True),
        _text("state"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _one_of("state", ("made", "to_destroy", "destroyed")),
        _digits("key_id", 32),
        sa.CheckConstraint("holder = CASE WHEN wave_id IS NULL THEN 'site' ELSE 'wave ' || wave_id END", name="holder"),
    )
    op.create_table(
        "inbox",
        sa.Column("uuid", sa.Uuid(), primary_key=True),
        _text("kind"),
        _wave(nullable=True),
        _text("tag", nullable=True),
        _text("sha256"),
        _text("state"),
        _text("reason"),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        _one_of("kind", ("interview", "visit")),
        _one_of("state", ("received", "placed", "quarantined", "void")),
        _digits("sha256", 64),
        _digits("tag", 64),
        sa.CheckConstraint("body IS NOT NULL OR tag IS NULL", name="dropped"),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "inbox", ["wave_id", "tag"])
    op.create_index(None, "inbox", ["wave_id", "state", "kind"])
    op.create_table(
        "drafts",
        sa.Column("uuid", sa.Uuid(), primary_key=True),
        _wave(),
        _text("kind"),
        _text("tag", nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _one_of("kind", ("resident", "interview")),
        _digits("tag", 64),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "drafts", ["wave_id", "tag"])


def _ways_in() -> None:
    op.create_table(
        "invitations",
        sa.Column("code_hash", sa.Text(), primary_key=True),
        _wave(),
        _text("area"),
        _text("state"),
        _text("tag"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _one_of("state", ("open", "spent", "revoked")),
        _digits("code_hash", 64),
        _digits("tag", 64),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "invitations", ["wave_id", "tag"])
    op.create_table(
        "open_links",
        sa.Column("token", sa.Text(), primary_key=True),
        _wave(),
        _text("area"),
        _digits("token", 10),
        sa.UniqueConstraint("wave_id", "area"),
    )


def _after_closing() -> None:
    op.create_table(
        "response_factors",
        sa.Column("uuid", sa.Uuid(), sa.ForeignKey("responses.uuid"), primary_key=True),
        _text("stratum"),
        sa.Column("psu", sa.Integer(), nullable=False),
        _text("canvasser"),
        sa.Column("inclusion_n", sa.Integer(), nullable=False),
        sa.Column("inclusion_total", sa.Integer(), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=True),
        sa.CheckConstraint("inclusion_n >= 1 AND inclusion_n <= inclusion_total", name="inclusion"),
        sa.CheckConstraint("adults >= 1 AND adults <= 4", name="adults"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "disposition_counts",
        _wave_in_key(),
        sa.Column("area", sa.Text(), primary_key=True),
        sa.Column("disposition", sa.Text(), primary_key=True),
        sa.Column("cases", sa.Integer(), nullable=False),
        _one_of("disposition", DISPOSITIONS),
        sa.CheckConstraint("cases >= 1", name="cases"),
    )
    op.create_table(
        "visit_counts",
        _wave_in_key(),
        sa.Column("area", sa.Text(), primary_key=True),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.CheckConstraint("visits >= 1", name="visits"),
    )
