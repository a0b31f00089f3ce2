"""Two waves side by side: what is said about the change of every published rate, and where nothing can be.

Only published rows go in, so a change can tell about a suppressed group no more than the two publications do; and a
row that may not be shown, compared or ranked (suppressed, shown as a range, without interval, with care) has no change,
only the reason. What is printed of a change is one of three words, and numbers made from the printed figures of both
waves (see :mod:`survey.reports.changes`).

What makes rates comparable is decided before their numbers are looked at: the wording, the population, the areas that
answered, and the mix of modes.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimation.changes import Rates, find_changes, intervals, p_values
from analysis.publication import Base, Change, ChangeFinding, NotCompared, PublishedEstimate, Reliability, Subset

#: By how much the share of a mode may differ between two waves.
MOST_MODE_SHIFT = 0.10
#: How much of an area (of its adults, or of its communities) may have answered in one of the two waves only.
MOST_UNSHARED = 0.05
_NORMAL_95 = 1.959964


@dataclass(frozen=True, kw_only=True)
class WaveSide:
    """One wave as it is compared. Areas are codes, ``None`` is the whole.

    ``rows``: its published estimates. ``wordings``: indicator -> what was asked and what counts, equal where two waves
    asked and counted alike; indicators that are not in it are not compared. ``population``: equal where both mean the
    same people. ``parts``: area -> the communities in it that answered -> how many adults they have (or any size that
    both waves give alike). ``modes``: area -> mode -> answers of the sample.
    """

    rows: Sequence[PublishedEstimate]
    probability: bool
    population: str
    wordings: Mapping[str, str]
    parts: Mapping[str | None, Mapping[str, float]]
    modes: Mapping[str | None, Mapping[str, int]]


def compare_waves(
    earlier: WaveSide,
    later: WaveSide,
    tiers: Mapping[str | None, int],
    *,
    level: float = 0.95,
) -> tuple[Change, ...]:
    """The change of every rate of ``later`` on the asked base, in the order of its rows.

    ``tiers``: of each area; the areas of one tier that can be compared in one indicator are a family.
    The waves were drawn independently, as all are here; the page works the printed interval out from both printed ones.
    """
    before = {(row.indicator, row.area): row for row in earlier.rows if _is_compared(row)}
    rows = [row for row in later.rows if _is_compared(row) and row.indicator in later.wordings]
    reasons = {(row.indicator, row.area): _reason(earlier, later, before, row) for row in rows}
    comparable = [row for row in rows if reasons[row.indicator, row.area] is None]
    pairs = [(before[row.indicator, row.area], row) for row in comparable]
    families = [(row.indicator, tiers[row.area]) for row in comparable]
    found = {(change.indicator, change.area): change for change in _changes(pairs, families, level)}
    return tuple(
        found.get((row.indicator, row.area))
        or Change(indicator=row.indicator, area=row.area, level=level, reason=reasons[row.indicator, row.area])
        for row in rows
    )


def shifted(earlier: Mapping[str, int], later: Mapping[str, int], *, by_chance: bool) -> bool:
    """Whether the share of any mode differs by more than ten points; ``by_chance``: by more than that and what two
    samples of these sizes differ by chance (95 %).

    The mix of a whole wave is taken as it is. In a community of 50 a share is some 13 points off by chance, so two
    waves that asked alike would often be called different.

    >>> shifted({"capi": 80, "web": 20}, {"capi": 70, "web": 30}, by_chance=False)
    False
    >>> mixes = {"capi": 40, "web": 10}, {"capi": 33, "web": 17}  # 14 points
    >>> [shifted(*mixes, by_chance=chance) for chance in (False, True)]
    [True, False]
    >>> shifted({"capi": 50}, {"web": 50}, by_chance=True), shifted({}, {"web": 50}, by_chance=True)
    (True, True)
    """
    sizes = sum(earlier.values()), sum(later.values())
    if not all(sizes):
        return any(sizes)
    for mode in earlier.keys() | later.keys():
        first, second = earlier.get(mode, 0) / sizes[0], later.get(mode, 0) / sizes[1]
        chance = math.sqrt(first * (1 - first) / sizes[0] + second * (1 - second) / sizes[1]) if by_chance else 0.0
        if abs(second - first) > MOST_MODE_SHIFT + _NORMAL_95 * chance + 1e-9:
            return True
    return False


def unshared(earlier: Mapping[str, float], later: Mapping[str, float]) -> float:
    """The larger share of an area that answered in one of the two waves only; 1 where nobody answered in one.

    >>> unshared({"a": 900, "b": 100}, {"a": 900}), unshared({"a": 1}, {"a": 1})
    (0.1, 0.0)
    """

    def alone(here: Mapping[str, float], there: Mapping[str, float]) -> float:
        whole = sum(here.values())
        return sum(size for code, size in here.items() if code not in there) / whole if whole > 0 else 1.0

    return max(alone(earlier, later), alone(later, earlier))


def _is_compared(row: PublishedEstimate) -> bool:
    return row.base is Base.ASKED and row.subset is Subset.ALL


def _reason(
    earlier: WaveSide,
    later: WaveSide,
    before: Mapping[tuple[str, str | None], PublishedEstimate],
    row: PublishedEstimate,
) -> NotCompared | None:
    """Why the change of ``row`` is not given, if it is not."""
    code, area = row.indicator, row.area
    was = before.get((code, area))
    checks = (
        (NotCompared.NON_PROBABILITY, not (earlier.probability and later.probability)),
        (NotCompared.NOT_ASKED_BEFORE, code not in earlier.wordings),
        (NotCompared.WORDING, earlier.wordings.get(code) != later.wordings[code]),
        (NotCompared.POPULATION, earlier.population != later.population),
        (NotCompared.NO_EARLIER_ANSWERS, was is None),
        (NotCompared.POPULATION, unshared(earlier.parts.get(area, {}), later.parts.get(area, {})) > MOST_UNSHARED),
        (
            NotCompared.MODE_MIX,
            shifted(earlier.modes.get(area, {}), later.modes.get(area, {}), by_chance=area is not None),
        ),
    )
    differs = next((reason for reason, holds in checks if holds), None)
    return differs if differs or was is None else _unfit(was, row)


def _unfit(*rows: PublishedEstimate) -> NotCompared | None:
    """What keeps one of two rows from being compared with anything."""
    checks = (
        (NotCompared.SUPPRESSED, [not row.published for row in rows]),
        (NotCompared.SHOWN_AS_RANGE, [row.shown_range is not None for row in rows]),
        (NotCompared.NO_INTERVAL, [row.low is None or row.n_effective is None or row.df is None for row in rows]),
        (NotCompared.WITH_CARE, [row.reliability is not Reliability.RELIABLE for row in rows]),
    )
    return next((reason for reason, holds in checks if any(holds)), None)


def _changes(
    pairs: Sequence[tuple[PublishedEstimate, PublishedEstimate]],
    families: Sequence[Hashable],
    level: float,
) -> list[Change]:
    """The change of each pair, the earlier row first; all at once, and the words family by family."""
    earlier, later = (_rates([pair[side] for pair in pairs]) for side in (0, 1))
    low, high = intervals(earlier, later, level)
    differences, p = later.proportion - earlier.proportion, p_values(earlier, later)
    of_family: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, family in enumerate(families):
        of_family[family].append(index)
    words: dict[int, ChangeFinding] = {}
    for members in of_family.values():
        words |= dict(zip(members, find_changes(differences[members], p[members]), strict=True))
    return [
        Change(
            indicator=row.indicator,
            area=row.area,
            level=level,
            finding=words[index],
            difference=float(differences[index]),
            low=float(low[index]),
            high=float(high[index]),
            p_value=float(p[index]),
        )
        for index, (_, row) in enumerate(pairs)
    ]


def _rates(rows: Sequence[PublishedEstimate]) -> Rates:
    return Rates(
        proportion=np.array([row.proportion for row in rows], dtype=np.float64),
        n_effective=np.array([row.n_effective for row in rows], dtype=np.float64),
        df=np.array([row.df for row in rows], dtype=np.float64),
    )
