"""``/waves/<id>/state``: where a wave stands, what its next step needs, start and close; its open links as posters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from questionnaires.definition import Text
from survey.i18n import translate
from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, NotThere, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.qr_codes import qr_code
from survey.pages.site import current_site, site_url
from survey.pages.whole_waves import require_whole_wave
from survey.reports.introductions import approval_words, introduction
from survey.roles import Permission
from survey.waves import Mode, WaveState
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.show_state import OpenLink, StateView, show_state
from survey.workflow.show_wave import find_wave_at_work
from survey.workflow.start_wave import start_wave

blueprint = Blueprint("wave_states", __name__)

#: The life of a wave as the page shows it; a wave of imported answers leaves the middle out.
STEPS = tuple(WaveState)
POSTER_LANGUAGES = ("zh_Hans", "en")


@dataclass(frozen=True, kw_only=True)
class StatePage:
    view: StateView
    error: SurveyError | None
    steps: tuple[WaveState, ...] = STEPS

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
        return _page(wave_id, error=error), 422 if isinstance(error, BadInput) else 409
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
            )
    except (BadInput, Conflict, CheckFailed) as error:
        return _page(wave_id, error=error), 422 if isinstance(error, BadInput) else 409
    destroy_keys(site.database, site.keys)
    return redirect(url_for("wave_states.show", wave_id=wave_id), code=303)


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


def _require_confirmation() -> None:
    if request.form.get("confirm") != "yes":
        raise BadInput(Message(N_("请先勾选确认，再按按钮。")))


def _view(wave_id: int) -> StateView:
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        return show_state(store, wave, scope=account.scope)


def _page(wave_id: int, *, error: SurveyError | None = None) -> str:
    return render_template("statisticians/wave_states.html", page=StatePage(view=_view(wave_id), error=error))


def _address(link: OpenLink) -> str:
    return site_url(url_for("entrances.follow_link", token=link.token))


def _drawing(link: OpenLink) -> Markup:
    return _drawn(_address(link))


@lru_cache(maxsize=256)
def _drawn(address: str) -> Markup:
    """Kept: each takes 10 ms, a page has one of each community, and they hang in public anyway."""
    return qr_code(address, translate(N_("公开链接的二维码"), "zh_Hans"))
