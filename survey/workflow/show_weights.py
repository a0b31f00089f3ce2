"""Show the versions of a wave's weights, and one of them with the words for what it holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from questionnaires.definition import Item, ItemType, OptionKind, Questionnaire
from questionnaires.loading import from_document
from questionnaires.wording import fill_questionnaire
from survey.casework.given_margins import makes_a_rate
from survey.casework.weight_states import require_over, require_unpublished
from survey.messages import N_, Conflict, Message, NotThere
from survey.reports.introductions import placeholders
from survey.roles import Scope
from survey.store.areas import get_frame
from survey.store.draws import Draw
from survey.store.estimates import latest_run
from survey.store.instruments import get_instrument
from survey.store.waves import WaveRecord, get_wave
from survey.store.weight_versions import WeightVersion, get_version, list_versions, standing_version
from survey.weights import COMMUNITY


@dataclass(frozen=True, kw_only=True)
class WeightsView:
    """``standing``: the number of the version estimates use, ``None``: base weights. ``estimated``: the newest run uses
    it. ``obstacle``: why nothing can be built now. ``items``: those a margin may be of.
    """

    wave: WaveRecord
    versions: tuple[WeightVersion, ...]
    standing: int | None
    estimated: bool
    obstacle: Message | None
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """``names``: of areas by code. ``obstacle``: why it cannot be frozen now."""

    wave: WaveRecord
    version: WeightVersion
    standing: bool
    obstacle: Message | None
    questionnaire: Questionnaire
    names: Mapping[str, str]

    def variable(self, name: str, language: str) -> str:
        """The words of an item; ``""`` for communities."""
        item = self.questionnaire.items_by_id.get(name)
        return item.text.in_language(language) if item else ""

    def group(self, variable: str, codes: tuple[str, ...], language: str) -> tuple[str, ...]:
        """The words of the options, or the names of the communities, in a group of a margin."""
        if variable == COMMUNITY:
            return tuple(self.names.get(code, code) for code in codes)
        item = self.questionnaire.items_by_id.get(variable)
        words = {str(option.code): option.text.in_language(language) for option in item.options} if item else {}
        return tuple(words.get(code, code) for code in codes)

    def rate(self, indicator: str, language: str) -> str:
        return self.questionnaire.indicator(indicator).label.in_language(language)


def show_weights(session: Session, wave_id: int, *, scope: Scope) -> WeightsView:
    """Raises :class:`NotThere` for a wave that does not exist or lies out of reach."""
    wave = _wave(session, wave_id, scope)
    standing, run = standing_version(session, wave_id), latest_run(session, wave_id)
    number = standing.id if standing else None
    questionnaire = _questionnaire(session, wave)
    return WeightsView(
        wave=wave,
        versions=list_versions(session, wave_id),
        standing=number,
        estimated=run is not None and run.sample is not None and run.sample.weights_version == number,
        obstacle=_obstacle(session, wave, require_over),
        items=tuple(item for item in questionnaire.items if _may_calibrate(item, questionnaire)),
    )


def show_version(session: Session, version_id: int, *, scope: Scope) -> VersionView:
    """Raises :class:`NotThere` for a version that does not exist, or of a wave out of reach."""
    version = get_version(session, version_id)
    if not scope.sees_wave(version.wave_id):
        raise NotThere(Message(N_("没有编号为 {id} 的权重版本"), {"id": version_id}))
    wave = _wave(session, version.wave_id, scope)
    standing = standing_version(session, wave.id)
    return VersionView(
        wave=wave,
        version=version,
        standing=standing is not None and standing.id == version_id,
        obstacle=_obstacle(session, wave, require_unpublished),
        questionnaire=_questionnaire(session, wave),
        names={area.code: area.name for area in get_frame(session, wave.frame_id).areas},
    )


def _wave(session: Session, wave_id: int, scope: Scope) -> WaveRecord:
    if not scope.sees_wave(wave_id):
        raise NotThere(Message(N_("没有编号为 {id} 的轮次。"), {"id": wave_id}))
    return get_wave(session, wave_id)


def _questionnaire(session: Session, wave: WaveRecord) -> Questionnaire:
    """As it was asked in this wave."""
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    return fill_questionnaire(questionnaire, placeholders(questionnaire, wave.details))


def _may_calibrate(item: Item, questionnaire: Questionnaire) -> bool:
    if item.type is not ItemType.SINGLE or makes_a_rate(item.id, questionnaire):
        return False
    return sum(option.kind is OptionKind.SUBSTANTIVE for option in item.options) > 1


def _obstacle(session: Session, wave: WaveRecord, require: Callable[[Session, WaveRecord], Draw]) -> Message | None:
    try:
        require(session, wave)
    except Conflict as error:
        return error.message
    return None
