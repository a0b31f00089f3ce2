"""A version of weights: what was asked for, what came of it, and the factors of some answers."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from survey.store.weight_versions import NewWeightVersion
from survey.weights import (
    FactorSpread,
    LargeWeight,
    MarginGroup,
    MetMargin,
    MovedRate,
    ResponseClass,
    ResponseMethod,
    Source,
    WeightFactors,
    WeightLook,
    WeightMargin,
    WeightOptions,
    WeightPlan,
    version_digest,
)

PLAN = WeightPlan(
    options=WeightOptions(response=ResponseMethod.SHRUNK, trim=3.5, frame_totals=False),
    margins=(
        WeightMargin(
            variable="F1",
            source=Source.FILE,
            groups=(
                MarginGroup(codes=("1",), total=480.0, given=0.48, share=True),
                MarginGroup(codes=("2", "3"), total=510.0, given=0.52, share=True),
            ),
            unknown=10.0,
        ),
    ),
    bounded=True,
    eligibility=0.875,
)
LOOK = WeightLook(
    respondents=2,
    before=900.0,
    total=1000.0,
    kish=1.25,
    effective=1.6,
    trimmed=1,
    spreads=(FactorSpread(factor="adults", least=1.0, median=2.0, greatest=4.0, kish=1.1),),
    histogram=((0.0, 0.5, 1), (0.5, 1.0, 1)),
    largest=(
        LargeWeight(
            area="330106001001",
            weight=9.0,
            times=1.8,
            inclusion=3.0,
            adults=2.0,
            response=1.5,
            calibration=1.0,
            trimming=1.0,
        ),
    ),
    margins=(MetMargin(variable="F1", codes=("1",), respondents=40, before=430.5, after=480.0, total=480.0),),
    classes=(ResponseClass(areas=("330106001001",), respondents=25, factor=1.5),),
    moved=(MovedRate(indicator="overall", before=(0.9, 0.85, 0.95), after=None),),
)


def factors_of(uuids: Iterable[UUID]) -> list[WeightFactors]:
    return [WeightFactors(uuid, 10.0, 1.0 + place % 4, 1.2, 0.1 + 1 / 3, 1.0) for place, uuid in enumerate(uuids)]


def version_of(wave: int, draw: int, factors: Iterable[WeightFactors], at: datetime) -> NewWeightVersion:
    return NewWeightVersion(
        wave_id=wave,
        draw_id=draw,
        answers_digest="a" * 64,
        plan=PLAN,
        look=LOOK,
        digest=version_digest(PLAN, factors, draw_digest="d" * 64, answers_digest="a" * 64),
        built_at=at,
        built_by="王",
    )
