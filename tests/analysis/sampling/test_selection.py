from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.sample_design import PROPORTIONAL_TO_SIZE, Method
from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.selection import select
from analysis.sampling.selection_errors import SizesError, SizesNotPositiveError, TooFewUnitsError
from analysis.sampling.systematic import draw_systematic

DRAWN_HERE = [method for method in Method if method is not Method.PERMANENT]


def stream(label: str = "x") -> CounterStream:
    return CounterStream(seed=b"selection", label=label)


@pytest.mark.parametrize("method", DRAWN_HERE)
@given(sizes=st.lists(st.integers(1, 50), min_size=1, max_size=25), data=st.data())
def test_what_every_method_gives(method: Method, sizes: list[int], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(sizes)))

    drawn = select(method, stream(), n=n, sizes=np.array(sizes), total=len(sizes))

    assert drawn.positions.tolist() == sorted(set(drawn.positions.tolist()))
    assert len(drawn.positions) == len(drawn.numerators) == len(drawn.denominators) == len(drawn.certain) == n
    chances = [Fraction(int(a), int(b)) for a, b in zip(drawn.numerators, drawn.denominators, strict=True)]
    assert [(c.numerator, c.denominator) for c in chances] == list(
        zip(drawn.numerators.tolist(), drawn.denominators.tolist(), strict=True)
    )
    assert drawn.certain.tolist() == [chance == 1 for chance in chances]
    again = select(method, stream(), n=n, sizes=np.array(sizes), total=len(sizes))
    assert again.positions.tolist() == drawn.positions.tolist()


def test_systematic_is_the_draw_of_the_stratified_one() -> None:
    drawn = select(Method.SYSTEMATIC, stream("a"), n=20, sizes=None, total=271)

    assert tuple(drawn.positions.tolist()) == draw_systematic(stream("a"), n=20, total=271)
    assert set(zip(drawn.numerators.tolist(), drawn.denominators.tolist(), strict=True)) == {(20, 271)}


@pytest.mark.parametrize("method", DRAWN_HERE)
def test_bad_input(method: Method) -> None:
    with pytest.raises(TooFewUnitsError):
        select(method, stream(), n=4, sizes=np.ones(3, np.int64), total=3)
    with pytest.raises(TooFewUnitsError):
        select(method, stream(), n=-1, sizes=np.ones(3, np.int64), total=3)
    if method in PROPORTIONAL_TO_SIZE:
        with pytest.raises(SizesError, match="got none"):
            select(method, stream(), n=1, sizes=None, total=3)
        with pytest.raises(SizesError, match="got 2, expected one for each of 3"):
            select(method, stream(), n=1, sizes=np.ones(2, np.int64), total=3)
        with pytest.raises(SizesNotPositiveError) as caught:
            select(method, stream(), n=1, sizes=np.array([3, 0, 2]), total=3)
        assert caught.value.positions == (1,)


def test_nothing_of_the_stream_is_used_where_something_is_refused() -> None:
    one = stream()
    with pytest.raises(SizesNotPositiveError):
        select(Method.SAMPFORD, one, n=1, sizes=np.array([3, 0, 2]), total=3)
    assert one.word() == stream().word()


def test_permanent_numbers_are_drawn_elsewhere() -> None:
    with pytest.raises(SamplingError, match="permanent"):
        select(Method.PERMANENT, stream(), n=1, sizes=None, total=3)
