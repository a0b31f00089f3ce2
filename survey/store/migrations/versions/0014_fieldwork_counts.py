"""What a closed wave keeps of its fieldwork: sums of weights, attempts by time, days.

Of waves closed before only the sums of weights can be told: every case of a community had the same probability. When
their attempts were made went with their log.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CLASSES = {
    "I": ("1.1",),
    "P": ("1.2",),
    "R": ("2.111", "2.112", "2.12"),
    "NC": ("2.23", "2.24", "2.25"),
    "O": ("2.32", "2.33", "2.36"),
    "UH": ("3.11", "3.17", "3.20"),
    "NE": ("4.10", "4.51", "4.61", "4.70"),
}


def upgrade() -> None:
    counts = ("evening", "weekend", "under_three", "office_hours_only")
    op.create_table(
        "fieldwork_counts",
        *_key("area"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        *(sa.CheckConstraint(f"{name} >= 0", name=name) for name in counts),
    )
    members = ", ".join(f"'{member}'" for member in ("I", "P", "R", "NC", "O", "UH", "UO", "NE"))
    op.create_table(
        "weighted_counts",
        *_key("area", "member"),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.CheckConstraint(f"member IN ({members})", name="member"),
        sa.CheckConstraint("weight > 0", name="weight"),
    )
    op.create_table(
        "attempt_days",
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), primary_key=True),
        sa.Column("first_day", sa.Date(), primary_key=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("attempts", "contacts", "completes")),
        sa.CheckConstraint("last_day >= first_day", name="last_day"),
        sa.CheckConstraint("attempts >= 10", name="attempts"),
        sa.CheckConstraint("contacts >= 0 AND contacts <= attempts", name="contacts"),
        sa.CheckConstraint("completes >= 0", name="completes"),
    )
    op.create_table(
        "attempt_hours",
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), primary_key=True),
        sa.Column("weekday", sa.Integer(), primary_key=True),
        sa.Column("hour", sa.Integer(), primary_key=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday >= 0 AND weekday <= 6", name="weekday"),
        sa.CheckConstraint("hour >= 0 AND hour <= 23", name="hour"),
        sa.CheckConstraint("attempts >= 1", name="attempts"),
    )
    _weigh_closed_waves()


def _key(*names: str) -> list[sa.Column[Any]]:
    return [
        sa.Column("wave_id", sa.Integer(), sa.ForeignKey("waves.id"), primary_key=True),
        *(sa.Column(name, sa.Text(), primary_key=True) for name in names),
    ]


def _weigh_closed_waves() -> None:
    whens = " ".join(
        f"WHEN disposition IN ({', '.join(repr(code) for code in codes)}) THEN '{member}'"
        for member, codes in CLASSES.items()
    )
    counted = f"SELECT wave_id, area, cases, CASE {whens} END AS member FROM disposition_counts"  # noqa: S608 - codes
    drawn = (
        "SELECT draws.wave_id, cases.area, MIN(CAST(inclusion_total AS double precision) / inclusion_n) AS weight "
        "FROM cases JOIN draws ON draws.id = cases.draw_id WHERE draws.state = 'approved' "
        "GROUP BY draws.wave_id, cases.area"
    )
    op.execute(
        "INSERT INTO weighted_counts (wave_id, area, member, weight) "  # noqa: S608 - of the constants above
        f"SELECT counted.wave_id, counted.area, counted.member, SUM(counted.cases) * MIN(drawn.weight) "
        f"FROM ({counted}) AS counted JOIN ({drawn}) AS drawn "
        "ON drawn.wave_id = counted.wave_id AND drawn.area = counted.area "
        "GROUP BY counted.wave_id, counted.area, counted.member"
    )
