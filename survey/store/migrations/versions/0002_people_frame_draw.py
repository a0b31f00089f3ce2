"""People with reach and ties, frames with units, draws with cases, and who goes to which case.

Values allowed in a column are written out here, not taken from the code: a migration is history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLES = (
    *("administrator", "statistician", "supervisor", "canvasser"),
    *("official", "leader", "grid_worker", "department"),
)
KINDS = (
    *("dwelling", "village_household", "work_order"),
    *("window_transaction", "school_class", "site"),
)
#: What a draw was made of; the rest of its columns hold the decision.
FIXED = (
    *("id", "wave_id", "frame_id", "frame_digest", "method", "per_community"),
    *("seed", "public", "salt", "digest", "cases", "drawn_by", "drawn_at"),
)


def upgrade() -> None:
    """Accounts and frames keep their rows: every account reaches everywhere, no frame has units."""
    _accounts()
    _frames()
    _draws()
    _assignments()
    if op.get_bind().dialect.name == "sqlite":
        _protect_on_sqlite()
    else:
        _protect_on_postgresql()


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _listed(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN (" + ", ".join(f"'{value}'" for value in values) + ")"


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(_listed(column, values), name=column)


def _accounts() -> None:
    with op.batch_alter_table("accounts") as batch:
        if op.get_bind().dialect.name != "sqlite":  # which makes the table anew, without its old CHECK
            batch.drop_constraint(op.f("ck_accounts_role"), type_="check")
        batch.create_check_constraint("role", _listed("role", ROLES))
        batch.alter_column("password_hash", existing_type=sa.Text(), nullable=True)
        batch.add_column(sa.Column("full_name", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.add_column(_text("canvasser_type", nullable=True))
        batch.add_column(_text("scope", default='{"areas":[],"waves":[]}'))
        batch.add_column(_text("ties", default="[]"))
        batch.add_column(_text("activation_hash", nullable=True))
        batch.add_column(_time("activation_expires_at", nullable=True))
        batch.create_unique_constraint(op.f("uq_accounts_activation_hash"), ["activation_hash"])
        types = ("student", "community_staff", "agency")
        batch.create_check_constraint("canvasser_type", _listed("canvasser_type", types))
        batch.create_check_constraint("type_of_canvasser", "canvasser_type IS NULL OR role = 'canvasser'")
        batch.create_check_constraint("activation_hash", "length(activation_hash) = 64")
        batch.create_check_constraint(
            "activation_expires", "(activation_hash IS NULL) = (activation_expires_at IS NULL)"
        )
        batch.create_check_constraint("activated_once", "activation_hash IS NULL OR password_hash IS NULL")
    op.create_table(
        "account_tokens",
        sa.Column("token_hash", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        _time("created_at"),
        _time("expires_at"),
        sa.CheckConstraint("length(token_hash) = 64", name="token_hash"),
    )
    op.create_index(None, "account_tokens", ["account_id"])


def _frames() -> None:
    with op.batch_alter_table("frames") as batch:
        batch.add_column(_text("kind", nullable=True))
        batch.add_column(_text("units_digest", nullable=True))
        batch.add_column(sa.Column("unit_count", sa.Integer(), nullable=False, server_default="0"))
        batch.create_check_constraint("kind", _listed("kind", KINDS))
        batch.create_check_constraint("units_digest", "(kind IS NULL) = (units_digest IS NULL)")
        batch.create_check_constraint("unit_count", "unit_count >= 0 AND (kind IS NOT NULL OR unit_count = 0)")
    op.create_table(
        "units",
        sa.Column("frame_id", sa.Integer(), primary_key=True),
        sa.Column("serial", sa.Integer(), primary_key=True),
        _text("area"),
        _text("grid"),
        _text("address"),
        _text("status"),
        _whole("residents", nullable=True),
        _one_of("status", ("owned", "rented", "vacant", "commercial", "demolished", "unknown")),
        sa.CheckConstraint("serial >= 1", name="serial"),
        sa.CheckConstraint("residents >= 0", name="residents"),
        sa.ForeignKeyConstraint(["frame_id", "area"], ["areas.frame_id", "areas.code"], name="fk_units_area"),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "units", ["frame_id", "area"])
    op.create_table(
        "header_maps",
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("header", sa.Text(), primary_key=True),
        _text("field"),
        _time("at"),
        _text("mapped_by"),
        _one_of("kind", KINDS),
    )


def _draws() -> None:
    op.create_table(
        "draws",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("frame_id", sa.Integer(), sa.ForeignKey("frames.id"), nullable=False),
        _text("frame_digest"),
        _text("method"),
        _whole("per_community"),
        _text("seed"),
        sa.Column("public", sa.Boolean(), nullable=False),
        _text("salt"),
        _text("digest"),
        _whole("cases"),
        _text("state"),
        _text("drawn_by"),
        _time("drawn_at"),
        _text("decided_by", nullable=True),
        _time("decided_at", nullable=True),
        _text("reason"),
        _one_of("state", ("proposed", "approved", "rejected")),
        sa.CheckConstraint("per_community >= 1", name="per_community"),
        sa.CheckConstraint("cases >= 0", name="cases"),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_at"),
        sa.CheckConstraint("state <> 'approved' OR decided_by <> drawn_by", name="second_person"),
        sa.UniqueConstraint("id", "frame_id"),
    )
    op.create_index(None, "draws", ["wave_id"])
    op.create_index(None, "draws", ["frame_id"])
    standing = sa.text("state IN ('proposed', 'approved')")
    op.create_index(
        "ix_draws_one_open", "draws", ["wave_id"], unique=True, sqlite_where=standing, postgresql_where=standing
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _whole("draw_id"),
        _whole("frame_id"),
        _whole("unit_serial"),
        _text("area"),
        _text("grid"),
        _whole("inclusion_n"),
        _whole("inclusion_total"),
        sa.CheckConstraint("inclusion_n >= 1 AND inclusion_n <= inclusion_total", name="inclusion"),
        sa.ForeignKeyConstraint(["draw_id", "frame_id"], ["draws.id", "draws.frame_id"], name="fk_cases_draw"),
        sa.ForeignKeyConstraint(["frame_id", "unit_serial"], ["units.frame_id", "units.serial"], name="fk_cases_unit"),
        sa.UniqueConstraint("draw_id", "frame_id", "unit_serial"),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "cases", ["frame_id", "unit_serial"])


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        _time("at"),
        _text("assigned_by"),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "assignments", ["account_id"])


def _protect_on_sqlite() -> None:
    def refuse(name: str, when: str, message: str) -> None:
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")

    for table in ("cases", "draws"):
        refuse(f"{table}_no_delete", f"DELETE ON {table}", f"{table} is append-only")
    refuse("cases_no_update", "UPDATE ON cases", "cases is append-only")
    refuse("draws_no_update", f"UPDATE OF {', '.join(FIXED)} ON draws", "a draw never changes")
    refuse("draws_decided_once", "UPDATE ON draws WHEN OLD.state <> 'proposed'", "a draw is decided once")


def _protect_on_postgresql() -> None:
    def refuse(table: str, name: str, when: str, each: str, message: str) -> None:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()")

    refuse("cases", "cases_append_only", "UPDATE OR DELETE OR TRUNCATE", "STATEMENT", "cases is append-only")
    refuse("draws", "draws_append_only", "DELETE OR TRUNCATE", "STATEMENT", "draws is append-only")
    refuse("draws", "draws_no_update", f"UPDATE OF {', '.join(FIXED)}", "STATEMENT", "a draw never changes")
    once = "ROW WHEN (OLD.state <> 'proposed')"
    refuse("draws", "draws_decided_once", "UPDATE", once, "a draw is decided once")
