"""What a statistician looks at before weights are frozen: how they spread, which are large, what they meet and move."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.design import FloatArray
from analysis.publication import Base, PublishedEstimate, Subset
from analysis.wave_estimates import WaveAnswers, estimate_wave
from analysis.weighting.unequal_weights import kish_effect, summarise
from analysis.weighting.weight_chain import Factor
from survey.casework.sample_answers import SampleAnswer
from survey.casework.weight_building import BuiltWeights
from survey.weights import FactorSpread, LargeWeight, MetMargin, MovedRate, ResponseClass, WeightLook

LARGEST = 10
#: Weight ÷ mean weight: steps of a quarter up to this, then one for all above.
_HISTOGRAM_TO, _STEP = 3.0, 0.25


def look_at(built: BuiltWeights, answers: Sequence[SampleAnswer], moved: tuple[MovedRate, ...] = ()) -> WeightLook:
    """``answers``: of the sample, in the order of the weights."""
    weighting = built.weighting
    weights = weighting.weights
    no_frame, lacking = built.no_frame or (None, ())
    summary = summarise(weights, LARGEST)
    of_step = {kept.name: kept.factor for kept in weighting.factors}
    return WeightLook(
        respondents=len(weights),
        before=float(_before(built).sum()),
        total=float(weights.sum()),
        kish=summary.kish,
        effective=summary.effective,
        trimmed=int((of_step[Factor.TRIMMING] < 1 - 1e-12).sum()),
        spreads=_spreads(weighting.base, of_step),
        histogram=histogram(weights / weights.mean()),
        largest=tuple(_large(place, built, answers) for place in summary.largest.tolist()),
        margins=_met(built),
        classes=_classes(built, answers),
        moved=moved,
        silent=built.silent,
        no_frame=no_frame,
        lacking=lacking,
    )


def moved_rates(before: WaveAnswers, after: WaveAnswers) -> tuple[MovedRate, ...]:
    """The rates of the whole on the asked base, with the weights before and after, in the order of the rates."""
    earlier, later = _of_whole(before), _of_whole(after)
    return tuple(
        MovedRate(indicator=rate.code, before=_interval(earlier.get(rate.code)), after=_interval(later.get(rate.code)))
        for rate in after.rates
    )


def histogram(times: FloatArray) -> tuple[tuple[float, float, int], ...]:
    """Weights ÷ their mean by steps of a quarter, from 0 to the largest.

    >>> histogram(np.array([0.1, 0.3, 0.25, 2.5]))[:2], histogram(np.array([0.1, 4.5]))[-1]
    (((0.0, 0.25, 1), (0.25, 0.5, 2)), (3.0, 4.5, 1))
    """
    top = float(times.max(initial=0.0))
    edges = np.arange(0.0, min(_HISTOGRAM_TO, np.floor(top / _STEP) * _STEP + _STEP) + _STEP / 2, _STEP)
    if top >= edges[-1]:
        edges = np.append(edges, top)
    counts, _ = np.histogram(times, bins=edges)
    return tuple(
        (low, high, count)
        for low, high, count in zip(edges.tolist(), edges[1:].tolist(), counts.tolist(), strict=False)
    )


def _spreads(base: FloatArray, of_step: Mapping[str, FloatArray]) -> tuple[FactorSpread, ...]:
    found, current = [], np.ones(len(base))
    for name, factor in {"inclusion": base, **of_step}.items():
        current = current * factor
        found.append(
            FactorSpread(
                factor=str(name),
                least=float(factor.min()),
                median=float(np.median(factor)),
                greatest=float(factor.max()),
                kish=kish_effect(current),
            )
        )
    return tuple(found)


def _large(place: int, built: BuiltWeights, answers: Sequence[SampleAnswer]) -> LargeWeight:
    weighting = built.weighting
    weight = float(weighting.weights[place])
    return LargeWeight(
        area=answers[place].area,
        weight=weight,
        times=weight / float(weighting.weights.mean()),
        inclusion=float(weighting.base[place]),
        **{kept.name: float(kept.factor[place]) for kept in weighting.factors},
    )


def _before(built: BuiltWeights) -> FloatArray:
    """The weights before calibration."""
    factors = {kept.name: kept.factor for kept in built.weighting.factors}
    weights: FloatArray = built.weighting.base * factors[Factor.ADULTS] * factors[Factor.RESPONSE]
    return weights


def _met(built: BuiltWeights) -> tuple[MetMargin, ...]:
    before, after = _before(built), built.weighting.weights
    found = []
    for margin, coded in zip(built.plan.margins, built.margins, strict=True):
        codes = [group.codes for group in margin.groups]
        for place, total in enumerate(coded.totals.tolist()):
            inside = coded.codes == place
            found.append(
                MetMargin(
                    variable=margin.variable,
                    codes=codes[place] if place < len(codes) else (),
                    respondents=int(inside.sum()),
                    before=float(before[inside].sum()),
                    after=float(after[inside].sum()),
                    total=total,
                )
            )
    return tuple(found)


def _classes(built: BuiltWeights, answers: Sequence[SampleAnswer]) -> tuple[ResponseClass, ...]:
    factor = next(kept.factor for kept in built.weighting.factors if kept.name == Factor.RESPONSE)
    areas = np.array([answer.area for answer in answers])
    found = []
    for held in built.classes:
        inside = np.isin(areas, held)
        found.append(ResponseClass(areas=held, respondents=int(inside.sum()), factor=float(factor[inside][0])))
    return tuple(found)


def _of_whole(answers: WaveAnswers) -> dict[str, PublishedEstimate]:
    return {
        row.indicator: row
        for row in estimate_wave(answers)
        if row.area is None and row.base is Base.ASKED and row.subset is Subset.ALL
    }


def _interval(row: PublishedEstimate | None) -> tuple[float, float | None, float | None] | None:
    if row is None or not row.published or row.proportion is None or row.shown_range is not None:
        return None
    return row.proportion, row.low, row.high
