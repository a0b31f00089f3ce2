"""What the pages of sample plans show of a plan: sentences, sizes side by side, curves, what was put in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analysis.sampling.effective_size import Conditions
from analysis.sampling.sample_design import AllocationRule
from analysis.sampling.small_samples import Question, Shown, what_shows
from survey.casework.plan_requests import FIELDS, TABLE, Kind, Values
from survey.messages import N_
from survey.pages.language import gettext
from survey.pages.statisticians.plan_charts import DrawnChart, half_width_chart, power_chart
from survey.reports.sample_plan_words import points, share, size_lines
from survey.reports.small_sample_words import ShownRow, Verdict, shown_rows, verdict
from survey.reports.wording import DASH, count
from survey.workflow.plan_sample import WorkedPlan

#: What a survey with no more than this can show is told beside every plan.
USUAL = 20
#: Beside the planned size.
_COMPARED = (USUAL, 100)

RULE_NAMES: Mapping[AllocationRule, str] = {
    AllocationRule.EQUAL: N_("各社区相同"),
    AllocationRule.PROPORTIONAL: N_("按户数比例"),
    AllocationRule.NEYMAN: N_("奈曼分配：按户数和率的离散程度"),
    AllocationRule.POWER: N_("幂分配（Bankier）：在相同与按比例之间"),
    AllocationRule.FIXED_COST: N_("按费用：经费固定，贵的社区少抽"),
}
_RULE_LABEL = N_("分配办法")
#: What the first look at the form shows.
DEFAULTS: Mapping[str, str] = {
    "goal": "margin", "margin": "5", "later": "85", "completes": "20", "rate": "90", "level": "95", "power": "80",
    "response": "100", "line": "85", "weak": "80", "rule": "equal",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """``columns``: sizes side by side, ``planned`` among them; ``rows``: what they show. ``inputs``: label and text."""

    plan: WorkedPlan
    lines: Sequence[str]
    verdicts: tuple[tuple[int, Verdict], ...]
    columns: tuple[int, ...]
    rows: tuple[ShownRow, ...]
    charts: tuple[DrawnChart, ...]
    inputs: tuple[tuple[str, str], ...]

    @property
    def planned(self) -> int:
        return self.plan.result.planned.completes


def view_plan(plan: WorkedPlan) -> PlanView:
    result, request = plan.result, plan.result.request
    planned, question, conditions = result.planned.completes, request.question, request.conditions
    population = conditions.population
    sizes = {n for n in _COMPARED if population is None or n <= population} | {planned}
    shown = {n: result.shown if n == planned else _shows(n, question, conditions) for n in sorted(sizes)}
    told = [planned, *(n for n in (USUAL,) if n in shown and n != planned)]
    return PlanView(
        plan=plan,
        lines=size_lines(result, gettext),
        verdicts=tuple((n, verdict(shown[n], question, gettext, level=conditions.level)) for n in told),
        columns=tuple(shown),
        rows=shown_rows(tuple(shown.values()), question, gettext),
        charts=(half_width_chart(request, planned, gettext), power_chart(request, planned, gettext)),
        inputs=inputs_of(plan),
    )


@lru_cache(maxsize=64)
def _shows(n: int, question: Question, conditions: Conditions) -> Shown:
    return what_shows(n, question, conditions)


def inputs_of(plan: WorkedPlan) -> tuple[tuple[str, str], ...]:
    """What was put in and what holds where nothing was, a label and a text each."""
    request, said = plan.result.request, plan.values
    asked = request.question
    values = {
        **{"rate": asked.rate, "power": asked.power, "line": asked.line, "weak": asked.weak},
        **{"level": request.conditions.level, "response": request.conditions.response},
        "communities": asked.communities,
        **said,
    }
    found = [
        (gettext(field.label), _shown(name, values[name], field.kind))
        for name, field in FIELDS.items()
        if name in values
    ]
    if "rule" in said and plan.frame:
        found.append((gettext(_RULE_LABEL), gettext(RULE_NAMES[AllocationRule(said["rule"])])))
    return tuple(found)


def _shown(name: str, value: float, kind: Kind) -> str:
    if name == "margin":
        return gettext(N_("±{points}个百分点"), points=f"{100 * value:.6g}")
    return share(value) if kind is Kind.SHARE else count(int(value)) if kind is Kind.WHOLE else f"{value:.10g}"


def texts_of(values: Values) -> dict[str, str]:
    """As they are typed into the form.

    >>> texts_of({"goal": "margin", "rate": 0.9, "rho": 0.02, "rates": {"东": 0.8}, "costs": {"东": 30.0}})
    {'goal': 'margin', 'rate': '90', 'rho': '0.02', 'rates': '东 80 30'}
    """
    texts = {name: values[name] for name in ("goal", "rule") if name in values}
    for name, field in FIELDS.items():
        if name in values:
            sign = "%" if field.kind is Kind.SHARE and values[name] <= 0.01 else ""  # no sign: 1 could be all of them
            texts[name] = f"{100 * values[name]:.10g}{sign}" if field.kind is Kind.SHARE else f"{values[name]:.10g}"
    costs = values.get("costs", {})
    lines = [
        f"{said} {100 * rate:.10g}" + (f" {costs[said]:.10g}" if said in costs else "")
        for said, rate in values.get(TABLE, {}).items()
    ]
    return texts | ({TABLE: "\n".join(lines)} if lines else {})


@dataclass(frozen=True, kw_only=True)
class ComparedRow:
    name: str
    cells: tuple[str, ...]


def compare(plans: Sequence[WorkedPlan]) -> tuple[ComparedRow, ...]:
    """Plans side by side: what was put in wherever one says it, then what they come to."""
    inputs = [dict(inputs_of(plan)) for plan in plans]
    order = [gettext(field.label) for field in FIELDS.values()] + [gettext(_RULE_LABEL)]
    names = [name for name in order if any(name in one for one in inputs)]
    rows = [ComparedRow(name=name, cells=tuple(one.get(name, DASH) for one in inputs)) for name in names]
    sizes = [
        ComparedRow(name=gettext(name), cells=tuple(cell(plan) for plan in plans))
        for name, cell in (
            (N_("每个社区完成"), lambda plan: count(plan.result.planned.completes)),
            (N_("每个社区抽"), lambda plan: count(plan.result.planned.cases)),
            (N_("全部社区共抽"), lambda plan: count(plan.frame.cases) if plan.frame else DASH),
            (N_("最宽的社区 ±（百分点）"), _widest),
            (N_("全部社区合起来 ±（百分点）"), _margin_of_all),
            (
                N_("费用（元）"),
                lambda plan: DASH if not plan.frame or plan.frame.cost is None else f"{plan.frame.cost:,.2f}",
            ),
        )
    ]
    questions = {plan.result.request.question for plan in plans}
    shown = (
        [
            ComparedRow(name=row.name, cells=row.cells)
            for row in shown_rows([plan.result.shown for plan in plans], questions.pop(), gettext)
        ]
        if len(questions) == 1
        else [_interval_row(plans)]
    )
    frames = [_frame_row(plans)] if any(plan.frame for plan in plans) else []
    return (*rows, *frames, *sizes, *shown)


def _frame_row(plans: Sequence[WorkedPlan]) -> ComparedRow:
    """Totals of two frames do not stand beside each other unsaid."""
    cells = tuple(gettext(N_("第 {id} 号"), id=plan.frame.frame_id) if plan.frame else DASH for plan in plans)
    return ComparedRow(name=gettext(N_("分到哪个抽样框")), cells=cells)


def _margin_of_all(plan: WorkedPlan) -> str:
    return DASH if plan.frame is None or plan.frame.margin is None else points(plan.frame.margin)


def _widest(plan: WorkedPlan) -> str:
    """What the frame's communities come to, which may be less than was asked for."""
    return DASH if plan.frame is None or plan.frame.widest is None else points(plan.frame.widest)


def _interval_row(plans: Sequence[WorkedPlan]) -> ComparedRow:
    """Plans that ask different things have this in common."""
    cells = tuple(points(plan.result.margins[1]) for plan in plans)
    return ComparedRow(name=gettext(N_("区间平均 ±（百分点）")), cells=cells)
