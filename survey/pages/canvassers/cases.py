"""``/cases``: my cases in walking order; ``/cases/<id>``: one door, what came of it, and the form for this visit."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.door_receipts import door_receipt
from survey.fieldwork.payloads import LedBy, VisitPayload, to_json
from survey.fieldwork.words import OUTCOME_WORDS
from survey.messages import N_, BadInput, Message, NotThere
from survey.one_time_codes import grouped
from survey.pages.access import current_account, needs
from survey.pages.canvassers.forms import choice_of, led_by_of, led_by_reader, local_time, uuid_of
from survey.pages.field_errors import check_fields
from survey.pages.language import current_language
from survey.pages.site import current_site
from survey.reports.introductions import introduction
from survey.roles import Permission
from survey.store import inbox
from survey.store.database import Session
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.visits import VisitRecord
from survey.units import address_line
from survey.waves import Mode
from survey.workflow.receive_payload import receive_payload
from survey.workflow.show_cases import CaseView, WaveCases, list_my_cases, show_my_case
from survey.workflow.show_team_days import TeamDays, list_my_days
from survey.workflow.withdraw_visit import WITHIN, may_withdraw, withdraw_visit

blueprint = Blueprint("cases", __name__)

#: What may come of a visit without an interview.
CHOICES = tuple(outcome for outcome in OUTCOME_WORDS if outcome not in (Outcome.COMPLETE, Outcome.PARTIAL))
#: Those that need to know whether somebody lives there.
WITH_EVIDENCE = (Outcome.NO_ANSWER, Outcome.NO_ENTRY)
EVIDENCE = {"yes": True, "no": False, "unknown": None}
#: Where somebody answered already, these are said on the page of the interview: it asks what becomes of the answers.
STOPPING = (Outcome.REFUSED_PERSON, Outcome.BREAK_OFF)
#: The same outcome again within this time is asked about once: a second tap is no second visit.
A_MOMENT = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class CasesPage:
    """``team_days``: wave -> where the reader's team goes, where teams were drawn."""

    waves: tuple[WaveCases, ...]
    team_days: Mapping[int, tuple[TeamDays, ...]]


@dataclass(frozen=True, kw_only=True)
class GivenReceipt:
    """``outcome``: of the visit it is of, ``None``: of the interview; ``at``: when that was."""

    receipt: str
    at: datetime
    outcome: Outcome | None


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """``error`` and ``sent``: what is wrong with the form that came back, and what it held.

    ``withdrawable``: visits that may still be taken back. ``repeated``: the same was recorded a moment ago.
    ``receipt``: of whoever was spoken to last, a moment ago. ``nothing_kept``: somebody was asked, and left nothing.
    """

    view: CaseView
    introduction: str
    visit_id: UUID
    interview_id: UUID
    saved: str
    error: BadInput | None
    sent: Mapping[str, str]
    withdrawable: frozenset[UUID]
    receipt: GivenReceipt | None
    choices: tuple[Outcome, ...]
    nothing_kept: bool
    repeated: bool = False
    led_by: tuple[LedBy, ...] = tuple(LedBy)


@blueprint.get("/cases")
@needs(Permission.INTERVIEW)
def show_list() -> ResponseReturnValue:
    site = current_site()
    with site.database.reading() as store:
        waves = list_my_cases(store, site.keys, current_account())
        page = CasesPage(waves=waves, team_days=list_my_days(store, current_account(), [one.wave for one in waves]))
    return render_template("canvassers/cases.html", page=page, address_line=address_line)


@blueprint.get("/cases/<uuid:case_id>")
@needs(Permission.INTERVIEW)
def show(case_id: UUID) -> ResponseReturnValue:
    return case_page(case_id)


@blueprint.post("/cases/<uuid:case_id>/visits")
@needs(Permission.INTERVIEW)
def record_visit(case_id: UUID) -> ResponseReturnValue:
    site, account, form = current_site(), current_account(), request.form
    try:
        visit_id = uuid_of(form, "visit")
        payload = _visit(case_id, form, canvasser=account.id)
    except BadInput as error:
        return case_page(case_id, error=error), 422
    with site.database.writing() as store:
        view = _find_view(store, case_id)
        new = inbox.find(store, visit_id) is None
        stopping = new and view is not None and payload.outcome not in _choices(view)
        repeated = new and "again" not in form and view is not None and _is_repeated(view.visits, payload)
        if new and not (stopping or repeated):
            receive_payload(
                store,
                site.keys,
                kind=PayloadKind.VISIT,
                uuid=visit_id,
                body=to_json(payload),
                account=account,
                at=datetime.now(UTC),
            )
    if stopping:
        message = Message(N_("这一户的访问已经有了回答：请点“对方不愿继续”，问对方说过的留不留。"))
        return case_page(case_id, error=BadInput(message)), 422
    if repeated:
        message = Message(N_("刚刚已经记录过同样的结果。如果确实又去了一次，请再点一次“记录”。"))
        return case_page(case_id, error=BadInput(message), repeated=True), 422
    return redirect(url_for("cases.show", case_id=case_id, saved="visit"), code=303)


@blueprint.post("/cases/<uuid:case_id>/visits/<uuid:visit_id>/withdrawal")
@needs(Permission.INTERVIEW)
def withdraw(case_id: UUID, visit_id: UUID) -> ResponseReturnValue:
    site, account, now = current_site(), current_account(), datetime.now(UTC)
    with site.database.writing() as store:
        view = show_my_case(store, site.keys, account, case_id)
        withdraw_visit(store, site.keys, view.case, visit_id, account=account, at=now)
    return redirect(url_for("cases.show", case_id=case_id, saved="withdrawal"), code=303)


def _find_view(store: Session, case_id: UUID) -> CaseView | None:
    """``None`` where the case is somebody else's by now: what was recorded there is kept all the same."""
    try:
        return show_my_case(store, current_site().keys, current_account(), case_id)
    except NotThere:
        return None


def _choices(view: CaseView) -> tuple[Outcome, ...]:
    answered = view.draft is not None and bool(view.draft.answers)
    return tuple(outcome for outcome in CHOICES if not (answered and outcome in STOPPING))


def _is_repeated(visits: Sequence[VisitRecord], payload: VisitPayload) -> bool:
    if not visits:
        return False
    last = visits[-1].payload
    return last.outcome is payload.outcome and payload.at - last.at < A_MOMENT


def _visit(case_id: UUID, form: Mapping[str, str], *, canvasser: int) -> VisitPayload:
    check_fields(
        {"outcome": lambda: _outcome(form), "occupied": lambda: _occupied(form)}
        | {"appointment": lambda: _appointment(form)}
        | led_by_reader(form)
    )
    return VisitPayload(
        case=case_id,
        salt=secrets.token_hex(16),
        at=datetime.now(UTC),
        outcome=_outcome(form),
        occupied=_occupied(form),
        led_by=led_by_of(form),
        appointment=_appointment(form),
        canvasser=canvasser,
        mode=Mode.CAPI,
    )


def _outcome(form: Mapping[str, str]) -> Outcome:
    what = Message(N_("这次入户的结果"))
    outcome = choice_of(Outcome, form.get("outcome"), what)
    if outcome not in CHOICES:
        raise BadInput(Message(N_("请选择：{what}。"), {"what": what}))
    return outcome


def _occupied(form: Mapping[str, str]) -> bool | None:
    """Asked for some outcomes only; what is said with others does not count."""
    if form.get("outcome") not in WITH_EVIDENCE:
        return None
    if form.get("occupied") not in EVIDENCE:
        raise BadInput(Message(N_("请选择：{what}。"), {"what": Message(N_("看不看得出有人住"))}))
    return EVIDENCE[form["occupied"]]


def _appointment(form: Mapping[str, str]) -> datetime | None:
    """As :func:`_occupied`."""
    if form.get("outcome") != Outcome.APPOINTMENT:
        return None
    appointment = local_time(form.get("appointment", ""))
    if appointment is None:
        raise BadInput(Message(N_("约好再来：请填约定的时间。")))
    if appointment <= datetime.now(UTC):
        raise BadInput(Message(N_("约好再来：填的时间已经过了，请填以后的时间。")))
    return appointment


def case_page(case_id: UUID, *, error: BadInput | None = None, repeated: bool = False) -> str:
    """The door, with ``error`` and what was sent where a form of it comes back."""
    site, account, now = current_site(), current_account(), datetime.now(UTC)
    with site.database.reading() as store:
        view = show_my_case(store, site.keys, account, case_id)
    words = introduction(view.questionnaire, Mode.CAPI, view.wave.details)
    recent = [visit for visit in view.visits if may_withdraw(visit, account, at=now)]
    page = CasePage(
        view=view,
        introduction=words.in_language(current_language()),
        visit_id=uuid4(),
        interview_id=uuid4(),
        saved=request.args.get("saved", ""),
        error=error,
        sent=request.form,
        withdrawable=frozenset(visit.uuid for visit in recent),
        receipt=_receipt(view, recent, now),
        choices=_choices(view),
        nothing_kept=any(not one.payload.answers and one.state is not PayloadState.VOID for one in view.interviews),
        repeated=repeated,
    )
    return render_template("canvassers/case.html", page=page, address_line=address_line)


def _receipt(view: CaseView, recent: Sequence[VisitRecord], now: datetime) -> GivenReceipt | None:
    """Of whoever was spoken to last, while they stand there: each contact has its own, and there are never two."""
    account = current_account()
    held = [one.payload for one in view.interviews if one.payload.canvasser == account.id]
    last = max(held, key=lambda one: one.finished, default=None)
    if last and not (recent and recent[-1].payload.at > last.finished):
        receipt, at, outcome = door_receipt(last), last.finished, None
        fresh = last.finished <= now <= last.finished + WITHIN
    elif recent:
        visit = recent[-1].payload
        receipt, at, outcome = door_receipt(visit), visit.at, visit.outcome
        fresh = view.draft is None or view.draft.started < visit.at
    else:
        return None
    return GivenReceipt(receipt=grouped(receipt), at=at, outcome=outcome) if receipt and fresh else None
