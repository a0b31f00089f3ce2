"""``/waves/<id>/recordings``: questions read out in dialects, heard by residents of the wave."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.definition import Item
from questionnaires.loading import from_document
from survey.messages import BadInput, Conflict, NotThere, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.language import current_language
from survey.pages.security import takes_up_to
from survey.pages.site import current_site
from survey.pages.whole_waves import require_whole_wave
from survey.roles import Permission
from survey.store.database import Session
from survey.store.instruments import get_instrument
from survey.store.recordings import LONGEST_DIALECT, MOST_BYTES, Recording, list_recordings
from survey.store.waves import WaveRecord
from survey.waves import WaveState
from survey.workflow.add_recording import add_recording, remove_recording
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("recordings", __name__)
#: The file and the few words around it. A little more than is taken, so that it is said how much too large one is.
LARGEST_FORM = 4 * MOST_BYTES


@dataclass(frozen=True, kw_only=True)
class RecordingsPage:
    """``typed``: what stands in the form; ``wrong``: the id of its field that the error is about."""

    wave: WaveRecord
    items: tuple[Item, ...]
    recordings: tuple[Recording, ...]
    error: SurveyError | None = None
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    most_bytes: int = MOST_BYTES
    longest_dialect: int = LONGEST_DIALECT

    @property
    def may_change(self) -> bool:
        return self.wave.state not in (WaveState.CLOSED, WaveState.PUBLISHED) and not current_account().scope.areas

    def wording(self, item_id: str) -> str:
        found = next((item for item in self.items if item.id == item_id), None)
        return found.text.in_language(current_language()) if found else ""


@blueprint.get("/waves/<id:wave_id>/recordings")
@needs(Permission.MANAGE_WAVES)
def show(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id)


@blueprint.post("/waves/<id:wave_id>/recordings")
@needs(Permission.MANAGE_WAVES)
@takes_up_to(LARGEST_FORM)
def add(wave_id: int) -> ResponseReturnValue:
    require_whole_wave()
    item, dialect, body = request.form.get("item", ""), request.form.get("dialect", ""), _sent()
    try:
        with current_site().database.writing() as store:
            add_recording(store, _find(store, wave_id), item=item, dialect=dialect, body=body)
    except (BadInput, Conflict) as error:
        status = 422 if isinstance(error, BadInput) else 409
        typed = {"item": item[:100], "dialect": dialect[:100]}
        wrong = error.problems[0].column if error.problems else ""
        return _page(wave_id, error=type(error)(error.message), wrong=wrong, typed=typed), status
    return redirect(url_for("recordings.show", wave_id=wave_id), code=303)


@blueprint.post("/waves/<id:wave_id>/recordings/remove")
@needs(Permission.MANAGE_WAVES)
def remove(wave_id: int) -> ResponseReturnValue:
    require_whole_wave()
    item, _, dialect = request.form.get("recording", "").partition(" ")
    try:
        with current_site().database.writing() as store:
            remove_recording(store, _find(store, wave_id), item=item, dialect=dialect)
    except (NotThere, Conflict) as error:
        return _page(wave_id, error=error), 409
    return redirect(url_for("recordings.show", wave_id=wave_id), code=303)


def _sent() -> bytes:
    file = request.files.get("file")
    if file is None:
        return b""
    with file.stream:  # a large one lies on the disk until it is closed
        return bytes(file.read())


def _find(store: Session, wave_id: int) -> WaveRecord:
    account = current_account()
    return find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)


def _page(
    wave_id: int, *, error: SurveyError | None = None, wrong: str = "", typed: Mapping[str, str] | None = None
) -> str:
    with current_site().database.reading() as store:
        wave = _find(store, wave_id)
        questionnaire = from_document(get_instrument(store, wave.instrument_id).document)
        page = RecordingsPage(
            wave=wave,
            items=questionnaire.items,
            recordings=list_recordings(store, wave_id),
            error=error,
            wrong=wrong,
            typed=typed or {},
        )
    return render_template("statisticians/recordings.html", page=page)
