"""``/a/<code>``, ``/a`` and ``/o/<token>``: from the letter or the poster to the questionnaire.

The code leaves the address at once: it is exchanged for a cookie. That stores and spends nothing, so a messenger that
looks at the link first, or a second tap, does no harm.
"""

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue

from survey.pages.access import for_residents
from survey.pages.forwarding import client_address
from survey.pages.residents import refusals, rendering
from survey.pages.residents.guesses import Guesses
from survey.pages.residents.refusals import STANDINGS, TOO_OFTEN, TOO_OFTEN_LINKS, refuse
from survey.pages.residents.rendering import Refusal
from survey.pages.residents.visitors import Visitor, current_visitor, new_visitor, remember
from survey.pages.site import current_site
from survey.store.sheets import Ending, Standing
from survey.workflow.enter_questionnaire import Entered, enter_by_code, enter_by_link

blueprint = Blueprint("entrances", __name__)
rendering.init_blueprint(blueprint)
refusals.init_blueprint(blueprint)


@blueprint.get("/a")
@for_residents
def show_form() -> ResponseReturnValue:
    return rendering.render_page("residents/code.html", None)


@blueprint.post("/a")
@for_residents
def type_code() -> ResponseReturnValue:
    return _by_code(request.form.get("code", ""))


@blueprint.get("/a/<code>")
@for_residents
def follow_letter(code: str) -> ResponseReturnValue:
    return _by_code(code)


@blueprint.get("/o/<token>")
@for_residents
def follow_link(token: str) -> ResponseReturnValue:
    # Counted apart from codes, so that guessing links keeps nobody from the letter.
    guesses: Guesses = current_app.extensions.setdefault("survey_link_guesses", Guesses())
    address, visitor = client_address(), current_visitor()
    if minutes := guesses.minutes_to_wait(address):
        return _refuse_for(minutes, TOO_OFTEN_LINKS)
    with current_site().database.reading() as store:
        entered = enter_by_link(store, token, known=visitor.entrance if visitor else None)
    if entered.standing is Standing.UNKNOWN:
        guesses.count(address)
    return _enter(entered, visitor)


def _by_code(typed: str) -> ResponseReturnValue:
    guesses: Guesses = current_app.extensions.setdefault("survey_guesses", Guesses())
    address, visitor = client_address(), current_visitor()
    if minutes := guesses.minutes_to_wait(address):
        return _refuse_for(minutes, TOO_OFTEN)
    # Whom the questionnaire was not for is followed by another of the home, who begins anew.
    known = visitor.entrance if visitor and visitor.ending != Ending.SCREENED else None
    with current_site().database.reading() as store:
        entered = enter_by_code(store, typed, known=known)
    if entered.standing is Standing.UNKNOWN:
        guesses.count(address)
    return _enter(entered, visitor)


def _refuse_for(minutes: int, refusal: Refusal) -> ResponseReturnValue:
    response = refuse(refusal, minutes=minutes)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def _enter(entered: Entered, visitor: Visitor | None) -> ResponseReturnValue:
    if entered.entrance is None:
        return refuse(STANDINGS[entered.standing])
    response = rendering.send_to(url_for("questionnaires.show"))
    known = visitor is not None and visitor.entrance == entered.entrance
    if not known:
        remember(response, new_visitor(entered.entrance))
    return response
