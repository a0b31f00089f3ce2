"""``/cases/<id>/interview``: begin an interview, one item a screen, break off or hand in."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.checking import AnswerChecker
from questionnaires.option_orders import deal_order_seed
from questionnaires.screens import Screen
from survey.fieldwork.interview_draft import InterviewDraft
from survey.fieldwork.payloads import Ended, to_json
from survey.messages import N_, BadInput, Conflict, Message
from survey.pages.access import current_account, needs
from survey.pages.canvassers.cases import case_page
from survey.pages.canvassers.drawing import draw_end, draw_item, draw_selected, end_of, walk_of
from survey.pages.canvassers.forms import (
    household_of,
    household_readers,
    is_kept,
    led_by_of,
    led_by_reader,
    presence_of,
    seconds_since,
    uuid_of,
)
from survey.pages.field_errors import check_fields
from survey.pages.questionnaire_form import check_screen, kept_answers, read_form, to_ask_again
from survey.pages.site import current_site
from survey.roles import Permission
from survey.store.database import Session
from survey.store.inbox import PayloadKind
from survey.waves import Mode
from survey.workflow.hand_out_receipt import receipt_salt, show_receipt
from survey.workflow.hold_interview import begin_interview, hand_in, save_screen
from survey.workflow.receive_payload import receive_payload
from survey.workflow.show_cases import CaseView, show_my_case

blueprint = Blueprint("interviews_at_door", __name__)


@blueprint.post("/cases/<uuid:case_id>/interview")
@needs(Permission.INTERVIEW)
def begin(case_id: UUID) -> ResponseReturnValue:
    site, account, form, now = current_site(), current_account(), request.form, datetime.now(UTC)
    try:
        with site.database.writing() as store:
            view = _view(store, case_id)
            if view.interviewed:
                raise Conflict(Message(N_("这一户已经有一份交上来的访问，不能再访一次。")))
            typed = not form.keys().isdisjoint(("adults", "men"))  # nothing is, where the page says who was counted
            stated = view.counted if not typed else None
            check_fields((household_readers(form, view.respondent) if stated is None else {}) | led_by_reader(form))
            household = stated or household_of(form, view.respondent)
            stands = begin_interview(
                store,
                site.keys,
                view.case,
                uuid=uuid_of(form, "interview"),
                fingerprint=view.fingerprint,
                household=household,
                led_by=led_by_of(form),
                canvasser=account.id,
                order_seed=deal_order_seed(view.questionnaire, Mode.CAPI),
                at=now,
            )
    except BadInput as error:
        return case_page(case_id, error=error), 422
    counted = "before" if stands != household else None
    return redirect(url_for("interviews_at_door.show_selected", case_id=case_id, counted=counted), code=303)


@blueprint.get("/cases/<uuid:case_id>/interview")
@needs(Permission.INTERVIEW)
def show_selected(case_id: UUID) -> ResponseReturnValue:
    view, draft = _begun(case_id)
    return draw_selected(view, draft) if draft else _to_case(case_id)


@blueprint.get("/cases/<uuid:case_id>/interview/items/<item_id>")
@needs(Permission.INTERVIEW)
def show_item(case_id: UUID, item_id: str) -> ResponseReturnValue:
    view, draft = _begun(case_id)
    if draft is None:
        return _to_case(case_id)
    screen = walk_of(view, draft).screen(item_id, draft.answers)
    return draw_item(view, draft, screen) if screen else _to_next(view, draft)


@blueprint.post("/cases/<uuid:case_id>/interview/items/<item_id>")
@needs(Permission.INTERVIEW)
def answer_item(case_id: UUID, item_id: str) -> ResponseReturnValue:
    site, form = current_site(), request.form
    with site.database.writing() as store:
        view = _view(store, case_id)
        draft = view.draft
        if draft is None:
            return _to_case(case_id)
        walk = walk_of(view, draft)
        screen = walk.screen(item_id, draft.answers)
        if screen is None:
            return _to_next(view, draft)
        checker = AnswerChecker(view.questionnaire, mode=Mode.CAPI, modules=walk.modules)
        posted = read_form(form, screen.items, checker)
        again = to_ask_again(posted, screen.items)
        going_on = form.get("action", "next") == "next"
        if going_on:
            posted = check_screen(walk, {**draft.answers, **posted.given}, screen, posted)
        kept = kept_answers(posted, screen.items, draft.answers, forward=going_on)
        draft = draft.with_answers(kept, item=screen.name, seconds=seconds_since(form))
        save_screen(store, site.keys, view.case, draft, at=datetime.now(UTC))
    if going_on and (posted.problems or posted.failed or again):
        return draw_item(view, draft, screen, posted=posted, again=again), 422
    if form.get("action") == "back":
        before = walk.previous(draft.answers, screen)
        return redirect(_item_address(case_id, before) if before else _selected_address(case_id), code=303)
    if form.get("action") == "stop":
        return redirect(_end_address(case_id, stop="1"), code=303)
    after = walk.next(draft.answers, screen)
    return redirect(_item_address(case_id, after), code=303) if after else _to_next(view, draft)


@blueprint.get("/cases/<uuid:case_id>/interview/end")
@needs(Permission.INTERVIEW)
def show_end(case_id: UUID) -> ResponseReturnValue:
    with current_site().database.reading() as store:
        view = _view(store, case_id)
        draft, stopped = view.draft, "stop" in request.args
        if draft is None:
            return _to_case(case_id)
        if not stopped and not (end := end_of(view, draft)).left and not end.is_settled:
            return _to_next(view, draft)
        receipt = show_receipt(store, current_site().keys, view.wave.id, draft.uuid)
    return draw_end(view, draft, receipt, stopped=stopped)


@blueprint.post("/cases/<uuid:case_id>/interview/end")
@needs(Permission.INTERVIEW)
def finish(case_id: UUID) -> ResponseReturnValue:
    site, account, now, form = current_site(), current_account(), datetime.now(UTC), request.form
    said = form.get("ended") == Ended.BREAK_OFF
    with site.database.writing() as store:
        view = _view(store, case_id)
        draft = view.draft
        if draft is None:
            return _to_case(case_id)  # sent twice: the first one arrived
        end = end_of(view, draft)
        stopped = said and end.is_stopped(said=said)
        if not (stopped or end.is_settled):
            return _to_next(view, draft)  # answers were changed after this page was opened
        try:
            chosen = form.getlist("present")
            check_fields({"kept": lambda: stopped and is_kept(form, end), "present": lambda: presence_of(chosen)})
            kept, present = not stopped or is_kept(form, end), presence_of(chosen)
        except BadInput as error:
            receipt = show_receipt(store, site.keys, view.wave.id, draft.uuid)
            return draw_end(view, draft, receipt, stopped=stopped, error=error), 422
        payload = hand_in(
            store,
            draft,
            salt=receipt_salt(store, site.keys, view.wave.id, draft.uuid),
            answers=end.answers if kept else None,
            present=present,
            ended=Ended.COMPLETE if kept and not end.left else Ended.BREAK_OFF,
            at=now,
        )
        receive_payload(
            store,
            site.keys,
            kind=PayloadKind.INTERVIEW,
            uuid=draft.uuid,
            body=to_json(payload),
            account=account,
            at=now,
        )
    return redirect(url_for("cases.show", case_id=case_id, saved="interview" if kept else "stopped"), code=303)


def _view(store: Session, case_id: UUID) -> CaseView:
    return show_my_case(store, current_site().keys, current_account(), case_id)


def _begun(case_id: UUID) -> tuple[CaseView, InterviewDraft | None]:
    with current_site().database.reading() as store:
        view = _view(store, case_id)
    return view, view.draft


def _to_case(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("cases.show", case_id=case_id), code=303)


def _to_next(view: CaseView, draft: InterviewDraft) -> ResponseReturnValue:
    """Where the interview goes on: what nobody has seen, then what cannot stand, then the end."""
    walk, end = walk_of(view, draft), end_of(view, draft)
    again = end.unread | {one.item.id for one in end.refused}
    screen = walk.unseen(draft.answers) or next((s for s in walk.screens(draft.answers) if s.item_ids & again), None)
    return redirect(_item_address(view.case.id, screen) if screen else _end_address(view.case.id), code=303)


def _item_address(case_id: UUID, screen: Screen) -> str:
    return url_for("interviews_at_door.show_item", case_id=case_id, item_id=screen.name)


def _selected_address(case_id: UUID) -> str:
    return url_for("interviews_at_door.show_selected", case_id=case_id)


def _end_address(case_id: UUID, *, stop: str | None = None) -> str:
    return url_for("interviews_at_door.show_end", case_id=case_id, stop=stop)
