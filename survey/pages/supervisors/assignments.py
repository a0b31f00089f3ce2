"""``/waves/<id>/assignments``: who goes where, deal the cases, hand them over; who may not go where and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, NotThere, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.roles import Permission
from survey.waves import WaveState
from survey.workflow.assign_cases import assign_cases, open_cases_of, reassign_cases
from survey.workflow.show_assignments import AssignmentsView, CanvasserLine, show_assignments
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("assignments", __name__)


@dataclass(frozen=True, kw_only=True)
class AssignmentsPage:
    """``done``: what was just done, after the redirect."""

    view: AssignmentsView
    error: SurveyError | None
    done: Message | None

    @property
    def going(self) -> bool:
        """Whether cases may be assigned now."""
        return self.view.draw is not None and self.view.wave.state in (WaveState.DRAWN, WaveState.FIELDING)

    @property
    def holders(self) -> tuple[CanvasserLine, ...]:
        return tuple(line for line in self.view.canvassers if line.open)

    @property
    def takers(self) -> tuple[CanvasserLine, ...]:
        """Who may get cases; with a community chosen, cases of that one."""
        chosen = self.view.community
        return tuple(
            line
            for line in self.view.canvassers
            if line.account.active and (chosen is None or chosen.code not in line.barred)
        )


@blueprint.get("/waves/<id:wave_id>/assignments")
@needs(Permission.ASSIGN_CASES)
def show(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id)


@blueprint.post("/waves/<id:wave_id>/assignments")
@needs(Permission.ASSIGN_CASES)
def assign(wave_id: int) -> ResponseReturnValue:
    """Deal what nobody has, in the communities within reach."""
    site, account = current_site(), current_account()
    try:
        with site.database.writing() as store:
            wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            view = show_assignments(store, site.keys, wave, scope=account.scope)
            done = assign_cases(
                store,
                wave_id,
                communities={line.area.code for line in view.communities},
                at=datetime.now(UTC),
                by=account.name,
            )
    except (Conflict, CheckFailed) as error:
        return _page(wave_id, error=error), 409
    return redirect(url_for("assignments.show", wave_id=wave_id, assigned=done.cases), code=303)


@blueprint.post("/waves/<id:wave_id>/assignments/handover")
@needs(Permission.ASSIGN_CASES)
def hand_over(wave_id: int) -> ResponseReturnValue:
    """Give the ticked cases, or all open cases of one canvasser, to another."""
    site, account, form = current_site(), current_account(), request.form
    try:
        to = _account(form.get("to", ""))
        with site.database.writing() as store:
            wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            view = show_assignments(store, site.keys, wave, scope=account.scope)
            reached = {line.area.code for line in view.communities}
            if form.get("from"):
                held = open_cases_of(store, site.keys, wave_id, _account(form["from"]))
                cases = [case.id for case in held if case.area in reached]
            else:
                cases = _case_ids(form.getlist("case"))
            count = reassign_cases(
                store, wave_id, cases=cases, to=to, communities=reached, at=datetime.now(UTC), by=account.name
            )
    except (BadInput, NotThere, Conflict) as error:
        return _page(wave_id, error=error), 409 if isinstance(error, Conflict) else 422
    community = form.get("community") or None
    return redirect(url_for("assignments.show", wave_id=wave_id, community=community, handed_over=count), code=303)


def _account(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    raise BadInput(Message(N_("请选择一名访员。")))


def _case_ids(texts: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise BadInput(Message(N_("没有选择任何样本户"))) from error


def _page(wave_id: int, *, error: SurveyError | None = None) -> str:
    site, account = current_site(), current_account()
    with site.database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        view = show_assignments(store, site.keys, wave, scope=account.scope, community=request.values.get("community"))
    return render_template("supervisors/assignments.html", page=AssignmentsPage(view=view, error=error, done=_done()))


def _done() -> Message | None:
    for name, words in (
        ("assigned", N_("已分派 {count} 个样本户。")),
        ("handed_over", N_("已改派 {count} 个样本户。")),
    ):
        count = request.args.get(name, "")
        if count.isascii() and count.isdecimal() and len(count) < 10:
            return Message(words, {"count": count})
    return None
