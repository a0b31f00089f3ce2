"""``survey plan``: how many completes and cases a community needs, what they will show, and plans on record."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.output import Answer, language, verb
from survey.cli.site import RECORD_ID, acting, now, open_current, require_no_limits
from survey.cli.text_files import read_text
from survey.messages import N_, BadInput, Message
from survey.roles import Permission

if TYPE_CHECKING:
    from survey.workflow.plan_sample import WorkedPlan

#: name of the value, option, what it is; shares such as 0.9, 90 or 90%
_OPTIONS = (
    ("margin", "--margin", "POINTS", "Half-width wanted of the interval, such as 0.05, 5 or 5%."),
    ("completes", "--given", "N", "What so many completes show."),
    ("rate", "--rate", "P", "Rate expected, such as 0.9, 90 or 90% (a bare 1 is refused: 1% or 100%).  [default: 90%]"),
    ("power", "--power", "P", "Chance wanted that the change is seen.  [default: 80%]"),
    ("level", "--level", "P", "Of the interval.  [default: 95%]"),
    ("population", "--population", "N", "Eligible adults of the community; without it no correction."),
    ("response", "--response", "P", "Share of the cases that will answer.  [default: 100%]"),
    ("deff", "--deff", "D", "Design effect known from elsewhere, such as Kish's of the weights.  [default: 1]"),
    ("clusters", "--clusters", "N", "Grids drawn in each community; makes a draw in two stages."),
    ("per_cluster", "--per-cluster", "M", "Completes in each grid, in place of their number."),
    ("rho", "--rho", "RHO", "Correlation inside a grid."),
    ("canvassers", "--canvassers", "N", "Canvassers in each community."),
    ("per_canvasser", "--per-canvasser", "K", "Completes of each canvasser, in place of their number."),
    ("rho_canvasser", "--rho-canvasser", "RHO", "Correlation among the answers one canvasser gets."),
    ("line", "--line", "P", "Line communities are judged by.  [default: 85%]"),
    ("weak", "--weak", "P", "Rate of a community that should fail the line.  [default: 80%]"),
    ("communities", "--communities", "N", "Identical communities side by side.  [default: the frame's, else 27]"),
)
_FRAME_OPTIONS = (
    ("total", "--total", "N", "Cases in all (proportional, neyman, power)."),
    ("per_community", "--per-community", "N", "Cases of each community (equal), in place of what the plan comes to."),
    ("minimum", "--minimum", "N", "Cases of each community at least."),
    ("exponent", "--exponent", "Q", "Of the rule power.  [default: 0.5]"),
    ("budget", "--budget", "CNY", "Money (fixed_cost)."),
    ("cost", "--cost", "CNY", "Cost of one interview (fixed_cost).  [default: 1]"),
)
_RULES = ("equal", "proportional", "neyman", "power", "fixed_cost")


def asked(action: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a plan."""
    for name, flag, metavar, help_text in reversed(_OPTIONS + _FRAME_OPTIONS):
        action = click.option(flag, name, metavar=metavar, default="", help=help_text)(action)
    action = click.option("--rates", type=click.Path(path_type=Path), help="A line each: community, rate, cost.")(
        action
    )
    action = click.option(
        "--rule", type=click.Choice(_RULES), default="equal", help="How the communities share the cases."
    )(action)
    action = click.option("--frame", type=RECORD_ID, help="Share the cases among the communities of this frame.")(
        action
    )
    return click.option("--detect", nargs=2, default=None, metavar="FROM TO", help="A change between two waves.")(
        action
    )


@click.group()
def plan() -> None:
    """Plans: how many to ask, and what the answers will show."""


@plan.command("size")
@asked
@verb(needs=Permission.DRAW)
def size(frame: int | None, **options: Any) -> Answer:
    """Size for a margin or a change, or what a given size shows; nothing is stored."""
    from survey.workflow.plan_sample import work_out_plan

    values = _values(options)
    if frame is None:
        return _answer(work_out_plan(None, values))
    require_no_limits()
    with open_current().reading() as session:
        return _answer(work_out_plan(session, values, frame_id=frame))


@plan.command("save")
@click.argument("name")
@asked
@verb(needs=Permission.DRAW)
def save(name: str, frame: int | None, **options: Any) -> Answer:
    """Work out a plan and keep it under a name."""
    from survey.workflow.plan_sample import save_plan, show_plan

    require_no_limits()
    with open_current().writing() as session:
        saved = save_plan(session, _values(options), name=name, frame_id=frame, at=now(), by=acting())
        return _answer(show_plan(session, saved.id))


@plan.command("list")
@verb(needs=Permission.DRAW)
def list_() -> Answer:
    """List the plans on record, the newest first."""
    from survey.workflow.plan_sample import list_plans

    require_no_limits()
    with open_current().reading() as session:
        plans = list_plans(session)
    return Answer(
        document={
            "plans": [
                {"plan": one.id, "name": one.name, "frame": one.frame_id, "n": one.completes, "cases": one.cases}
                | {"cases_in_all": one.cases_in_all, "saved_at": one.saved_at.isoformat(), "saved_by": one.saved_by}
                for one in plans
            ]
        },
        lines=[f"{one.id}\t{one.completes} completes\t{one.cases} cases\t{one.saved_by}\t{one.name}" for one in plans],
    )


@plan.command("show")
@click.argument("plan_id", metavar="ID", type=RECORD_ID)
@click.option("--design", type=click.Path(path_type=Path), metavar="FILE", help="Write design.toml for a draw, too.")
@verb(needs=Permission.DRAW)
def show(plan_id: int, design: Path | None) -> Answer:
    """Show a plan on record."""
    from survey.cli.new_files import write_new
    from survey.reports.sample_plan_words import design_remarks
    from survey.reports.wording import speaker
    from survey.workflow.plan_sample import design_file, show_plan

    require_no_limits()
    with open_current().reading() as session:
        worked = show_plan(session, plan_id)
    if design is not None and worked.saved is not None:
        cases = worked.frame.cases if worked.frame else None
        remarks = design_remarks(worked.saved.name, cases, speaker(language()))
        write_new(design, design_file(worked, remarks).encode())
    return _answer(worked)


def _values(options: dict[str, Any]) -> dict[str, Any]:
    from survey.casework.plan_requests import TABLE, read_values

    detect = options.pop("detect")
    goals = [
        goal
        for goal, said in (("margin", options["margin"]), ("given", options["completes"]), ("change", detect))
        if said
    ]
    if goals not in (["margin"], ["given"], ["change"], ["given", "change"]):
        raise BadInput(Message(N_("请给出 --margin、--detect 或 --given 中的一个；只有后两个可以同时给出")))
    rates: Path | None = options.pop("rates")
    texts = {**options, "goal": goals[0], TABLE: read_text(rates) if rates else ""}
    if detect:
        texts |= {"rate": detect[0], "later": detect[1]}
    return read_values(texts, percent=False)


def _answer(worked: "WorkedPlan") -> Answer:
    from survey.cli.plan_answers import answer

    return answer(worked, language())
