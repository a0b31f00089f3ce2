"""``/waves/<id>/draw/design``: any design, looked at before anything is drawn; then two ways to draw by it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from analysis.sampling.sample_design import SampleDesign
from survey.casework.design_text import design_text
from survey.messages import BadInput, Conflict, NotThere, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.language import current_language
from survey.pages.site import current_site
from survey.pages.statisticians.draw_forms import (
    LONGEST_VALUE,
    NameRow,
    equal_design,
    padded,
    parsed_design,
    sent_rows,
    written_design,
)
from survey.pages.whole_waves import require_whole_wave
from survey.reports.design_words import describe_design
from survey.reports.wording import speaker
from survey.roles import Permission
from survey.sampling.samples import MOST_PER_COMMUNITY
from survey.store.database import Session
from survey.store.sample_plans import SamplePlan
from survey.store.waves import WaveRecord
from survey.workflow.commit_draw import LONGEST_NAME
from survey.workflow.draw_sample import DEFAULT_PER_COMMUNITY
from survey.workflow.plan_sample import design_of, list_plans, show_plan
from survey.workflow.preview_draw import DrawPreview, preview_draw
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("draw_designs", __name__)


@dataclass(frozen=True, kw_only=True)
class DesignPage:
    """``text``: of the design.toml to look at or to change. ``preview``: ``None`` before a design was given, and where
    it cannot be drawn. ``rows``, ``seed``: what the forms below hold.
    """

    wave: WaveRecord
    plans: tuple[SamplePlan, ...]
    preview: DrawPreview | None
    error: SurveyError | None
    text: str = ""
    written: bool = False
    per_community: str = str(DEFAULT_PER_COMMUNITY)
    plan: str = ""
    rows: tuple[NameRow, ...] = field(default_factory=lambda: padded(()))
    seed: str = ""
    most: int = MOST_PER_COMMUNITY
    longest_name: int = LONGEST_NAME
    longest_value: int = LONGEST_VALUE

    @property
    def design_lines(self) -> tuple[str, ...]:
        return describe_design(self.preview.design, speaker(current_language())) if self.preview else ()


@blueprint.get("/waves/<id:wave_id>/draw/design")
@needs(Permission.DRAW)
def show(wave_id: int) -> ResponseReturnValue:
    """An empty form, or the design of a number per community or of a saved plan."""
    require_whole_wave()
    error, design = None, None
    with current_site().database.reading() as store:
        _find(store, wave_id)
        try:
            design = _asked(store)
        except (BadInput, NotThere) as found:
            error = found
    return answer(wave_id, design, error=error)


@blueprint.post("/waves/<id:wave_id>/draw/design")
@needs(Permission.DRAW)
def preview(wave_id: int) -> ResponseReturnValue:
    """A design.toml that was pasted or sent as a file; nothing is stored."""
    require_whole_wave()
    text, rows, design, error = request.form.get("toml", ""), padded(()), None, None
    try:
        text, name = written_design()
        design, rows = parsed_design(text, name)
    except BadInput as found:
        error = found
    return answer(wave_id, design, text=text, rows=rows, error=error)


def answer(
    wave_id: int,
    design: SampleDesign | None,
    *,
    text: str | None = None,
    rows: tuple[NameRow, ...] | None = None,
    seed: str = "",
    error: SurveyError | None = None,
) -> ResponseReturnValue:
    """The page with what ``design`` would draw; an ``error`` of another step stands before one of the preview."""
    found = None
    with current_site().database.reading() as store:
        wave, plans = _find(store, wave_id), list_plans(store)
        if design is not None:
            try:
                found = preview_draw(store, wave_id, design, at=datetime.now(UTC))
            except (BadInput, Conflict) as refused:
                error = error or refused
    written = design_text(design) if text is None and design is not None else text or ""
    page = DesignPage(
        wave=wave,
        plans=plans,
        preview=found,
        error=error,
        text=written,
        written=text is not None,
        per_community=request.values.get("per_community", "") or str(DEFAULT_PER_COMMUNITY),
        plan=request.args.get("plan", ""),
        rows=sent_rows() if rows is None else rows,
        seed=seed,
    )
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 422
    return render_template("statisticians/draw_design.html", page=page), status


def _asked(store: Session) -> SampleDesign | None:
    if request.args.get("per_community"):
        return equal_design()
    plan = request.args.get("plan", "")
    if plan.isascii() and plan.isdecimal() and len(plan) < 10:
        return design_of(show_plan(store, int(plan)))
    return None


def _find(store: Session, wave_id: int) -> WaveRecord:
    account = current_account()
    return find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
