"""``/a/<code>``, ``/a`` and ``/o/<token>``: from the letter or the poster to the questionnaire; and what is asked on a
phone on which another one was begun, or has just been handed in.

The code leaves the address at once: it is exchanged for a cookie. That stores and spends nothing, so a messenger that
looks at the link first, or a second tap, does no harm: what was begun gives way to a POST alone, and is shown again
to whoever says by one that it is theirs.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from survey.pages.access import for_residents
from survey.pages.forwarding import client_address
from survey.pages.residents import refusals, rendering
from survey.pages.residents.guesses import Guesses
from survey.pages.residents.put_aside import Aside, read_aside, write_aside
from survey.pages.residents.refusals import OTHER_FORM, STANDINGS, TOO_OFTEN, TOO_OFTEN_LINKS, refuse
from survey.pages.residents.rendering import Refusal
from survey.pages.residents.turns import HERE, WELCOME
from survey.pages.residents.visitors import Visitor, current_visitor, form_token, has_token, new_visitor, remember
from survey.pages.residents.whose import ask_whose, say_theirs
from survey.pages.site import current_site
from survey.store.sheets import Standing
from survey.workflow.enter_questionnaire import Entered, enter_by_code, enter_by_link, open_sheet

blueprint = Blueprint("entrances", __name__)
rendering.init_blueprint(blueprint)
refusals.init_blueprint(blueprint)

#: Of a code: what was begun with it can still be handed in.
_STILL_TAKEN = (Standing.OPEN, Standing.SPENT, Standing.REVOKED)


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
    return _wrong(guesses, TOO_OFTEN, typed) if entered.way is None else _enter(entered)


def _wrong(guesses: Guesses, too_often: Refusal, typed: str = "") -> ResponseReturnValue:
    """Nothing is there. Only who guesses meets the limit: a whole community may come from one address, and a right code
    or link from there is let in whatever others try.
    """
    address = client_address()
    if not (minutes := guesses.minutes_to_wait(address)):
        guesses.count(address)
        return refuse(replace(STANDINGS[Standing.UNKNOWN], typed=typed[:40]))
    response = refuse(too_often, minutes=minutes)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def _enter(entered: Entered) -> ResponseReturnValue:
    """To the questionnaire of that letter or poster: a new one, or one of those this browser has, if it is theirs."""
    visitor, aside = current_visitor(), read_aside()
    new = new_visitor(entered.entrance) if entered.entrance else None
    kept = aside.of_way(entered.way) if entered.standing in _STILL_TAKEN else ()
    finished, begun = bool(visitor and visitor.has_finished), _has_begun(visitor)
    same = visitor is not None and visitor.entrance.way == entered.way
    if same and not (finished or begun or kept):
        return _show(WELCOME)  # what was opened before, or why it is of no use any more
    if not (new or kept or same):
        return refuse(STANDINGS[entered.standing])
    if finished or begun or kept or new is None:
        return ask_whose(waiting=new, aside=aside)
    return _let_in(new, aside.kept, at=WELCOME)


def _show(at: str) -> Response:
    return rendering.send_to(url_for("questionnaires.show", at=at))


def _let_in(visitor: Visitor, kept: tuple[Visitor, ...], *, at: str) -> Response:
    response = _show(at)
    remember(response, visitor)
    say_theirs(response, visitor)
    write_aside(response, waiting=None, kept=tuple(one for one in kept if one.entrance.uuid != visitor.entrance.uuid))
    return response


def _has_begun(visitor: Visitor | None) -> bool:
    """Whether there are answers of theirs that can still be handed in."""
    if visitor is None or visitor.has_finished:
        return False
    with current_site().database.reading() as store:
        return open_sheet(store, current_site().keys, visitor.entrance).begun


@dataclass(frozen=True, kw_only=True)
class Own:
    """A half-filled one that may be the reader's: its ``token``, and when it was begun."""

    token: str
    began: datetime | None


@dataclass(frozen=True, kw_only=True)
class WhichPage:
    """``finished``: the last one on this phone was handed in. ``waiting``: a new one can be filled in; ``other``: of
    another letter or poster than all of ``own``. ``wave_id``: whose rights are told."""

    finished: bool
    own: tuple[Own, ...]
    waiting: bool
    other: bool
    wave_id: int


@blueprint.get("/questionnaire/other")
@for_residents
def ask_which() -> ResponseReturnValue:
    """Nobody sees unasked what whoever had the phone before them answered, or is given their codes."""
    visitor, aside = current_visitor(), read_aside()
    half_filled = _half_filled(visitor, aside)
    finished = bool(visitor and visitor.has_finished)
    here = aside.waiting or visitor
    if here is None or not (half_filled or finished):
        return rendering.send_to(url_for("questionnaires.show"))
    page = WhichPage(
        finished=finished,
        own=tuple(Own(token=form_token(one), began=one.began) for one in half_filled),
        waiting=aside.waiting is not None,
        other=all(one.entrance.way != here.entrance.way for one in half_filled),
        wave_id=here.entrance.wave_id,
    )
    return rendering.render_page("residents/which.html", page)


@blueprint.post("/questionnaire/other")
@for_residents
def take_other() -> ResponseReturnValue:
    """What was begun is put aside, and found again by its letter or poster; of what was handed in the codes go."""
    visitor, aside = current_visitor(), read_aside()
    if "csrf_token" not in request.form:
        return refuse(OTHER_FORM)
    if not has_token(visitor):
        # Tapped twice, or a page from before: nothing changes, and what is asked is asked again.
        again = visitor is not None and request.form.get("mine") == form_token(visitor)
        return _show(HERE) if again else rendering.send_to(url_for("questionnaires.show"))
    half_filled = _half_filled(visitor, aside)
    wanted: Visitor | None = aside.waiting
    if "mine" in request.form:
        wanted = next((one for one in half_filled if form_token(one) == request.form["mine"]), None)
    if wanted is None:
        return rendering.send_to(url_for("questionnaires.show"))
    begun = (visitor,) if visitor in half_filled else ()
    return _let_in(wanted, (*begun, *aside.kept), at=WELCOME if wanted is aside.waiting else HERE)


def _half_filled(visitor: Visitor | None, aside: Aside) -> tuple[Visitor, ...]:
    """Any of which may be the reader's: the one at hand, and those put aside of the letter or poster just opened."""
    here = aside.waiting or visitor
    begun = (visitor,) if visitor and _has_begun(visitor) else ()
    return (*begun, *aside.of_way(here.entrance.way if here else None))
