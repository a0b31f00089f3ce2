"""``/withdraw``: type the code from the end of a questionnaire, and its answers are deleted."""

from dataclasses import dataclass

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from survey.pages.access import for_residents
from survey.pages.forwarding import client_address
from survey.pages.residents import refusals, rendering
from survey.pages.residents.guesses import Guesses
from survey.pages.residents.refusals import TOO_OFTEN_CODES, refuse
from survey.pages.residents.visitors import forget_finished
from survey.pages.residents.watching import forget_handed_in
from survey.pages.site import current_site
from survey.workflow.withdraw_response import knows_code, withdraw_response

blueprint = Blueprint("withdrawals", __name__)
rendering.init_blueprint(blueprint)
refusals.init_blueprint(blueprint)


@dataclass(frozen=True, kw_only=True)
class WithdrawPage:
    """``wrong``: what was ``typed`` is no such code; it stays there to be compared and mended."""

    wrong: bool = False
    typed: str = ""


@blueprint.get("/withdraw")
@for_residents
def show() -> ResponseReturnValue:
    return rendering.render_page("residents/withdraw.html", WithdrawPage())


@blueprint.post("/withdraw")
@for_residents
def withdraw() -> ResponseReturnValue:
    """Whoever has the code may: no other site can send a form that holds it."""
    site, typed = current_site(), request.form.get("code", "")
    guesses: Guesses = current_app.extensions.setdefault("survey_withdrawal_guesses", Guesses())
    if minutes := guesses.minutes_to_wait(client_address()):
        # Only who guesses meets the limit; many wrong ones keep nobody from the database, nor a right one out.
        with site.database.reading() as store:
            known = knows_code(store, site.keys, typed)
        if not known:
            response = refuse(TOO_OFTEN_CODES, minutes=minutes)
            response.headers["Retry-After"] = str(minutes * 60)
            return response
    with site.database.writing() as store:
        known = withdraw_response(store, site.keys, typed)
    if not known:
        guesses.count(client_address())
        return rendering.render_page("residents/withdraw.html", WithdrawPage(wrong=True, typed=typed[:40]), status=404)
    response = rendering.render_page("residents/withdrawn.html", None)
    # Whoever withdraws on this phone wants neither thanks nor codes to stay on it; what somebody is in the middle of
    # filling in on it stays.
    forget_finished(response)
    forget_handed_in(response)
    return response
