from collections import Counter

import pytest

from analysis.sampling.counter_stream import CounterStream, SamplingError
from analysis.sampling.household import select_adult


@pytest.mark.parametrize("adults", [1, 2, 3, 5, 7, 11])
def test_every_adult_is_about_as_likely(adults: int) -> None:
    chosen = Counter(select_adult(b"seed", f"case {i}", adults) for i in range(3000))

    expected = 3000 / adults
    assert sorted(chosen) == list(range(1, adults + 1))
    assert all(abs(count - expected) < 4.5 * expected**0.5 for count in chosen.values())


def test_asking_twice_changes_nothing_and_anyone_can_check() -> None:
    assert select_adult(b"seed", "c", 4) == select_adult(b"seed", "c", 4)
    assert select_adult(b"seed", "c", 4) == 1 + CounterStream(seed=b"seed", label="adult:c").below(4)


def test_somebody_must_live_there() -> None:
    with pytest.raises(SamplingError, match="at least 1"):
        select_adult(b"seed", "c", 0)
