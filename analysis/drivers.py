"""What goes with being satisfied: odds ratios of satisfaction with single services on overall satisfaction.

An odds ratio says how many times the odds of being satisfied overall are among those satisfied with the service, of
those among the others; *alone* as it stands, *together* with the other services held equal. It shows what goes
together, never what causes what.

A margin of fewer than 10 respondents is too few for either; *together* asks for five respondents on the rarer side
of overall satisfaction per service (Vittinghoff & McCulloch 2007, Am. J. Epidemiol. 165:710-718).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.answers import VALID
from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.design_errors import LengthsDiffer
from analysis.estimation.families import Correction, adjusted
from analysis.estimation.means import estimate_mean
from analysis.estimation.regression import Regression, estimate_regression
from analysis.estimation.regression_errors import RegressionError
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.estimation.values import everyone

LEAST_MARGIN = 10
LEAST_PER_ITEM = 5
#: A service that fewer of those with an overall answer were asked about would shrink the comparison of all together.
LEAST_ANSWERED = 0.8
_LARGEST = 700.0

States = NDArray[np.int8]


@dataclass(frozen=True, kw_only=True)
class OddsRatio:
    """``value`` with the limits ``low`` and ``high`` and its ``p_value``; ``p_adjusted``: as one of the family of all
    services (Holm). ``n``: respondents it rests on."""

    value: float
    low: float
    high: float
    p_value: float
    p_adjusted: float
    n: int


@dataclass(frozen=True, kw_only=True)
class Driver:
    """One service: ``n`` with an answer to it and overall, the ``share`` of them satisfied with it (0-1, weighted)."""

    indicator: str
    n: int
    share: float | Undefined
    alone: OddsRatio | Undefined
    together: OddsRatio | Undefined


def estimate_drivers(
    design: SurveyDesign,
    *,
    overall: States,
    items: Mapping[str, States],
    inside: BoolArray | None = None,
    level: float = 0.95,
) -> tuple[Driver, ...]:
    """One row for each of ``items`` by its code, in their order; states (n,) of :class:`analysis.answers.AnswerState`.

    Valid answers count, of those ``inside`` (n,). Raises :class:`DesignError` for lengths that differ.

    30 of 40 satisfied with the lifts are satisfied overall, 10 of 40 others are: odds of 3 against 1/3.

    >>> lifts, overall = np.repeat([1, 1, 0, 0], [30, 10, 10, 30]), np.repeat([1, 0, 1, 0], [30, 10, 10, 30])
    >>> design = SurveyDesign(weights=np.ones(80), strata=np.zeros(80, dtype=int))
    >>> [row] = estimate_drivers(design, overall=overall.astype(np.int8), items={"lifts": lifts.astype(np.int8)})
    >>> row.share, round(row.alone.value, 6)
    (0.5, 9.0)
    """
    for name, states in (("overall", overall), *items.items()):
        if len(states) != len(design.weights):
            raise LengthsDiffer(name, len(states), len(design.weights))
    answered = np.isin(overall, VALID) & everyone(design, inside) & (design.weights > 0)
    heard = {code: answered & np.isin(states, VALID) for code, states in items.items()}
    alone = {code: _ratios(design, overall, {code: items[code]}, heard[code], level)[code] for code in items}
    joint = [code for code in items if isinstance(alone[code], OddsRatio)]
    joint = [code for code in joint if heard[code].sum() >= LEAST_ANSWERED * answered.sum()]
    together = _together(design, overall, {code: items[code] for code in joint}, answered, level)
    too_few = Undefined(reason=UndefinedReason.TOO_FEW_RESPONDENTS)
    rows = [
        Driver(
            indicator=code,
            n=int(heard[code].sum()),
            share=_share(design, states, heard[code]),
            alone=alone[code],
            together=together.get(code, found if isinstance(found := alone[code], Undefined) else too_few),
        )
        for code, states in items.items()
    ]
    return _as_families(rows)


def _share(design: SurveyDesign, states: States, heard: BoolArray) -> float | Undefined:
    found = estimate_mean(design, (states > 0).astype(np.float64), inside=heard)
    return found if isinstance(found, Undefined) else float(found.value[0])


def _together(
    design: SurveyDesign, overall: States, items: Mapping[str, States], answered: BoolArray, level: float
) -> dict[str, OddsRatio | Undefined]:
    complete = answered.copy()
    for states in items.values():
        complete &= np.isin(states, VALID)
    satisfied = int(np.count_nonzero(overall[complete]))
    if min(satisfied, int(complete.sum()) - satisfied) < LEAST_PER_ITEM * len(items):
        return dict.fromkeys(items, Undefined(reason=UndefinedReason.TOO_FEW_RESPONDENTS))
    return _ratios(design, overall, items, complete, level)


def _ratios(
    design: SurveyDesign, overall: States, items: Mapping[str, States], heard: BoolArray, level: float
) -> dict[str, OddsRatio | Undefined]:
    """The odds ratios of all ``items`` in one regression."""
    if not heard.any():
        return dict.fromkeys(items, Undefined(reason=UndefinedReason.EMPTY_DOMAIN))
    counts = [int(np.count_nonzero(states[heard] > 0)) for states in (overall, *items.values())]
    fewest = min(min(count, int(heard.sum()) - count) for count in counts)
    if fewest < LEAST_MARGIN:
        reason = UndefinedReason.ALL_OR_NONE if fewest == 0 else UndefinedReason.TOO_FEW_RESPONDENTS
        return dict.fromkeys(items, Undefined(reason=reason))
    columns: list[FloatArray] = [np.ones(len(heard)), *((states > 0).astype(np.float64) for states in items.values())]
    try:
        found = estimate_regression(
            design,
            outcome=(overall > 0).astype(np.float64),
            matrix=np.column_stack(columns),
            names=["", *items],
            inside=heard,
        )
    except RegressionError as none:
        return dict.fromkeys(items, Undefined(reason=none.reason))
    return dict.fromkeys(items, found) if isinstance(found, Undefined) else _read(found, level)


def _read(found: Regression, level: float) -> dict[str, OddsRatio | Undefined]:
    tests, limits = found.tests(), found.limits(level)
    if isinstance(tests, Undefined):
        return dict.fromkeys(found.names[1:], tests)
    if isinstance(limits, Undefined):
        return dict.fromkeys(found.names[1:], limits)
    return {
        name: OddsRatio(
            value=_odds(found.coefficients[place]),
            low=_odds(limits[0][place]),
            high=_odds(limits[1][place]),
            p_value=float(tests[1][place]),
            p_adjusted=float(tests[1][place]),
            n=found.n,
        )
        for place, name in enumerate(found.names)
        if place > 0
    }


def _odds(logarithm: float) -> float:
    """Its exponential, as far as there are numbers so large."""
    return math.exp(min(logarithm, _LARGEST))


def _as_families(rows: Sequence[Driver]) -> tuple[Driver, ...]:
    """With p-values adjusted over the services: those alone are one family, those together another."""
    alone = _holm([row.alone for row in rows])
    together = _holm([row.together for row in rows])
    return tuple(replace(row, alone=one, together=other) for row, one, other in zip(rows, alone, together, strict=True))


def _holm(ratios: Sequence[OddsRatio | Undefined]) -> list[OddsRatio | Undefined]:
    p_values = iter(adjusted([one.p_value for one in ratios if isinstance(one, OddsRatio)], Correction.HOLM).tolist())
    return [replace(one, p_adjusted=next(p_values)) if isinstance(one, OddsRatio) else one for one in ratios]
