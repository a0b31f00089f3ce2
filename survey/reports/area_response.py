"""How many answered in a report's own area, beside the whole wave: what may be said of it, and why not."""

from collections.abc import Mapping, Sequence

from analysis.fieldwork.dispositions import CLASSES, Disposition, DispositionClass
from analysis.publication import Base, PublishedEstimate, Subset
from survey.areas import RANK, Area
from survey.messages import N_
from survey.reports.sample_words import LEAST_CASES, FieldRates, field_rates, short_rates
from survey.reports.wording import Say, count


def respondents_of(estimates: Sequence[PublishedEstimate], area: str | None) -> int | None:
    """The area's respondents: the largest base printed for it; unknown when all is suppressed."""
    sizes = [
        estimate.n
        for estimate in estimates
        if estimate.area == area
        and estimate.published
        and estimate.n is not None
        and estimate.base is Base.ASKED
        and estimate.subset is Subset.ALL
    ]
    return max(sizes, default=None)


def rates_within(
    area: Area,
    areas: Sequence[Area],
    dispositions: Mapping[tuple[str, Disposition], int],
    weights: Mapping[tuple[str, DispositionClass], float],
) -> FieldRates | None:
    """Those of the cases in ``area`` and below it; ``None`` where they are too few."""
    inside = {area.code}
    for each in sorted(areas, key=lambda each: RANK[each.level]):
        if each.parent in inside:
            inside.add(each.code)
    return field_rates(dispositions, weights, inside)


def own_rates_words(own: FieldRates | None, respondents: int | None, say: Say) -> str:
    """The rates of one area, or why they are not told: they would count its respondents."""
    if respondents is None:
        return say(N_("不列出，以保护人数过少的群体"))
    if own is None:
        return say(N_("不列出：样本户不足{least}户"), least=LEAST_CASES)
    return short_rates(own, say)


def partial_answers(dispositions: Mapping[tuple[str, Disposition], int]) -> int:
    """How many cases of a closed wave count as partly answered; their answers are among the others."""
    partly = (number for (_, code), number in dispositions.items() if CLASSES[code] is DispositionClass.PARTIAL)
    return sum(partly)


def answers_words(responses: int, partly: int, say: Say) -> str:
    """So many answers; response rates count those that are complete alone."""
    if not partly:
        return say(N_("{number}份"), number=count(responses))
    return say(N_("{number}份（含部分完成{partly}份）"), number=count(responses), partly=count(partly))
