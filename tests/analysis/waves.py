"""Small waves to estimate, and their rows found again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from analysis.answers import AnswerState
from analysis.areas import AreaTree
from analysis.design import SurveyDesign
from analysis.publication import Base, PublishedEstimate, Subset
from analysis.wave_estimates import Rate, WaveAnswers

YES, NO = AnswerState.COUNTED, AnswerState.NOT_COUNTED
DK, REFUSED, NOTHING, OUT = (
    AnswerState.DONT_KNOW,
    AnswerState.REFUSED,
    AnswerState.NO_ANSWER,
    AnswerState.OUTSIDE,
)
Found = dict[tuple[str | None, Base, Subset], PublishedEstimate]


def city_of(communities: Sequence[str], populations: Mapping[str, int] | None = None) -> AreaTree:
    """A city and its communities."""
    known = populations or {}
    return AreaTree(
        codes=("city", *communities),
        parents=(None, *[0] * len(communities)),
        tiers=(0, *[4] * len(communities)),
        populations=tuple(known.get(code) for code in ("city", *communities)),
    )


def simple_wave(answers: Mapping[str, Sequence[int]], *, target: float | None = None, **more: object) -> WaveAnswers:
    """One rate; communities are strata of single respondents of one weight."""
    tree = city_of(list(answers))
    unit_areas = np.array([place for place, states in enumerate(answers.values(), 1) for _ in states], dtype=np.int64)
    states = np.array([int(state) for states in answers.values() for state in states], dtype=np.int8)
    wave = WaveAnswers(
        rates=[Rate(code="r", states=states, target=target)],
        tree=tree,
        unit_areas=unit_areas,
        design=SurveyDesign(weights=np.ones(len(states)), strata=unit_areas - 1),
        probability=True,
        pooling_tier=4,
    )
    return replace(wave, **more)  # type: ignore[arg-type]


def by_key(rows: Sequence[PublishedEstimate], indicator: str = "r") -> Found:
    return {(row.area, row.base, row.subset): row for row in rows if row.indicator == indicator}


def asked(found: Found, area: str | None) -> PublishedEstimate:
    return found[area, Base.ASKED, Subset.ALL]


def valid(found: Found, area: str | None) -> PublishedEstimate:
    return found[area, Base.VALID, Subset.ALL]


def same(one: float | None, other: float | None) -> bool:
    return one == other or one == pytest.approx(other, rel=1e-9, abs=1e-12)
