"""Outreach plans: action types, actions with their history, work done, the ledger of visits.

Values allowed in a column are written out here, not taken from the code: a migration is history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = ("tell", "fix", "ask")
FINDINGS = ("below_target", "cause_unknown", "not_shown", "with_care", "undecided", "self_chosen")
#: What asked for an action; the rest of its columns are for people to change.
FIXED_OF_ACTION = (
    *("id", "plan_id", "run_id", "estimate_position", "kind", "finding", "indicator", "area"),
    *("made_at", "made_by"),
)
FIXED_OF_WORK = ("id", "action_id", "grid", "day", "people", "quantity", "at", "recorded_by")


def upgrade() -> None:
    """Nothing of what was there before changes."""
    _types_and_plans()
    _actions()
    _records()
    for table in ("outreach_changes", "outreach_comments"):
        _refuse(table, f"{table}_append_only", "", f"{table} is append-only")
    for table in ("outreach_plans", "outreach_actions", "outreach_work"):
        _refuse(table, f"{table}_stay", None, f"{table} is append-only")
    _refuse("outreach_plans", "outreach_plans_fixed", "id, wave_id", "a plan stays with its wave")
    _refuse("outreach_actions", "outreach_actions_fixed", ", ".join(FIXED_OF_ACTION), "what asked for it never changes")
    _refuse("outreach_work", "outreach_work_fixed", ", ".join(FIXED_OF_WORK), "work is made void, never changed")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _real(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=nullable)


def _yes(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _to(name: str, key: str, *, unique: bool = False, primary: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(key), nullable=False, unique=unique, primary_key=primary)


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN (" + ", ".join(f"'{value}'" for value in values) + ")", name=column)


def _least(column: str, least: int = 0) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} >= {least}", name=column)


def _types_and_plans() -> None:
    op.create_table(
        "action_types",
        sa.Column("code", sa.Text(), primary_key=True),
        *(_text(name) for name in ("name_zh", "name_en", "unit_zh", "unit_en", "kinds")),
        *(_real(name) for name in ("unit_cost_cny", "cost_low", "cost_high")),
        _yes("assumed"),
        _text("evidence"),
        _text("per"),
        _real("amount"),
        _time("changed_at", nullable=True),
        _text("changed_by", nullable=True),
        _one_of("per", ("community", "grid", "household", "need")),
        *(_least(name) for name in ("unit_cost_cny", "cost_low", "amount")),
        sa.CheckConstraint("(changed_at IS NULL) = (changed_by IS NULL)", name="changed"),
    )
    op.create_table(
        "outreach_plans",
        _number(),
        _to("wave_id", "waves.id", unique=True),
        _to("run_id", "estimate_runs.id"),
        _real("budget_cny", nullable=True),
        _time("made_at"),
        _text("made_by"),
        _least("budget_cny"),
    )
    op.create_index(None, "outreach_plans", ["run_id"])


def _actions() -> None:
    op.create_table(
        "outreach_actions",
        _number(),
        _to("plan_id", "outreach_plans.id"),
        _whole("run_id"),
        _whole("estimate_position"),
        *(_text(name) for name in ("kind", "finding", "indicator", "area", "place")),
        sa.Column("type_code", sa.Text(), sa.ForeignKey("action_types.code"), nullable=False),
        _whole("wanted"),
        _whole("quantity"),
        _real("unit_cost_cny"),
        _yes("cost_assumed"),
        _whole("residents", nullable=True),
        _day("starts", nullable=True),
        _day("ends", nullable=True),
        *(_text(name) for name in ("leader", "owner", "department")),
        _real("budget_cny", nullable=True),
        _real("spent_cny", nullable=True),
        *(_text(name) for name in ("evidence", "status", "result")),
        _yes("edited"),
        _whole("revision"),
        _time("made_at"),
        _text("made_by"),
        _one_of("kind", KINDS),
        _one_of("finding", FINDINGS),
        _one_of("status", ("not_started", "in_progress", "done", "cancelled")),
        *(_least(name) for name in ("wanted", "quantity", "unit_cost_cny", "residents", "budget_cny", "spent_cny")),
        _least("revision", 1),
        sa.CheckConstraint("ends >= starts", name="dates"),
        sa.ForeignKeyConstraint(
            ["run_id", "estimate_position"],
            ["estimates.run_id", "estimates.position"],
            name="fk_outreach_actions_estimate",
        ),
        sa.UniqueConstraint("plan_id", "run_id", "estimate_position", "kind"),
    )
    op.create_index(None, "outreach_actions", ["run_id", "estimate_position"])
    op.create_index(None, "outreach_actions", ["type_code"])


def _records() -> None:
    op.create_table(
        "outreach_changes",
        _number(),
        _to("action_id", "outreach_actions.id"),
        _time("at"),
        *(_text(name) for name in ("changed_by", "field", "before", "after")),
    )
    op.create_index(None, "outreach_changes", ["action_id"])
    op.create_table(
        "outreach_comments",
        _number(),
        _to("action_id", "outreach_actions.id"),
        _time("at"),
        *(_text(name) for name in ("written_by", "comment")),
    )
    op.create_index(None, "outreach_comments", ["action_id"])
    op.create_table(
        "outreach_work",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _to("action_id", "outreach_actions.id"),
        _text("grid"),
        _day("day"),
        _whole("people"),
        _whole("quantity"),
        _time("at"),
        _text("recorded_by"),
        _text("voided_by", nullable=True),
        _least("people", 1),
        _least("quantity"),
    )
    op.create_index(None, "outreach_work", ["action_id"])
    op.create_table(
        "ledger_visits",
        _to("action_id", "outreach_actions.id", primary=True),
        sa.Column("frame_id", sa.Integer(), primary_key=True),
        sa.Column("unit_serial", sa.Integer(), primary_key=True),
        _text("outcome"),
        _day("day"),
        _text("ticked_by"),
        _one_of("outcome", ("reached", "nobody", "do_not_disturb")),
        sa.ForeignKeyConstraint(
            ["frame_id", "unit_serial"], ["units.frame_id", "units.serial"], name="fk_ledger_visits_unit"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "ledger_visits", ["frame_id", "unit_serial"])


def _refuse(table: str, name: str, columns: str | None, message: str) -> None:
    """Triggers against changing ``columns`` ("": any, and deleting too; ``None``: against deleting alone)."""
    update = f"UPDATE OF {columns}" if columns else "UPDATE"
    verbs = {"": [update, "DELETE"], None: ["DELETE"]}.get(columns, [update])
    if op.get_bind().dialect.name == "sqlite":
        for number, verb in enumerate(verbs):
            op.execute(
                f"CREATE TRIGGER {name}_{number} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    events = " OR ".join([*verbs, *(["TRUNCATE"] if "DELETE" in verbs else [])])
    op.execute(f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()")
