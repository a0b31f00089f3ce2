"""``/activate``: whoever holds an activation card chooses a password, once, and is signed in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.account_rules import SHORTEST_PASSWORD
from survey.messages import N_, BadInput, Message
from survey.one_time_codes import read_code
from survey.pages.access import open_to_all, start_session
from survey.pages.formats import clock
from survey.pages.forwarding import client_address
from survey.pages.site import current_site
from survey.workflow.activate_account import activate, find_waiting, hash_new_password
from survey.workflow.sign_in import admit, confirm, make_attempt

blueprint = Blueprint("activation", __name__)


@dataclass(frozen=True, kw_only=True)
class ActivationPage:
    code: str = ""
    problem: Message | None = None
    least: int = SHORTEST_PASSWORD


@blueprint.get("/activate")
@open_to_all
def show() -> ResponseReturnValue:
    return render_template("accounts/activation.html", page=ActivationPage())


@blueprint.post("/activate")
@open_to_all
def choose_password() -> ResponseReturnValue:
    site, now = current_site(), datetime.now(UTC)
    typed, password = request.form.get("code", ""), request.form.get("password", "")
    # No account has a blank in its name: guesses at codes lock nobody's sign-in.
    guess = f"activation {read_code(typed) or typed[:64]}"
    attempt = make_attempt(name=guess, address=client_address(), secret_key=site.config.secret_key)
    with site.database.writing() as store:
        admission = admit(store, attempt, at=now)
    if admission.minutes_to_wait:
        return _try_later(typed, admission.minutes_to_wait, now)
    try:
        with site.database.reading() as store:
            waiting = find_waiting(store, typed, at=now)
        if password != request.form.get("again", ""):
            raise BadInput(Message(N_("两次输入的密码不一样。")))
        password_hash = hash_new_password(password, waiting)
        with site.database.writing() as store:
            account = activate(store, typed, password_hash=password_hash, at=now)
            confirm(store, attempt, at=now)
    except BadInput as error:
        return _again(typed, error.message), 422
    start_session(account)
    return redirect(url_for("home.show"), code=303)


def _again(typed: str, problem: Message) -> str:
    return render_template("accounts/activation.html", page=ActivationPage(code=typed[:64], problem=problem))


def _try_later(typed: str, minutes: int, now: datetime) -> ResponseReturnValue:
    problem = Message(
        N_("失败次数太多。请在 {minutes} 分钟后（{time} 以后）再试。"),
        {"minutes": minutes, "time": clock(now + timedelta(minutes=minutes))},
    )
    return _again(typed, problem), 429, {"Retry-After": str(minutes * 60)}
