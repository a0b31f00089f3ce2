"""``survey outreach``: the plan that follows from a wave's published estimates, made, listed and exported."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.output import Answer, language, verb
from survey.cli.site import RECORD_ID, acting, acting_scope, now, open_current
from survey.roles import Permission, Role

if TYPE_CHECKING:
    from analysis.publication import PublishedEstimate
    from survey.reports.outreach_rows import PlanLine
    from survey.store.database import Session
    from survey.workflow.show_outreach import OutreachView


@click.group()
def outreach() -> None:
    """Outreach plans: what the published estimates ask for."""


@outreach.command("plan")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option("--budget", metavar="YUAN", help="Money there is; without it every quantity is the full one.")
@verb(needs=Permission.PLAN_OUTREACH)
def plan(wave_id: int, budget: str | None) -> Answer:
    """Make the plan of a published wave, or make it again: what somebody edited stays as it is."""
    from survey.casework.outreach_fields import read_budget
    from survey.workflow.plan_outreach import plan_outreach

    money = read_budget(budget) if budget is not None else None
    with open_current().writing() as session:
        plan_outreach(session, wave_id, budget=money, at=now(), by=acting(), scope=acting_scope())
        return _described(session, wave_id)


@outreach.command("list")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.SEE_OUTREACH)
def list_(wave_id: int) -> Answer:
    """List the actions of a wave's plan, with what was done."""
    with open_current().reading() as session:
        return _described(session, wave_id)


@outreach.command("export")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.argument("path", metavar="FILE.xlsx", type=click.Path(path_type=Path))
@verb(needs=Permission.SEE_OUTREACH)
def export(wave_id: int, path: Path) -> Answer:
    """Write a wave's plan as a workbook: a new file."""
    from survey.cli.new_files import write_new
    from survey.messages import N_, BadInput, Conflict, Message
    from survey.reports.outreach_plan import compose_plan
    from survey.reports.outreach_workbook import plan_workbook

    if path.suffix.lower() != ".xlsx":
        raise BadInput(Message(N_("导出到 {file}：文件名要以 .xlsx 结尾"), {"file": path.name}))
    with open_current().reading() as session:
        view = _view(session, wave_id)
    if view.facts is None:
        raise Conflict(Message(N_("这一轮还没有计划。")))
    write_new(path, plan_workbook(compose_plan(view.facts, view.lines, language=language())))
    return Answer(document={"wave": wave_id, "file": str(path), "actions": len(view.lines)}, lines=[f"wrote {path}"])


def _view(session: "Session", wave_id: int) -> "OutreachView":
    from survey.workflow.show_outreach import show_outreach

    return show_outreach(session, wave_id, role=Role.STATISTICIAN, scope=acting_scope(), today=_today())


def _today() -> date:
    from survey.reports.wording import BEIJING

    return now().astimezone(BEIJING).date()


def _described(session: "Session", wave_id: int) -> Answer:
    view = _view(session, wave_id)
    positions = _positions(session, wave_id)
    rows = [_row(line, positions[line.id]) for line in view.lines]
    standing = [line for line in view.lines if line.stands]
    cost = round(sum(line.cost for line in standing), 2)
    assumed = any(line.cost_assumed for line in standing)
    return Answer(
        document={
            "wave": wave_id,
            "plan": view.plan.id if view.plan else None,
            "budget": view.plan.budget_cny if view.plan else None,
            "cost": cost,
            "cost_assumed": assumed,
            "actions": rows,
        },
        lines=[
            *_table(rows),
            f"{len(standing)} actions, {cost:g} CNY{' (prices assumed)' if assumed else ''}",
            *_budget(view.plan.budget_cny if view.plan else None, cost),
        ],
    )


def _budget(budget: float | None, cost: float) -> list[str]:
    if budget is None:
        return []
    over = f", {cost - budget:g} CNY over: actions that somebody changed are kept" if cost > budget else ""
    return [f"budget {budget:g} CNY{over}"]


def _positions(session: "Session", wave_id: int) -> dict[int, tuple[int, int]]:
    """Action -> run and position of the estimate that asked for it."""
    from survey.store.outreach_actions import list_actions

    return {action.id: (action.run_id, action.estimate_position) for action in list_actions(session, wave_id)}


def _row(line: "PlanLine", position: tuple[int, int]) -> dict[str, Any]:
    from survey.reports.outreach_words import estimate_words
    from survey.reports.wording import speaker

    reader = language()
    return {
        "id": line.id,
        "area": line.area,
        "place": line.place,
        "indicator": line.indicator,
        "kind": line.kind,
        "action": line.type_code,
        "quantity": line.quantity,
        "wanted": line.wanted,
        "done": line.done,
        "unit": line.unit.in_language(reader),
        "unit_cost": line.unit_cost,
        "cost": round(line.cost, 2),
        "cost_assumed": line.cost_assumed,
        "finding": line.finding,
        "reason": estimate_words(line.estimate, line.indicator_label.in_language(reader), speaker(reader)),
        "residents": line.residents,
        "department": line.department,
        "status": line.status,
        "estimate": {"run": position[0], "position": position[1], **_numbers(line.estimate)},
    }


def _numbers(estimate: "PublishedEstimate") -> dict[str, Any]:
    """What may be known of it: a rate shown as a range tells no other, an unpublished one nothing but why."""
    told: dict[str, Any] = {
        "indicator": estimate.indicator,
        "area": estimate.area,
        "proportion": estimate.proportion,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "target": estimate.target,
        "shown_range": estimate.shown_range,
        "reliability": estimate.reliability,
        "band": estimate.band,
        "reason": estimate.reason,
    }
    hidden: tuple[str, ...] = ()
    if not estimate.published:
        hidden = tuple(told)[2:-1]
    elif estimate.shown_range is not None:
        hidden = ("proportion", "low", "high", "reliability", "band")
    return {**told, **dict.fromkeys(hidden)}


def _table(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{row['id']}\t{row['area']}\t{row['kind']}\t{row['action']}\t{row['quantity']} {row['unit']}"
        f"\t{row['cost']:g}\t{row['status']}\t{row['reason']}"
        for row in rows
    ]
