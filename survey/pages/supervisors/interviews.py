"""``/waves/<id>/interviews``: what came in, with signs and facts, and what waits for a supervisor's word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis.integrity.interview_signs import Sign
from survey.casework.waiting_visits import WaitingVisit
from survey.fieldwork.payloads import Ended
from survey.fieldwork.quarantine import REASONS
from survey.messages import N_, BadInput, Conflict, Message
from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.roles import Permission
from survey.units import address_line
from survey.workflow.review_interviews import Review, ReviewedInterview, review_interviews
from survey.workflow.settle_quarantine import Decision, settle_quarantine
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("interviews", __name__)

SIGN_WORDS: Mapping[Sign, str] = {
    Sign.SHORT: N_("比一般短得多"),
    Sign.ODD_HOUR: N_("时间不寻常"),
    Sign.OVERLAP: N_("与同一访员的另一份重叠"),
    Sign.MANY_SKIPPED: N_("跳过很多题"),
}
ENDED_WORDS: Mapping[Ended, str] = {Ended.COMPLETE: N_("问完了"), Ended.BREAK_OFF: N_("中途停止")}


@dataclass(frozen=True, kw_only=True)
class InterviewsPage:
    review: Review
    problem: Message | None
    settled: str  # the decision just made, "" otherwise

    def note(self, payload: UUID) -> str:
        """The reason that was typed in the form that came back."""
        return request.form.get("note", "") if self.is_back(payload) else ""

    def refused(self, one: ReviewedInterview | WaitingVisit) -> Message | None:
        """Why it can only be made void, where its own words (why it waits) do not say so already."""
        if one.refusal is None or REASONS[one.refusal] == one.reason:
            return None
        return REASONS[one.refusal]

    @property
    def settling(self) -> UUID | None:
        """What waits, whose decision was refused."""
        waiting = {one.record.uuid for one in self.review.waiting} | {one.uuid for one in self.review.visits}
        return next((one for one in waiting | self.review.unreadable.keys() if self.is_back(one)), None)

    def is_back(self, payload: UUID) -> bool:
        """Whether this is the one whose decision was refused."""
        return self.problem is not None and (request.view_args or {}).get("interview_id") == payload

    def sign_name(self, sign: Sign) -> Message:
        return Message(SIGN_WORDS[sign])

    def ended_name(self, ended: Ended) -> Message:
        return Message(ENDED_WORDS[ended])


@blueprint.get("/waves/<id:wave_id>/interviews")
@needs(Permission.REVIEW_INTERVIEWS)
def show(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id)


@blueprint.post("/waves/<id:wave_id>/interviews/<uuid:interview_id>")
@needs(Permission.REVIEW_INTERVIEWS)
def settle(wave_id: int, interview_id: UUID) -> ResponseReturnValue:
    site, account, form = current_site(), current_account(), request.form
    try:
        decision = Decision(form.get("decision", ""))
    except ValueError:
        return _page(wave_id, problem=Message(N_("请选择采用或作废。"))), 422
    try:
        with site.database.writing() as store:
            find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            settle_quarantine(
                store,
                site.keys,
                interview_id,
                decision=decision,
                note=form.get("note", ""),
                scope=account.scope,
                wave_id=wave_id,
                at=datetime.now(UTC),
            )
    except (BadInput, Conflict) as error:
        return _page(wave_id, problem=error.message), 409 if isinstance(error, Conflict) else 422
    return redirect(url_for("interviews.show", wave_id=wave_id, settled=decision.value), code=303)


def _page(wave_id: int, *, problem: Message | None = None) -> str:
    site, account = current_site(), current_account()
    with site.database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        review = review_interviews(
            store,
            site.keys,
            wave,
            role=account.role,
            scope=account.scope,
            at=datetime.now(UTC),
            page=request.args.get("page", default=1, type=int),
        )
    settled = request.args.get("settled", "")
    page = InterviewsPage(review=review, problem=problem, settled=settled if settled in tuple(Decision) else "")
    return render_template("supervisors/interviews.html", page=page, address_line=address_line)
