"""``/questionnaire``: the introduction, screen after screen, and ``/questionnaire/end``: thanks.

A GET shows, a POST keeps what was typed and says where to go on. The place is in the address (``?at=D1``), so the
phone's own way back works too. An address without a place is opened by whoever comes in anew: where something is filled
in they are asked first whose it is.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from survey.pages import language
from survey.pages.access import for_residents
from survey.pages.residents import refusals, rendering
from survey.pages.residents.drawing import draw_end, draw_screen, draw_thanks, draw_welcome
from survey.pages.residents.papers import Paper, paper_of
from survey.pages.residents.put_aside import read_aside
from survey.pages.residents.refusals import CLEARED, NO_COOKIE, OTHER_FORM, STANDINGS, refuse
from survey.pages.residents.turns import END, HERE, NEXT, WELCOME, HandIn, Turn, place, take_turn
from survey.pages.residents.visitors import (
    DECLINED,
    Visitor,
    begin,
    current_visitor,
    forget,
    has_token,
    new_visitor,
    remember,
)
from survey.pages.residents.watching import forget_handed_in, remember_handed_in, watch_of
from survey.pages.residents.whose import ask_whose, is_theirs, say_theirs, unsay
from survey.pages.site import current_site
from survey.store.database import Session
from survey.store.responses import Answer
from survey.store.sheets import Ending, Sheet, Standing
from survey.waves import FilledBy, Mode
from survey.workflow.enter_questionnaire import community_name, enter_anew, find_wave, open_sheet
from survey.workflow.record_response import record_refusal, record_response

blueprint = Blueprint("questionnaires", __name__)
rendering.init_blueprint(blueprint)
refusals.init_blueprint(blueprint)


@blueprint.get("/questionnaire")
@for_residents
def show() -> ResponseReturnValue:
    site, visitor, at = current_site(), current_visitor(), request.args.get("at", "")
    if visitor is None:
        return refuse(NO_COOKIE)
    if visitor.has_finished:
        return rendering.send_to(url_for("questionnaires.show_thanks"))
    with site.database.reading() as store:
        sheet = open_sheet(store, site.keys, visitor.entrance)
        welcome = at == WELCOME or (at in ("", HERE) and not sheet.begun)
        # Whoever has a code knows where they live; on the open link it is said.
        says_where = welcome and visitor.entrance.code_hash is None
        community = community_name(store, visitor.entrance) if says_where else ""
    if sheet.standing is not Standing.OPEN:
        return _not_open(visitor, sheet)
    if sheet.begun and not (at and is_theirs(visitor)):
        aside = read_aside()
        return ask_whose(waiting=aside.waiting or new_visitor(enter_anew(sheet)), aside=aside)
    paper = _paper(sheet)
    if welcome:
        return draw_welcome(sheet, paper, community=community, by_family=visitor.filled_by is FilledBy.FAMILY)
    walk = paper.walk(visitor.entrance)
    screen = place(walk, sheet.answers, "" if at == HERE else at)
    return draw_screen(sheet, paper, screen) if screen else draw_end(sheet, walk)


@blueprint.post("/questionnaire")
@for_residents
def answer() -> ResponseReturnValue:
    site, visitor = current_site(), current_visitor()
    if visitor is None:
        return refuse(NO_COOKIE)
    if visitor.has_finished:
        return rendering.send_to(url_for("questionnaires.show_thanks"))
    if not has_token(visitor):
        return refuse(OTHER_FORM)
    action, _, value = request.form.get("action", NEXT).partition(":")
    if action in _ACTIONS:
        return _ACTIONS[action](visitor)
    rendering.choose(action, value)
    with site.database.writing() as store:
        sheet = open_sheet(store, site.keys, visitor.entrance)
        if sheet.standing is not Standing.OPEN:
            return _not_open(visitor, sheet)
        paper = _paper(sheet)
        hand_in = _hand_in(store, visitor, sheet, paper)
        turn = take_turn(store, sheet, paper, request.form, action=action, hand_in=hand_in)
    return _after(visitor, sheet, paper, turn)


@blueprint.get("/questionnaire/end")
@for_residents
def show_thanks() -> ResponseReturnValue:
    site, visitor = current_site(), current_visitor()
    if visitor is None:
        return refuse(NO_COOKIE)
    if not visitor.ending:
        return rendering.send_to(url_for("questionnaires.show"))
    with site.database.reading() as store:
        wave = find_wave(store, visitor.entrance)
    return draw_thanks(
        visitor.ending,
        _read_in_its_languages(paper_of(wave)) if wave else None,
        invited=visitor.entrance.code_hash is not None,
        codes=visitor.codes,
    )


@blueprint.post("/questionnaire/end")
@for_residents
def forget_codes() -> ResponseReturnValue:
    """For whoever has noted their codes, on a phone that others use too."""
    if not has_token(current_visitor()):
        return refuse(OTHER_FORM)
    response = refuse(CLEARED)
    forget(response)
    unsay(response)
    forget_handed_in(response)
    return response


@blueprint.get("/questionnaire/stop")
@for_residents
def ask_to_stop() -> ResponseReturnValue:
    """Stopping deletes what was filled in, so it is asked first; and nobody stops what another one began."""
    visitor = current_visitor()
    if visitor is None:
        return refuse(NO_COOKIE)
    if visitor.has_finished:
        return rendering.send_to(url_for("questionnaires.show_thanks"))
    if not is_theirs(visitor):
        return rendering.send_to(url_for("questionnaires.show"))
    return rendering.render_page("residents/stop.html", None)


def _hand_in(store: Session, visitor: Visitor, sheet: Sheet, paper: Paper) -> HandIn:
    now = datetime.now(UTC)
    watch = watch_of(visitor, paper, now=now)

    def hand_in(answers: Mapping[str, Answer]) -> Ending:
        codes, watched, filled_by = visitor.codes, watch(answers), visitor.filled_by
        return record_response(store, sheet, answers, at=now, codes=codes, watched=watched, filled_by=filled_by)

    return hand_in


def _after(visitor: Visitor, sheet: Sheet, paper: Paper, turn: Turn) -> ResponseReturnValue:
    """The reply to a turn that is committed."""
    if turn.ending:
        return _finish(visitor, turn.ending)
    if turn.screen:
        sheet = replace(sheet, answers=turn.answers)
        response = draw_screen(sheet, paper, turn.screen, posted=turn.posted, again=turn.again)
    else:
        response = rendering.send_to(url_for("questionnaires.show", at=turn.at))
    if not is_theirs(visitor):  # they had its form on the screen; asked in another tab, or in a browser opened again
        say_theirs(response, visitor)
    return response


def _decline(visitor: Visitor) -> ResponseReturnValue:
    site = current_site()
    with site.database.writing() as store:
        sheet = open_sheet(store, site.keys, visitor.entrance)
        record_refusal(store, sheet, at=datetime.now(UTC), codes=visitor.codes)
    return _finish(visitor, DECLINED)


def _start(visitor: Visitor) -> ResponseReturnValue:
    """Consent is this button. Nothing is stored: a questionnaire begins with its first answer."""
    site = current_site()
    with site.database.reading() as store:
        sheet = open_sheet(store, site.keys, visitor.entrance)
    if sheet.standing is not Standing.OPEN:
        return _not_open(visitor, sheet)
    screen = place(_paper(sheet).walk(visitor.entrance), sheet.answers, "")
    filled_by = FilledBy.FAMILY if request.form.get("filled_by") == FilledBy.FAMILY else FilledBy.SELF
    response = rendering.send_to(url_for("questionnaires.show", at=screen.name if screen else END))
    remember(response, begin(visitor, filled_by))
    say_theirs(response, visitor)
    return response


_ACTIONS = {"decline": _decline, "start": _start}


def _not_open(visitor: Visitor, sheet: Sheet) -> ResponseReturnValue:
    """Also for a reply that was lost: whoever asks again after handing in is thanked again."""
    if sheet.ending:
        return _finish(visitor, sheet.ending)
    return refuse(STANDINGS[sheet.standing])


def _finish(visitor: Visitor, ending: str) -> ResponseReturnValue:
    response = rendering.send_to(url_for("questionnaires.show_thanks"))
    remember(response, replace(visitor, ending=ending))
    if ending == Ending.COMPLETE and visitor.entrance.mode is Mode.WEB_OPEN:
        remember_handed_in(response, visitor.entrance.wave_id)
    return response


def _paper(sheet: Sheet) -> Paper:
    if sheet.wave is None:
        raise ValueError("got a sheet without its wave, expected an open one")
    return _read_in_its_languages(paper_of(sheet.wave))


def _read_in_its_languages(paper: Paper) -> Paper:
    language.offer(paper.questionnaire.languages)
    return paper
