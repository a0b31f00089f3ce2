"""Build the weights of a closed wave's sample from what was drawn, who answered, and margins.

base (1 / inclusion probability) × eligible adults of the dwelling × non-response × calibration, trimmed inside each
community. Non-response knows what closing kept: what the cases of each community weigh, by what came of them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from analysis.design import FloatArray, IntArray, SurveyDesign
from analysis.fieldwork.dispositions import DispositionClass
from analysis.fieldwork.response_rates import response_rates
from analysis.weighting.area_classes import area_classes
from analysis.weighting.area_response import AreaResponse
from analysis.weighting.errors import MarginsCannotBeMet, NoConvergence
from analysis.weighting.margins import Margin
from analysis.weighting.steps import GREATEST_FACTOR, LEAST_FACTOR, Weighting
from analysis.weighting.weight_chain import Factor, WeightChain
from survey.areas import Area
from survey.casework.case_designs import CommunityCases
from survey.casework.given_margins import GivenMargin
from survey.casework.margin_totals import coded_margins, frame_margin, frame_obstacle, settle_margins
from survey.casework.sample_answers import SampleAnswer
from survey.casework.sample_weights import sample_factors
from survey.messages import N_, BadInput, Conflict, Message
from survey.store.responses import StoredResponse
from survey.weights import (
    COMMUNITY,
    LEAST_CELL,
    NoFrameTotals,
    ResponseMethod,
    WeightFactors,
    WeightMargin,
    WeightOptions,
    WeightPlan,
)

WeightedCounts = Mapping[tuple[str, DispositionClass], float]
_ELIGIBLE = (
    DispositionClass.COMPLETE,
    DispositionClass.PARTIAL,
    DispositionClass.REFUSAL,
    DispositionClass.NON_CONTACT,
    DispositionClass.OTHER,
)
_UNKNOWN = (DispositionClass.UNKNOWN_HOUSEHOLD, DispositionClass.UNKNOWN_OTHER)


@dataclass(frozen=True, kw_only=True, eq=False)
class ClosedSample:
    """``answers`` and ``responses`` (n each) side by side, areas of responses being communities. ``outcomes``: what the
    cases of each community weigh by what came of them."""

    answers: Sequence[SampleAnswer]
    responses: Sequence[StoredResponse]
    cases: Mapping[str, CommunityCases]
    frame: Sequence[Area]
    outcomes: WeightedCounts

    @property
    def communities(self) -> list[str]:
        """Those with answers, by code."""
        return sorted({answer.area for answer in self.answers})

    @property
    def silent(self) -> tuple[str, ...]:
        """Communities with cases in the field where nobody answered, by code."""
        return tuple(sorted(self.cases.keys() - {answer.area for answer in self.answers}))

    @property
    def codes(self) -> IntArray:
        """The place of each answer's community among them, (n,)."""
        places = {name: code for code, name in enumerate(self.communities)}
        return np.array([places[answer.area] for answer in self.answers], dtype=np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class BuiltWeights:
    """``classes``: of non-response, the communities of each; empty where there is none. ``silent``: communities where
    nobody answered: those in their class, and in their group of a margin, stand for them. ``no_frame``: why the frame's
    totals were wanted and are not met, and for which communities.
    """

    plan: WeightPlan
    weighting: Weighting
    margins: tuple[Margin, ...]
    classes: tuple[tuple[str, ...], ...]
    silent: tuple[str, ...] = ()
    no_frame: tuple[NoFrameTotals, tuple[str, ...]] | None = None

    def factors(self, answers: Sequence[SampleAnswer]) -> list[WeightFactors]:
        columns = [kept.factor.tolist() for kept in self.weighting.factors]
        return [
            WeightFactors(answer.uuid, *of_answer)
            for answer, *of_answer in zip(answers, self.weighting.base.tolist(), *columns, strict=True)
        ]


@dataclass(frozen=True, kw_only=True)
class KeptWeights:
    """What of a version its design is made of."""

    factors: Mapping[UUID, WeightFactors]
    margins: tuple[WeightMargin, ...]
    trim: float


def build_weights(
    sample: ClosedSample, given: Sequence[GivenMargin], options: WeightOptions, *, file: str
) -> BuiltWeights:
    """Every factor of every answer. ``given``: margins of ``file``, held against the sample already.

    Raises :class:`~survey.messages.BadInput` for margins of different populations and margins that no weights meet,
    :class:`~survey.messages.Conflict` where too few answered for any class.
    """
    base = sample_factors(sample.answers, sample.communities, sample.cases, {})
    eligibility = response_rates(_over_all(sample.outcomes)).e
    response, classes = _response(sample, base.inclusion, options.response, eligibility)
    weights = base.inclusion * base.adults * response
    of_frame, no_frame = None, None
    if options.frame_totals and not any(margin.variable == COMMUNITY for margin in given):
        of_frame = frame_margin(sample.frame, sample.cases, sample.responses)
        no_frame = frame_obstacle(sample.frame, sample.cases, sample.responses)
    margins = settle_margins(given, of_frame, weights, file)
    chain = WeightChain(
        inclusion=base.inclusion,
        adults=base.adults,
        response=response,
        margins=coded_margins(margins, sample.responses),
        areas=sample.codes,
        trim=options.trim,
    )
    try:
        weighting, bounded = chain.build()
    except (MarginsCannotBeMet, NoConvergence) as error:
        raise _unmet(chain.margins, weights * chain.scale, file) from error
    plan = WeightPlan(options=options, margins=margins, bounded=bounded, eligibility=eligibility)
    return BuiltWeights(
        plan=plan,
        weighting=weighting,
        margins=chain.margins,
        classes=classes,
        silent=sample.silent,
        no_frame=no_frame,
    )


def weighed_design(
    design: SurveyDesign, sample: Sequence[SampleAnswer], responses: Sequence[StoredResponse], kept: KeptWeights
) -> SurveyDesign:
    """The design of the sample with the weights of a version: variances follow what its margins explain."""
    names = {name: code for code, name in enumerate(sorted({answer.area for answer in sample}))}
    rows = np.array([kept.factors[answer.uuid][1:] for answer in sample], dtype=np.float64).reshape(-1, 1 + len(Factor))
    columns = dict(zip(Factor, rows[:, 1:].T, strict=True))
    chain = WeightChain(
        inclusion=rows[:, 0],
        adults=columns[Factor.ADULTS],
        response=columns[Factor.RESPONSE],
        margins=coded_margins(kept.margins, responses),
        areas=np.array([names[answer.area] for answer in sample], dtype=np.int64),
        trim=kept.trim,
    )
    weighting = chain.restored(columns)
    return design.adjusted(weights=weighting.weights, adjustment=weighting)


def _over_all(outcomes: WeightedCounts) -> dict[DispositionClass, float]:
    sums: defaultdict[DispositionClass, float] = defaultdict(float)
    for (_, member), weight in outcomes.items():
        sums[member] += weight
    return sums


def _response(
    sample: ClosedSample, inclusion: FloatArray, method: ResponseMethod, eligibility: float | None
) -> tuple[FloatArray, tuple[tuple[str, ...], ...]]:
    if method is ResponseMethod.NONE:
        return np.ones(len(inclusion)), ()
    # Silent communities come last, so that the codes of the others stay.
    names, codes = [*sample.communities, *sample.silent], sample.codes
    if len(codes) < LEAST_CELL:
        message = N_("样本只有 {got} 份答卷，少于 {least} 份：不足以估计应答，不能做权重")
        raise Conflict(Message(message, {"got": len(codes), "least": LEAST_CELL}))
    share = 1.0 if eligibility is None else eligibility
    weighed = np.bincount(codes, weights=inclusion, minlength=len(names))
    told = [
        sum(sample.outcomes.get((name, member), 0.0) for member in _ELIGIBLE)
        + share * sum(sample.outcomes.get((name, member), 0.0) for member in _UNKNOWN)
        for name in names
    ]
    areas = AreaResponse(
        areas=codes,
        inclusion=inclusion,
        eligible=np.maximum(np.array(told), weighed),
        case_weights=np.array([sample.cases[name].weight / sample.cases[name].cases for name in names]),
    )
    if method is ResponseMethod.SHRUNK:
        return areas.shrunk(), tuple((name,) for name in sample.communities)
    parents = {area.code: area.parent for area in sample.frame}
    above = {parent: place for place, parent in enumerate(dict.fromkeys(parents.get(name) for name in names))}
    classes = area_classes(
        np.bincount(codes, minlength=len(names)), [above[parents.get(name)] for name in names], least=LEAST_CELL
    )
    held = tuple(
        tuple(name for name, own in zip(names, classes, strict=True) if own == each)
        for each in range(int(classes.max()) + 1)
    )
    return areas.in_classes(classes), held


def _unmet(margins: Sequence[Margin], weights: FloatArray, file: str) -> BadInput:
    """Names the group whose total is farthest from what its respondents weigh."""
    ratios = {
        (margin.name, margin.label(group)): float(margin.totals[group] / weights[margin.codes == group].sum())
        for margin in margins
        for group in range(len(margin.totals))
        if (margin.codes == group).any() and margin.totals[group] > 0
    }
    variable, group = max(ratios, key=lambda name: abs(np.log(ratios[name])))
    message = N_(
        "{file} 的总数没有权重能同时满足（每个权重只能乘以平均的 {low} 到 {high} 倍）：相差最多的是 {variable} 的 "
        "{group}，它在总数里的比重是现有权重的 {ratio} 倍。请核对总数，或者合并类别、去掉一个变量"
    )
    places = {"file": file, "low": LEAST_FACTOR, "high": GREATEST_FACTOR, "variable": variable, "group": group}
    return BadInput(Message(message, {**places, "ratio": f"{ratios[variable, group]:.3g}"}))
