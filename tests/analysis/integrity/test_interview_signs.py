"""Signs on interviews, each by an example and each with its innocent neighbour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analysis.integrity.interview_signs import InterviewTimes, Sign, find_signs

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 5, 4, 2, tzinfo=UTC)  # 10:00 in Shanghai


def held(start: float, minutes: float, *, canvasser: int = 1, skipped: float = 0.0) -> InterviewTimes:
    """``start``: minutes after ten."""
    started = TEN + timedelta(minutes=start)
    return InterviewTimes(
        canvasser=canvasser, started=started, finished=started + timedelta(minutes=minutes), skipped=skipped
    )


def test_one_after_the_other_of_usual_length_shows_nothing() -> None:
    assert set(find_signs([held(20 * number, 10) for number in range(6)], SHANGHAI)) == {frozenset()}


def test_much_shorter_than_the_others() -> None:
    usual = [held(20 * number, 9) for number in range(5)]
    signs = find_signs([*usual, held(200, 2.9), held(220, 3.1)], SHANGHAI)
    assert signs[5:] == (frozenset({Sign.SHORT}), frozenset())


def test_too_few_to_say_what_is_usual() -> None:
    assert find_signs([held(0, 9), held(20, 9), held(40, 1)], SHANGHAI)[2] == frozenset()


@pytest.mark.parametrize(("hour", "odd"), [(7.9, True), (8.1, False), (21.4, False), (21.6, True), (3, True)])
def test_odd_hours_are_local(hour: float, odd: bool) -> None:
    (signs,) = find_signs([held((hour - 10) * 60, 5)], SHANGHAI)
    assert (Sign.ODD_HOUR in signs) is odd


def test_two_at_once_is_a_sign_only_for_one_person() -> None:
    signs = find_signs([held(0, 60), held(10, 5), held(30, 5), held(70, 5), held(0, 60, canvasser=2)], SHANGHAI)
    assert [Sign.OVERLAP in one for one in signs] == [True, True, True, False, False]


def test_mostly_skipped() -> None:
    signs = find_signs([held(0, 5, skipped=0.3), held(10, 5, skipped=0.31)], SHANGHAI)
    assert [Sign.MANY_SKIPPED in one for one in signs] == [False, True]


def test_nothing_to_look_at() -> None:
    assert find_signs([], SHANGHAI) == ()
