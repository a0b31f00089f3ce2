"""``/waves/<id>/draw``: what there is to draw from, the draw, its verification, and the second person's word.

Designs of other kinds are looked at in :mod:`survey.pages.statisticians.draw_designs`, the public lottery goes its way
in :mod:`survey.pages.statisticians.draw_commitments`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.account_rules import name_key
from survey.casework.draw_checks import design_digest
from survey.casework.draw_records import OVER
from survey.casework.reasons import LONGEST_REASON
from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.language import current_language
from survey.pages.site import current_site
from survey.pages.statisticians import draw_designs
from survey.pages.statisticians.draw_forms import sent_design, sent_number
from survey.pages.whole_waves import require_whole_wave
from survey.reports.design_words import describe_design
from survey.reports.wording import speaker
from survey.roles import Permission, may
from survey.sampling.sample_designs import from_canonical
from survey.sampling.samples import MOST_PER_COMMUNITY
from survey.store.draws import STATE_NAMES, Draw, DrawState, open_draw
from survey.waves import WaveState
from survey.workflow.decide_draw import approve_draw, reject_draw
from survey.workflow.draw_sample import DEFAULT_PER_COMMUNITY, draw_sample
from survey.workflow.show_commitments import CommitmentView, show_commitments
from survey.workflow.show_draw import DrawView, Planned, Precision, plan_cases, plan_precision, show_draw
from survey.workflow.show_wave import find_wave_at_work
from survey.workflow.verify_draw import Verified, verify_draw

blueprint = Blueprint("draws", __name__)

STATE_COLOURS = {DrawState.PROPOSED: "yellow", DrawState.APPROVED: "green", DrawState.REJECTED: "red"}


@dataclass(frozen=True, kw_only=True)
class DrawPage:
    """``seed``, ``reason``: what the form held that came back with ``error``. ``verified``: of a verification."""

    view: DrawView
    commitments: tuple[CommitmentView, ...]
    per_community: int
    plan: tuple[Planned, ...]
    precision: tuple[Precision, Precision]
    error: SurveyError | None
    verified: Verified | None
    seed: str
    reason: str
    most: int = MOST_PER_COMMUNITY
    longest_reason: int = LONGEST_REASON

    @property
    def drawable(self) -> int:
        return sum(one.drawable for one in self.view.communities)

    @property
    def may_run(self) -> bool:
        """Whether this reader may draw now."""
        account, view = current_account(), self.view
        ready = view.wave.state is WaveState.DRAFT and view.standing is None and view.frame.kind is not None
        return ready and not account.scope.areas and may(account.role, Permission.DRAW)

    @property
    def promised(self) -> CommitmentView | None:
        """The commitment whose next public value is waited for."""
        waits = self.view.wave.state is WaveState.DRAFT and self.view.standing is None and self.commitments
        return self.commitments[0] if waits and self.commitments[0].next else None

    def secret(self, draw: Draw) -> str | None:
        """Of a public draw, once the wave is closed."""
        return next((one.secret for one in self.commitments if one.commitment.id == draw.commitment_id), None)

    def design_digest(self, draw: Draw) -> str:
        return design_digest(draw.design)

    @property
    def whole(self) -> bool:
        """Whether this reader is responsible for the whole wave."""
        return not current_account().scope.areas

    @property
    def over(self) -> bool:
        return self.view.wave.state in OVER

    def may_decide(self, draw: Draw) -> bool:
        """Whether this reader may approve or reject ``draw``: never the one who drew."""
        account = current_account()
        return (
            draw.state is DrawState.PROPOSED
            and name_key(draw.drawn_by) != name_key(account.name)
            and not account.scope.areas
        )

    def tells_seed(self, draw: Draw) -> bool:
        """Seed and salt tell the homes: of a public draw they are shown once the wave is closed."""
        return draw.state is not DrawState.PROPOSED and (not draw.public or self.over)

    def design_lines(self, draw: Draw) -> tuple[str, ...]:
        """Of a design other than the same number in every community; that one has words of its own."""
        if draw.per_community is not None:
            return ()
        return describe_design(from_canonical(draw.design), speaker(current_language()))

    def promises_teams(self, draw: Draw) -> bool:
        return from_canonical(draw.design).teams is not None

    def state_name(self, draw: Draw) -> Message:
        return Message(STATE_NAMES[draw.state])

    def state_colour(self, draw: Draw) -> str:
        return STATE_COLOURS[draw.state]


@blueprint.get("/waves/<id:wave_id>/draw")
@needs(Permission.APPROVE_DRAWS)
def show(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id)


@blueprint.post("/waves/<id:wave_id>/draw")
@needs(Permission.DRAW)
def run(wave_id: int) -> ResponseReturnValue:
    """Not a public draw: of a design that was looked at before, or of so many per community."""
    account, seed, design = current_account(), request.form.get("seed", "").strip(), None
    require_whole_wave()
    try:
        design = sent_design()
        number = sent_number() if design is None else None
        with current_site().database.writing() as store:
            find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            draw_sample(
                store,
                wave_id,
                per_community=number,
                design=design,
                seed=seed or None,
                at=datetime.now(UTC),
                by=account.name,
            )
    except (BadInput, Conflict) as error:
        if design is not None:
            return draw_designs.answer(wave_id, design, seed=seed, error=error)
        return _page(wave_id, error=error, seed=seed), 422 if isinstance(error, BadInput) else 409
    return redirect(url_for("draws.show", wave_id=wave_id), code=303)


@blueprint.get("/waves/<id:wave_id>/draw/verification")
@needs(Permission.APPROVE_DRAWS)
def show_unverified(wave_id: int) -> ResponseReturnValue:
    """Whoever comes back by a bookmark or by the switch of languages finds the button again."""
    return redirect(url_for("draws.show", wave_id=wave_id), code=303)


@blueprint.post("/waves/<id:wave_id>/draw/verification")
@needs(Permission.APPROVE_DRAWS)
def verify(wave_id: int) -> ResponseReturnValue:
    """Repeat the draw that stands, and say whether it comes out again.

    Nothing changes; but it reads the whole frame, and no link, preview or crawler shall set that going.
    """
    account = current_account()
    try:
        with current_site().database.reading() as store:
            find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            standing = open_draw(store, wave_id)
            if standing is None:
                raise Conflict(Message(N_("本轮没有待批准或已批准的抽样可以核对。")))
            verified = verify_draw(store, standing.id)
    except (Conflict, CheckFailed) as error:
        return _page(wave_id, error=error), 409
    return _page(wave_id, verified=verified)


@blueprint.post("/waves/<id:wave_id>/draw/decision")
@needs(Permission.APPROVE_DRAWS)
def decide(wave_id: int) -> ResponseReturnValue:
    account, reason = current_account(), request.form.get("reason", "")
    now, by = datetime.now(UTC), account.name
    require_whole_wave()
    try:
        with current_site().database.writing() as store:
            find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            standing = open_draw(store, wave_id)
            if standing is None or str(standing.id) != request.form.get("draw"):
                raise Conflict(Message(N_("这次抽样已经有了决定，或者已被另一次取代：请看下面的现状。")))
            if request.form.get("decision") == "reject":
                reject_draw(store, standing.id, reason=reason, at=now, by=by)
            elif request.form.get("confirm") != "yes":
                raise BadInput(Message(N_("请先勾选“我已核对”，再批准。")))
            else:
                approve_draw(store, standing.id, unreviewed=request.form.get("unreviewed", ""), at=now, by=by)
    except (BadInput, Conflict) as error:
        return _page(wave_id, error=error, reason=reason), 422 if isinstance(error, BadInput) else 409
    return redirect(url_for("draws.show", wave_id=wave_id), code=303)


def _page(
    wave_id: int,
    *,
    error: SurveyError | None = None,
    verified: Verified | None = None,
    seed: str = "",
    reason: str = "",
) -> str:
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        view = show_draw(store, wave, scope=account.scope)
        commitments = show_commitments(store, wave)
    asked = sent_number()
    per_community = asked if 1 <= asked <= MOST_PER_COMMUNITY else DEFAULT_PER_COMMUNITY
    page = DrawPage(
        view=view,
        commitments=commitments,
        per_community=per_community,
        plan=plan_cases(view.communities, per_community),
        precision=plan_precision(per_community),
        error=error,
        verified=verified,
        seed=seed,
        reason=reason,
    )
    return render_template("statisticians/draws.html", page=page)
