"""The p-values behind the three words against a target, worked out again from the rows of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.estimation.bands import Member, p_value
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
    families: dict[tuple[str, int], list[tuple[PublishedEstimate, float]]] = {}
    for row in rows:
        told = row.target is not None and row.reliability is Reliability.RELIABLE
        if told and row.base is Base.ASKED and row.subset is Subset.ALL and row.area in tiers:
            families.setdefault((row.indicator, tiers[row.area]), []).append((row, _p_value(row)))
    found = {}
    for members in families.values():
        correction = Correction.HOLM if len(members) <= HOLM_UP_TO else Correction.BENJAMINI_HOCHBERG
        for (row, p), together in zip(members, adjusted([p for _, p in members], correction), strict=True):
            found[row.indicator, row.area] = TargetTest(p_value=p, adjusted=float(together), family=len(members))
    return found


def _p_value(row: PublishedEstimate) -> float:
    if row.proportion is None or row.n is None or row.n_effective is None or row.df is None or row.target is None:
        return 1.0  # a reliable row has all of them
    member = Member(proportion=row.proportion, n=row.n, n_effective=row.n_effective, df=row.df)
    return p_value(member, row.target)
