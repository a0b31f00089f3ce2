"""Final dispositions and outcome rates of many cases at once: arrays of attempts in, tables by any grouping out.

The rules are those of :func:`analysis.fieldwork.dispositions.final_disposition`; the rates those of
:mod:`analysis.fieldwork.response_rates`. AAPOR, Standard Definitions (10th edition, 2023), asks for weighted rates
where cases were drawn with unequal probabilities: the counts are then sums of 1 / inclusion probability.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.fieldwork.dispositions import (
    CLASSES,
    CLOSED_DOORS,
    DECIDING,
    Attempt,
    Disposition,
    DispositionClass,
    Outcome,
    final_disposition,
)
from analysis.fieldwork.response_rates import RatesError, ResponseRates, response_rates

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

#: What the numbers in arrays mean: positions in these.
OUTCOMES = tuple(Outcome)
DISPOSITIONS = tuple(Disposition)
CLASS_ORDER = tuple(DispositionClass)
OUTCOME_CODES = {outcome: code for code, outcome in enumerate(OUTCOMES)}
DISPOSITION_CODES = {disposition: code for code, disposition in enumerate(DISPOSITIONS)}
#: Position in DISPOSITIONS -> position in CLASS_ORDER.
CLASS_OF: Ints = np.array([CLASS_ORDER.index(CLASSES[disposition]) for disposition in DISPOSITIONS])

_TO_CLASS: Ints = (CLASS_OF[:, None] == np.arange(len(CLASS_ORDER))).astype(np.int64)
#: Outcome, and whether people are known to live there (0, 1) -> the disposition if this attempt decides.
_CODE: Ints = np.array(
    [
        [DISPOSITION_CODES[final_disposition([Attempt(outcome=outcome, occupied=seen)])] for seen in (False, True)]
        for outcome in OUTCOMES
    ]
)
_IS_CLOSED_DOOR: Marks = np.array([outcome in CLOSED_DOORS for outcome in OUTCOMES])


def _ranks() -> Ints:
    """Outcome, and whether people are known to live there -> how much the attempt decides; more is stronger."""
    ranks = np.zeros((len(OUTCOMES), 2), dtype=np.int64)
    for strength, group in enumerate(reversed(DECIDING)):
        ranks[[OUTCOME_CODES[outcome] for outcome in group]] = strength + 2
    ranks[_IS_CLOSED_DOOR, 1] = 1  # before the looks of the place, which would take the case out of the rates
    return ranks


_RANK = _ranks()


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """``m`` attempts at cases numbered from 0, in any order; of one moment, the later in the arrays counts as later.

    ``case`` (m,); ``at`` (m,) whole seconds since 1970, UTC; ``outcome`` (m,) positions in :data:`OUTCOMES`;
    ``occupied`` (m,) true where people are seen to live there. Raises :class:`RatesError` for other shapes or codes.
    """

    case: Ints
    at: Ints
    outcome: Ints
    occupied: Marks

    def __post_init__(self) -> None:
        shapes = {self.case.shape, self.at.shape, self.outcome.shape, self.occupied.shape}
        if len(shapes) != 1 or self.case.ndim != 1:
            raise RatesError(f"attempts: got the shapes {sorted(shapes)}, expected the same number in each array")
        if self.case.size and not (self.outcome.min() >= 0 and self.outcome.max() < len(OUTCOMES)):
            raise RatesError(f"attempts: got an outcome outside 0 to {len(OUTCOMES) - 1}")
        if self.case.size and self.case.min() < 0:
            raise RatesError(f"attempts: got the case {self.case.min()}, expected 0 or more")


@dataclass(frozen=True, kw_only=True)
class FinalCodes:
    """``dispositions`` (cases,): positions in :data:`DISPOSITIONS`; ``decided_by`` (cases,): the attempt, −1: none."""

    dispositions: Ints
    decided_by: Ints


def final_codes(attempts: Attempts, cases: int) -> FinalCodes:
    """The one final code of each of ``cases`` cases.

    Raises :class:`RatesError` for an attempt at a case that is not there.

    Case 0: nobody at a door where people live, then a locked gate; case 1: a refusal and later "vacant"; case 2: none.

    >>> codes = [OUTCOME_CODES[Outcome(name)] for name in ("no_entry", "no_answer", "refused_person", "vacant")]
    >>> log = Attempts(case=np.array([0, 0, 1, 1]), at=np.array([20, 10, 10, 20]), outcome=np.array(codes),
    ...     occupied=np.array([False, True, False, False]))
    >>> found = final_codes(log, 3)
    >>> [DISPOSITIONS[code].value for code in found.dispositions], found.decided_by.tolist()
    (['2.23', '2.112', '3.11'], [0, 2, -1])
    """
    dispositions = np.full(cases, DISPOSITION_CODES[Disposition.NOT_ATTEMPTED], dtype=np.int64)
    decided_by = np.full(cases, -1, dtype=np.int64)
    total = len(attempts.case)
    if not total:
        return FinalCodes(dispositions=dispositions, decided_by=decided_by)
    if attempts.case.max() >= cases:
        raise RatesError(f"attempts: got the case {attempts.case.max()}, expected 0 to {cases - 1}")
    lived_in = np.zeros(cases, dtype=np.int64)
    lived_in[attempts.case[attempts.occupied & _IS_CLOSED_DOOR[attempts.outcome]]] = 1
    order = np.lexsort((attempts.at, attempts.case))  # stable: the order of the arrays settles equal times
    case, outcome = attempts.case[order], attempts.outcome[order]
    strength = _RANK[outcome, lived_in[case]] * total + np.arange(total)
    starts = np.flatnonzero(np.diff(case, prepend=-1))
    best = np.maximum.reduceat(strength, starts) % total
    dispositions[case[starts]] = _CODE[outcome[best], lived_in[case[starts]]]
    decided_by[case[starts]] = order[best]
    return FinalCodes(dispositions=dispositions, decided_by=decided_by)


@dataclass(frozen=True, kw_only=True)
class OutcomeTable:
    """Of each of ``g`` groups: ``counts`` (g, dispositions) cases, ``weights`` (g, classes) sums of their weights."""

    counts: Ints
    weights: Floats

    def rates(self, group: int) -> ResponseRates:
        return response_rates(dict(zip(CLASS_ORDER, self._class_counts[group].tolist(), strict=True)))

    def weighted_rates(self, group: int) -> ResponseRates:
        return response_rates(dict(zip(CLASS_ORDER, self.weights[group].tolist(), strict=True)))

    @cached_property
    def _class_counts(self) -> Ints:
        found: Ints = self.counts @ _TO_CLASS
        return found


def tabulate(dispositions: Ints, *, groups: Ints, size: int, weights: Floats) -> OutcomeTable:
    """Cases by group (``groups`` (cases,): 0 to ``size`` − 1; −1: in none) and final code.

    ``weights`` (cases,): 1 / inclusion probability of each. Raises :class:`RatesError` for other shapes, a group that
    is not there, or a weight that is not a positive number.

    Two cases of weight 1, complete; one of weight 4, refused: 2/3 answered, but 2/6 of the homes they stand for.

    >>> codes = np.array([DISPOSITION_CODES[Disposition(code)] for code in ("1.1", "1.1", "2.112")])
    >>> table = tabulate(codes, groups=np.zeros(3, dtype=np.int64), size=1, weights=np.array([1.0, 1.0, 4.0]))
    >>> round(table.rates(0).rr1, 4), round(table.weighted_rates(0).rr1, 4)
    (0.6667, 0.3333)
    """
    if not dispositions.shape == groups.shape == weights.shape:
        raise RatesError(
            f"got {len(dispositions)} codes, {len(groups)} groups and {len(weights)} weights, expected equal"
        )
    if not (np.isfinite(weights) & (weights > 0)).all():
        raise RatesError("got a weight that is not a positive number")
    if groups.size and not (groups.min() >= -1 and groups.max() < size):
        raise RatesError(f"got groups {groups.min()} to {groups.max()}, expected -1 to {size - 1}")
    inside = groups >= 0
    if not inside.all():
        dispositions, groups, weights = dispositions[inside], groups[inside], weights[inside]
    kinds, classes = len(DISPOSITIONS), len(CLASS_ORDER)
    counts = np.bincount(groups * kinds + dispositions, minlength=size * kinds)
    sums: Floats = np.zeros(size * classes)
    sums += np.bincount(groups * classes + CLASS_OF[dispositions], weights=weights, minlength=size * classes)
    return OutcomeTable(counts=counts.reshape(size, kinds), weights=sums.reshape(size, classes))
