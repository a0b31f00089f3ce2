"""The monitor of a closed wave: what closing keeps of the tables, and the tables again from what was kept.

Communities keep every sum they had. Of canvassers nothing is kept. Days with few attempts are kept together with their
neighbours (:mod:`survey.store.fieldwork_counts` says why).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Disposition, DispositionClass
from survey.casework.field_tables import Days, FieldTables, Progress, add_up
from survey.store.disposition_counts import add_counts, add_visit_counts, read_counts, read_visit_counts
from survey.store.fieldwork_counts import (
    LEAST_ATTEMPTS,
    AreaAttempts,
    DayCounts,
    add_area_attempts,
    add_days,
    add_hours,
    add_weights,
    read_area_attempts,
    read_days,
    read_hours,
    read_weights,
)


def freeze_fieldwork(session: Session, wave_id: int, tables: FieldTables) -> None:
    """Keep of a wave that is being closed what its monitor needs from then on; once for each wave."""
    areas = tables.by_area
    add_counts(
        session, wave_id, {(area, code): n for area, one in areas.items() for code, n in one.dispositions.items()}
    )
    add_visit_counts(session, wave_id, {area: one.visits for area, one in areas.items()})
    add_weights(
        session, wave_id, {(area, member): w for area, one in areas.items() for member, w in one.weights.items()}
    )
    add_area_attempts(
        session,
        wave_id,
        {
            area: AreaAttempts(
                evening=one.evening or 0,
                weekend=one.weekend or 0,
                under_three=one.under_three or 0,
                office_hours_only=one.office_hours_only or 0,
            )
            for area, one in areas.items()
        },
    )
    add_days(session, wave_id, map(_counts, together(tables.days)))
    add_hours(session, wave_id, tables.hours or ())


def read_frozen_fieldwork(session: Session, wave_id: int) -> FieldTables:
    """The tables of a closed wave."""
    dispositions: defaultdict[str, dict[Disposition, int]] = defaultdict(dict)
    for (area, disposition), cases in read_counts(session, wave_id).items():
        dispositions[area][disposition] = cases
    weights: defaultdict[str, dict[DispositionClass, float]] = defaultdict(dict)
    for (area, member), weight in read_weights(session, wave_id).items():
        weights[area][member] = weight
    visits, attempts = read_visit_counts(session, wave_id), read_area_attempts(session, wave_id)
    by_area = {
        area: _progress(counts, weights[area], visits.get(area, 0), attempts.get(area))
        for area, counts in dispositions.items()
    }
    return FieldTables(
        total=add_up(by_area.values()),
        by_area=by_area,
        days=tuple(_days(one) for one in read_days(session, wave_id)),
        hours=read_hours(session, wave_id),
    )


def together(days: Iterable[Days]) -> Iterator[Days]:
    """Neighbouring days in one until each has ten attempts; none where there are fewer in all.

    >>> from datetime import date
    >>> days = [Days(first=date(2026, 5, n), last=date(2026, 5, n), attempts=k, contacts=1, completes=1)
    ...     for n, k in ((1, 12), (2, 4), (3, 30), (5, 9))]
    >>> [(one.first.day, one.last.day, one.attempts, one.contacts) for one in together(days)]
    [(1, 1, 12, 1), (2, 5, 43, 3)]
    """
    kept: list[Days] = []
    for day in days:
        few = bool(kept) and kept[-1].attempts < LEAST_ATTEMPTS
        kept.append(_joined(kept.pop(), day) if few else day)
    if len(kept) > 1 and kept[-1].attempts < LEAST_ATTEMPTS:
        last = kept.pop()
        kept.append(_joined(kept.pop(), last))
    return iter(kept if kept and kept[-1].attempts >= LEAST_ATTEMPTS else ())


def _joined(earlier: Days, later: Days) -> Days:
    return Days(
        first=earlier.first,
        last=later.last,
        attempts=earlier.attempts + later.attempts,
        contacts=earlier.contacts + later.contacts,
        completes=earlier.completes + later.completes,
    )


def _counts(days: Days) -> DayCounts:
    return DayCounts(
        first_day=days.first,
        last_day=days.last,
        attempts=days.attempts,
        contacts=days.contacts,
        completes=days.completes,
    )


def _days(counts: DayCounts) -> Days:
    return Days(
        first=counts.first_day,
        last=counts.last_day,
        attempts=counts.attempts,
        contacts=counts.contacts,
        completes=counts.completes,
    )


def _progress(
    dispositions: dict[Disposition, int],
    weights: dict[DispositionClass, float],
    visits: int,
    attempts: AreaAttempts | None,
) -> Progress:
    return Progress(
        visits=visits,
        dispositions={code: dispositions[code] for code in Disposition if code in dispositions},
        weights={member: weights[member] for member in DispositionClass if member in weights},
        evening=attempts.evening if attempts else None,
        weekend=attempts.weekend if attempts else None,
        under_three=attempts.under_three if attempts else None,
        office_hours_only=attempts.office_hours_only if attempts else None,
    )
