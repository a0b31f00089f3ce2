"""The form of an action: what was typed, what was there before, and two people's changes of it side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.messages import N_
from survey.store.outreach_actions import OutreachAction

#: Field of the form -> what the store calls it.
FIELDS: Mapping[str, str] = {
    "type": "type_code",
    "quantity": "quantity",
    "status": "status",
    "place": "place",
    "department": "department",
    "start": "start",
    "end": "end",
    "leader": "leader",
    "owner": "owner",
    "unit_cost": "unit_cost_cny",
    "budget": "budget_cny",
    "spent": "spent_cny",
    "evidence": "evidence",
    "result": "result",
}
#: Field of the store -> what it is called in the form and in the history.
FIELD_NAMES: Mapping[str, str] = {
    "type_code": N_("行动类型"),
    "wanted": N_("足额数量"),
    "quantity": N_("计划数量"),
    "status": N_("状态"),
    "place": N_("地点"),
    "department": N_("责任部门"),
    "start": N_("开始日期"),
    "end": N_("截止日期"),
    "leader": N_("责任领导"),
    "owner": N_("责任人"),
    "unit_cost_cny": N_("单价（元）"),
    "cost_assumed": N_("单价为假定"),
    "budget_cny": N_("预算（元）"),
    "spent_cny": N_("已支出（元）"),
    "evidence": N_("佐证材料"),
    "result": N_("结果"),
}
#: A yes or no as the histories keep it.
YES: Mapping[str, str] = {"True": N_("是"), "False": N_("否")}


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A form that was sent from an older state of the action. ``shown``: what the form says now; ``theirs``: where
    both changed the same field to different things, what is stored.
    """

    shown: Mapping[str, str]
    theirs: Mapping[str, str]


def texts_of(action: OutreachAction) -> dict[str, str]:
    """The action as the fields of the form say it."""
    return {name: _text(getattr(action, stored)) for name, stored in FIELDS.items()}


def sent(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What the form says, and what it said when it was opened; a field that was not sent stays as it was."""
    was = {name: _clean(form.get(f"was-{name}", "")) for name in FIELDS}
    return {name: _clean(form.get(name, was[name])) for name in FIELDS}, was


def changed(mine: Mapping[str, str], was: Mapping[str, str]) -> dict[str, str]:
    """The fields that the sender touched."""
    return {name: mine[name] for name in FIELDS if mine[name] != was[name]}


def compare(mine: Mapping[str, str], was: Mapping[str, str], stored: Mapping[str, str]) -> Compared:
    """Fields that the sender left alone follow what is stored; the others keep what was typed.

    >>> was = dict.fromkeys(FIELDS, "") | {"owner": "Li", "leader": "Xu", "result": "a"}
    >>> found = compare(was | {"owner": "Wu", "leader": "He"}, was, was | {"owner": "Ma", "result": "b"})
    >>> found.shown["owner"], found.shown["leader"], found.shown["result"], dict(found.theirs)
    ('Wu', 'He', 'b', {'owner': 'Ma'})
    """
    shown = {name: stored[name] if mine[name] == was[name] else mine[name] for name in FIELDS}
    both = [name for name in FIELDS if stored[name] != was[name] and shown[name] != stored[name]]
    return Compared(shown=shown, theirs={name: stored[name] for name in both})


def amount_text(amount: float) -> str:
    """As one types it.

    >>> amount_text(12000.0), amount_text(3.5)
    ('12000', '3.50')
    """
    return f"{amount:.2f}".removesuffix(".00")


def _text(value: object) -> str:
    if value is None:
        return ""
    return amount_text(value) if isinstance(value, float) else str(value)


def _clean(text: str) -> str:
    """Browsers end lines in their own way."""
    return text.replace("\r\n", "\n").strip()
