"""``/waves``: the list; ``/waves/<id>``: one wave's facts, history and rates."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.areas import Area
from survey.messages import N_, Message, NotThere
from survey.pages.access import current_account
from survey.pages.language import current_language
from survey.pages.site import current_site
from survey.reports.rates import RatesSection, compose_rates
from survey.roles import SEES_UNPUBLISHED
from survey.waves import WaveState
from survey.workflow.show_wave import Numbers, WaveSummary, WaveView, list_waves, show_wave

blueprint = Blueprint("waves", __name__)


@dataclass(frozen=True, kw_only=True)
class WavesPage:
    waves: tuple[WaveSummary, ...]
    sees_unpublished: bool


@dataclass(frozen=True, kw_only=True)
class WavePage:
    """``area`` ``None``: the whole. ``sections`` is empty while there are no numbers."""

    view: WaveView
    area: Area | None
    sections: tuple[RatesSection, ...]
    published: bool


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("waves.show_list"))


@blueprint.get("/waves")
def show_list() -> ResponseReturnValue:
    role = current_account().role
    with current_site().database.reading() as store:
        waves = list_waves(store, role=role)
    page = WavesPage(waves=waves, sees_unpublished=role in SEES_UNPUBLISHED)
    return render_template("officials/waves.html", page=page)


@blueprint.get("/waves/<id:wave_id>")
def show(wave_id: int) -> ResponseReturnValue:
    with current_site().database.reading() as store:
        view = show_wave(store, wave_id, role=current_account().role)
    area = _chosen_area(view.numbers, request.args.get("area", ""))
    page = WavePage(
        view=view,
        area=area,
        sections=_sections(view, area),
        published=view.wave.state is WaveState.PUBLISHED,
    )
    return render_template("officials/wave.html", page=page)


def _chosen_area(numbers: Numbers | None, code: str) -> Area | None:
    """The area with that code; no code, the whole. Raises :class:`NotThere` for an area without estimates."""
    if not code or numbers is None:
        return None
    for area in numbers.choices:
        if area.code == code:
            return area
    raise NotThere(Message(N_("没有代码为“{got}”的地区的估计值：请从列表里选择。"), {"got": code[:20]}))


def _sections(view: WaveView, area: Area | None) -> tuple[RatesSection, ...]:
    if view.numbers is None:
        return ()
    return compose_rates(
        questionnaire=view.questionnaire,
        area=area,
        areas=view.numbers.frame,
        estimates=view.numbers.estimates,
        run=view.numbers.run,
        language=current_language(),
    )
