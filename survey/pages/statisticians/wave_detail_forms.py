"""The form of a wave's facts: its fields, how they stand in it, and what it sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from questionnaires.definition import IndicatorSet, Questionnaire, Text
from survey.messages import N_, Message, Problem
from survey.waves import Approval, WaveDetails

#: Facts that fill a mark of the questionnaire by themselves.
TOLD_BY_FACTS = frozenset({"sponsor", "fieldwork", "telephone", "approval"})
DATES = ("start", "end", "valid_until")


@dataclass(frozen=True, kw_only=True)
class FactField:
    """``name``: of the fact. ``long``: several lines; ``date``: a day."""

    name: str
    label: str
    hint: str = ""
    long: bool = False
    date: bool = False


@dataclass(frozen=True, kw_only=True)
class FactGroup:
    title: str
    fields: Sequence[FactField]


WHEN = FactGroup(
    title=N_("什么时候"),
    fields=(
        FactField(name="start", label=N_("调查开始日期"), date=True),
        FactField(name="end", label=N_("调查结束日期"), date=True),
    ),
)
WHO = FactGroup(
    title=N_("谁来做"),
    fields=(
        FactField(name="sponsor", label=N_("委托单位"), hint=N_("居民第一眼看到的：谁在问。")),
        FactField(name="fieldwork", label=N_("实施单位")),
        FactField(name="funder", label=N_("经费来源")),
        FactField(name="telephone", label=N_("咨询电话"), hint=N_("居民能打通的，印在信、海报和问卷上。")),
    ),
)
LEGAL = FactGroup(
    title=N_("批准或备案"),
    fields=(
        FactField(name="form_no", label=N_("表号")),
        FactField(name="authority", label=N_("制定机关")),
        FactField(name="approval_no", label=N_("批准文号或备案号")),
        FactField(name="approval_ground", label=N_("不属于统计调查项目的依据")),
        FactField(name="valid_until", label=N_("有效期限"), date=True),
    ),
)
METHOD = FactGroup(
    title=N_("报告里的方法说明"),
    fields=(
        FactField(name="population", label=N_("调查总体"), hint=N_("问的是哪些人，不包括谁。"), long=True),
        FactField(name="recruitment", label=N_("抽样与招募方式"), hint=N_("抽样框、覆盖面、怎样找到人。"), long=True),
        FactField(name="quality", label=N_("数据处理与质量控制"), long=True),
        FactField(name="limitations", label=N_("局限性"), long=True),
        FactField(
            name="no_response_rate",
            label=N_("没有应答率的原因"),
            hint=N_("有抽样和入户记录的轮次不用填：应答率由记录算出。"),
            long=True,
        ),
    ),
)
GROUPS = (WHEN, WHO, LEGAL, METHOD)
APPROVALS: Mapping[Approval, str] = {
    Approval.APPROVED: N_("经统计机构批准"),
    Approval.FILED: N_("已向统计机构备案"),
    Approval.NOT_STATISTICAL: N_("不属于统计调查项目"),
}
#: What the other fields are called where one of them is wrong.
OTHER_LABELS = {
    "modes": N_("调查方式"),
    "approval": N_("法律依据"),
    "targets": N_("目标"),
    "placeholders": N_("问卷里的空白"),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Something the questionnaire asks of a wave: a wording for a mark, or a target of a rate."""

    name: str
    text: Text


def marks_of(questionnaire: Questionnaire) -> tuple[Asked, ...]:
    """The marks that no fact fills, with their wording where the wave sets none."""
    marks = questionnaire.placeholders.items()
    return tuple(Asked(name=name, text=text) for name, text in marks if name not in TOLD_BY_FACTS)


def targets_of(questionnaire: Questionnaire, details: WaveDetails) -> tuple[Asked, ...]:
    """The headline rates, and others for which the wave has a target already."""
    return tuple(
        Asked(name=one.code, text=one.label)
        for one in questionnaire.indicators
        if one.set is IndicatorSet.HEADLINE or one.code in details.targets
    )


def typed_facts(details: WaveDetails) -> dict[str, str | list[str]]:
    """The facts as they stand in the form."""
    texts = {field.name: getattr(details, field.name) for group in GROUPS for field in group.fields}
    typed: dict[str, str | list[str]] = {name: str(value or "") for name, value in texts.items()}
    typed["modes"] = [str(mode) for mode in details.modes]
    typed["approval"] = str(details.approval or "")
    typed |= {f"placeholder-{name}": wording for name, wording in details.placeholders.items()}
    return typed | {f"target-{code}": _percent(rate) for code, rate in details.targets.items()}


def sent_facts(form: MultiDict[str, str], before: WaveDetails) -> Mapping[str, Any]:
    """What the form says, as a wave's file would; what is left empty is left out. What the form does not show stays
    as it was ``before``: that the data are invented, and the wordings of marks that facts fill.
    """
    given: dict[str, Any] = {name: text for name, text in _texts(form).items() if text}
    if modes := form.getlist("modes"):
        given["modes"] = modes
    if approval := form.get("approval", ""):
        given["approval"] = approval
    kept = {name: wording for name, wording in before.placeholders.items() if name in TOLD_BY_FACTS}
    given["placeholders"] = kept | _under(form, "placeholder-")
    given["targets"] = {
        code: share for code, text in _under(form, "target-").items() if (share := _share(text)) is not None
    }
    given["fictitious"] = before.fictitious
    return given


def target_problems(form: MultiDict[str, str]) -> tuple[Problem, ...]:
    """Each target that is no percentage, by the id of its field."""
    expected = Message(N_("大于 0、小于 100 的百分数，例如 90"))
    return tuple(
        Problem(where=f"target-{code}", column="", got=text[:40], expected=expected)
        for code, text in _under(form, "target-").items()
        if _share(text) is None
    )


def _texts(form: MultiDict[str, str]) -> dict[str, str]:
    fields = [field for group in GROUPS for field in group.fields]
    return {field.name: form.get(field.name, "").replace("\r\n", "\n").strip() for field in fields}


def _under(form: MultiDict[str, str], prefix: str) -> dict[str, str]:
    """Every filled-in field whose name begins with ``prefix``, without it."""
    found = {name.removeprefix(prefix): form[name].strip() for name in form if name.startswith(prefix)}
    return {name: text for name, text in found.items() if text}


def _percent(rate: float) -> str:
    """The rate as it is typed.

    >>> _percent(0.9), _percent(0.875), _percent(0.07)
    ('90', '87.5', '7')
    """
    return f"{(Decimal(str(rate)) * 100).normalize():f}"


def _share(text: str) -> float | None:
    """The share that a typed percentage stands for; ``None``: it is none.

    >>> _share("90"), _share("87.5%"), _share("many"), _share("500")
    (0.9, 0.875, None, None)
    """
    try:
        share = Decimal(text.rstrip("%％").strip()) / 100
    except InvalidOperation:
        return None
    return float(share) if share.is_finite() and 0 < share < 1 else None
