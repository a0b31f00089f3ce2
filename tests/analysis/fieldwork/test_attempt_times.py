from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.fieldwork.attempt_times import day_of, local_times

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(st.lists(MOMENTS, min_size=1, max_size=5))
def test_days_hours_and_weekdays_are_those_of_shanghai(moments: list[datetime]) -> None:
    found = local_times(np.array([int(moment.timestamp()) for moment in moments]))
    there = [moment.astimezone(ZoneInfo("Asia/Shanghai")) for moment in moments]
    assert [day_of(int(day)) for day in found.day] == [one.date() for one in there]
    assert found.hour.tolist() == [one.hour for one in there]
    assert found.weekday.tolist() == [one.weekday() for one in there]
    assert found.evening.tolist() == [one.hour >= 18 for one in there]
    assert found.weekend.tolist() == [one.isoweekday() >= 6 for one in there]
    cells = found.by_hour()
    assert cells.sum() == len(moments)
    assert cells[there[0].weekday(), there[0].hour] >= 1


def test_no_moments() -> None:
    assert local_times(np.array([], dtype=np.int64)).by_hour().sum() == 0


def test_the_first_day() -> None:
    assert day_of(0) == date(1970, 1, 1)
