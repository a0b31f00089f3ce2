"""From margins as given to totals that calibration meets: all of the same people, those who did not say set apart."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.design import FloatArray
from analysis.weighting.area_classes import area_classes
from analysis.weighting.margins import Margin
from survey.areas import Area
from survey.casework.case_designs import CommunityCases
from survey.casework.given_margins import GivenMargin, places_of
from survey.messages import N_, BadInput, Message, Problem
from survey.store.responses import StoredResponse
from survey.weights import COMMUNITY, LEAST_CELL, MarginGroup, NoFrameTotals, Source, WeightMargin

#: Counts of one population that differ by more than this part of it are of two.
_SAME = 1e-4


def frame_margin(
    areas: Sequence[Area], cases: Mapping[str, CommunityCases], responses: Sequence[StoredResponse]
) -> WeightMargin | None:
    """Eligible adults by community as the frame has them, small communities put together, those where nobody answered
    among them: the whole is that of all communities with cases. ``None`` where :func:`frame_obstacle` says why not.
    """
    if frame_obstacle(areas, cases, responses):
        return None
    held = Counter(response.area for response in responses)
    codes = sorted(cases)
    answers = {code: held[code] for code in codes}
    adults = {area.code: area.population or 0 for area in areas}
    parents = {area.code: area.parent for area in areas}
    above = {parent: place for place, parent in enumerate(dict.fromkeys(parents[code] for code in codes))}
    classes = area_classes(np.array(list(answers.values())), [above[parents[code]] for code in codes], least=LEAST_CELL)
    groups = [tuple(code for code, one in zip(codes, classes, strict=True) if one == each) for each in set(classes)]
    return WeightMargin(
        variable=COMMUNITY,
        source=Source.FRAME,
        groups=tuple(_group(group, float(sum(adults[code] for code in group))) for group in sorted(groups)),
    )


def frame_obstacle(
    areas: Sequence[Area], cases: Mapping[str, CommunityCases], responses: Sequence[StoredResponse]
) -> tuple[NoFrameTotals, tuple[str, ...]] | None:
    """Why the frame gives no totals of communities, and for which of them by code; ``None``: it does."""
    if any(one.chance != 1 for one in cases.values()):
        return NoFrameTotals.DRAWN, ()
    if len(responses) < LEAST_CELL:
        return NoFrameTotals.FEW, ()
    held = Counter(response.area for response in responses)
    adults = {area.code: area.population or 0 for area in areas}
    lacking = tuple(code for code in sorted(cases) if adults.get(code, 0) < max(held[code], 1))
    return (NoFrameTotals.POPULATION, lacking) if lacking else None


def settle_margins(
    given: Sequence[GivenMargin], of_frame: WeightMargin | None, weights: FloatArray, file: str
) -> tuple[WeightMargin, ...]:
    """The totals that calibration meets. Counts say how many people there are; shares are of these, or where there are
    none but shares of what the ``weights`` (n,) before calibration add up to.

    Raises :class:`BadInput` where counts add up to different numbers of people.
    """
    sums = [(margin.variable, margin.sum, str(margin.groups[0].line)) for margin in given if not margin.share]
    if of_frame is not None:
        sums.append((COMMUNITY, sum(group.total for group in of_frame.groups), ""))
    _check_same(sums, file, framed=of_frame is not None)
    people = sums[-1][1] if of_frame is not None else sums[0][1] if sums else float(weights.sum())
    settled = tuple(_settled(margin, people, weights) for margin in given)
    return settled if of_frame is None else (of_frame, *settled)


def coded_margins(margins: Sequence[WeightMargin], responses: Sequence[StoredResponse]) -> tuple[Margin, ...]:
    """As calibration takes them; those who did not say are the last group."""
    found = []
    for margin in margins:
        places = places_of(margin.variable, [group.codes for group in margin.groups], responses)
        totals = [group.total for group in margin.groups]
        labels = ["+".join(group.codes) for group in margin.groups]
        if margin.unknown is not None:
            places = np.where(places < 0, len(totals), places)
            totals, labels = [*totals, margin.unknown], [*labels, "?"]
        found.append(Margin(name=margin.variable, codes=places, totals=np.array(totals), labels=tuple(labels)))
    return tuple(found)


def _group(codes: tuple[str, ...], adults: float) -> MarginGroup:
    return MarginGroup(codes=codes, total=adults, given=adults, share=False)


def _check_same(sums: Sequence[tuple[str, float, str]], file: str, *, framed: bool) -> None:
    if not sums or all(abs(total - sums[0][1]) <= _SAME * sums[0][1] for _, total, _ in sums):
        return
    expected = Message(
        N_(
            "与其他变量同一个合计（抽样框里各社区成年人合计 {total}）："
            "用同一来源的数，改用比例，或者不按抽样框的社区总数校准"
        )
        if framed
        else N_("与其他变量同一个合计：用同一来源的数，或者改用比例"),
        {"total": f"{sums[-1][1]:,.0f}"},
    )
    problems = [
        Problem(where=line, column="count", got=f"{variable}: {total:,.0f}", expected=expected)
        for variable, total, line in sums
        if line
    ]
    raise BadInput(Message(N_("{file} 里各变量的合计不一样，没有保存"), {"file": file}), problems)


def _settled(margin: GivenMargin, people: float, weights: FloatArray) -> WeightMargin:
    """Who did not say keeps the part of the weight they have; the others share the rest as the margin says."""
    silent = margin.places < 0
    part = float(weights[silent].sum() / weights.sum()) if silent.any() else 0.0
    spoken = people * (1 - part)
    return WeightMargin(
        variable=margin.variable,
        source=Source.FILE,
        groups=tuple(
            MarginGroup(
                codes=group.codes,
                total=spoken * group.value / margin.sum,
                given=group.value,
                share=margin.share,
            )
            for group in margin.groups
            if group.value
        ),
        unknown=people * part if silent.any() else None,
    )
