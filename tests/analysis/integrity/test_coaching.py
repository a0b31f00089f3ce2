from hypothesis import given
from hypothesis import strategies as st

from analysis.integrity.coaching import warns


def test_both_conditions_are_needed() -> None:
    assert warns(respondents=60, coached=3)  # exactly 5 % and 3 cases
    assert not warns(respondents=61, coached=3)  # 4.9 %
    assert not warns(respondents=30, coached=2)  # 6.7 %, but 2 cases
    assert not warns(respondents=29, coached=10)  # no community under 30 is named


@given(st.integers(0, 400), st.integers(0, 400))
def test_more_coached_never_lifts_a_warning(respondents: int, coached: int) -> None:
    if warns(respondents=respondents, coached=coached):
        assert warns(respondents=respondents, coached=coached + 1)
