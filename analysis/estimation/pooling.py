"""What is too small alone: waves that asked alike over a rolling period, areas within the next larger one.

What is said of a pooled rate always names the waves, their dates and the areas. The units of several waves as one
sample: :mod:`analysis.estimation.pooled_design`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from analysis.areas import AreaTree
from analysis.design import DesignError, FloatArray, IntArray

#: Until n and the effective n reach this, an area is shown within the next larger one.
LEAST = 30


class NotPooled(StrEnum):
    """Why a wave is left out; the first that holds."""

    NON_PROBABILITY = "non_probability_sample"
    WORDING = "wording_differs"
    POPULATION = "population_differs"
    OUTSIDE_PERIOD = "outside_period"


@dataclass(frozen=True, kw_only=True)
class FieldedWave:
    """``wording``: fingerprint of what was asked and what counts; ``population``: equal where the same people are
    meant; ``first`` and ``last`` day of its interviews.
    """

    wave: str
    first: date
    last: date
    wording: str
    population: str
    probability: bool = True


@dataclass(frozen=True, kw_only=True)
class PoolingPeriod:
    """The ``waves`` a pooled rate is made of, the oldest first; the days it is about; what was left out, and why."""

    waves: tuple[str, ...]
    first: date
    last: date
    left_out: tuple[tuple[str, NotPooled], ...]


def rolling_period(waves: Sequence[FieldedWave], *, days: int) -> PoolingPeriod:
    """The waves to pool with the latest one: all whose interviews lie within ``days`` up to its last day.

    Raises ``ValueError`` without a wave or a day, and for a wave that ends before it begins.

    >>> days = {"before": date(2023, 4, 1), "spring": date(2024, 4, 1), "autumn": date(2024, 10, 1)}
    >>> spring, before, autumn = (
    ...     FieldedWave(wave=name, first=days[name], last=days[name], wording="a", population="adults")
    ...     for name in ("spring", "before", "autumn"))
    >>> period = rolling_period([spring, before, autumn], days=365)
    >>> period.waves, str(period.first), str(period.last), [(wave, why.value) for wave, why in period.left_out]
    (('spring', 'autumn'), '2024-04-01', '2024-10-01', [('before', 'outside_period')])
    """
    if not waves or days < 1:
        raise ValueError(f"period: got {len(waves)} waves and {days} days, expected at least one of each")
    for wave in waves:
        if wave.last < wave.first:
            raise ValueError(f"wave {wave.wave}: got {wave.first} to {wave.last}, expected it to begin before it ends")
    ordered = sorted(waves, key=lambda wave: (wave.last, wave.first))
    latest = ordered[-1]
    begins = latest.last - timedelta(days=days - 1)
    reasons = [(wave, _reason(wave, latest, begins)) for wave in ordered]
    kept = [wave for wave, reason in reasons if reason is None]
    return PoolingPeriod(
        waves=tuple(wave.wave for wave in kept),
        first=min((wave.first for wave in kept), default=latest.first),
        last=latest.last,
        left_out=tuple((wave.wave, reason) for wave, reason in reasons if reason is not None),
    )


def _reason(wave: FieldedWave, latest: FieldedWave, begins: date) -> NotPooled | None:
    checks = (
        (NotPooled.NON_PROBABILITY, not wave.probability),
        (NotPooled.WORDING, wave.wording != latest.wording),
        (NotPooled.POPULATION, wave.population != latest.population),
        (NotPooled.OUTSIDE_PERIOD, wave is not latest and wave.first < begins),
    )
    return next((reason for reason, holds in checks if holds), None)


@dataclass(frozen=True, kw_only=True)
class AreaGroup:
    """Areas shown as one: its name and the codes of the areas in it, in the order of the tree."""

    name: str
    areas: tuple[str, ...]


def default_levels(tree: AreaTree, *, n: IntArray, n_effective: FloatArray, least: int = LEAST) -> IntArray:
    """For each area the area it is shown in, (A,): itself, or the nearest above it with ``least`` respondents and
    effective respondents, -1 where there is none. ``n`` and ``n_effective`` (A,): of each area, all below it included.

    A city of two communities, one of which is too small:

    >>> tree = AreaTree(codes=("city", "a", "b"), parents=(None, 0, 0), tiers=(0, 4, 4), populations=(None,) * 3)
    >>> default_levels(tree, n=np.array([70, 50, 20]), n_effective=np.array([60.0, 40.0, 18.0])).tolist()
    [0, 1, 0]
    """
    count = len(tree.codes)
    for name, array in (("n", n), ("n_effective", n_effective)):
        if len(array) != count:
            raise DesignError(f"{name}: got {len(array)} values, expected {count}, one per area")
    found = np.full(count, -1, dtype=np.int64)
    for index, parent in enumerate(tree.parents):
        if n[index] >= least and n_effective[index] >= least:
            found[index] = index
        elif parent is not None:
            found[index] = found[parent]
    return found


def group_areas(
    tree: AreaTree, unit_areas: IntArray, groups: Mapping[str, Sequence[str]]
) -> tuple[IntArray, tuple[AreaGroup, ...]]:
    """Domain codes of each unit, (n,), for areas pooled by name, in the order of ``groups``; -1 for who is in none.

    A group holds everyone in its areas and below them; ``unit_areas`` (n,): index of each unit's area in ``tree``.

    Raises :class:`DesignError` for an area that is not in the tree or belongs to two groups.

    >>> tree = AreaTree(codes=("city", "a", "b"), parents=(None, 0, 0), tiers=(0, 4, 4), populations=(None,) * 3)
    >>> codes, (riverside,) = group_areas(tree, np.array([1, 2, 1, 0]), {"riverside": ["b", "a"]})
    >>> codes.tolist(), riverside.areas
    ([0, 0, 0, -1], ('a', 'b'))
    """
    place = {code: index for index, code in enumerate(tree.codes)}
    group_of = np.full(len(tree.codes), -1, dtype=np.int64)
    for number, (name, codes) in enumerate(groups.items()):
        for code in codes:
            if code not in place:
                raise DesignError(f"group {name}: got area {code}, expected one of the tree")
            if group_of[place[code]] not in (-1, number):
                raise DesignError(f"group {name}: got area {code}, which is in another group, expected it in one")
            group_of[place[code]] = number
    named = group_of.copy()
    for index, parent in enumerate(tree.parents):
        if parent is None or group_of[parent] < 0:
            continue
        if named[index] not in (-1, group_of[parent]):
            raise DesignError(f"area {tree.codes[index]}: got it in a group apart from the area it lies in")
        group_of[index] = group_of[parent]
    found = tuple(
        AreaGroup(name=name, areas=tuple(tree.codes[index] for index in np.flatnonzero(named == number)))
        for number, name in enumerate(groups)
    )
    return group_of[unit_areas], found
