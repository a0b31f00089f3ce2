"""The p-values behind the three words against a target, worked out again from the rows of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analysis.estimation.bands import Member, p_values
from analysis.estimation.families import HOLM_UP_TO, Correction, adjusted
from analysis.publication import Base, PublishedEstimate, Reliability, Subset


@dataclass(frozen=True, kw_only=True)
class TargetTest:
    """``p_value`` of one area alone; ``adjusted`` in its family of ``family`` areas, to be held against 5 %."""

    p_value: float
    adjusted: float
    family: int


def targets_tested(
    rows: Sequence[PublishedEstimate], tiers: Mapping[str | None, int]
) -> dict[tuple[str, str | None], TargetTest]:
    """(indicator, area) -> the test of every reliable rate that has a target; ``tiers``: on which each area stands.

    A family is one rate on one tier, as when the bands were assigned.
    """
    told = [row for row in rows if row.target is not None and row.reliability is Reliability.RELIABLE]
    told = [row for row in told if row.base is Base.ASKED and row.subset is Subset.ALL and row.area in tiers]
    families: dict[tuple[str, int], list[tuple[PublishedEstimate, float]]] = {}
    for row, p in zip(told, _p_values(told), strict=True):
        families.setdefault((row.indicator, tiers[row.area]), []).append((row, p))
    found = {}
    for members in families.values():
        correction = Correction.HOLM if len(members) <= HOLM_UP_TO else Correction.BENJAMINI_HOCHBERG
        for (row, p), together in zip(members, adjusted([p for _, p in members], correction), strict=True):
            found[row.indicator, row.area] = TargetTest(p_value=p, adjusted=float(together), family=len(members))
    return found


def _p_values(rows: Sequence[PublishedEstimate]) -> list[float]:
    """Of rows that have a target, all that share it at once: one by one takes a hundred times as long."""
    by_target: dict[float, list[tuple[int, Member]]] = {}
    for place, row in enumerate(rows):
        if row.proportion is None or row.n is None or row.n_effective is None or row.df is None:
            continue  # a reliable row has all of them
        if row.target is not None:
            member = Member(proportion=row.proportion, n=row.n, n_effective=row.n_effective, df=row.df)
            by_target.setdefault(row.target, []).append((place, member))
    found = [1.0] * len(rows)
    for target, members in by_target.items():
        for (place, _), p in zip(members, _against(target, tuple(member for _, member in members)), strict=True):
            found[place] = p
    return found


@lru_cache(maxsize=256)
def _against(target: float, members: tuple[Member, ...]) -> tuple[float, ...]:
    """Inverting an interval takes half of a page's time, and the same rows are looked at again and again."""
    return tuple(p_values(members, target).tolist())
