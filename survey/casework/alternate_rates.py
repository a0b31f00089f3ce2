"""Other readings of a wave's rates and its indexes: worked out of the answers as they stand when they are asked for.

Which there are stands in the instrument, and for codes of the whole project in the registry as it is today. None is
stored or published by itself, and none is ranked, banded or compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.alternate_estimates import estimate_alternates
from analysis.publication import AlternateFigure, Reading
from analysis.publication import Base as Denominator
from analysis.readings import IndexOfScores, ReadAnswers
from questionnaires.alternate_coding import code_alternates
from questionnaires.alternates import standard_alternate
from questionnaires.definition import Alternate, AlternateName, Base, Composite, Indicator, Questionnaire
from questionnaires.loading import from_document
from questionnaires.standard_alternates import alternates_of, composites_of
from survey.areas import RANK, Level
from survey.casework.kept_results import kept_result
from survey.casework.wave_sample import Asked, WaveSample, read_wave_sample, wave_answers
from survey.keys import KeyRing
from survey.store.areas import get_frame
from survey.store.instruments import get_instrument
from survey.store.responses import read_responses
from survey.store.waves import WaveRecord

_READINGS = {
    AlternateName.BROAD: Reading.BROAD,
    AlternateName.VALID: Reading.VALID,
    AlternateName.TOP_BOX: Reading.TOP_BOX,
    AlternateName.SCORE: Reading.SCORE,
}
_BASES = {Base.ASKED: Denominator.ASKED, Base.VALID: Denominator.VALID}


@dataclass(frozen=True, kw_only=True)
class AlternateRates:
    """``figures``: of each reading the whole, then the areas; the indexes after all. ``composites``: those among them,
    with the weights that are printed. ``responses`` in the sample.
    """

    figures: tuple[AlternateFigure, ...]
    composites: tuple[Composite, ...]
    responses: int


def read_alternate_rates(session: Session, keys: KeyRing, wave: WaveRecord) -> AlternateRates:
    """Of the sample's answers; open links stand apart and get none.

    Raises :class:`~survey.messages.Failure` when the key of an open wave is not to be read.
    """
    return kept_result(session, keys, [wave], "alternates", lambda: _read(session, keys, wave))


def _read(session: Session, keys: KeyRing, wave: WaveRecord) -> AlternateRates:
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    frame = get_frame(session, wave.frame_id).areas
    asked = Asked(wave=wave, questionnaire=questionnaire, frame=frame, finest=RANK[Level.COMMUNITY])
    sample = read_wave_sample(session, keys, wave, frame, list(read_responses(session, wave.id)))
    composites = composites_of(questionnaire)
    if not sample.responses:
        return AlternateRates(figures=(), composites=(), responses=0)
    figures = _figures(asked, sample, composites)
    shown = {figure.indicator for figure in figures}
    return AlternateRates(
        figures=figures,
        composites=tuple(composite for composite in composites if composite.code in shown),
        responses=len(sample.responses),
    )


def _figures(asked: Asked, sample: WaveSample, composites: Sequence[Composite]) -> tuple[AlternateFigure, ...]:
    wanted = _wanted(asked.questionnaire, composites)
    if not wanted:
        return ()
    answers = wave_answers(asked, sample, {indicator.code for indicator, _ in wanted})
    coded = code_alternates(asked.questionnaire, wanted, [response.answers for response in sample.responses])
    readings = [
        ReadAnswers(
            indicator=one.indicator.code,
            reading=_READINGS[one.alternate.name],
            base=_BASES[one.alternate.base],
            values=one.values,
            difference=one.difference,
        )
        for one in coded
    ]
    indexes = [
        IndexOfScores(code=one.code, weights={part.indicator: part.weight for part in one.parts}) for one in composites
    ]
    return estimate_alternates(answers, readings, indexes)


def _wanted(questionnaire: Questionnaire, composites: Sequence[Composite]) -> list[tuple[Indicator, Alternate]]:
    """Every reading of every rate; a part of a composite has its score printed in any case."""
    parts = {part.indicator for composite in composites for part in composite.parts}
    wanted = []
    for indicator in questionnaire.indicators:
        found = {alternate.name: alternate for alternate in alternates_of(questionnaire, indicator)}
        score = standard_alternate(AlternateName.SCORE, indicator, questionnaire.item(indicator.item))
        if indicator.code in parts and score is not None:
            found.setdefault(AlternateName.SCORE, score)
        wanted += [(indicator, alternate) for alternate in found.values()]
    return wanted
