"""The first tables: accounts, frames, instruments, waves, imports, responses, estimates and reports.

Values allowed in a column are written out here, not taken from the code: a migration is history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: So that a backup is known as this program's, and another program's SQLite file is not ("RSvy").
APPLICATION_ID = 0x52537679

WAVE_STATES = ("draft", "drawn", "fielding", "closed", "published")
APPEND_ONLY = ("wave_events", "estimate_runs", "estimates")
NUMBERS = (
    *("n", "n_effective", "proportion", "se", "low", "high", "df", "design_effect"),
    *("range_low", "range_high", "dont_know_share", "refusal_share", "no_answer_share"),
)


def upgrade() -> None:
    """Everything from nothing."""
    _people()
    _what_is_asked_where()
    _answers()
    _results()
    _events()
    for table in APPEND_ONLY:
        _make_append_only(table)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, unique=unique)


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("name", unique=True),
        _text("password_hash"),
        _text("role"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False, server_default="0"),
        _time("created_at"),
        _one_of("role", ("administrator", "statistician", "official")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("name_key"),
        _text("address_key"),
        _time("at"),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
    )
    for column in ("name_key", "address_key", "at"):
        op.create_index(None, "sign_in_attempts", [column])


def _what_is_asked_where() -> None:
    op.create_table(
        "frames",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("digest"),
        _time("created_at"),
    )
    op.create_table(
        "areas",
        sa.Column("frame_id", sa.Integer(), sa.ForeignKey("frames.id"), primary_key=True),
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("name"),
        _text("level"),
        _text("parent", nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        _one_of("level", ("city", "county", "street", "zone", "community", "village", "grid")),
        sa.CheckConstraint("population >= 0", name="population"),
        sa.ForeignKeyConstraint(
            ["frame_id", "parent"],
            ["areas.frame_id", "areas.code"],
            name="fk_areas_parent",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index(None, "areas", ["frame_id", "parent"])
    op.create_table(
        "instruments",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("slug"),
        _text("version"),
        _text("fingerprint"),
        _text("document"),
        _time("added_at"),
        sa.UniqueConstraint("slug", "version"),
    )
    op.create_table(
        "waves",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("name"),
        _text("state"),
        sa.Column("instrument_id", sa.Integer(), sa.ForeignKey("instruments.id"), nullable=False),
        sa.Column("frame_id", sa.Integer(), sa.ForeignKey("frames.id"), nullable=False),
        _text("details"),
        _time("opened_at"),
        _one_of("state", WAVE_STATES),
    )
    op.create_index(None, "waves", ["instrument_id"])
    op.create_index(None, "waves", ["frame_id"])


def _answers() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        _text("file_digest"),
        _text("columns_digest"),
        _text("design", nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        _text("report"),
        _time("at"),
        _text("imported_by"),
    )
    op.create_index(None, "imports", ["wave_id"])
    op.create_table(
        "responses",
        sa.Column("uuid", sa.Uuid(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("import_id", sa.Integer(), sa.ForeignKey("imports.id"), nullable=True),
        _text("area"),
        _text("mode"),
        sa.Column("day", sa.Date(), nullable=True),
        _text("completeness"),
        _text("digest"),
        _text("answers"),
        _one_of("mode", ("capi", "web_token", "web_open", "paper_entry", "cati_entry", "kiosk", "imported")),
        _one_of("completeness", ("complete", "partial", "break_off")),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "responses", ["wave_id", "area"])
    op.create_index(None, "responses", ["import_id"])


def _results() -> None:
    op.create_table(
        "estimate_runs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        _text("by_level"),
        _text("instrument_fingerprint"),
        _text("frame_digest"),
        _text("answers_digest"),
        sa.Column("responses", sa.Integer(), nullable=False),
        _text("mode_counts"),
        _text("design", nullable=True),
        sa.Column("level", sa.Double(), nullable=False),
        _text("seed"),
        _text("code_version"),
        _time("at"),
        _text("estimated_by"),
        _one_of("by_level", ("city", "county", "street", "zone", "community", "village", "grid")),
    )
    op.create_index(None, "estimate_runs", ["wave_id"])
    _estimates()
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("estimate_runs.id"), nullable=False),
        _text("area"),
        _text("language"),
        sa.Column("draft", sa.Boolean(), nullable=False),
        _text("state"),
        _text("error", nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        _text("sha256", nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        _text("missing_characters"),
        _time("wanted_at"),
        _text("wanted_by"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _time("claimed_at", nullable=True),
        _time("finished_at", nullable=True),
        _one_of("state", ("wanted", "building", "done", "failed")),
        sa.UniqueConstraint("run_id", "area", "language", "draft"),
    )
    op.create_index(None, "reports", ["wave_id"])
    op.create_table(
        "report_files",
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
    )


def _estimates() -> None:
    def number(name: str) -> sa.Column[float]:
        return sa.Column(name, sa.Double(), nullable=True)

    op.create_table(
        "estimates",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("estimate_runs.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        _text("indicator"),
        _text("area", nullable=True),
        _text("base"),
        _text("subset"),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        *map(number, ("n_effective", "proportion", "se", "low", "high")),
        sa.Column("level", sa.Double(), nullable=False),
        _text("method", nullable=True),
        number("df"),
        sa.Column("pooled", sa.Boolean(), nullable=True),
        number("design_effect"),
        _text("reliability", nullable=True),
        _text("band", nullable=True),
        *map(number, ("target", "range_low", "range_high")),
        *map(number, ("dont_know_share", "refusal_share", "no_answer_share")),
        _text("reason", nullable=True),
        _one_of("base", ("asked", "valid")),
        _one_of("subset", ("all", "not_coached")),
        _one_of("method", ("wilson_effective",)),
        _one_of("reliability", ("reliable", "with_care")),
        _one_of("band", ("above", "indistinguishable", "below")),
        _one_of(
            "reason",
            (
                "too_few_respondents_or_protects_such_a_group",
                "non_probability_sample",
                "nobody_in_base",
                "one_respondent",
                "single_psu",
                "census",
            ),
        ),
        sa.CheckConstraint(
            "published OR (" + " AND ".join(f"{name} IS NULL" for name in NUMBERS) + ")", name="unpublished"
        ),
    )


def _events() -> None:
    op.create_table(
        "wave_events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), nullable=False),
        _text("from_state", nullable=True),
        _text("to_state"),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("estimate_runs.id"), nullable=True),
        _time("at"),
        _text("changed_by"),
        _one_of("from_state", WAVE_STATES),
        _one_of("to_state", WAVE_STATES),
    )
    op.create_index(None, "wave_events", ["wave_id"])
    op.create_index(None, "wave_events", ["run_id"])


def _make_append_only(table: str) -> None:
    message = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
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
