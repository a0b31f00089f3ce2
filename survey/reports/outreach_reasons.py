"""Why an estimate leaves things open though it looks low, and why so many interviews are asked for."""

from analysis.outreach.findings import Finding
from analysis.outreach.priorities import MARGIN, interview_size, looks_below
from analysis.publication import PublishedEstimate, Reliability
from survey.messages import N_
from survey.reports.wording import Say, as_set, count


def looks_below_words(estimate: PublishedEstimate, say: Say) -> str:
    """Empty where the printed interval does not lie below the target as a whole."""
    if not looks_below(estimate):
        return ""
    if estimate.reliability is Reliability.WITH_CARE:
        return say(N_("区间整个在目标以下，但人太少或区间太宽，这样的估计只供慎用，不与目标比较：先多访问再下结论。"))
    return say(N_("区间整个在目标以下，但同一指标的各社区一起校正以后，与目标看不出差别。"))


def size_words(estimate: PublishedEstimate, finding: Finding, homes: int | None, unit: str, say: Say) -> str:
    """How the number of interviews comes about, with every figure that goes into it."""
    size = interview_size(estimate, finding, homes)
    figures = {
        "needed": count(size.needed),
        "have": count(size.have),
        "further": count(size.further),
        "unit": unit,
        "rate": as_set(size.rate),
        "margin": f"{100 * MARGIN:g}",
        "effect": f"{size.design_effect:.1f}",
        "homes": say(N_("不限户数")) if homes is None else say(N_("全社区{count}户"), count=count(homes)),
    }
    if finding is Finding.SELF_CHOSEN:
        told = N_(
            "自愿回答的人再多，也代表不了全体居民：这{needed}{unit}要抽样访问，不是再请志愿者。"
            "数量按比率{rate}、误差±{margin}个百分点（95%置信）、{homes}算。"
        )
    elif not size.have:
        told = N_(
            "为什么是{needed}{unit}：这里的比率不显示，一律按{rate}、误差±{margin}个百分点（95%置信）、{homes}算，不减已有的。"
        )
    elif size.assumed:
        told = N_(
            "为什么是{further}{unit}：比率只显示范围，按{rate}、误差±{margin}个百分点（95%置信）、{homes}算，"
            "要{needed}{unit}，减去已有的{have}{unit}。"
        )
    else:
        told = N_(
            "为什么是{further}{unit}：按比率{rate}、误差±{margin}个百分点（95%置信）、设计效应{effect}、{homes}算，"
            "要{needed}{unit}，减去已有的{have}{unit}。"
        )
    return say(told, **figures)
