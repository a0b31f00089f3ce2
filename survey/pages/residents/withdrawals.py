"""``/withdraw``: type the code from the end of a questionnaire, and its answers are deleted."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from survey.pages.access import for_residents
from survey.pages.forwarding import client_address
from survey.pages.residents import refusals, rendering
from survey.pages.residents.guesses import Guesses
from survey.pages.residents.refusals import TOO_OFTEN_CODES, refuse
from survey.pages.residents.visitors import forget_finished
from survey.pages.residents.watching import forget_handed_in
from survey.pages.site import current_site
from survey.workflow.withdraw_response import withdraw_response

blueprint = Blueprint("withdrawals", __name__)
rendering.init_blueprint(blueprint)
refusals.init_blueprint(blueprint)


@dataclass(frozen=True, kw_only=True)
class WithdrawPage:
    """``wrong``: what was typed is no such code."""

    wrong: bool = False


@blueprint.get("/withdraw")
@for_residents
def show() -> ResponseReturnValue:
    return rendering.render_page("residents/withdraw.html", WithdrawPage())


@blueprint.post("/withdraw")
@for_residents
def withdraw() -> ResponseReturnValue:
    """Whoever has the code may: no other site can send a form that holds it."""
    site = current_site()
    with site.database.writing() as store:
        known = withdraw_response(store, site.keys, request.form.get("code", ""))
    if not known:
        return _wrong()
    response = rendering.render_page("residents/withdrawn.html", None)
    # Whoever withdraws on this phone wants neither thanks nor codes to stay on it; what somebody is in the middle of
    # filling in on it stays.
    forget_finished(response)
    forget_handed_in(response)
    return response


def _wrong() -> Response:
    """Only who guesses meets the limit: a right code from the same address is good whatever others try."""
    guesses: Guesses = current_app.extensions.setdefault("survey_withdrawal_guesses", Guesses())
    address = client_address()
    if not (minutes := guesses.minutes_to_wait(address)):
        guesses.count(address)
        return rendering.render_page("residents/withdraw.html", WithdrawPage(wrong=True), status=404)
    response = refuse(TOO_OFTEN_CODES, minutes=minutes)
    response.headers["Retry-After"] = str(minutes * 60)
    return response
