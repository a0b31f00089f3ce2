"""Estimates of a drawn sample: the draw and the weighting behind a run; rates of the open link apart from it.

Values allowed in a column are written out here, not taken from the code: a migration is history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBERS = (
    *("n", "n_effective", "proportion", "se", "low", "high", "df", "design_effect"),
    *("range_low", "range_high", "dont_know_share", "refusal_share", "no_answer_share"),
)
SUBSETS = ("all", "not_coached", "open_link")
#: As revision 0001 made them; SQLite, which makes a table anew to change it, leaves them behind.
RUN_CHECKS: dict[str, tuple[str, ...]] = {
    "by_level": ("city", "county", "street", "zone", "community", "village", "grid")
}
ESTIMATE_CHECKS: dict[str, tuple[str, ...]] = {
    "base": ("asked", "valid"),
    "method": ("wilson_effective",),
    "reliability": ("reliable", "with_care"),
    "band": ("above", "indistinguishable", "below"),
    "reason": (
        *("too_few_respondents_or_protects_such_a_group", "non_probability_sample"),
        *("nobody_in_base", "one_respondent", "single_psu", "census"),
    ),
}


def upgrade() -> None:
    """Runs and estimates keep their rows: no run before this one knew a draw or an open link."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("estimate_runs") as batch:
        batch.add_column(sa.Column("draw_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("draw_digest", sa.Text(), nullable=True))
        batch.add_column(sa.Column("sample", sa.Text(), nullable=True))
        batch.add_column(sa.Column("open_responses", sa.Integer(), nullable=False, server_default="0"))
        batch.create_foreign_key(op.f("fk_estimate_runs_draw_id"), "draws", ["draw_id"], ["id"])
        batch.create_check_constraint("draw", "(draw_id IS NULL) = (draw_digest IS NULL)")
        batch.create_check_constraint("sample", "(draw_id IS NULL) = (sample IS NULL)")
        if on_sqlite:
            for column, values in RUN_CHECKS.items():
                batch.create_check_constraint(column, _listed(column, values))
    op.create_index(None, "estimate_runs", ["draw_id"])
    with op.batch_alter_table("estimates") as batch:
        if on_sqlite:
            for column, values in ESTIMATE_CHECKS.items():
                batch.create_check_constraint(column, _listed(column, values))
            unpublished = " AND ".join(f"{name} IS NULL" for name in NUMBERS)
            batch.create_check_constraint("unpublished", f"published OR ({unpublished})")
        else:
            batch.drop_constraint(op.f("ck_estimates_subset"), type_="check")
        batch.create_check_constraint("subset", _listed("subset", SUBSETS))
    if on_sqlite:
        for table in ("estimate_runs", "estimates"):
            _make_append_only(table)


def _listed(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN (" + ", ".join(f"'{value}'" for value in values) + ")"


def _make_append_only(table: str) -> None:
    """Again: the triggers went with the old table."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
