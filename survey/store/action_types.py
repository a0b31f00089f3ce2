"""Types of action with their unit and price. What nobody has changed is as the project ships it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from questionnaires.definition import Text
from survey.messages import N_, Message, NotThere
from survey.outreach import ActionKind, ActionType, Per
from survey.outreach_types import starting_types
from survey.store.tables import Base, Choice, Json, one_of


class ActionTypeRow(Base):
    """A row comes into being when a type is first used or changed."""

    __tablename__ = "action_types"
    __table_args__ = (
        one_of("per", Per),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in ("unit_cost_cny", "cost_low", "amount")),
        CheckConstraint("(changed_at IS NULL) = (changed_by IS NULL)", name="changed"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    unit_zh: Mapped[str]
    unit_en: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(Json)
    unit_cost_cny: Mapped[float]
    cost_low: Mapped[float]
    cost_high: Mapped[float]
    assumed: Mapped[bool]
    evidence: Mapped[list[str]] = mapped_column(Json)
    per: Mapped[Per] = mapped_column(Choice(Per))
    amount: Mapped[float]
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str | None]


def list_types(session: Session) -> tuple[ActionType, ...]:
    """Every type, in the order the project ships them."""
    stored = {row.code: row for row in session.scalars(select(ActionTypeRow))}
    shipped = {kind.code: kind for kind in starting_types()}
    changed = {code: _type(row) for code, row in stored.items()}
    return tuple((shipped | changed).values())


def get_type(session: Session, code: str) -> ActionType:
    """Raises :class:`NotThere`."""
    row = session.get(ActionTypeRow, code)
    found = _type(row) if row else next((kind for kind in starting_types() if kind.code == code), None)
    if found is None:
        raise NotThere(Message(N_("没有代码为“{got}”的行动类型"), {"got": code[:40]}))
    return found


def change_type(
    session: Session,
    code: str,
    *,
    name: Text,
    unit: Text,
    unit_cost_cny: float,
    at: datetime,
    by: str,
    assumed: bool = False,
) -> ActionType:
    """The type as it is now; ``assumed``: its price still is an assumption. Raises :class:`NotThere`."""
    row = keep_type(session, code)
    row.name_zh, row.name_en = name.zh_Hans, name.en
    row.unit_zh, row.unit_en = unit.zh_Hans, unit.en
    row.unit_cost_cny, row.assumed = unit_cost_cny, assumed
    row.changed_at, row.changed_by = at, by
    session.flush()
    return _type(row)


def keep_type(session: Session, code: str) -> ActionTypeRow:
    """The type's row, made now if there was none: actions refer to it. Raises :class:`NotThere`."""
    found = session.get(ActionTypeRow, code)
    if found is None:
        found = ActionTypeRow(**_values(get_type(session, code)))
        session.add(found)
        session.flush()
    return found


def _values(kind: ActionType) -> Mapping[str, Any]:
    return {
        "code": kind.code,
        "name_zh": kind.name.zh_Hans,
        "name_en": kind.name.en,
        "unit_zh": kind.unit.zh_Hans,
        "unit_en": kind.unit.en,
        "kinds": sorted(kind.kinds),
        "unit_cost_cny": kind.unit_cost_cny,
        "cost_low": kind.cost_low,
        "cost_high": kind.cost_high,
        "assumed": kind.assumed,
        "evidence": list(kind.evidence),
        "per": kind.per,
        "amount": kind.amount,
    }


def _type(row: ActionTypeRow) -> ActionType:
    return ActionType(
        code=row.code,
        name=Text(zh_Hans=row.name_zh, en=row.name_en),
        unit=Text(zh_Hans=row.unit_zh, en=row.unit_en),
        kinds=frozenset(map(ActionKind, row.kinds)),
        unit_cost_cny=row.unit_cost_cny,
        cost_low=row.cost_low,
        cost_high=row.cost_high,
        assumed=row.assumed,
        evidence=tuple(row.evidence),
        per=row.per,
        amount=row.amount,
    )
