import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.fieldwork.dispositions import DispositionClass
from analysis.fieldwork.response_rates import EMethod, RatesError, ResponseRates, response_rates

COUNTS = st.fixed_dictionaries({member: st.integers(0, 500) for member in DispositionClass})


def rates(e: float | None = None, **counts: int) -> ResponseRates:
    return response_rates({DispositionClass(name): count for name, count in counts.items()}, e=e)


def test_the_vector_of_the_standards() -> None:
    found = rates(I=4, P=2, R=1, NC=1, O=1, UH=1, UO=1, NE=1, e=0.9)

    said = (found.rr1, found.rr2, found.rr3, found.rr4, found.rr5, found.rr6)
    assert said == pytest.approx((0.364, 0.545, 0.370, 0.556, 0.444, 0.667), abs=5e-4)
    assert (found.coop1, found.coop2, found.coop3, found.coop4) == pytest.approx((0.5, 0.75, 0.571, 0.857), abs=5e-4)
    assert (found.ref1, found.ref2, found.ref3) == pytest.approx((0.091, 0.093, 0.111), abs=5e-4)
    assert (found.con1, found.con2, found.con3) == pytest.approx((0.727, 0.741, 0.889), abs=5e-4)
    assert found.e_method is EMethod.GIVEN


def test_e_is_the_share_of_eligible_ones_among_the_known() -> None:
    found = rates(I=60, R=20, NE=20, UH=50)

    assert found.e == pytest.approx(0.8)
    assert found.rr3 == pytest.approx(60 / (80 + 0.8 * 50))
    assert found.e_method is EMethod.PROPORTIONAL


def test_nothing_known_gives_no_rate_instead_of_a_number() -> None:
    nobody = rates()
    untouched = rates(UH=10)

    assert {getattr(nobody, name) for name in ("rr1", "rr3", "rr5", "coop1", "ref1", "con1", "e")} == {None}
    assert (untouched.rr1, untouched.rr3, untouched.rr5, untouched.e) == (0, None, None, None)


def test_only_not_eligible_ones_leave_no_denominator() -> None:
    found = rates(NE=7)

    assert found.e == 0
    assert found.rr1 is None


@given(COUNTS, st.one_of(st.none(), st.floats(0, 1)))
def test_rates_are_ordered_and_between_nobody_and_everybody(
    counts: dict[DispositionClass, int], e: float | None
) -> None:
    found = response_rates(counts, e=e)

    for first, second in (
        ("rr1", "rr2"),
        ("rr3", "rr4"),
        ("rr5", "rr6"),
        ("rr1", "rr3"),
        ("rr3", "rr5"),
        ("rr1", "rr5"),
    ):
        less, more = getattr(found, first), getattr(found, second)
        if less is not None and more is not None:
            assert 0 <= less <= more + 1e-12
            assert more <= 1


@given(COUNTS, st.integers(0, 500))
def test_not_eligible_cases_enter_by_e_only(counts: dict[DispositionClass, int], more: int) -> None:
    added = counts | {DispositionClass.NOT_ELIGIBLE: counts[DispositionClass.NOT_ELIGIBLE] + more}

    assert response_rates(added, e=0.5) == response_rates(counts, e=0.5)


@pytest.mark.parametrize("count", [-1, float("nan"), float("inf")])
def test_counts_that_are_none(count: float) -> None:
    with pytest.raises(RatesError, match="REFUSAL"):
        response_rates({DispositionClass.REFUSAL: count})


@pytest.mark.parametrize("e", [-0.1, 1.1, float("nan")])
def test_an_e_outside_0_to_1(e: float) -> None:
    with pytest.raises(RatesError, match="expected 0 to 1"):
        rates(I=1, e=e)
