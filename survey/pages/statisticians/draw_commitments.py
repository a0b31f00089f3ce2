"""``/waves/<id>/draw/commitment``: the public lottery in its steps: promised, the public value come, drawn, told."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.account_rules import name_key
from survey.casework.reasons import LONGEST_REASON
from survey.messages import N_, BadInput, Conflict, Message, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.language import current_language
from survey.pages.site import current_site
from survey.pages.statisticians import draw_designs
from survey.pages.statisticians.draw_forms import (
    LONGEST_SOURCE,
    LONGEST_VALUE,
    equal_design,
    promised_values,
    published_value,
    sent_design,
    sent_rows,
)
from survey.pages.whole_waves import require_whole_wave
from survey.reports.design_words import describe_design
from survey.reports.draw_certificate_words import other_words
from survey.reports.wording import speaker
from survey.roles import Permission, may
from survey.store.database import Session
from survey.store.draws import Draw, open_draw
from survey.store.waves import WaveRecord
from survey.waves import WaveState
from survey.workflow.commit_draw import commit_draw
from survey.workflow.draw_sample import draw_in_public
from survey.workflow.show_commitments import (
    CommitmentView,
    NamedValue,
    find_commitment,
    find_others,
    show_commitments,
)
from survey.workflow.show_wave import find_wave_at_work
from survey.workflow.withdraw_commitment import withdraw_commitment

blueprint = Blueprint("draw_commitments", __name__)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Of the lottery, numbered by their order; ``current``: the one that is next."""

    name: Message
    current: bool


@dataclass(frozen=True, kw_only=True)
class CommitmentsPage:
    """``commitments``: the newest first. ``standing``: the draw that is proposed or approved."""

    wave: WaveRecord
    commitments: tuple[CommitmentView, ...]
    standing: Draw | None
    error: SurveyError | None
    now: datetime
    longest_value: int = LONGEST_VALUE
    longest_source: int = LONGEST_SOURCE
    longest_reason: int = LONGEST_REASON

    @property
    def next(self) -> NamedValue | None:
        """The public value that the next draw is made of, while one may be made."""
        if self.standing is not None or self.wave.state is not WaveState.DRAFT or not self.commitments:
            return None
        return self.commitments[0].next

    @property
    def may_draw(self) -> bool:
        account = current_account()
        return may(account.role, Permission.DRAW) and not account.scope.areas

    @property
    def may_withdraw(self) -> bool:
        """Whether this reader is another person than promised, and reaches the whole wave."""
        account = current_account()
        other = bool(self.commitments) and name_key(self.commitments[0].commitment.committed_by) != name_key(
            account.name
        )
        return other and not account.scope.areas and self.next is not None

    @property
    def withdrawing(self) -> bool:
        """Whether the form of a withdrawal came back."""
        return self.error is not None and "reason" in request.form

    @property
    def may_commit(self) -> bool:
        """Whether a first or another commitment may be made now."""
        return self.may_draw and self.standing is None and self.wave.state is WaveState.DRAFT and self.next is None

    @property
    def steps(self) -> tuple[Step, ...]:
        public = self.standing is not None and self.standing.public
        current = 2 if public else 1 if self.next else 0
        names = (N_("公布承诺"), N_("公开数字产生后抽签"), N_("调查结束后公布密数"))
        return tuple(Step(name=Message(name), current=number == current) for number, name in enumerate(names))

    def design_lines(self, one: CommitmentView) -> tuple[str, ...]:
        return describe_design(one.design, speaker(current_language()))

    def sent(self, name: str) -> str:
        """What the form of the value held that came back."""
        return request.form.get(name, "") if self.error else ""


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """``others``: commitments to be read beside this one, a sentence each."""

    wave: WaveRecord
    view: CommitmentView
    others: tuple[str, ...]

    @property
    def design_lines(self) -> tuple[str, ...]:
        return describe_design(self.view.design, speaker(current_language()))


@blueprint.get("/waves/<id:wave_id>/draw/commitment")
@needs(Permission.APPROVE_DRAWS)
def show(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id)


@blueprint.post("/waves/<id:wave_id>/draw/commitment")
@needs(Permission.DRAW)
def commit(wave_id: int) -> ResponseReturnValue:
    account, rows, design = current_account(), sent_rows(), None
    require_whole_wave()
    try:
        design = sent_design() or equal_design()
        values = promised_values(rows)
        if request.form.get("confirm") != "yes":
            raise BadInput(Message(N_("请先勾选“我知道承诺公布以后不能修改”，再公布。")))
        with current_site().database.writing() as store:
            find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            commit_draw(store, wave_id, design=design, public_values=values, at=datetime.now(UTC), by=account.name)
    except (BadInput, Conflict) as error:
        return draw_designs.answer(wave_id, design, rows=rows, error=error)
    return redirect(url_for("draw_commitments.show", wave_id=wave_id), code=303)


@blueprint.get("/waves/<id:wave_id>/draw/commitment/value")
@needs(Permission.APPROVE_DRAWS)
def show_form(wave_id: int) -> ResponseReturnValue:
    """Whoever comes back by a bookmark or by the switch of languages finds the form again."""
    return redirect(url_for("draw_commitments.show", wave_id=wave_id), code=303)


@blueprint.post("/waves/<id:wave_id>/draw/commitment/value")
@needs(Permission.DRAW)
def draw(wave_id: int) -> ResponseReturnValue:
    account, name = current_account(), request.form.get("name", "")
    require_whole_wave()
    try:
        if request.form.get("confirm") != "yes":
            raise BadInput(Message(N_("请先勾选“我已照公布的原文核对”，再抽签。")))
        value = published_value(name)
        with current_site().database.writing() as store:
            find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            draw_in_public(store, wave_id, values=[value], at=datetime.now(UTC), by=account.name)
    except (BadInput, Conflict) as error:
        return _page(wave_id, error=error), 422 if isinstance(error, BadInput) else 409
    return redirect(url_for("draws.show", wave_id=wave_id), code=303)


@blueprint.get("/waves/<id:wave_id>/draw/commitment/<id:commitment_id>/withdrawal")
@needs(Permission.APPROVE_DRAWS)
def show_withdrawal(wave_id: int, commitment_id: int) -> ResponseReturnValue:
    """As :func:`show_form`."""
    with current_site().database.reading() as store:
        find_commitment(store, _find(store, wave_id), commitment_id)
    return redirect(url_for("draw_commitments.show", wave_id=wave_id), code=303)


@blueprint.post("/waves/<id:wave_id>/draw/commitment/<id:commitment_id>/withdrawal")
@needs(Permission.APPROVE_DRAWS)
def withdraw(wave_id: int, commitment_id: int) -> ResponseReturnValue:
    """By another person than promised, and told for good."""
    by, reason = current_account().name, request.form.get("reason", "")
    require_whole_wave()
    try:
        with current_site().database.writing() as store:
            find_commitment(store, _find(store, wave_id), commitment_id)
            if request.form.get("confirm") != "yes":
                raise BadInput(Message(N_("请先勾选确认，再按按钮。")))
            withdraw_commitment(store, commitment_id, reason=reason, at=datetime.now(UTC), by=by)
    except (BadInput, Conflict) as error:
        return _page(wave_id, error=error), 422 if isinstance(error, BadInput) else 409
    return redirect(url_for("draw_commitments.show", wave_id=wave_id), code=303)


@blueprint.get("/waves/<id:wave_id>/draw/commitment/<id:commitment_id>")
@needs(Permission.APPROVE_DRAWS)
def show_notice(wave_id: int, commitment_id: int) -> ResponseReturnValue:
    """What is published of a commitment, to be printed and hung up."""
    with current_site().database.reading() as store:
        wave = _find(store, wave_id)
        view = find_commitment(store, wave, commitment_id)
        others = find_others(store, view.commitment)
    say = speaker(current_language())
    page = NoticePage(wave=wave, view=view, others=tuple(other_words(one, say) for one in others))
    return render_template("statisticians/draw_notice.html", page=page)


def _find(store: Session, wave_id: int) -> WaveRecord:
    account = current_account()
    return find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)


def _page(wave_id: int, *, error: SurveyError | None = None) -> str:
    with current_site().database.reading() as store:
        wave = _find(store, wave_id)
        page = CommitmentsPage(
            wave=wave,
            commitments=show_commitments(store, wave),
            standing=open_draw(store, wave_id),
            error=error,
            now=datetime.now(UTC),
        )
    return render_template("statisticians/draw_commitments.html", page=page)
