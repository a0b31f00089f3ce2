"""``/a/<code>``, ``/a`` and ``/o/<token>``: from the letter or the poster to the questionnaire; and what is asked on a
phone on which another one was begun, or has just been handed in.

The code leaves the address at once: it is exchanged for a cookie. That stores and spends nothing, so a messenger that
looks at the link first, or a second tap, does no harm: what was begun gives way to a POST alone.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from survey.pages.access import for_residents
from survey.pages.forwarding import client_address
from survey.pages.residents import refusals, rendering
from survey.pages.residents.guesses import Guesses
from survey.pages.residents.put_aside import read_aside, write_aside
from survey.pages.residents.refusals import OTHER_FORM, STANDINGS, TOO_OFTEN, TOO_OFTEN_LINKS, refuse
from survey.pages.residents.rendering import Refusal
from survey.pages.residents.visitors import Visitor, current_visitor, has_token, new_visitor, remember
from survey.pages.site import current_site
from survey.store.sheets import Standing
from survey.workflow.enter_questionnaire import Entered, enter_by_code, enter_by_link, open_sheet

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
    with current_site().database.reading() as store:
        entered = enter_by_link(store, token)
    return _wrong(guesses, TOO_OFTEN_LINKS) if entered.way is None else _enter(entered)


def _by_code(typed: str) -> ResponseReturnValue:
    guesses: Guesses = current_app.extensions.setdefault("survey_guesses", Guesses())
    with current_site().database.reading() as store:
        entered = enter_by_code(store, current_site().keys, typed)
    return _wrong(guesses, TOO_OFTEN) if entered.way is None else _enter(entered)


def _wrong(guesses: Guesses, too_often: Refusal) -> ResponseReturnValue:
    """Nothing is there. Only who guesses meets the limit: a whole community may come from one address, and a right code
    or link from there is let in whatever others try.
    """
    address = client_address()
    if not (minutes := guesses.minutes_to_wait(address)):
        guesses.count(address)
        return refuse(STANDINGS[Standing.UNKNOWN])
    response = refuse(too_often, minutes=minutes)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def _enter(entered: Entered) -> ResponseReturnValue:
    """To the questionnaire of that letter or poster: the one this browser has, or a new one."""
    visitor, aside = current_visitor(), read_aside()
    finished = visitor is not None and visitor.has_finished
    if visitor and not finished and visitor.entrance.way == entered.way:
        return rendering.send_to(url_for("questionnaires.show"))
    wanted = aside.find(entered.way) or (new_visitor(entered.entrance) if entered.entrance else None)
    if wanted is None and not (finished and visitor and visitor.entrance.way == entered.way):
        return refuse(STANDINGS[entered.standing])
    if wanted is None or (visitor and (finished or _has_begun(visitor))):
        response = rendering.send_to(url_for("entrances.ask_which"))
        write_aside(response, waiting=wanted, kept=aside.kept)
        return response
    return _let_in(wanted, aside.kept)


def _let_in(visitor: Visitor, kept: tuple[Visitor, ...]) -> Response:
    response = rendering.send_to(url_for("questionnaires.show"))
    remember(response, visitor)
    write_aside(response, waiting=None, kept=tuple(one for one in kept if one.entrance.way != visitor.entrance.way))
    return response


def _has_begun(visitor: Visitor) -> bool:
    """Whether there are answers of theirs that can still be handed in."""
    with current_site().database.reading() as store:
        return open_sheet(store, current_site().keys, visitor.entrance).begun


@dataclass(frozen=True, kw_only=True)
class WhichPage:
    """``finished``: the one on this phone was handed in, else it is half filled in. ``waiting``: there is another."""

    finished: bool
    waiting: bool


@blueprint.get("/questionnaire/other")
@for_residents
def ask_which() -> ResponseReturnValue:
    """Nobody sees unasked what whoever had the phone before them answered, or is given their codes."""
    visitor, waiting = current_visitor(), read_aside().waiting
    if visitor is None or not (waiting or visitor.has_finished):
        return rendering.send_to(url_for("questionnaires.show"))
    page = WhichPage(finished=visitor.has_finished, waiting=waiting is not None)
    return rendering.render_page("residents/which.html", page)


@blueprint.post("/questionnaire/other")
@for_residents
def take_other() -> ResponseReturnValue:
    """What was begun is put aside, and found again by its letter or poster; of what was handed in the codes go."""
    visitor, aside = current_visitor(), read_aside()
    if not has_token(visitor):
        return refuse(OTHER_FORM)
    if visitor is None or aside.waiting is None:
        return rendering.send_to(url_for("questionnaires.show"))
    begun = () if visitor.has_finished else (visitor,)
    return _let_in(aside.waiting, (*begun, *aside.kept))
