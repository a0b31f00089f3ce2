"""``/waves/<id>/assignments``: who goes where, deal the cases, hand them over; who may not go where and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.casework.case_holders import OUTSIDE_WORDS
from survey.casework.reasons import LONGEST_REASON
from survey.fieldwork.handing_over import LEAVES_ONE_WORDS
from survey.fieldwork.recusal import OBSTACLE_WORDS
from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, NotThere, SurveyError
from survey.pages.access import current_account, needs, person_name
from survey.pages.site import current_site
from survey.roles import Permission
from survey.waves import WaveState
from survey.workflow.assign_cases import assign_cases
from survey.workflow.hand_over_cases import hand_over_cases, reassign_cases
from survey.workflow.show_assignments import AssignmentsView, CanvasserLine, show_assignments
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("assignments", __name__)


@dataclass(frozen=True, kw_only=True)
class AssignmentsPage:
    """``done``: what was just done, after the redirect; ``kept``: which communities were left out of it, and why."""

    view: AssignmentsView
    error: SurveyError | None
    done: Message | None
    kept: tuple[Message, ...] = ()
    longest_reason: int = LONGEST_REASON

    @property
    def reason(self) -> str:
        """What the form held that came back."""
        return request.form.get("reason", "") if self.error else ""

    @property
    def ticked(self) -> frozenset[str]:
        """The cases that were ticked in the form that came back."""
        return frozenset(request.form.getlist("case")) if self.error else frozenset()

    def chosen(self, name: str, community: str | None) -> str:
        """What was chosen in the form that came back: of the cases of ``community``, or of all of one canvasser."""
        same = request.form.get("community") == community
        return request.form.get(name, "") if self.error and same else ""

    @property
    def going(self) -> bool:
        """Whether cases may be assigned now."""
        return self.view.draw is not None and self.view.wave.state in (WaveState.DRAWN, WaveState.FIELDING)

    @property
    def holders(self) -> tuple[CanvasserLine, ...]:
        return tuple(line for line in self.view.canvassers if line.open)

    @property
    def asleep_names(self) -> tuple[str, ...]:
        """Who has cases, or may be dealt some, and never activated the account: nothing reaches them until they do."""
        places = self.view.names.keys()
        return tuple(
            person_name(line.account)
            for line in self.view.canvassers
            if line.account.active and not line.account.activated and (line.total or places - line.barred.keys())
        )

    @property
    def takers(self) -> tuple[CanvasserLine, ...]:
        """Who may get a case of the chosen community, those of its team first."""
        if (chosen := self.view.community) is None:
            return ()
        takers = (line for line in self.view.canvassers if chosen.code in line.takes)
        return tuple(sorted(takers, key=lambda line: chosen.code in line.outside))

    @property
    def receivers(self) -> tuple[CanvasserLine, ...]:
        """Who may get the open cases of somebody else, somewhere at least."""
        return tuple(line for line in self.view.canvassers if line.takes_over)


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
            given: dict[str, Any] = {
                "to": to,
                "communities": reached,
                "reason": form.get("reason", ""),
                "at": datetime.now(UTC),
                "by": account.name,
            }
            if form.get("from"):
                done = hand_over_cases(store, site.keys, wave_id, giver=_account(form["from"]), **given)
                count, kept = done.cases, sorted(done.kept)
            else:
                count, kept = reassign_cases(store, wave_id, cases=_case_ids(form.getlist("case")), **given), []
    except (BadInput, NotThere, Conflict) as error:
        return _page(wave_id, error=error), 409 if isinstance(error, Conflict) else 422
    community = form.get("community") or None
    told: dict[str, Any] = {"to": to} | ({"kept": kept} if kept else {})
    address = url_for("assignments.show", wave_id=wave_id, community=community, handed_over=count, **told)
    return redirect(address, code=303)


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
    page = AssignmentsPage(view=view, error=error, done=_done(view), kept=_kept(view))
    return render_template("supervisors/assignments.html", page=page)


def _done(view: AssignmentsView) -> Message | None:
    """What the address says was just done."""
    line = _receiver(view)
    for name, words in (
        ("assigned", N_("已分派 {count} 个样本户。")),
        ("handed_over", N_("已把 {count} 个样本户改派给{name}。") if line else N_("已改派 {count} 个样本户。")),
    ):
        count = request.args.get(name, "")
        if count.isascii() and count.isdecimal() and len(count) < 10:
            return Message(words, {"count": count, "name": person_name(line.account) if line else ""})
    return None


def _receiver(view: AssignmentsView) -> CanvasserLine | None:
    """Whom ``?to=`` means."""
    to = request.args.get("to", "")
    return next((line for line in view.canvassers if str(line.account.id) == to), None)


def _kept(view: AssignmentsView) -> tuple[Message, ...]:
    """The communities named by ``?kept=``, and why ``?to=`` could not have their cases."""
    line = _receiver(view)
    return tuple(
        Message(N_("{community}（{reason}）"), {"community": view.names[code], "reason": Message(_why(line, code))})
        for code in request.args.getlist("kept")
        if code in view.names
    )


def _why(line: CanvasserLine | None, code: str) -> str:
    if line is not None and code in line.barred:
        return OBSTACLE_WORDS[line.barred[code]]
    if line is not None and code in line.outside and code in line.takes_over:
        return OUTSIDE_WORDS
    return LEAVES_ONE_WORDS
