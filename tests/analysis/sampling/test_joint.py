"""Against R in tests/reference; here laws that hold for all of them, and every start or set looked at."""

from itertools import combinations
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.joint import joint_inclusion
from analysis.sampling.pps_inclusion import inclusion
from analysis.sampling.sample_design import Method
from analysis.sampling.selection_errors import JointUnknownError, SizesError, TooFewUnitsError

SIZES = st.lists(st.integers(1, 60), min_size=2, max_size=14)
FIXED = [Method.SIMPLE, Method.SYSTEMATIC, Method.PPS_SYSTEMATIC, Method.SAMPFORD]


@pytest.mark.parametrize("method", FIXED)
@given(sizes=SIZES, data=st.data())
def test_laws_of_a_fixed_number(method: Method, sizes: list[int], data: st.DataObject) -> None:
    """The row of a unit adds up to n times its probability; no pair is likelier than its units."""
    n = data.draw(st.integers(0, len(sizes)))

    joint = joint_inclusion(method, n=n, sizes=np.array(sizes))
    own = np.diag(joint)

    assert own.sum() == pytest.approx(n)
    assert joint.sum(axis=1).tolist() == pytest.approx((n * own).tolist(), abs=1e-9)
    assert np.array_equal(joint, joint.T)
    assert (joint >= 0).all()
    assert (joint <= np.minimum(own[:, None], own[None, :]) + 1e-12).all()


@given(sizes=st.lists(st.integers(1, 30), min_size=3, max_size=8), data=st.data())
def test_sampford_is_the_sum_over_all_sets(sizes: list[int], data: st.DataObject) -> None:
    n = data.draw(st.integers(1, len(sizes) - 1))
    chances = inclusion(np.array(sizes), n=n)
    if len(chances.certain):
        return
    own = chances.probabilities()
    sets = {
        chosen: prod(own[i] / (1 - own[i]) for i in chosen) * sum(1 - own[i] for i in chosen)
        for chosen in combinations(range(len(sizes)), n)
    }
    expected = np.zeros((len(sizes), len(sizes)))
    for chosen, chance in sets.items():
        expected[np.ix_(chosen, chosen)] += chance / sum(sets.values())

    np.testing.assert_allclose(joint_inclusion(Method.SAMPFORD, n=n, sizes=np.array(sizes)), expected, rtol=1e-10)


def test_sampford_of_many_units_loses_nothing() -> None:
    rng = np.random.default_rng(6)
    sizes = rng.integers(1, 300, 150)

    for n in (2, 20, 70):
        joint = joint_inclusion(Method.SAMPFORD, n=n, sizes=sizes)
        own = inclusion(sizes, n=n).probabilities()
        np.testing.assert_allclose(joint.sum(axis=1), n * own, rtol=1e-11)
        assert (joint > 0).all()
        # Differences of the variance estimator stay positive: it can be used for any sample.
        assert (np.outer(own, own) - joint + np.diag(own) >= -1e-12).all()


def test_some_units_of_many() -> None:
    sizes = np.array([90, 3, 4, 5, 6, 7, 8, 80])
    among = np.array([7, 2, 4, 0])

    for method in FIXED:
        whole = joint_inclusion(method, n=4, sizes=sizes)
        some = joint_inclusion(method, n=4, sizes=sizes, among=among)
        np.testing.assert_allclose(some, whole[np.ix_(among, among)], rtol=1e-12)


def test_certain_units_are_with_everybody() -> None:
    joint = joint_inclusion(Method.SAMPFORD, n=3, sizes=np.array([90, 3, 4, 5, 6]))

    assert joint[0].tolist() == np.diag(joint).tolist()
    assert joint[0, 0] == 1


@given(st.lists(st.integers(1, 60), min_size=3, max_size=12))
def test_brewer_of_two_is_sampford_of_two(sizes: list[int]) -> None:
    """All methods of two with these first draws agree (Brewer, Durbin, Rao, Sampford)."""
    np.testing.assert_allclose(
        joint_inclusion(Method.BREWER, n=2, sizes=np.array(sizes)),
        joint_inclusion(Method.SAMPFORD, n=2, sizes=np.array(sizes)),
        rtol=1e-10,
        atol=1e-14,
    )


def test_large_sizes_are_exact_in_a_systematic_draw() -> None:
    sizes = np.array([3, 5, 2, 7, 4, 6])

    np.testing.assert_allclose(
        joint_inclusion(Method.PPS_SYSTEMATIC, n=3, sizes=sizes * 2**57),
        joint_inclusion(Method.PPS_SYSTEMATIC, n=3, sizes=sizes),
        rtol=1e-14,
    )


def test_without_a_closed_form() -> None:
    with pytest.raises(JointUnknownError, match="brewer with n = 3, which has no closed form") as caught:
        joint_inclusion(Method.BREWER, n=3, sizes=np.arange(1, 9))
    assert (caught.value.method, caught.value.n) == ("brewer", 3)
    # One is certain, two are left.
    assert joint_inclusion(Method.BREWER, n=3, sizes=np.array([99, 1, 2, 3])).shape == (4, 4)


def test_what_cannot_be_asked() -> None:
    with pytest.raises(SizesError, match="sampford"):
        joint_inclusion(Method.SAMPFORD, n=2, total=5)
    with pytest.raises(TooFewUnitsError):
        joint_inclusion(Method.SIMPLE, n=6, total=5)
    with pytest.raises(SizesError):
        joint_inclusion(Method.SIMPLE, n=6)
