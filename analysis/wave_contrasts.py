"""Areas of a wave against the whole, and the ranks they may have: for the statistician's pages and the method annex.

Only rows that may be shown, compared and ranked go in: published, with an interval, reliable, not shown as a range.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.answers import ASKED, AnswerState
from analysis.design import FloatArray
from analysis.estimation.bands import Member, assign_bands_against, contrast, p_values_of_contrasts
from analysis.estimation.changes import Rates
from analysis.estimation.parts import parts_and_whole
from analysis.estimation.ranking import JointLimits, sets_from_intervals
from analysis.publication import Band, Base, PublishedEstimate, Reliability, Subset
from analysis.wave_estimates import WaveAnswers


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """An area's rate less that of the whole it is part of, −1 to 1, with its interval at ``level``.

    ``band``: against the whole, in the family of all comparable areas of the tier; ``p_value``: of this area alone.
    """

    indicator: str
    area: str
    level: float
    difference: float
    low: float
    high: float
    p_value: float
    band: Band


@dataclass(frozen=True, kw_only=True)
class RankSet:
    """The ranks from ``low`` to ``high`` an area may have among ``areas`` of them, 1 = the largest rate."""

    indicator: str
    area: str
    low: int
    high: int
    areas: int


def contrasts_with_whole(
    answers: WaveAnswers, rows: Sequence[PublishedEstimate], tier: int, *, level: float = 0.95
) -> tuple[Contrast, ...]:
    """Of every indicator (asked base) and every comparable area on ``tier``, in the order of ``rows``: those that
    :func:`analysis.wave_estimates.estimate_wave` gave for ``answers``.
    """
    place = {code: index for index, code in enumerate(answers.tree.codes)}
    parts = answers.tree.ancestors_at(tier)[answers.unit_areas]
    found: list[Contrast] = []
    for rate in answers.rates:
        of_rate = [row for row in rows if row.indicator == rate.code and _is_comparable(row)]
        whole = next((row for row in of_rate if row.area is None), None)
        family = [row for row in of_rate if row.area is not None and answers.tree.tiers[place[row.area]] == tier]
        if whole is None or not family:
            continue
        measured = parts_and_whole(
            answers.design,
            counted=rate.states == AnswerState.COUNTED,
            in_base=np.isin(rate.states, ASKED),
            parts=parts,
            part_count=len(answers.tree.codes),
        )
        correlations = [float(measured.correlation[place[row.area or ""]]) for row in family]
        found += _contrasts(family, whole, correlations, level)
    return tuple(found)


def _contrasts(
    family: Sequence[PublishedEstimate], whole: PublishedEstimate, correlations: Sequence[float], level: float
) -> list[Contrast]:
    members, city = [_member(row) for row in family], _member(whole)
    p_values = p_values_of_contrasts(members, city, correlations)
    bands = assign_bands_against(members, city, correlations)
    found = []
    for row, member, correlation, p, band in zip(family, members, correlations, p_values.tolist(), bands, strict=True):
        low, high = contrast(member, city, correlation, level)
        found.append(
            Contrast(
                indicator=row.indicator,
                area=row.area or "",
                level=level,
                difference=member.proportion - city.proportion,
                low=low,
                high=high,
                p_value=p,
                band=band,
            )
        )
    return found


def rank_sets(
    rows: Sequence[PublishedEstimate],
    tiers: Mapping[str, int],
    tier: int,
    *,
    level: float = 0.95,
    joint: JointLimits = JointLimits.INDEPENDENCE,
) -> tuple[RankSet, ...]:
    """The ranks the comparable areas of ``tier`` may have, in the order of ``rows``, all of one indicator together at
    ``level``; by the default intervals. ``tiers``: of each area.
    """
    found: list[RankSet] = []
    for indicator in dict.fromkeys(row.indicator for row in rows):
        family = [
            row
            for row in rows
            if row.indicator == indicator and row.area is not None and tiers[row.area] == tier and _is_comparable(row)
        ]
        sets = sets_from_intervals(partial(_from_the_top, _rates(family)), len(family), level=level, joint=joint)
        found += [
            RankSet(indicator=indicator, area=row.area or "", low=low, high=high, areas=len(family))
            for row, low, high in zip(family, sets.low.tolist(), sets.high.tolist(), strict=True)
        ]
    return tuple(found)


def _rates(family: Sequence[PublishedEstimate]) -> Rates:
    return Rates(
        proportion=np.array([row.proportion for row in family], dtype=np.float64),
        n_effective=np.array([row.n_effective for row in family], dtype=np.float64),
        df=np.array([row.df for row in family], dtype=np.float64),
    )


def _from_the_top(rates: Rates, level: float) -> tuple[FloatArray, FloatArray]:
    """Limits of 1 - rate, so that the largest rate has rank 1."""
    low, _, high = rates.limits(level)
    return 1 - high, 1 - low


def _is_comparable(row: PublishedEstimate) -> bool:
    return (
        row.base is Base.ASKED
        and row.subset is Subset.ALL
        and row.published
        and row.shown_range is None
        and row.low is not None
        and row.n_effective is not None
        and row.reliability is Reliability.RELIABLE
    )


def _member(row: PublishedEstimate) -> Member:
    return Member(
        proportion=float(row.proportion or 0),
        n=float(row.n or 0),
        n_effective=float(row.n_effective or 0),
        df=float(row.df or 0),
    )
