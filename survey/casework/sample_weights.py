"""The design of a drawn sample as it is analysed: strata, person weights, population correction.

Stratum = community; PSU = dwelling, and as one adult of each answers, every response is one. The population correction
is completes ÷ eligible adults of the community, where their number is known.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from analysis.design import SurveyDesign
from analysis.weighting.base_weights import BaseWeights, base_weights
from analysis.weighting.unequal_weights import kish_effect
from survey.casework.sample_answers import SampleAnswer, weights_digest
from survey.runs import SampleFacts
from survey.store.draws import Draw


def weigh_sample(
    sample: Sequence[SampleAnswer],
    *,
    draw: Draw,
    communities: Collection[str],
    populations: Mapping[str, int | None],
) -> tuple[SurveyDesign, SampleFacts]:
    """The design of the answers, in their order, and what is said about it.

    ``communities``: where the draw has cases. ``populations``: community -> eligible adults, if known. See
    :mod:`analysis.weighting.base_weights` for the factors.
    """
    names = sorted({one.stratum for one in sample})
    codes = {name: code for code, name in enumerate(names)}
    drawn = {one.stratum: (one.inclusion_n, one.inclusion_total) for one in sample}
    strata = np.array([codes[one.stratum] for one in sample], dtype=np.int64)
    eligible = np.array([populations.get(name) or np.inf for name in names], dtype=np.float64)
    factors = base_weights(
        communities=strata,
        drawn=np.array([drawn[name][0] for name in names], dtype=np.int64),
        dwellings=np.array([drawn[name][1] for name in names], dtype=np.int64),
        adults=np.array([one.adults or np.nan for one in sample], dtype=np.float64),
        populations=eligible,
    )
    design = SurveyDesign(
        weights=factors.weights, strata=strata, population=np.where(factors.to_total, eligible, np.inf)
    )
    return design, _facts(sample, factors, draw, communities)


def _facts(
    sample: Sequence[SampleAnswer], factors: BaseWeights, draw: Draw, communities: Collection[str]
) -> SampleFacts:
    weights = factors.weights
    unanswered = tuple(sorted(set(communities) - {one.stratum for one in sample}))
    return SampleFacts(
        draw_id=draw.id,
        draw_digest=draw.digest,
        frame_digest=draw.frame_digest,
        method=draw.method,
        public=draw.public,
        per_community=draw.per_community,
        cases=draw.cases,
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
    )
