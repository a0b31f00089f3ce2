"""The design of a drawn sample as it is analysed: strata, PSUs, person weights, population correction.

Mostly the stratum is the community and the PSU the dwelling, and as one adult of each answers, every response is one.
Where grids or communities were drawn, they are the PSUs: ultimate clusters, whatever was drawn inside them. The
population correction is completes ÷ eligible adults of the community, where their number is known and its dwellings
were drawn in one stage; otherwise there is none.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.design import FloatArray, IntArray, SurveyDesign
from analysis.weighting.base_weights import BaseWeights, base_weights
from analysis.weighting.unequal_weights import kish_effect
from survey.casework.case_designs import CommunityCases
from survey.casework.sample_answers import SampleAnswer, weights_digest
from survey.runs import SampleFacts
from survey.store.draws import Draw


def weigh_sample(
    sample: Sequence[SampleAnswer],
    *,
    draw: Draw,
    communities: Mapping[str, CommunityCases],
    populations: Mapping[str, int | None],
) -> tuple[SurveyDesign, SampleFacts]:
    """The design of the answers, in their order, and what is said about it.

    ``communities``: where the draw has cases in the field. ``populations``: community -> eligible adults, if known.
    See :mod:`analysis.weighting.base_weights` for the factors.
    """
    names = sorted({one.area for one in sample})
    factors = sample_factors(sample, names, communities, populations)
    counted = {name: known for name, known in zip(names, factors.to_total, strict=True) if known}
    strata = sorted({one.stratum for one in sample})
    design = SurveyDesign(
        weights=factors.weights,
        strata=_codes([one.stratum for one in sample], strata),
        psus=_psus(sample),
        population=np.array([_eligible(name, communities, populations, counted) for name in strata]),
    )
    return design, _facts(sample, factors, draw, communities)


def sample_factors(
    sample: Sequence[SampleAnswer],
    names: Sequence[str],
    communities: Mapping[str, CommunityCases],
    populations: Mapping[str, int | None],
) -> BaseWeights:
    """The base weights of the answers with every factor; communities in the order of ``names``."""
    return base_weights(
        communities=_codes([one.area for one in sample], names),
        inclusion=np.array([one.inclusion_total / one.inclusion_n for one in sample], dtype=np.float64),
        cases=np.array([communities[name].weight for name in names], dtype=np.float64),
        adults=np.array([one.adults or np.nan for one in sample], dtype=np.float64),
        populations=_stood_for(names, communities, populations),
    )


def _stood_for(
    names: Sequence[str], communities: Mapping[str, CommunityCases], populations: Mapping[str, int | None]
) -> FloatArray:
    """Eligible adults each community stands for: more than its own where it was drawn among others."""
    own = (populations.get(name) or np.inf for name in names)
    return np.array(
        [count / float(communities[name].chance) for name, count in zip(names, own, strict=True)], dtype=np.float64
    )


def _codes(values: Sequence[str], names: Sequence[str]) -> IntArray:
    places = {name: code for code, name in enumerate(names)}
    return np.array([places[value] for value in values], dtype=np.int64)


def _psus(sample: Sequence[SampleAnswer]) -> IntArray | None:
    """Codes unique across strata; ``None`` where every dwelling was drawn by itself."""
    if not any(one.psu for one in sample):
        return None
    codes: dict[tuple[str, str], int] = {}
    return np.array(
        [codes.setdefault((one.stratum, one.psu or str(one.uuid)), len(codes)) for one in sample], dtype=np.int64
    )


def _eligible(
    stratum: str,
    communities: Mapping[str, CommunityCases],
    populations: Mapping[str, int | None],
    counted: Mapping[str, bool],
) -> float:
    """For the population correction; ``inf``: none."""
    community = communities.get(stratum)
    alone = community is not None and community.single_stage and stratum in counted
    return float(populations.get(stratum) or np.inf) if alone else np.inf


def _facts(
    sample: Sequence[SampleAnswer], factors: BaseWeights, draw: Draw, communities: Mapping[str, CommunityCases]
) -> SampleFacts:
    weights = factors.weights
    unanswered = tuple(sorted(communities.keys() - {one.area for one in sample}))
    return SampleFacts(
        draw_id=draw.id,
        draw_digest=draw.digest,
        frame_digest=draw.frame_digest,
        method=draw.method,
        public=draw.public,
        per_community=draw.per_community,
        cases=sum(one.cases for one in communities.values()),  # reserves count once they are released
        communities=len(communities),
        unanswered=len(unanswered),
        to_total=int(factors.to_total.sum()),
        adults_unknown=factors.unknown,
        adults_at_limit=factors.at_limit,
        weight_effect=round(kish_effect(weights), 9),
        largest_weight=round(float(weights.max() / weights.mean()), 9),
        weights_digest=weights_digest(sample),
        unanswered_areas=unanswered,
        seed_source=draw.seed_source,
        sample_design="" if draw.per_community is not None else draw.design,
    )
