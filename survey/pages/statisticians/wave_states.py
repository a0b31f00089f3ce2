"""``/waves/<id>/state``: where a wave stands, what its next step needs, and its steps from the start to publication;
its open links as posters.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from questionnaires.definition import Text
from survey.areas import Level
from survey.code_version import code_version
from survey.i18n import translate
from survey.messages import N_, BadInput, CheckFailed, Conflict, Failure, Message, NotThere, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.language import current_language
from survey.pages.qr_codes import qr_code
from survey.pages.site import current_site, site_url
from survey.pages.whole_waves import require_whole_wave
from survey.reports.introductions import approval_words, introduction, rights_line
from survey.roles import Permission
from survey.store.database import Session
from survey.waves import Mode, WaveState
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.estimate_wave import compute_estimates, record_estimates
from survey.workflow.publish_wave import PublishedWave, publish_wave
from survey.workflow.show_state import OpenLink, StateView, show_state
from survey.workflow.show_wave import find_wave_at_work
from survey.workflow.start_wave import start_wave

blueprint = Blueprint("wave_states", __name__)
logger = logging.getLogger("survey.keys")

#: The life of a wave as the page shows it; a wave of imported answers leaves the middle out.
STEPS = tuple(WaveState)
POSTER_LANGUAGES = ("zh_Hans", "en")


@dataclass(frozen=True, kw_only=True)
class StatePage:
    """``published``: it has been just now, with what makes its numbers weak; ``unticked``: the id of the box that
    should have been.
    """

    view: StateView
    error: SurveyError | None = None
    published: PublishedWave | None = None
    unticked: str = ""
    steps: tuple[WaveState, ...] = STEPS

    @property
    def wrong(self) -> str:
        """The box that mends the error, if it is on the page: the wave may have gone on meanwhile."""
        boxes = {
            "confirm-start": self.view.startable and not self.view.missing,
            "confirm-close": self.view.closable,
            "confirm-publish": self.view.wave.state is WaveState.CLOSED and not self.view.gaps,
        }
        return self.unticked if self.whole and boxes.get(self.unticked) else ""

    @property
    def whole(self) -> bool:
        """Whether the reader's account reaches the whole wave."""
        return not current_account().scope.areas

    def address(self, link: OpenLink) -> str:
        return _address(link)

    def drawing(self, link: OpenLink) -> Markup:
        return _drawing(link)


@dataclass(frozen=True, kw_only=True)
class PosterPage:
    """``links``: a sheet each."""

    view: StateView
    links: tuple[OpenLink, ...]
    introduction: Text
    languages: tuple[str, ...] = POSTER_LANGUAGES

    def address(self, link: OpenLink) -> str:
        return _address(link)

    def drawing(self, link: OpenLink) -> Markup:
        return _drawing(link)

    def speaker(self, language: str) -> Callable[..., str]:
        return lambda msgid, **params: translate(msgid, language, **params)

    def approval(self, language: str) -> str:
        words = approval_words(self.view.wave.details)
        return words.in_language(language) if words else ""

    def rights_line(self, language: str) -> str:
        return rights_line(language, site_url(url_for("rights.show_of_wave", wave_id=self.view.wave.id)))


@blueprint.get("/waves/<id:wave_id>/state")
@needs(Permission.MANAGE_WAVES)
def show(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id)


@blueprint.post("/waves/<id:wave_id>/state/start")
@needs(Permission.MANAGE_WAVES)
def start(wave_id: int) -> ResponseReturnValue:
    site, account = current_site(), current_account()
    require_whole_wave()
    try:
        _require_confirmation()
        with site.database.writing() as store:
            find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            start_wave(store, site.keys, wave_id, at=datetime.now(UTC), by=account.name)
    except (BadInput, Conflict, CheckFailed) as error:
        return _refused(wave_id, error, box="confirm-start")
    return redirect(url_for("wave_states.show", wave_id=wave_id), code=303)


@blueprint.post("/waves/<id:wave_id>/state/close")
@needs(Permission.MANAGE_WAVES)
def close(wave_id: int) -> ResponseReturnValue:
    site, account = current_site(), current_account()
    require_whole_wave()
    try:
        _require_confirmation()
        with site.database.writing() as store:
            find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            close_wave(
                store,
                site.keys,
                wave_id,
                at=datetime.now(UTC),
                by=account.name,
                discard_quarantine=request.form.get("discard") == "yes",
                paper_as_it_is=request.form.get("paper") == "yes",
            )
    except (BadInput, Conflict, CheckFailed) as error:
        return _refused(wave_id, error, box="confirm-close")
    _destroy_keys()
    return redirect(url_for("wave_states.show", wave_id=wave_id), code=303)


@blueprint.post("/waves/<id:wave_id>/state/estimate")
@needs(Permission.MANAGE_WAVES)
def estimate(wave_id: int) -> ResponseReturnValue:
    """Estimate a closed wave: some seconds, and no other writer waits for them."""
    require_whole_wave()
    database, keys = current_site().database, current_site().keys
    at, by = datetime.now(UTC), current_account().name
    try:
        with database.reading() as store:
            _require_closed(store, wave_id)
            computed = compute_estimates(
                store, keys, wave_id, by_level=Level.COMMUNITY, code_version=code_version(), at=at, by=by
            )
        with database.writing() as store:
            record_estimates(store, computed)
    except Conflict as error:
        return _page(wave_id, error=error), 409
    return redirect(url_for("waves.show", wave_id=wave_id), code=303)


@blueprint.post("/waves/<id:wave_id>/state/publish")
@needs(Permission.MANAGE_WAVES)
def publish(wave_id: int) -> ResponseReturnValue:
    require_whole_wave()
    try:
        _require_confirmation()
        with current_site().database.writing() as store:
            _require_closed(store, wave_id)
            published = publish_wave(store, wave_id, at=datetime.now(UTC), by=current_account().name)
    except (BadInput, Conflict, CheckFailed) as error:
        return _refused(wave_id, error, box="confirm-publish")
    return _page(wave_id, published=published)


@blueprint.get("/waves/<id:wave_id>/posters")
@needs(Permission.MANAGE_WAVES)
def posters(wave_id: int) -> ResponseReturnValue:
    """A sheet to print for each community, or for the one named by ``?area=``."""
    view = _view(wave_id)
    area = request.args.get("area")
    links = tuple(link for link in view.links if area in (None, "", link.area.code))
    if area and not links:
        raise NotThere(Message(N_("本轮没有这个社区的公开链接。")))
    page = PosterPage(
        view=view, links=links, introduction=introduction(view.questionnaire, Mode.WEB_OPEN, view.wave.details)
    )
    return render_template("statisticians/posters.html", page=page)


def _destroy_keys() -> None:
    """The wave is closed whatever comes of it: the page says that the worker tries again, and its log why."""
    try:
        destroy_keys(current_site().database, current_site().keys)
    except Failure as error:
        logger.error("keys of closed waves: %s", error)


def _refused(wave_id: int, error: SurveyError, *, box: str) -> ResponseReturnValue:
    page = _page(wave_id, error=error, unticked=box if request.form.get("confirm") != "yes" else "")
    return page, 422 if isinstance(error, BadInput) else 409


def _require_confirmation() -> None:
    if request.form.get("confirm") != "yes":
        raise BadInput(Message(N_("请先勾选确认，再按按钮。")))


def _require_closed(store: Session, wave_id: int) -> None:
    """Raises :class:`Conflict` for a wave whose answers may still change, or that was published."""
    account = current_account()
    wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
    if wave.state is not WaveState.CLOSED:
        raise Conflict(
            Message(N_("轮次“{wave}”不在“已结束”的阶段：这一步只在结束以后、发布以前做"), {"wave": wave.name})
        )


def _view(wave_id: int) -> StateView:
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        return show_state(store, wave, scope=account.scope)


def _page(
    wave_id: int, *, error: SurveyError | None = None, published: PublishedWave | None = None, unticked: str = ""
) -> str:
    page = StatePage(view=_view(wave_id), error=error, published=published, unticked=unticked)
    return render_template("statisticians/wave_states.html", page=page)


def _address(link: OpenLink) -> str:
    return site_url(url_for("entrances.follow_link", token=link.token))


def _drawing(link: OpenLink) -> Markup:
    return _drawn(_address(link), current_language())


@lru_cache(maxsize=256)
def _drawn(address: str, language: str) -> Markup:
    """Kept: each takes 10 ms, a page has one of each community, and they hang in public anyway."""
    return qr_code(address, translate(N_("公开链接的二维码"), language))
