"""``/waves/<id>/draw/<id>/review``: the sample beside its frame and beside redraws, and what looks odd in the frame."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from survey.casework.draw_balance import NAMES
from survey.messages import N_, Conflict, Message, NotThere, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.language import gettext
from survey.pages.site import current_site
from survey.pages.whole_waves import require_whole_wave
from survey.reports.redraw_charts import draw_redraws
from survey.roles import Permission
from survey.sampling.draw_review import CommunityQuality, CovariateBalance, SampleBalance
from survey.store.database import Session
from survey.store.draw_reviews import DrawReview
from survey.store.draws import STATE_NAMES, Draw, get_draw
from survey.store.waves import WaveRecord
from survey.workflow.review_draw import keep_review, look_at_draw, show_review
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("draw_reviews", __name__)

#: A draw with a larger difference than all but one redraw in a hundred is worth a second look at frame and program.
RARE = 0.01
#: One honest draw in twenty; no reason for anything, but not like any other either.
UNUSUAL = 0.05
#: Covariates that are shares of units.
SHARES = frozenset({"owned", "rented", "vacant", "residents_unknown"})


@dataclass(frozen=True, kw_only=True)
class SeenReview:
    record: DrawReview

    @property
    def balance(self) -> SampleBalance:
        return self.record.review.balance

    @property
    def is_rare(self) -> bool:
        return self.balance.larger <= RARE

    @property
    def is_unusual(self) -> bool:
        return self.balance.larger <= UNUSUAL

    @property
    def chart(self) -> Markup:
        balance = self.balance
        words = N_("{times} 次重抽各自的最大差异；红线是这次抽取")
        title = gettext(words).format(times=balance.redraws)
        return draw_redraws(balance.bars, top=balance.top, own=balance.largest, title=title)

    @property
    def odd_communities(self) -> tuple[CommunityQuality, ...]:
        """Those with something to look at."""
        return tuple(
            one
            for one in self.record.review.quality.communities
            if one.doubles or one.gap_doors or one.persons is not None or one.without_grid or one.without_residents
        )


@dataclass(frozen=True, kw_only=True)
class DrawReviewPage:
    """``found``: the latest review, ``None`` before the first."""

    wave: WaveRecord
    draw: Draw
    found: SeenReview | None
    error: SurveyError | None

    @property
    def state_name(self) -> Message:
        return Message(STATE_NAMES[self.draw.state])

    def name(self, code: str) -> str:
        return gettext(NAMES[code])

    def value(self, covariate: CovariateBalance, number: float) -> str:
        """A mean as it is read: a share in percent, anything else as a number."""
        return f"{100 * number:.1f}%" if covariate.code in SHARES else f"{number:,.2f}"


@blueprint.get("/waves/<id:wave_id>/draw/<id:draw_id>/review")
@needs(Permission.APPROVE_DRAWS)
def show(wave_id: int, draw_id: int) -> ResponseReturnValue:
    require_whole_wave()
    return _page(wave_id, draw_id)


@blueprint.post("/waves/<id:wave_id>/draw/<id:draw_id>/review")
@needs(Permission.APPROVE_DRAWS)
def review(wave_id: int, draw_id: int) -> ResponseReturnValue:
    account = current_account()
    require_whole_wave()
    try:
        with current_site().database.reading() as store:
            _find(store, wave_id, draw_id)
            seen = look_at_draw(store, draw_id)
        with current_site().database.writing() as store:
            keep_review(store, draw_id, seen, at=datetime.now(UTC), by=account.name)
    except Conflict as error:
        return _page(wave_id, draw_id, error=error), 409
    return redirect(url_for("draw_reviews.show", wave_id=wave_id, draw_id=draw_id), code=303)


def _find(store: Session, wave_id: int, draw_id: int) -> tuple[WaveRecord, Draw]:
    """The draw of this wave within the reader's reach; a draw of another wave is not there."""
    account = current_account()
    wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
    draw = get_draw(store, draw_id)
    if draw.wave_id != wave.id:
        raise NotThere(Message(N_("没有编号为 {id} 的抽样"), {"id": draw_id}))
    return wave, draw


def _page(wave_id: int, draw_id: int, *, error: SurveyError | None = None) -> str:
    with current_site().database.reading() as store:
        wave, draw = _find(store, wave_id, draw_id)
        found = show_review(store, draw_id)
    seen = SeenReview(record=found) if found else None
    page = DrawReviewPage(wave=wave, draw=draw, found=seen, error=error)
    return render_template("statisticians/draw_review.html", page=page)
