"""When somebody was at the door: calendar days, hours and weekdays in Shanghai, evenings and weekends.

China has one time, UTC+8, without summer time since 1991. Evening: from 18:00 on. Weekend: Saturday and Sunday as the
calendar has them; days off and working Saturdays by decree are not in it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]

EVENING = 18
SATURDAY = 5
HOURS, WEEKDAYS = 24, 7
_OFFSET = 8 * 3600
_DAY = 24 * 3600
_THURSDAY = 3  # 1 January 1970
_FIRST = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class LocalTimes:
    """Of each moment: ``day`` since 1970 as Shanghai counts, ``hour`` 0-23, ``weekday`` 0 (Monday) to 6."""

    day: Ints
    hour: Ints
    weekday: Ints

    @property
    def evening(self) -> Marks:
        return self.hour >= EVENING

    @property
    def weekend(self) -> Marks:
        return self.weekday >= SATURDAY

    def by_hour(self) -> Ints:
        """(7, 24): how many on each weekday in each hour."""
        cells = np.bincount(self.weekday * HOURS + self.hour, minlength=WEEKDAYS * HOURS)
        return cells.reshape(WEEKDAYS, HOURS)


def local_times(at: Ints) -> LocalTimes:
    """``at``: whole seconds since 1970, UTC.

    A Friday, 17:59:59 in Shanghai, then 18:00; 16:00 UTC is the Saturday that has begun there.

    >>> from datetime import datetime
    >>> moments = ("2026-05-08T09:59:59+00:00", "2026-05-08T10:00:00+00:00", "2026-05-08T16:00:00+00:00")
    >>> found = local_times(np.array([int(datetime.fromisoformat(one).timestamp()) for one in moments]))
    >>> found.hour.tolist(), found.evening.tolist(), found.weekend.tolist()
    ([17, 18, 0], [False, True, False], [False, False, True])
    >>> [day_of(int(day)).isoformat() for day in found.day]
    ['2026-05-08', '2026-05-08', '2026-05-09']
    """
    local = at + _OFFSET
    day = local // _DAY
    return LocalTimes(day=day, hour=local // 3600 % HOURS, weekday=(day + _THURSDAY) % WEEKDAYS)


def day_of(number: int) -> date:
    """The calendar day with that number, see :class:`LocalTimes`."""
    return _FIRST + timedelta(days=number)
