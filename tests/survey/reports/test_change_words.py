"""A change in words and figures: made of what is printed of both rates, and of nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.publication import Base, Change, ChangeFinding, NotCompared, PublishedEstimate
from survey.reports.change_words import (
    FINDING_SIGNS,
    FINDING_WORDS,
    REASONS,
    SHORT_REASONS,
    cell_words,
    points_of,
    sentence,
    signed,
)
from survey.reports.wording import percent, speaker

SAY = speaker("zh_Hans")


def rate(p: float, low: float, high: float) -> PublishedEstimate:
    return PublishedEstimate(indicator="r", area="A", base=Base.ASKED, published=True, proportion=p, low=low, high=high)


def change(finding: ChangeFinding | None, **more: object) -> Change:
    return Change(indicator="r", area="A", level=0.95, finding=finding, **more)  # type: ignore[arg-type]


def told(finding: ChangeFinding, earlier: PublishedEstimate, later: PublishedEstimate, digits: int = 0) -> str:
    found = change(finding)
    return sentence(found, points_of(found, earlier, later, digits), SAY)


def test_words_fit_the_finding() -> None:
    before, after = rate(0.85, 0.77, 0.904), rate(0.912, 0.84, 0.953)
    assert told(ChangeFinding.NO_CHANGE, before, after) == "≈ 看不出变化（+6个百分点，区间−3至+15）"
    clear = rate(0.97, 0.93, 0.99)
    assert told(ChangeFinding.ROSE, before, clear) == "↑ 上升12个百分点（区间+6至+20）"
    assert told(ChangeFinding.FELL, clear, before) == "↓ 下降12个百分点（区间−20至−6）"
    assert told(ChangeFinding.ROSE, before, clear, 1) == "↑ 上升12.0个百分点（区间+5.3至+20.2）"


def test_rounded_figures_do_not_contradict_the_finding() -> None:
    """85.4 to 86.6 %: printed 85 and 87. A finding is never followed by an interval on both sides of 0."""
    before, after = rate(0.8540, 0.8450, 0.8630), rate(0.8660, 0.8550, 0.8770)
    assert told(ChangeFinding.ROSE, before, after) == "↑ 上升2个百分点（区间+1至+3）"
    before, after = rate(0.8549, 0.8449, 0.8649), rate(0.8640, 0.8549, 0.8749)
    assert told(ChangeFinding.NO_CHANGE, before, after) == "≈ 看不出变化（+1个百分点，区间0至+2）"
    assert told(ChangeFinding.ROSE, before, after) == "↑ 上升1个百分点（区间0至+2）"
    assert told(ChangeFinding.FELL, after, before) == "↓ 下降1个百分点（区间−2至0）"
    hardly = rate(0.8501, 0.85, 0.8502), rate(0.8504, 0.8503, 0.8505)
    assert told(ChangeFinding.ROSE, *hardly) == "↑ 上升不到1个百分点（区间0至0）"
    assert told(ChangeFinding.FELL, *hardly[::-1], 1) == "↓ 下降不到0.1个百分点（区间0.0至0.0）"


@pytest.mark.parametrize("reason", NotCompared)
def test_what_is_not_compared_says_why(reason: NotCompared) -> None:
    found = change(None, reason=reason)
    assert points_of(found, rate(0.5, 0.4, 0.6), rate(0.5, 0.4, 0.6), 0) is None
    assert sentence(found, None, SAY) == f"不能比较：{REASONS[reason]}"
    assert cell_words(found, None, SAY) == ("不能比较", SHORT_REASONS[reason])
    assert not any(character.isdigit() for character in cell_words(found, None, SAY)[1])


def test_each_finding_has_its_sign_and_word() -> None:
    assert FINDING_SIGNS.keys() == FINDING_WORDS.keys() == set(ChangeFinding)
    assert REASONS.keys() == SHORT_REASONS.keys() == set(NotCompared)
    found = change(ChangeFinding.NO_CHANGE)
    assert cell_words(found, points_of(found, rate(0.5, 0.4, 0.6), rate(0.5, 0.4, 0.6), 0), SAY) == (
        "≈ 看不出变化",
        "0（−14至+14）",
    )
    assert cell_words(None, None, SAY) == ("—", "")


def test_signs_are_those_of_print() -> None:
    assert [signed(number, 0) for number in (-12, 0, 7)] == ["−12", "0", "+7"]


RATES = st.floats(0.0, 1.0)


@st.composite
def published(draw: st.DrawFn) -> PublishedEstimate:
    low, p, high = sorted(draw(RATES) for _ in range(3))
    return rate(p, low, high)


@settings(max_examples=settings().max_examples * 3 // 2)
@given(
    first=published(),
    second=published(),
    finding=st.sampled_from(ChangeFinding),
    digits=st.sampled_from([0, 1]),
    shift=st.floats(-1, 1),
)
def test_nothing_finer_than_the_printed_figures_is_in_it(
    first: PublishedEstimate, second: PublishedEstimate, finding: ChangeFinding, digits: int, shift: float
) -> None:
    """Two worlds whose reports print the same rates and limits print the same change: it tells nothing that the
    reports do not, of no area, and so of none that could be had by subtracting areas from their whole.
    """

    def moved(number: float | None) -> float:
        """Somewhere else in the same rounding."""
        assert number is not None
        other = min(1.0, max(0.0, number + shift * 0.005 / 10**digits))
        return other if percent(other, digits) == percent(number, digits) else number

    other = [rate(moved(e.proportion), moved(e.low), moved(e.high)) for e in (first, second)]
    assert told(finding, *other, digits) == told(finding, first, second, digits)
