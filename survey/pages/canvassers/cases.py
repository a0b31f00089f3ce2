"""``/cases``: my cases in walking order; ``/cases/<id>``: one door, what came of it, and the form for this visit."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import LedBy, VisitPayload, to_json
from survey.fieldwork.words import OUTCOME_WORDS
from survey.messages import N_, BadInput, Message
from survey.pages.access import current_account, needs
from survey.pages.canvassers.forms import choice_of, local_time, uuid_of
from survey.pages.language import current_language
from survey.pages.site import current_site
from survey.reports.introductions import introduction
from survey.roles import Permission
from survey.store import inbox
from survey.store.inbox import PayloadKind
from survey.units import address_line
from survey.waves import Mode
from survey.workflow.receive_payload import receive_payload
from survey.workflow.show_cases import CaseView, WaveCases, list_my_cases, show_my_case

blueprint = Blueprint("cases", __name__)

#: What may come of a visit without an interview.
CHOICES = tuple(outcome for outcome in OUTCOME_WORDS if outcome not in (Outcome.COMPLETE, Outcome.PARTIAL))
#: Those that need to know whether somebody lives there.
WITH_EVIDENCE = (Outcome.NO_ANSWER, Outcome.NO_ENTRY)


@dataclass(frozen=True, kw_only=True)
class CasesPage:
    waves: tuple[WaveCases, ...]


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """``problem`` and ``sent``: what is wrong with the form that came back, and what it held."""

    view: CaseView
    introduction: str
    visit_id: UUID
    interview_id: UUID
    saved: bool
    problem: Message | None
    sent: Mapping[str, str]
    choices: tuple[Outcome, ...] = CHOICES
    led_by: tuple[LedBy, ...] = tuple(LedBy)


@blueprint.get("/cases")
@needs(Permission.INTERVIEW)
def show_list() -> ResponseReturnValue:
    site = current_site()
    with site.database.reading() as store:
        waves = list_my_cases(store, site.keys, current_account())
    return render_template("canvassers/cases.html", page=CasesPage(waves=waves), address_line=address_line)


@blueprint.get("/cases/<uuid:case_id>")
@needs(Permission.INTERVIEW)
def show(case_id: UUID) -> ResponseReturnValue:
    return _page(case_id)


@blueprint.post("/cases/<uuid:case_id>/visits")
@needs(Permission.INTERVIEW)
def record_visit(case_id: UUID) -> ResponseReturnValue:
    site, account, form = current_site(), current_account(), request.form
    try:
        visit_id = uuid_of(form, "visit")
        payload = _visit(case_id, form, canvasser=account.id)
    except BadInput as error:
        return _page(case_id, problem=error.message), 422
    with site.database.writing() as store:
        if inbox.find(store, visit_id) is None:
            receive_payload(
                store,
                site.keys,
                kind=PayloadKind.VISIT,
                uuid=visit_id,
                body=to_json(payload),
                account=account,
                at=datetime.now(UTC),
            )
    return redirect(url_for("cases.show", case_id=case_id, saved="visit"), code=303)


def _visit(case_id: UUID, form: Mapping[str, str], *, canvasser: int) -> VisitPayload:
    outcome = choice_of(Outcome, form.get("outcome"), Message(N_("这次入户的结果")))
    if outcome not in CHOICES:
        raise BadInput(Message(N_("请选择：{what}。"), {"what": Message(N_("这次入户的结果"))}))
    appointment = local_time(form.get("appointment", "")) if outcome is Outcome.APPOINTMENT else None
    if outcome is Outcome.APPOINTMENT and appointment is None:
        raise BadInput(Message(N_("约好再来：请填约定的时间。")))
    occupied = {"yes": True, "no": False}.get(form.get("occupied", "")) if outcome in WITH_EVIDENCE else None
    return VisitPayload(
        case=case_id,
        salt=secrets.token_hex(16),
        at=datetime.now(UTC),
        outcome=outcome,
        occupied=occupied,
        led_by=choice_of(LedBy, form.get("led_by"), Message(N_("谁带的路"))),
        appointment=appointment,
        canvasser=canvasser,
        mode=Mode.CAPI,
    )


def _page(case_id: UUID, *, problem: Message | None = None) -> str:
    site = current_site()
    with site.database.reading() as store:
        view = show_my_case(store, site.keys, current_account(), case_id)
    words = introduction(view.questionnaire, Mode.CAPI, view.wave.details)
    page = CasePage(
        view=view,
        introduction=words.in_language(current_language()),
        visit_id=uuid4(),
        interview_id=uuid4(),
        saved=request.args.get("saved") == "visit",
        problem=problem,
        sent=request.form,
    )
    return render_template("canvassers/case.html", page=page, address_line=address_line)
