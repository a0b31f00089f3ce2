"""Response, cooperation, refusal and contact rates of a sample.

AAPOR, Standard Definitions (10th edition, 2023). Not eligible cases are in no denominator; cases of unknown
eligibility are, in full (RR1, RR2 …), by the share e that is taken to be eligible (RR3, RR4 …), or not at all (RR5 …).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from analysis.fieldwork.dispositions import DispositionClass


class RatesError(ValueError):
    """Counts or an e that no rate can be made of: says what was got and what was expected."""


class EMethod(StrEnum):
    """Where e comes from; it must be stated beside every rate that uses it."""

    #: The share of eligible ones among the cases whose eligibility is known: D / (D + NE).
    PROPORTIONAL = "proportional"
    GIVEN = "given"


@dataclass(frozen=True, kw_only=True)
class ResponseRates:
    """All rates, 0-1; ``None`` where the denominator is zero or e is needed and nothing tells it."""

    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    coop1: float | None
    coop2: float | None
    coop3: float | None
    coop4: float | None
    ref1: float | None
    ref2: float | None
    ref3: float | None
    con1: float | None
    con2: float | None
    con3: float | None
    e: float | None
    e_method: EMethod


def response_rates(counts: Mapping[DispositionClass, float], *, e: float | None = None) -> ResponseRates:
    """The rates of ``counts`` (cases per class; sums of weights for weighted rates; a class left out counts 0).

    ``e``: the share of cases of unknown eligibility taken to be eligible; without it D / (D + NE), where D are the
    cases known to be eligible (and ``None`` if no case's eligibility is known).

    Raises :class:`RatesError` for counts that are negative or not finite, and an e outside 0-1.

    >>> c = DispositionClass
    >>> rates = response_rates({c.COMPLETE: 4, c.PARTIAL: 2, c.REFUSAL: 1, c.NON_CONTACT: 1, c.UNKNOWN_HOUSEHOLD: 2,
    ...     c.NOT_ELIGIBLE: 2})
    >>> rates.rr1, rates.e, rates.rr3, rates.rr5
    (0.4, 0.8, 0.4166666666666667, 0.5)
    """
    known = {member: _number(counts.get(member, 0), member) for member in DispositionClass}
    complete, partial = known[DispositionClass.COMPLETE], known[DispositionClass.PARTIAL]
    refused, other = known[DispositionClass.REFUSAL], known[DispositionClass.OTHER]
    interviews = complete + partial
    eligible = interviews + refused + known[DispositionClass.NON_CONTACT] + other
    unknown = known[DispositionClass.UNKNOWN_HOUSEHOLD] + known[DispositionClass.UNKNOWN_OTHER]
    if e is not None and not 0 <= e <= 1:
        raise RatesError(f"e: got {e}, expected 0 to 1")
    method = EMethod.PROPORTIONAL if e is None else EMethod.GIVEN
    e = _ratio(eligible, eligible + known[DispositionClass.NOT_ELIGIBLE]) if e is None else e
    everyone = eligible + unknown
    # With nobody of unknown eligibility e does not matter, even where nothing tells it.
    likely = everyone if unknown == 0 else None if e is None else eligible + e * unknown
    met = interviews + refused + other
    return ResponseRates(
        rr1=_ratio(complete, everyone),
        rr2=_ratio(interviews, everyone),
        rr3=_ratio(complete, likely),
        rr4=_ratio(interviews, likely),
        rr5=_ratio(complete, eligible),
        rr6=_ratio(interviews, eligible),
        coop1=_ratio(complete, met),
        coop2=_ratio(interviews, met),
        coop3=_ratio(complete, interviews + refused),
        coop4=_ratio(interviews, interviews + refused),
        ref1=_ratio(refused, everyone),
        ref2=_ratio(refused, likely),
        ref3=_ratio(refused, eligible),
        con1=_ratio(met, everyone),
        con2=_ratio(met, likely),
        con3=_ratio(met, eligible),
        e=e,
        e_method=method,
    )


def _number(count: float, member: DispositionClass) -> float:
    if not isfinite(count) or count < 0:
        raise RatesError(f"{member.name}: got {count} cases, expected a number from 0 up")
    return count


def _ratio(part: float, whole: float | None) -> float | None:
    return part / whole if whole else None
