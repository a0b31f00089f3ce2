"""``/plans``: how many homes to ask, worked out as it is typed, without scripts; saved, compared, printed, drawn by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis.sampling.sample_design import AllocationRule
from survey.casework.plan_requests import FIELDS, TABLE, PlanProblem, Values, read_values
from survey.messages import BadInput, Message, NotThere, Problem, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.language import gettext
from survey.pages.site import current_site
from survey.pages.statisticians.plan_views import (
    DEFAULTS,
    RULE_NAMES,
    ComparedRow,
    PlanView,
    compare,
    texts_of,
    view_plan,
)
from survey.pages.whole_waves import require_no_limits
from survey.reports.sample_plan_words import design_remarks
from survey.roles import Permission
from survey.store.sample_plans import SamplePlan
from survey.workflow.plan_sample import (
    LONGEST_NAME,
    MOST_COMPARED,
    WorkedPlan,
    compare_plans,
    design_file,
    design_of,
    list_plans,
    save_plan,
    show_plan,
    work_out_plan,
)
from survey.workflow.show_frame import FrameSummary, list_frames

blueprint = Blueprint("sample_plans", __name__)

_NAMES = ("goal", "rule", "frame", TABLE, *FIELDS)


@dataclass(frozen=True, kw_only=True)
class PlansPage:
    plans: tuple[SamplePlan, ...]
    error: SurveyError | None = None
    most: int = MOST_COMPARED

    def place_of(self, _: Problem | None) -> str:
        """The first plan to tick; without any, the page itself."""
        return f"plan-{self.plans[0].id}" if self.plans else "main"


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """``texts``: as typed; ``view``: what they come to, ``None`` with an ``error``."""

    texts: Mapping[str, str]
    frames: tuple[FrameSummary, ...]
    view: PlanView | None
    error: SurveyError | None = None
    name: str = ""
    longest_name: int = LONGEST_NAME
    rules: Mapping[AllocationRule, str] = field(default_factory=lambda: RULE_NAMES)

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def opened(self, *names: str) -> bool:
        """Whether one of these fields differs from what the empty form has."""
        return any(self.text(name) not in ("", DEFAULTS.get(name)) for name in names)

    def wrong(self, name: str) -> Message | None:
        """What is to be said beside this field."""
        problems = self.error.problems if self.error else ()
        return next((one.said for one in problems if isinstance(one, PlanProblem) and one.field == name), None)

    def place_of(self, problem: Problem | None) -> str:
        """The field to go to for a problem, or for an error as a whole: one that is on the page."""
        there = {"goal", *FIELDS, TABLE, "frame", "name"}
        if not self.frames:
            there -= {*_FRAME_FIELDS, "frame"}
        if self.view is None:
            there -= {"name"}
        whole = "frame" if isinstance(self.error, NotThere) else _GOAL_FIELDS.get(self.text("goal"), "goal")
        wanted = problem.field if isinstance(problem, PlanProblem) else whole
        return wanted if wanted in there else "goal"


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    saved: SamplePlan
    view: PlanView
    again: str  # address of the form filled alike
    no_design: SurveyError | None  # why no draw can be made by this plan


@dataclass(frozen=True, kw_only=True)
class ComparisonPage:
    plans: Sequence[WorkedPlan]
    rows: tuple[ComparedRow, ...]


@blueprint.get("/plans")
@needs(Permission.DRAW)
def show_list() -> ResponseReturnValue:
    require_no_limits()
    return _list()


@blueprint.get("/plans/new")
@needs(Permission.DRAW)
def show_form() -> ResponseReturnValue:
    require_no_limits()
    texts = _texts(request.args) if request.args else dict(DEFAULTS)
    return _form(texts)


@blueprint.post("/plans/new")
@needs(Permission.DRAW)
def save() -> ResponseReturnValue:
    require_no_limits()
    texts, name = _texts(request.form), request.form.get("name", "")
    try:
        values, frame_id = _read(texts)
        with current_site().database.writing() as store:
            saved = save_plan(
                store, values, name=name, frame_id=frame_id, at=datetime.now(UTC), by=current_account().name
            )
    except (BadInput, NotThere) as error:
        return _form(texts, error=error, name=name)
    return redirect(url_for("sample_plans.show", plan_id=saved.id), code=303)


@blueprint.get("/plans/<id:plan_id>")
@needs(Permission.DRAW)
def show(plan_id: int) -> ResponseReturnValue:
    require_no_limits()
    worked, saved = _saved(plan_id)
    texts = texts_of(worked.values) | ({"frame": str(saved.frame_id)} if saved.frame_id else {})
    no_design = None
    try:
        design_of(worked)
    except BadInput as error:
        no_design = error
    # The names are fields of the plan, none that url_for takes itself.
    again = url_for("sample_plans.show_form", **texts)  # type: ignore[arg-type]
    page = PlanPage(saved=saved, view=view_plan(worked), again=again, no_design=no_design)
    return render_template("statisticians/sample_plan.html", page=page)


@blueprint.get("/plans/<id:plan_id>/design.toml")
@needs(Permission.DRAW)
def download_design(plan_id: int) -> ResponseReturnValue:
    require_no_limits()
    worked, saved = _saved(plan_id)
    cases = worked.frame.cases if worked.frame else None
    text = design_file(worked, design_remarks(saved.name, cases, gettext))
    response = Response(text, mimetype="application/toml")
    response.headers.set("Content-Disposition", "attachment", filename=f"design-{plan_id}.toml")
    return response


@blueprint.get("/plans/comparison")
@needs(Permission.DRAW)
def show_comparison() -> ResponseReturnValue:
    require_no_limits()
    wanted = [int(text) for text in request.args.getlist("plan") if text.isdecimal() and len(text) < 10]
    try:
        with current_site().database.reading() as store:
            plans = compare_plans(store, wanted)
    except BadInput as error:
        return _list(error), 422
    page = ComparisonPage(plans=plans, rows=compare(plans))
    return render_template("statisticians/sample_plan_comparison.html", page=page)


def _list(error: SurveyError | None = None) -> str:
    with current_site().database.reading() as store:
        page = PlansPage(plans=list_plans(store), error=error)
    return render_template("statisticians/sample_plans.html", page=page)


def _form(texts: Mapping[str, str], *, error: SurveyError | None = None, name: str = "") -> ResponseReturnValue:
    view = None
    with current_site().database.reading() as store:
        frames = tuple(frame for frame in list_frames(store) if frame.kind is not None)
        try:
            values, frame_id = _read(texts)
            view = view_plan(work_out_plan(store, values, frame_id=frame_id))
        except (BadInput, NotThere) as found:
            error = error or found
    page = FormPage(texts=texts, frames=frames, view=view, error=error, name=name)
    return render_template("statisticians/sample_plan_form.html", page=page), 422 if error else 200


def _texts(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: sent[name] for name in _NAMES if sent.get(name)}


def _read(texts: Mapping[str, str]) -> tuple[Values, int | None]:
    frame = texts.get("frame", "")
    goal = texts.get("goal")
    # Of the numbers for the three goals only that of the chosen one counts; a change may be told for a given size, too.
    idle = {"margin": ("later", "completes"), "change": ("margin", "completes"), "given": ("margin",)}
    used = {name: text for name, text in texts.items() if name not in idle.get(goal or "", ())}
    if not frame:
        used = {name: text for name, text in used.items() if name not in _FRAME_FIELDS}
    return read_values(used, percent=True), int(frame) if frame.isdecimal() and len(frame) < 10 else None


#: The number that goes with each goal.
_GOAL_FIELDS = {"margin": "margin", "change": "later", "given": "completes"}
_FRAME_FIELDS = frozenset({"rule", "total", "per_community", "minimum", "exponent", "budget", "cost", TABLE})


def _saved(plan_id: int) -> tuple[WorkedPlan, SamplePlan]:
    with current_site().database.reading() as store:
        worked = show_plan(store, plan_id)
    if worked.saved is None:
        raise RuntimeError("a plan on record says what was saved")
    return worked, worked.saved
