"""Draws of any design, drawn in public: commitments, public values, reserves that are released, stages of each case.

Values allowed in a column are written out here, not taken from the code: a migration is history. Draws of before took
the same number in every community; the text of that design is written as the program of today writes it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: What a draw was made of; the rest of its columns hold the decision.
FIXED = (
    *("id", "wave_id", "frame_id", "frame_digest", "method", "per_community"),
    *("seed", "seed_source", "public", "salt", "digest", "cases", "drawn_by", "drawn_at"),
    *("design", "replicates", "windows", "earlier", "commitment_id"),
    *("public_value_name", "public_value", "public_value_at", "public_value_source"),
)
PUBLIC_VALUE = ("public_value_name", "public_value", "public_value_at", "public_value_source")
SOURCES = "seed_source IN ('given', 'machine', 'public_value')"
STANDING = "state IN ('proposed', 'approved')"
EQUAL = (
    '{"allocation":{"minimum":0,"per_community":',
    ',"rule":"equal","whole_if_small":true},"respondent":"list","stage":[{"method":"systematic","unit":"dwelling"}]}',
)


def upgrade() -> None:
    _commitments()
    _draws()
    _cases()
    _releases()
    for table in ("draw_commitments", "replicate_releases"):
        _make_append_only(table)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _commitments() -> None:
    op.create_table(
        "draw_commitments",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("frame_id", sa.Integer(), sa.ForeignKey("frames.id"), nullable=False),
        *(_text(name) for name in ("frame_digest", "design", "earlier", "secret", "secret_digest", "public_values")),
        _time("committed_at"),
        _text("committed_by"),
        sa.CheckConstraint("length(secret) = 64", name="secret"),
        sa.CheckConstraint("length(secret_digest) = 64", name="secret_digest"),
    )
    op.create_index(None, "draw_commitments", ["wave_id"])
    op.create_index(None, "draw_commitments", ["frame_id"])


def _draws() -> None:
    """Dropping NOT NULL makes the table anew on SQLite, where its triggers go; so all are written again."""
    op.drop_index("ix_draws_one_open", "draws")
    if not _sqlite():
        for trigger in ("draws_no_update_of_source", "draws_no_update"):
            op.execute(f"DROP TRIGGER {trigger} ON draws")
        op.drop_constraint(op.f("ck_draws_seed_source"), "draws", type_="check")
    with op.batch_alter_table("draws") as batch:
        batch.alter_column("per_community", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("design", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.add_column(sa.Column("replicates", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(_text("windows", nullable=True))
        batch.add_column(sa.Column("earlier", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.add_column(sa.Column("commitment_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_draws_commitment_id"), "draw_commitments", ["commitment_id"], ["id"])
        for name in PUBLIC_VALUE:
            batch.add_column(_time(name, nullable=True) if name == "public_value_at" else _text(name, nullable=True))
            batch.create_check_constraint(op.f(f"ck_draws_{name}"), f"(commitment_id IS NULL) = ({name} IS NULL)")
        batch.create_check_constraint(op.f("ck_draws_seed_source"), SOURCES)
        batch.create_check_constraint(op.f("ck_draws_public"), "public = (commitment_id IS NOT NULL)")
        batch.create_check_constraint(op.f("ck_draws_replicates"), "replicates >= 0")
        batch.create_unique_constraint(
            op.f("uq_draws_commitment_id_public_value_name"), ["commitment_id", "public_value_name"]
        )
    standing = sa.text(STANDING)
    op.create_index(
        "ix_draws_one_open", "draws", ["wave_id"], unique=True, sqlite_where=standing, postgresql_where=standing
    )
    _fill_designs()
    _protect_draws()


def _fill_designs() -> None:
    """PostgreSQL keeps the trigger that lets nobody touch a decided draw; it looks away for one statement."""
    if not _sqlite():
        op.execute("ALTER TABLE draws DISABLE TRIGGER draws_decided_once")
    filling = sa.text("UPDATE draws SET design = :before || CAST(per_community AS TEXT) || :after")
    op.get_bind().execute(filling, {"before": EQUAL[0], "after": EQUAL[1]})
    if not _sqlite():
        op.execute("ALTER TABLE draws ENABLE TRIGGER draws_decided_once")


def _protect_draws() -> None:
    fixed = ", ".join(FIXED)
    if not _sqlite():
        op.execute(
            f"CREATE TRIGGER draws_no_update BEFORE UPDATE OF {fixed} ON draws "
            "FOR EACH STATEMENT EXECUTE FUNCTION draws_no_update()"
        )
        return
    for name, when, message in (
        ("draws_no_delete", "DELETE ON draws", "draws is append-only"),
        ("draws_no_update", f"UPDATE OF {fixed} ON draws", "a draw never changes"),
        ("draws_decided_once", "UPDATE ON draws WHEN OLD.state <> 'proposed'", "a draw is decided once"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _cases() -> None:
    """Columns are added alone: no table is made anew. The cases of before are the main replicate of one stage."""
    if _sqlite():
        op.execute("DROP TRIGGER cases_no_update")
    else:
        op.execute("ALTER TABLE cases DISABLE TRIGGER cases_append_only")
        for name in ("inclusion_n", "inclusion_total"):
            op.alter_column("cases", name, type_=sa.BigInteger(), existing_type=sa.Integer())
    op.execute(
        "ALTER TABLE cases ADD COLUMN replicate INTEGER DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_cases_replicate CHECK (replicate >= 0)"
    )
    for name in ("stratum", "psu", "stages"):
        op.execute(f"ALTER TABLE cases ADD COLUMN {name} TEXT DEFAULT '' NOT NULL")
    op.execute(
        "UPDATE cases SET stratum = area, stages = CAST(inclusion_n AS TEXT) || '/' || CAST(inclusion_total AS TEXT)"
    )
    if _sqlite():
        op.execute(
            "CREATE TRIGGER cases_no_update BEFORE UPDATE ON cases "
            "BEGIN SELECT RAISE(ABORT, 'cases is append-only'); END"
        )
    else:
        op.execute("ALTER TABLE cases ENABLE TRIGGER cases_append_only")
    op.create_index(None, "cases", ["draw_id", "area", "replicate"])


def _releases() -> None:
    op.create_table(
        "replicate_releases",
        sa.Column("draw_id", sa.Integer(), sa.ForeignKey("draws.id"), primary_key=True),
        sa.Column("area", sa.Text(), primary_key=True),
        sa.Column("replicate", sa.Integer(), primary_key=True),
        _text("reason"),
        _time("released_at"),
        _text("released_by"),
        sa.CheckConstraint("replicate >= 1", name="replicate"),
        sa.CheckConstraint("reason <> ''", name="reason"),
        sqlite_with_rowid=False,
    )


def _make_append_only(table: str) -> None:
    message = f"{table} is append-only"
    if _sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
