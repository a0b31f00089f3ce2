"""How the fieldwork goes, in counts: cases by final code, attempts by time, for the wave, its communities and people.

Everything is a sum over cases or attempts, so that a closed wave shows from its frozen counts what it showed when it
was open (:mod:`survey.casework.frozen_fieldwork`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from analysis.fieldwork.attempt_times import day_of, local_times
from analysis.fieldwork.dispositions import CLASSES, CONTACTS, Disposition, DispositionClass, Outcome
from analysis.fieldwork.outcome_tables import (
    CLASS_OF,
    CLASS_ORDER,
    DISPOSITION_CODES,
    DISPOSITIONS,
    OUTCOMES,
    FinalCodes,
    Ints,
    Marks,
    final_codes,
    tabulate,
)
from analysis.fieldwork.refusal_contrasts import RefusalContrast, refusal_contrasts
from analysis.fieldwork.response_rates import ResponseRates, response_rates
from survey.casework.wave_log import WaveLog

#: As often somebody is to come, and once in the evening or at a weekend, before a home counts as not reached.
ENOUGH_ATTEMPTS = 3

_MET: Marks = np.array([outcome in CONTACTS for outcome in OUTCOMES])
_REFUSED: Marks = np.array(
    [outcome in (Outcome.REFUSED_HOUSEHOLD, Outcome.REFUSED_PERSON, Outcome.BREAK_OFF) for outcome in OUTCOMES]
)
_UNREACHED: Marks = np.isin(
    CLASS_OF,
    [
        CLASS_ORDER.index(one)
        for one in (
            DispositionClass.NON_CONTACT,
            DispositionClass.UNKNOWN_HOUSEHOLD,
            DispositionClass.UNKNOWN_OTHER,
        )
    ],
)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Of some cases. ``visits``: attempts at the door; online answers are none. ``weights``: sums of 1 / probability.

    ``evening``, ``weekend``: of those attempts. Of the cases that nobody was reached in so far, ``under_three``: with
    fewer than three attempts; ``office_hours_only``: tried, and never in the evening or at a weekend. ``None``: a wave
    that was closed before these were kept.
    """

    visits: int
    dispositions: Mapping[Disposition, int]
    weights: Mapping[DispositionClass, float]
    evening: int | None
    weekend: int | None
    under_three: int | None
    office_hours_only: int | None

    @property
    def cases(self) -> int:
        return sum(self.dispositions.values())

    @property
    def completes(self) -> int:
        return self.dispositions.get(Disposition.COMPLETE, 0)

    @property
    def partials(self) -> int:
        return self.dispositions.get(Disposition.PARTIAL, 0)

    @property
    def not_attempted(self) -> int:
        return self.dispositions.get(Disposition.NOT_ATTEMPTED, 0)

    @cached_property
    def rates(self) -> ResponseRates:
        counts: defaultdict[DispositionClass, int] = defaultdict(int)
        for disposition, cases in self.dispositions.items():
            counts[CLASSES[disposition]] += cases
        return response_rates(counts)

    @cached_property
    def weighted(self) -> ResponseRates:
        return response_rates(self.weights)

    @property
    def visits_per_case(self) -> float | None:
        return self.visits / self.cases if self.cases else None

    @property
    def evening_share(self) -> float | None:
        return self.evening / self.visits if self.visits and self.evening is not None else None

    @property
    def weekend_share(self) -> float | None:
        return self.weekend / self.visits if self.visits and self.weekend is not None else None


@dataclass(frozen=True, kw_only=True)
class Days:
    """What was done from ``first`` to ``last`` (the same day, but where a closed wave keeps several together).

    ``contacts``: attempts at the door with somebody met. ``completes``: cases that became complete, online too.
    """

    first: date
    last: date
    attempts: int
    contacts: int
    completes: int


@dataclass(frozen=True, kw_only=True)
class FieldTables:
    """Of accounts, all empty once the wave is closed: ``by_canvasser``, the attempts they made, and the cases whose
    code they brought (or which are theirs now, where no visit did), so that handing a case over takes nothing of it
    along; ``holding``, the cases that are theirs now, whoever was there; ``refusals``, of the homes where this very
    person met somebody. ``hours``: 7 weekdays from Monday x 24 hours, attempts; ``None``: not kept.
    """

    total: Progress
    by_area: Mapping[str, Progress]
    by_canvasser: Mapping[int, Progress] = field(default_factory=dict)
    holding: Mapping[int, Progress] = field(default_factory=dict)
    refusals: Mapping[int, RefusalContrast | None] = field(default_factory=dict)
    days: tuple[Days, ...] = ()
    hours: tuple[tuple[int, ...], ...] | None = None
    unassigned: int = 0


def make_tables(log: WaveLog) -> FieldTables:
    found = final_codes(log.attempts, len(log.area))
    by_area = _by_group(log, found.dispositions, log.area, log.area[log.door_case], len(log.areas))
    made_by = _made_by(log, found)
    complete = found.dispositions == DISPOSITION_CODES[Disposition.COMPLETE]
    return FieldTables(
        total=add_up(by_area),
        by_area=dict(zip(log.areas, by_area, strict=True)),
        by_canvasser=_by_account(
            log, found, made_by, np.where(log.canvasser > 0, log.canvasser, made_by[log.door_case])
        ),
        holding=_by_account(log, found, log.account, log.account[log.door_case]),
        refusals=_refusals(log),
        days=_by_day(log, log.made_at[found.decided_by[complete]]),
        hours=tuple(tuple(row) for row in local_times(log.door_at).by_hour().tolist()),
        unassigned=int((log.account == 0).sum()),
    )


def add_up(parts: Iterable[Progress]) -> Progress:
    """What holds of all the cases of ``parts`` together."""
    held = tuple(parts)
    cases = {code: sum(one.dispositions.get(code, 0) for one in held) for code in DISPOSITIONS}
    return Progress(
        visits=sum(one.visits for one in held),
        dispositions={code: count for code, count in cases.items() if count},
        weights={member: sum(one.weights.get(member, 0.0) for one in held) for member in CLASS_ORDER},
        evening=_sum(one.evening for one in held),
        weekend=_sum(one.weekend for one in held),
        under_three=_sum(one.under_three for one in held),
        office_hours_only=_sum(one.office_hours_only for one in held),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    held = tuple(numbers)
    known = [number for number in held if number is not None]
    return sum(known) if len(known) == len(held) else None


def _made_by(log: WaveLog, found: FinalCodes) -> Ints:
    """Of each case the account that made the attempt its code comes from; whose case it is, where nobody is known."""
    decided = found.decided_by >= 0
    people = np.zeros(len(log.area), dtype=np.int64)
    people[decided] = log.made_by[found.decided_by[decided]]
    return np.where(people > 0, people, log.account)


def _by_account(log: WaveLog, found: FinalCodes, cases: Ints, doors: Ints) -> dict[int, Progress]:
    """``cases``, ``doors``: the account that each case, and each attempt at a door, counts for; 0: nobody."""
    people, places = np.unique(np.concatenate([cases, doors]), return_inverse=True)
    parts = _by_group(log, found.dispositions, places[: len(cases)], places[len(cases) :], len(people))
    return {account: progress for account, progress in zip(people.tolist(), parts, strict=True) if account}


def _by_group(log: WaveLog, dispositions: Ints, groups: Ints, doors: Ints, size: int) -> list[Progress]:
    """``groups``: of each case, ``doors``: of each attempt at a door; 0 to ``size`` - 1."""
    table = tabulate(dispositions, groups=groups, size=size, weights=log.weights)
    times, cases = local_times(log.door_at), len(log.area)
    attempts = np.bincount(log.door_case, minlength=cases)
    off_hours = np.bincount(log.door_case[times.evening | times.weekend], minlength=cases)
    unreached = _UNREACHED[dispositions]
    columns = [
        np.bincount(chosen, minlength=size).tolist()
        for chosen in (
            doors,
            doors[times.evening],
            doors[times.weekend],
            groups[unreached & (attempts < ENOUGH_ATTEMPTS)],
            groups[unreached & (attempts > 0) & (off_hours == 0)],
        )
    ]
    return [
        Progress(
            visits=visits,
            dispositions={code: count for code, count in zip(DISPOSITIONS, counts, strict=True) if count},
            weights={member: weight for member, weight in zip(CLASS_ORDER, weights, strict=True) if weight},
            evening=evening,
            weekend=weekend,
            under_three=under_three,
            office_hours_only=office_hours_only,
        )
        for counts, weights, visits, evening, weekend, under_three, office_hours_only in zip(
            table.counts.tolist(), table.weights.tolist(), *columns, strict=True
        )
    ]


def _by_day(log: WaveLog, completed_at: Ints) -> tuple[Days, ...]:
    days, completed = local_times(log.door_at).day, local_times(completed_at).day
    shown, places = np.unique(np.concatenate([days, completed]), return_inverse=True)
    met = _MET[log.door_outcome]
    of_attempts, of_completes = places[: len(days)], places[len(days) :]
    columns = (np.bincount(chosen, minlength=len(shown)) for chosen in (of_attempts, of_attempts[met], of_completes))
    return tuple(
        Days(first=day_of(day), last=day_of(day), attempts=attempts, contacts=contacts, completes=completes)
        for day, attempts, contacts, completes in zip(
            shown.tolist(), *(column.tolist() for column in columns), strict=True
        )
    )


def _refusals(log: WaveLog) -> dict[int, RefusalContrast | None]:
    """By who was there, not by whose case it is now: a home that refused is often given to somebody else."""
    known = log.canvasser > 0
    met, refused = known & _MET[log.door_outcome], known & _REFUSED[log.door_outcome]
    people = np.unique(log.canvasser[known])
    homes = [_homes(log, marks, people) for marks in (met, refused)]
    return dict(zip(people.tolist(), refusal_contrasts(*homes), strict=True))


def _homes(log: WaveLog, marks: Marks, people: Ints) -> list[int]:
    """Of each of ``people``: the cases with at least one of the marked attempts by them."""
    cases = len(log.area)
    pairs = np.unique(np.searchsorted(people, log.canvasser[marks]) * cases + log.door_case[marks])
    counted: list[int] = np.bincount(pairs // max(cases, 1), minlength=len(people)).tolist()
    return counted
