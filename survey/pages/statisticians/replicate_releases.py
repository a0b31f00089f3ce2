"""``/waves/<id>/draw/reserves``: what is in reserve, and its release: a replicate whole, for a reason, for good."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.casework.reasons import LONGEST_REASON
from survey.messages import N_, BadInput, Conflict, Message, NotThere, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.roles import Permission, may
from survey.workflow.release_replicate import release_replicate
from survey.workflow.show_reserves import CommunityReserves, Replicate, ReservesView, show_reserves
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("replicate_releases", __name__)


@dataclass(frozen=True, kw_only=True)
class ReservesPage:
    """``chosen``: code of the community in the form; ``reason``: its text; ``done``: what was just released.

    ``wrong``: the id of the field that the error is about.
    """

    view: ReservesView
    error: SurveyError | None
    chosen: str
    reason: str
    wrong: str = ""
    done: tuple[CommunityReserves, Replicate] | None = None
    longest_reason: int = LONGEST_REASON

    @property
    def may_release(self) -> bool:
        return bool(self.view.releasable) and may(current_account().role, Permission.DRAW)


@blueprint.get("/waves/<id:wave_id>/draw/reserves")
@needs(Permission.APPROVE_DRAWS)
def show(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id, chosen=request.args.get("community", ""))


@blueprint.post("/waves/<id:wave_id>/draw/reserves")
@needs(Permission.DRAW)
def release(wave_id: int) -> ResponseReturnValue:
    """The form names the replicate, too: sent twice, it releases one."""
    account, reason = current_account(), request.form.get("reason", "")
    chosen, _, number = request.form.get("replicate", "").partition(".")
    try:
        with current_site().database.writing() as store:
            wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            within = {one.area.code: one for one in show_reserves(store, wave, scope=account.scope).communities}
            if chosen not in within:
                raise NotThere(Message(N_("请从列表里选择一个有备用样本的社区。")))
            if request.form.get("confirm") != "yes":
                raise BadInput(Message(N_("请先勾选“我知道放出以后不能收回”，再放出。")))
            due = within[chosen].next
            if due is not None and number != str(due.number):
                raise Conflict(Message(N_("这个社区刚刚放出过一组备用样本：请看下面的现状，再决定要不要下一组。")))
            done = release_replicate(
                store, wave_id, area=chosen, reason=reason, at=datetime.now(UTC), by=account.name
            ).release
    except (BadInput, NotThere, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _page(wave_id, chosen=chosen, reason=reason, error=error, wrong=_wrong(error)), status
    released = f"{done.area}.{done.replicate}"
    return redirect(url_for("replicate_releases.show", wave_id=wave_id, released=released), code=303)


def _wrong(error: SurveyError) -> str:
    """The field that mends it."""
    if isinstance(error, Conflict):
        return ""
    if isinstance(error, NotThere):
        return "replicate"
    return "reason" if request.form.get("confirm") == "yes" else "confirm-release"


def _page(
    wave_id: int, *, chosen: str = "", reason: str = "", error: SurveyError | None = None, wrong: str = ""
) -> str:
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        view = show_reserves(store, wave, scope=account.scope)
    page = ReservesPage(
        view=view, error=error, wrong=wrong, chosen=chosen, reason=reason, done=None if error else _done(view)
    )
    return render_template("statisticians/replicate_releases.html", page=page)


def _done(view: ReservesView) -> tuple[CommunityReserves, Replicate] | None:
    """The replicate that ``?released=`` names, if that is true."""
    code, _, number = request.args.get("released", "").partition(".")
    for community in view.communities:
        for replicate in community.replicates:
            if (community.area.code, str(replicate.number)) == (code, number) and replicate.release:
                return community, replicate
    return None
