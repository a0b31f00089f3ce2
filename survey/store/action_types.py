"""Types of action with their unit and price, and every change of them. What nobody has changed is as the project ships
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from questionnaires.definition import Text
from survey.messages import N_, Message, NotThere
from survey.outreach import ActionKind, ActionType, Per
from survey.outreach_types import starting_types
from survey.store.tables import Base, Choice, Json, one_of
from survey.store.written_values import written


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


class ActionTypeChangeRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "action_type_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column("type_code", ForeignKey("action_types.code"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("changed_by")
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class TypeChange:
    """``field``: ``name_zh name_en unit_zh unit_en unit_cost_cny assumed``; ``before``, ``after``: its values as
    :func:`~survey.store.written_values.written`.
    """

    code: str
    at: datetime
    by: str
    field: str
    before: str
    after: str


def list_types(session: Session) -> tuple[ActionType, ...]:
    """Every type, in the order the project ships them."""
    stored = {row.code: row for row in session.scalars(select(ActionTypeRow))}
    shipped = {kind.code: kind for kind in starting_types()}
    changed = {code: _type(row) for code, row in stored.items()}
    return tuple((shipped | changed).values())


def list_types_at(session: Session, moment: datetime) -> tuple[ActionType, ...]:
    """As :func:`list_types`, with the names and units they had then, as far as officials changed them: what was
    published with these keeps them.
    """
    types = list_types(session)
    called = {kind.code: _called(kind) for kind in types}
    for change in reversed(list_type_changes(session)):
        if change.at > moment and change.field in called[change.code]:
            called[change.code][change.field] = change.before
    return tuple(
        replace(
            kind,
            name=Text(zh_Hans=words["name_zh"], en=words["name_en"]),
            unit=Text(zh_Hans=words["unit_zh"], en=words["unit_en"]),
        )
        for kind in types
        for words in (called[kind.code],)
    )


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
    """The type as it is now; what is the same is no change. ``assumed``: its price still is an assumption.

    Raises :class:`NotThere`.
    """
    keep_type(session, code)
    row = session.get_one(ActionTypeRow, code, with_for_update=True, populate_existing=True)
    values = {
        "name_zh": name.zh_Hans,
        "name_en": name.en,
        "unit_zh": unit.zh_Hans,
        "unit_en": unit.en,
        "unit_cost_cny": unit_cost_cny,
        "assumed": assumed,
    }
    changes = {field: value for field, value in values.items() if getattr(row, field) != value}
    for field, value in changes.items():
        before, after = written(getattr(row, field)), written(value)
        setattr(row, field, value)
        session.add(ActionTypeChangeRow(code=code, at=at, by=by, field=field, before=before, after=after))
    if changes:
        row.changed_at, row.changed_by = at, by
    session.flush()
    return _type(row)


def list_type_changes(session: Session) -> tuple[TypeChange, ...]:
    """Of every type, in the order they were made."""
    return tuple(
        TypeChange(code=row.code, at=row.at, by=row.by, field=row.field, before=row.before, after=row.after)
        for row in session.scalars(select(ActionTypeChangeRow).order_by(ActionTypeChangeRow.id))
    )


def keep_type(session: Session, code: str) -> ActionTypeRow:
    """The type's row, made now if there was none: actions refer to it. Raises :class:`NotThere`."""
    found = session.get(ActionTypeRow, code)
    if found is None:
        found = ActionTypeRow(**_values(get_type(session, code)))
        session.add(found)
        session.flush()
    return found


def _called(kind: ActionType) -> dict[str, str]:
    return {
        "name_zh": kind.name.zh_Hans,
        "name_en": kind.name.en,
        "unit_zh": kind.unit.zh_Hans,
        "unit_en": kind.unit.en,
    }


def _values(kind: ActionType) -> Mapping[str, Any]:
    return {
        "code": kind.code,
        **_called(kind),
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
