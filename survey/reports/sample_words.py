"""How a sample came about, in words: what was drawn, how it is weighted, how many of those drawn answered."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from analysis.fieldwork.dispositions import CLASSES, Disposition, DispositionClass
from analysis.fieldwork.response_rates import ResponseRates, response_rates
from survey.messages import N_
from survey.reports.wording import DASH, Say, count, join, optional_percent
from survey.runs import ASSUMED_SRS, EstimateRun, SampleFacts
from survey.waves import SeedSource

#: Of fewer cases no rates are printed: they would tell about single homes.
LEAST_CASES = 10


@dataclass(frozen=True, kw_only=True)
class FieldRates:
    """Rates of ``cases`` dwellings in the field from the visit log; ``weighted`` by 1 / inclusion probability."""

    cases: int
    plain: ResponseRates
    weighted: ResponseRates


def field_rates(
    dispositions: Mapping[tuple[str, Disposition], int],
    weights: Mapping[tuple[str, DispositionClass], float],
    areas: Collection[str] | None = None,
) -> FieldRates | None:
    """The rates of the cases in ``areas`` (``None``: all); ``None`` where nothing is counted or too few cases are.

    ``dispositions``: (area, final code) -> cases. ``weights``: (area, class) -> sum of 1 / probability over its cases.
    """
    plain: defaultdict[DispositionClass, int] = defaultdict(int)
    weighted: defaultdict[DispositionClass, float] = defaultdict(float)
    for (area, disposition), number in dispositions.items():
        if areas is None or area in areas:
            plain[CLASSES[disposition]] += number
    for (area, member), weight in weights.items():
        if areas is None or area in areas:
            weighted[member] += weight
    cases = sum(plain.values())
    if cases < LEAST_CASES:
        return None
    return FieldRates(cases=cases, plain=response_rates(plain), weighted=response_rates(weighted))


def rates_words(rates: FieldRates, say: Say) -> str:
    """RR1 and RR3, with what they stand on."""
    return say(
        N_(
            "RR1 {rr1}，RR3 {rr3}（AAPOR；e={e}，按比例分配；由{cases}个样本户的入户记录算出）；"
            "按入样概率加权后RR1 {weighted1}，RR3 {weighted3}。"
        ),
        rr1=optional_percent(rates.plain.rr1, 1),
        rr3=optional_percent(rates.plain.rr3, 1),
        e=DASH if rates.plain.e is None else f"{rates.plain.e:.2f}",
        cases=count(rates.cases),
        weighted1=optional_percent(rates.weighted.rr1, 1),
        weighted3=optional_percent(rates.weighted.rr3, 1),
    )


def response_words(rates: FieldRates | None, reason: str, say: Say, *, drawn: bool) -> str:
    """The rates, or why there are none; ``reason``: what the wave's details say. Empty: nobody has said.

    ``drawn``: the wave has a draw, so its visit log will tell.
    """
    if rates is not None:
        return rates_words(rates, say)
    if drawn:
        return say(N_("调查结束后由入户记录算出。"))
    return reason


def short_rates(rates: FieldRates, say: Say) -> str:
    """For the line of facts."""
    return say(
        N_("RR1 {rr1}，RR3 {rr3}"),
        rr1=optional_percent(rates.plain.rr1, 1),
        rr3=optional_percent(rates.plain.rr3, 1),
    )


def design_words(run: EstimateRun, say: Say) -> str:
    """How the sample was drawn, and that the open link is no part of it."""
    if run.sample is not None:
        sentences = [_drawn_words(run.sample, say)]
    elif run.design == ASSUMED_SRS:
        sentences = [say(N_("设计为假定：以地区为层的简单随机样本，不作有限总体校正。"))]
    else:
        sentences = [say(N_("非概率样本。"))]
    if run.open_responses:
        apart = N_("另有{number}份答卷来自公开链接和纸质问卷：非概率样本，单列，不并入样本的任何数字。")
        sentences.append(say(apart, number=count(run.open_responses)))
    return " ".join(sentences)


def short_design(run: EstimateRun, say: Say) -> str:
    """The design in the one line that the first page has for it; empty where its label says all."""
    parts = [*_short_draw(run.sample, say)] if run.sample is not None else []
    if run.open_responses:
        parts.append(say(N_("公开链接和纸质问卷的{number}份答卷另列"), number=count(run.open_responses)))
    return say(N_("；")).join(parts)


def _short_draw(sample: SampleFacts, say: Say) -> tuple[str, str]:
    places = {"communities": count(sample.communities), "cases": count(sample.cases)}
    if sample.per_community is None:
        drawn = say(N_("{communities}个社区共{cases}户"), **places)
    else:
        wording = N_("系统抽样：每个社区{per_community}户，{communities}个社区共{cases}户")
        drawn = say(wording, per_community=count(sample.per_community), **places)
    return drawn, say(N_("公开抽签")) if sample.public else say(N_("非公开抽签"))


def _drawn_words(sample: SampleFacts, say: Say) -> str:
    places = {"communities": count(sample.communities), "cases": count(sample.cases)}
    if sample.per_community is None:
        # Not above: whoever prints a finished report needs no designs, and none of the numbers they bring along.
        from survey.reports.design_words import describe_design
        from survey.sampling.sample_designs import from_canonical

        stages = " ".join(describe_design(from_canonical(sample.sample_design), say))
        drawn = say(N_("概率样本：{stages}{communities}个社区共{cases}户。"), stages=stages, **places)
    else:
        wording = N_(
            "概率样本：以社区为层，沿地址顺序等距抽取，每个社区{per_community}户（不足的全部抽中），"
            "{communities}个社区共{cases}户；每户随机选一名成年人。"
        )
        drawn = say(wording, per_community=count(sample.per_community), **places)
    if sample.public:
        chosen = say(N_("种子由事先公布的公开数据产生（公开抽签）。"))
    elif sample.seed_source is SeedSource.MACHINE:
        chosen = say(N_("种子由服务器随机产生（非公开抽签）。"))
    else:
        chosen = say(N_("种子由人工给定（非公开抽签）。"))
    return f"{drawn} {chosen}"


def weighting_words(run: EstimateRun, say: Say, unanswered: Sequence[str] = ()) -> str:
    """What the weights are made of; ``unanswered``: names of the communities without answers, where they are told."""
    sample = run.sample
    if sample is None:
        if run.design == ASSUMED_SRS:
            return say(N_("未加权：每份答卷权重为1，没有用外部基准调整。"))
        return say(N_("未加权。"))
    sentences = [
        *_adjustment_words(sample, say),
        say(
            N_("户内成年人数达到上限的{limit}份，未知的{unknown}份（取本社区平均数）。"),
            limit=count(sample.adults_at_limit),
            unknown=count(sample.adults_unknown),
        ),
        say(
            N_("权重不等的设计效应（Kish）{effect}，最大权重是平均权重的{largest}倍。"),
            effect=f"{sample.weight_effect:.2f}",
            largest=f"{sample.largest_weight:.1f}",
        ),
    ]
    if sample.unanswered and unanswered:
        missing = N_("{number}个社区没有答卷（{areas}），总体数字不包括它们。")
        sentences.append(say(missing, number=count(sample.unanswered), areas=join(unanswered, say)))
    elif sample.unanswered:
        missing = N_("{number}个社区没有答卷，总体数字不包括它们。")
        sentences.append(say(missing, number=count(sample.unanswered)))
    return " ".join(sentences)


def _adjustment_words(sample: SampleFacts, say: Say) -> tuple[str, ...]:
    if sample.weights_version is not None:
        return (
            version_words(sample, say),
            say(
                N_(
                    "权重=1÷入样概率×户内成年人数（最多按4人计）×应答调整×按已知总数校准的系数，"
                    "过大的权重在社区内截尾；每一步的系数都留存。"
                )
            ),
        )
    answering = sample.communities - sample.unanswered
    wording = (
        N_("{to_total}个社区调整到成年居民总数，{others}个没有总数的社区按样本户数÷完成数调整。")
        if sample.per_community is not None
        else N_("{to_total}个社区调整到成年居民总数，{others}个没有总数的社区按样本户与完成户的权重之比调整。")
    )
    return (
        say(N_("权重=1÷入样概率×户内成年人数（最多按4人计）×社区调整系数。")),
        say(wording, to_total=count(sample.to_total), others=count(answering - sample.to_total)),
    )


def version_words(sample: SampleFacts, say: Say) -> str:
    """Which weights a run used, in one sentence."""
    if sample.weights_version is None:
        return say(N_("权重：基础权重，没有定版的权重版本。"))
    return say(
        N_("权重：第{version}版，校验码{digest}。"),
        version=sample.weights_version,
        digest=sample.weights_version_digest[:16],
    )
