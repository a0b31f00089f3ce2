"""``/waves/<id>/details``: the facts of a wave that residents are told and reports print, until it is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.definition import Questionnaire
from questionnaires.loading import from_document
from survey.files.wave_file import read_facts
from survey.messages import N_, BadInput, Conflict, Message, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.language import current_language, gettext
from survey.pages.site import current_site
from survey.pages.statisticians.wave_detail_forms import (
    APPROVALS,
    GROUPS,
    LEGAL,
    OTHER_LABELS,
    Asked,
    FactGroup,
    marks_of,
    sent_facts,
    target_problems,
    targets_of,
    typed_facts,
)
from survey.pages.whole_waves import require_whole_wave
from survey.roles import Permission
from survey.store.database import Session
from survey.store.instruments import get_instrument
from survey.store.wave_details import details_digest
from survey.store.waves import WaveRecord
from survey.waves import Approval, Mode, WaveDetails, WaveState
from survey.workflow.describe_wave import describe_wave
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("wave_details", __name__)

#: In the messages of a wave's file -> in words.
LABELS = {one.name: one.label for group in GROUPS for one in group.fields} | OTHER_LABELS


@dataclass(frozen=True, kw_only=True)
class DetailsPage:
    """``typed``: what stands in the form; ``seen``: the digest of the facts it was filled from."""

    wave: WaveRecord
    questionnaire: Questionnaire
    typed: Mapping[str, str | list[str]]
    seen: str
    error: SurveyError | None = None
    groups: Sequence[FactGroup] = GROUPS
    legal: FactGroup = LEGAL

    @property
    def approvals(self) -> Mapping[Approval, str]:
        return APPROVALS

    @property
    def may_change(self) -> bool:
        return self.wave.state is not WaveState.PUBLISHED and not current_account().scope.areas

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Those the questionnaire can be asked in, and those of the wave."""
        known = {*self.questionnaire.modes, *self.wave.details.modes}
        return tuple(mode for mode in Mode if mode in known)

    @property
    def marks(self) -> tuple[Asked, ...]:
        return marks_of(self.questionnaire)

    @property
    def targets(self) -> tuple[Asked, ...]:
        return targets_of(self.questionnaire, self.wave.details)

    def problem(self, name: str) -> Message | None:
        """What is wrong with the fact ``name``."""
        problems = self.error.problems if self.error else ()
        return next((problem.expected for problem in problems if problem.where == name), None)

    def label(self, name: str) -> str:
        targets = {f"target-{one.name}": one.text.in_language(current_language()) for one in self.targets}
        return targets.get(name) or gettext(LABELS.get(name, name))


@blueprint.get("/waves/<id:wave_id>/details")
@needs(Permission.MANAGE_WAVES)
def show(wave_id: int) -> ResponseReturnValue:
    with current_site().database.reading() as store:
        page = _page(store, wave_id)
    return render_template("statisticians/wave_details.html", page=page)


@blueprint.post("/waves/<id:wave_id>/details")
@needs(Permission.MANAGE_WAVES)
def change(wave_id: int) -> ResponseReturnValue:
    require_whole_wave()
    seen = request.form.get("seen", "")
    try:
        with current_site().database.writing() as store:
            before = _find(store, wave_id).details
            details = _told(before)
            at, by = datetime.now(UTC), current_account().name
            describe_wave(store, wave_id, details=details, at=at, by=by, seen=seen)
    except (BadInput, Conflict) as error:
        with current_site().database.reading() as store:
            page = replace(_page(store, wave_id), typed=_typed(), seen=seen, error=error)
        status = 422 if isinstance(error, BadInput) else 409
        return render_template("statisticians/wave_details.html", page=page), status
    return redirect(url_for("wave_states.show", wave_id=wave_id), code=303)


def _told(before: WaveDetails) -> WaveDetails:
    """The facts of the form. Raises :class:`BadInput` with everything that is wrong with them."""
    wrong, facts, error = target_problems(request.form), None, None
    try:
        facts = read_facts(sent_facts(request.form, before), "wave.toml")
    except BadInput as found:
        error = found
    if facts is not None and not wrong:
        return facts
    message = error.message if error else Message(N_("目标要改：应为百分数"))
    raise BadInput(message, [*(error.problems if error else ()), *wrong])


def _typed() -> Mapping[str, str | list[str]]:
    return {name: request.form.getlist(name) if name == "modes" else request.form[name] for name in request.form}


def _find(store: Session, wave_id: int) -> WaveRecord:
    account = current_account()
    return find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)


def _page(store: Session, wave_id: int) -> DetailsPage:
    wave = _find(store, wave_id)
    return DetailsPage(
        wave=wave,
        questionnaire=from_document(get_instrument(store, wave.instrument_id).document),
        typed=typed_facts(wave.details),
        seen=details_digest(wave.details),
    )
