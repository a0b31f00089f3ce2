from datetime import UTC, date, datetime

import pytest

from analysis.publication import Band, Reason
from survey.areas import Level
from survey.reports.view import LEVEL_WORDS
from survey.reports.wording import (
    APPROVAL_WORDS,
    BAND_SIGNS,
    BAND_WORDS,
    MODE_WORDS,
    REASON_WORDS,
    local_day,
    percent,
    period,
    speaker,
)
from survey.waves import Approval, Mode, WaveDetails


def test_every_choice_has_words() -> None:
    assert set(BAND_WORDS) == set(BAND_SIGNS) == set(Band)
    assert set(REASON_WORDS) >= {reason.name for reason in Reason}
    assert set(MODE_WORDS) == set(Mode)
    assert set(APPROVAL_WORDS) == set(Approval)
    assert set(LEVEL_WORDS) == set(Level)


@pytest.mark.parametrize(("rate", "digits", "text"), [(0.0, 0, "0%"), (1.0, 1, "100.0%"), (0.12345, 1, "12.3%")])
def test_percent(rate: float, digits: int, text: str) -> None:
    assert percent(rate, digits) == text


def test_a_moment_is_dated_by_the_clock_of_the_survey() -> None:
    assert local_day(datetime(2026, 3, 8, 17, tzinfo=UTC), speaker("zh_Hans")) == "2026年3月9日"


def test_a_period_needs_both_days() -> None:
    say = speaker("zh_Hans")
    assert period(WaveDetails(start=date(2026, 3, 9)), say) == ""
    assert period(WaveDetails(start=date(2026, 3, 9), end=date(2026, 3, 20)), say) == "2026年3月9日至2026年3月20日"
