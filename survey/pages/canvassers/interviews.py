"""``/cases/<id>/interview``: begin an interview, one item a screen, break off or hand in."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.checking import AnswerChecker
from questionnaires.option_orders import deal_order_seed
from questionnaires.routing import ends_screened
from questionnaires.screens import Screen, Walk, modules_for
from questionnaires.wording import fill, fill_item
from survey.fieldwork.interview_draft import InterviewDraft
from survey.fieldwork.payloads import Ended, LedBy, Presence, to_json
from survey.fieldwork.respondents import SelectedWords, tell_selected
from survey.messages import N_, BadInput, Conflict, Message
from survey.one_time_codes import grouped
from survey.pages.access import current_account, needs
from survey.pages.canvassers.cases import case_page
from survey.pages.canvassers.forms import choice_of, household_of, presence_of, seconds_since, uuid_of
from survey.pages.language import current_language
from survey.pages.questionnaire_fields import Audience, Field, draw_fields
from survey.pages.questionnaire_form import Posted, check_screen, kept_answers, read_form, to_ask_again
from survey.pages.site import current_site
from survey.reports.introductions import introduction, placeholders
from survey.roles import Permission
from survey.store.database import Session
from survey.store.inbox import PayloadKind
from survey.units import address_line
from survey.waves import Mode
from survey.workflow.hand_out_receipt import receipt_salt, show_receipt
from survey.workflow.hold_interview import begin_interview, hand_in, save_screen
from survey.workflow.receive_payload import receive_payload
from survey.workflow.show_cases import CaseView, show_my_case

blueprint = Blueprint("interviews_at_door", __name__)


@dataclass(frozen=True, kw_only=True)
class SelectedPage:
    """Who is to be asked, and the words to begin with. ``recounted``: what was typed is not what was counted first."""

    view: CaseView
    draft: InterviewDraft
    told: SelectedWords
    introduction: str
    first: str | None
    recounted: bool


@dataclass(frozen=True, kw_only=True)
class ItemPage:
    """``at``: milliseconds since 1970 when the screen was drawn."""

    view: CaseView
    draft: InterviewDraft
    fields: tuple[Field, ...]
    section: str
    previous: str | None
    number: int
    count: int
    at: int


@dataclass(frozen=True, kw_only=True)
class EndPage:
    """``left``: items on the way that nobody has seen yet; ``broken_off``: the person does not want to go on.
    ``receipt``: for the person to note. ``screened``: what was answered says that this adult is not eligible.
    """

    view: CaseView
    draft: InterviewDraft
    left: int
    last: str | None
    broken_off: bool
    screened: bool
    problem: Message | None
    receipt: str
    presence: tuple[Presence, ...] = tuple(Presence)


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
            household = view.counted if view.counted and not typed else household_of(form, view.respondent)
            stands = begin_interview(
                store,
                site.keys,
                view.case,
                uuid=uuid_of(form, "interview"),
                fingerprint=view.fingerprint,
                household=household,
                led_by=choice_of(LedBy, form.get("led_by"), Message(N_("谁带的路"))),
                canvasser=account.id,
                order_seed=deal_order_seed(view.questionnaire, Mode.CAPI),
                at=now,
            )
    except BadInput as error:
        return case_page(case_id, problem=error.message), 422
    counted = "before" if stands != household else None
    return redirect(url_for("interviews_at_door.show_selected", case_id=case_id, counted=counted), code=303)


@blueprint.get("/cases/<uuid:case_id>/interview")
@needs(Permission.INTERVIEW)
def show_selected(case_id: UUID) -> ResponseReturnValue:
    view, draft = _begun(case_id)
    if draft is None:
        return _to_case(case_id)
    first = _walk(view, draft).unseen(draft.answers)
    page = SelectedPage(
        view=view,
        draft=draft,
        told=tell_selected(view.respondent, adults=draft.adults, men=draft.men, selected=draft.selected),
        introduction=introduction(view.questionnaire, Mode.CAPI, view.wave.details).in_language(current_language()),
        first=first.name if first else None,
        recounted=request.args.get("counted") == "before",
    )
    return render_template("canvassers/selected.html", page=page, address_line=address_line)


@blueprint.get("/cases/<uuid:case_id>/interview/items/<item_id>")
@needs(Permission.INTERVIEW)
def show_item(case_id: UUID, item_id: str) -> ResponseReturnValue:
    view, draft = _begun(case_id)
    if draft is None:
        return _to_case(case_id)
    screen = _walk(view, draft).screen(item_id, draft.answers)
    return _item_page(view, draft, screen) if screen else _to_next(view, draft)


@blueprint.post("/cases/<uuid:case_id>/interview/items/<item_id>")
@needs(Permission.INTERVIEW)
def answer_item(case_id: UUID, item_id: str) -> ResponseReturnValue:
    site, form = current_site(), request.form
    with site.database.writing() as store:
        view = _view(store, case_id)
        draft = view.draft
        if draft is None:
            return _to_case(case_id)
        walk = _walk(view, draft)
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
        return _item_page(view, draft, screen, posted=posted, again=again), 422
    if form.get("action") == "back":
        before = walk.previous(draft.answers, screen)
        return redirect(_item_address(case_id, before) if before else _selected_address(case_id), code=303)
    if form.get("action") == "stop":
        return redirect(url_for("interviews_at_door.show_end", case_id=case_id, stop="1"), code=303)
    after = walk.next(draft.answers, screen)
    return redirect(_item_address(case_id, after) if after else _end_address(case_id), code=303)


@blueprint.get("/cases/<uuid:case_id>/interview/end")
@needs(Permission.INTERVIEW)
def show_end(case_id: UUID) -> ResponseReturnValue:
    with current_site().database.reading() as store:
        view = _view(store, case_id)
        return _end_page(store, view, broken_off="stop" in request.args) if view.draft else _to_case(case_id)


@blueprint.post("/cases/<uuid:case_id>/interview/end")
@needs(Permission.INTERVIEW)
def finish(case_id: UUID) -> ResponseReturnValue:
    site, account, now = current_site(), current_account(), datetime.now(UTC)
    ended = Ended.BREAK_OFF if request.form.get("ended") == Ended.BREAK_OFF else Ended.COMPLETE
    with site.database.writing() as store:
        view = _view(store, case_id)
        draft = view.draft
        if draft is None:
            return _to_case(case_id)  # sent twice: the first one arrived
        try:
            present = presence_of(request.form.getlist("present"))
        except BadInput as error:
            return _end_page(store, view, broken_off=ended is Ended.BREAK_OFF, problem=error.message), 422
        answers = _walk(view, draft).on_route(draft.answers)
        salt = receipt_salt(store, site.keys, view.wave.id, draft.uuid)
        payload = hand_in(store, draft, salt=salt, answers=answers, present=present, ended=ended, at=now)
        receive_payload(
            store,
            site.keys,
            kind=PayloadKind.INTERVIEW,
            uuid=draft.uuid,
            body=to_json(payload),
            account=account,
            at=now,
        )
    return redirect(url_for("cases.show", case_id=case_id, saved="interview"), code=303)


def _view(store: Session, case_id: UUID) -> CaseView:
    return show_my_case(store, current_site().keys, current_account(), case_id)


def _begun(case_id: UUID) -> tuple[CaseView, InterviewDraft | None]:
    with current_site().database.reading() as store:
        view = _view(store, case_id)
    return view, view.draft


def _walk(view: CaseView, draft: InterviewDraft) -> Walk:
    modules = modules_for(view.questionnaire, draft.uuid)
    return Walk(view.questionnaire, mode=Mode.CAPI, modules=modules, one_item=True)


def _item_page(
    view: CaseView,
    draft: InterviewDraft,
    screen: Screen,
    *,
    posted: Posted | None = None,
    again: frozenset[str] = frozenset(),
) -> str:
    walk, language = _walk(view, draft), current_language()
    words = placeholders(view.questionnaire, view.wave.details)
    if posted:
        failed = tuple(replace(check, text=fill(check.text, words)) for check in posted.failed)
        posted = replace(posted, failed=failed)
    before = walk.previous(draft.answers, screen)
    section = next(s for s in view.questionnaire.sections if s.id == screen.items[0].section)
    page = ItemPage(
        view=view,
        draft=draft,
        fields=draw_fields(
            tuple(fill_item(item, words) for item in screen.items),
            language=language,
            audience=Audience.CANVASSER,
            answers=draft.answers,
            posted=posted,
            again=again,
            order_seed=draft.order_seed,
        ),
        section=section.title.in_language(language),
        previous=before.name if before else None,
        number=screen.place + 1,
        count=len(walk.layout),
        at=round(datetime.now(UTC).timestamp() * 1000),
    )
    return render_template("canvassers/item.html", page=page, item_id=screen.name)


def _end_page(store: Session, view: CaseView, *, broken_off: bool, problem: Message | None = None) -> str:
    draft = view.draft
    if draft is None:
        raise ValueError("got a case without an interview that was begun, expected one")
    walk = _walk(view, draft)
    route = walk.route(draft.answers)
    seen = [item.id for item in route if item.id in draft.answers]
    page = EndPage(
        view=view,
        draft=draft,
        left=len(route) - len(seen),
        last=seen[-1] if seen else None,
        broken_off=broken_off or walk.unseen(draft.answers) is not None,
        screened=ends_screened(route, draft.answers),
        problem=problem,
        receipt=grouped(show_receipt(store, current_site().keys, view.wave.id, draft.uuid)),
    )
    return render_template("canvassers/end.html", page=page)


def _to_case(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("cases.show", case_id=case_id), code=303)


def _to_next(view: CaseView, draft: InterviewDraft) -> ResponseReturnValue:
    """Where the interview goes on, for an address that is not on the way (any more)."""
    unseen = _walk(view, draft).unseen(draft.answers)
    return redirect(_item_address(view.case.id, unseen) if unseen else _end_address(view.case.id), code=303)


def _item_address(case_id: UUID, screen: Screen) -> str:
    return url_for("interviews_at_door.show_item", case_id=case_id, item_id=screen.name)


def _selected_address(case_id: UUID) -> str:
    return url_for("interviews_at_door.show_selected", case_id=case_id)


def _end_address(case_id: UUID) -> str:
    return url_for("interviews_at_door.show_end", case_id=case_id)
