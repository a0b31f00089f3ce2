"""``/sign-in`` and ``/sign-out``."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.account_rules import LONGEST_NAME
from survey.messages import N_, Message
from survey.pages.access import account_or_none, end_session, open_to_all, start_session
from survey.pages.formats import clock
from survey.pages.forwarding import client_address
from survey.pages.redirects import local_path
from survey.pages.site import current_site
from survey.workflow.sign_in import admit, check_password, confirm, make_attempt

blueprint = Blueprint("sign_in", __name__)


@dataclass(frozen=True, kw_only=True)
class SignInPage:
    next: str | None
    name: str = ""
    problem: Message | None = None
    ended: bool = False  # a form was sent after the session had ended


@blueprint.get("/sign-in")
@open_to_all
def show() -> ResponseReturnValue:
    wanted = local_path(request.args.get("next"))
    if account_or_none():
        return redirect(wanted or "/", code=303)
    return render_template("accounts/sign_in.html", page=SignInPage(next=wanted, ended="ended" in request.args))


@blueprint.post("/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    site, now = current_site(), datetime.now(UTC)
    name = request.form.get("name", "").strip()
    attempt = make_attempt(name=name, address=client_address(), secret_key=site.config.secret_key)
    with site.database.writing() as store:
        admission = admit(store, attempt, at=now)
    if admission.minutes_to_wait:
        return _try_later(name, admission.minutes_to_wait, now)
    account = check_password(admission, request.form.get("password", ""))
    if account is None:
        return _refuse(name, Message(N_("账号或密码不正确。"))), 422
    with site.database.writing() as store:
        confirm(store, attempt, at=now)
    start_session(account)
    return redirect(local_path(request.form.get("next")) or "/", code=303)


@blueprint.post("/sign-out")
@open_to_all
def sign_out() -> ResponseReturnValue:
    end_session()
    return redirect(url_for("sign_in.show"), code=303)


def _refuse(name: str, problem: Message) -> str:
    page = SignInPage(next=local_path(request.form.get("next")), name=name[:LONGEST_NAME], problem=problem)
    return render_template("accounts/sign_in.html", page=page)


def _try_later(name: str, minutes: int, now: datetime) -> ResponseReturnValue:
    problem = Message(
        N_("失败次数太多。请在 {minutes} 分钟后（{time} 以后）再试。"),
        {"minutes": minutes, "time": clock(now + timedelta(minutes=minutes))},
    )
    return _refuse(name, problem), 429, {"Retry-After": str(minutes * 60)}
