"""``/waves/<id>/outreach/<id>``: one action with the estimate that asked for it; edit, cancel, bring back, comment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.casework.outreach_completion import COMPLETION_FIELDS, COMPLETION_NAMES
from survey.messages import N_, BadInput, Conflict, Message, NotThere, SurveyError
from survey.outreach import ActionStatus
from survey.pages.access import current_account, may_here, needs
from survey.pages.field_errors import name_fields
from survey.pages.language import current_language
from survey.pages.officials.outreach import blueprint, today
from survey.pages.officials.outreach_action_page import ActionPage
from survey.pages.officials.outreach_forms import (
    FIELD_NAMES,
    FIELDS,
    changed,
    compare,
    sent,
    texts_of,
)
from survey.pages.site import current_site
from survey.reports.outreach_rows import plan_row
from survey.roles import Permission
from survey.store.database import Session
from survey.workflow.edit_outreach import cancel_action, change_action, comment, restore_action
from survey.workflow.show_outreach import ActionView, show_action

__all__ = ["blueprint"]

#: Field of the forms -> what the page calls it.
_NAMES = {name: FIELD_NAMES[stored] for name, stored in FIELDS.items()} | {"comment": N_("评论"), **COMPLETION_NAMES}
_DONE = {
    "saved": N_("已保存。"),
    "cancelled": N_("已取消。可以在本页恢复。"),
    "restored": N_("已恢复。"),
    "commented": N_("评论已发表。"),
}


@blueprint.get("/waves/<id:wave_id>/outreach/<id:action_id>")
@needs(Permission.SEE_OUTREACH)
def show(wave_id: int, action_id: int) -> ResponseReturnValue:
    told = request.args.get("told", "")
    return _page(wave_id, action_id, done=Message(_DONE[told]) if told in _DONE else None)


@blueprint.post("/waves/<id:wave_id>/outreach/<id:action_id>")
@needs(Permission.PLAN_OUTREACH)
def change(wave_id: int, action_id: int) -> ResponseReturnValue:
    """Keep what was touched. Two people's changes of the same field are shown side by side, and nothing is stored."""
    account, (mine, was) = current_account(), sent(request.form)
    completion = {name: request.form.get(name, "").strip() for name in COMPLETION_FIELDS}
    try:
        with current_site().database.writing() as store:
            _view(store, wave_id, action_id)
            change_action(
                store,
                action_id,
                changed(mine, was) | completion,
                revision=_revision(),
                scope=account.scope,
                at=datetime.now(UTC),
                by=account.name,
            )
    except (BadInput, Conflict) as error:
        status = 422 if isinstance(error, BadInput) else 409
        return _page(wave_id, action_id, mine=mine, was=was, completion=completion, error=error), status
    return _back(wave_id, action_id, "saved")


@blueprint.post("/waves/<id:wave_id>/outreach/<id:action_id>/cancel")
@needs(Permission.PLAN_OUTREACH)
def cancel(wave_id: int, action_id: int) -> ResponseReturnValue:
    account = current_account()
    try:
        if request.form.get("confirm") != "yes":
            raise BadInput(Message(N_("请先勾选：我确定要取消。")))
        with current_site().database.writing() as store:
            _view(store, wave_id, action_id)
            at, by = datetime.now(UTC), account.name
            cancel_action(store, action_id, revision=_revision(), scope=account.scope, at=at, by=by)
    except (BadInput, Conflict) as error:
        return _page(wave_id, action_id, error=error), 422 if isinstance(error, BadInput) else 409
    return _back(wave_id, action_id, "cancelled")


@blueprint.post("/waves/<id:wave_id>/outreach/<id:action_id>/restore")
@needs(Permission.PLAN_OUTREACH)
def restore(wave_id: int, action_id: int) -> ResponseReturnValue:
    account = current_account()
    try:
        with current_site().database.writing() as store:
            _view(store, wave_id, action_id)
            at, by = datetime.now(UTC), account.name
            restore_action(store, action_id, revision=_revision(), scope=account.scope, at=at, by=by)
    except Conflict as error:
        return _page(wave_id, action_id, error=error), 409
    return _back(wave_id, action_id, "restored")


@blueprint.post("/waves/<id:wave_id>/outreach/<id:action_id>/comments")
@needs(Permission.COMMENT_OUTREACH)
def remark(wave_id: int, action_id: int) -> ResponseReturnValue:
    account, text = current_account(), request.form.get("comment", "")
    try:
        with current_site().database.writing() as store:
            _view(store, wave_id, action_id)
            comment(store, action_id, text, scope=account.scope, at=datetime.now(UTC), by=account.name)
    except BadInput as error:
        return _page(wave_id, action_id, unsent=text, error=error), 422
    return _back(wave_id, action_id, "commented")


def _page(
    wave_id: int,
    action_id: int,
    *,
    mine: Mapping[str, str] | None = None,
    was: Mapping[str, str] | None = None,
    completion: Mapping[str, str] | None = None,
    unsent: str = "",
    error: SurveyError | None = None,
    done: Message | None = None,
) -> str:
    with current_site().database.reading() as store:
        view = _view(store, wave_id, action_id)
    row = plan_row(view.line, language=current_language())
    page = ActionPage(
        view=view,
        row=row,
        completion=completion or {},
        unsent=unsent,
        error=error and name_fields(error, _NAMES),
        done=done,
    )
    if may_here(Permission.PLAN_OUTREACH) and view.action.status is not ActionStatus.CANCELLED:
        stored = texts_of(view.action)
        found = compare(mine or stored, was or stored, stored)
        theirs = {name: page.stored(name, value) for name, value in found.theirs.items()}
        page = replace(page, form=found.shown, was=stored, theirs=theirs)
    return render_template("officials/outreach_action.html", page=page)


def _view(store: Session, wave_id: int, action_id: int) -> ActionView:
    """Raises :class:`NotThere` also for an action of another wave."""
    view = show_action(store, action_id, scope=current_account().scope, today=today())
    if view.wave.id != wave_id:
        raise NotThere(Message(N_("没有编号为 {id} 的行动"), {"id": action_id}))
    return view


def _revision() -> int:
    """The state the form was opened with; nonsense is none there ever was."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _back(wave_id: int, action_id: int, told: str) -> ResponseReturnValue:
    return redirect(url_for("outreach.show", wave_id=wave_id, action_id=action_id, told=told), code=303)
