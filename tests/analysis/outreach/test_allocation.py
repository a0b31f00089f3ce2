"""A budget pays problems by the residents they concern; money is never overspent and never lies idle."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.outreach.allocation import Wish, allocate, ranked

WISHES = st.lists(
    st.builds(
        Wish,
        problem=st.sampled_from(["tell AWARE", "fix PARKING", "fix NOISE", ""]),
        residents=st.none() | st.integers(0, 5000),
        quantity=st.integers(0, 3000),
        unit_cost=st.sampled_from([0.0, 0.3, 2.65, 5.0, 1650.0, 25_000.0]),
    ),
    max_size=12,
)


def cost(wishes: list[Wish], quantities: tuple[int, ...]) -> int:
    return sum(round(wish.unit_cost * 100) * quantity for wish, quantity in zip(wishes, quantities, strict=True))


@given(WISHES, st.integers(0, 10_000_000))
def test_laws(wishes: list[Wish], cents: int) -> None:
    given_ = allocate(wishes, cents / 100)
    assert all(0 <= quantity <= wish.quantity for quantity, wish in zip(given_, wishes, strict=True))
    assert cost(wishes, given_) <= cents
    left = cents - cost(wishes, given_)
    for quantity, wish in zip(given_, wishes, strict=True):
        assert quantity == wish.quantity or round(wish.unit_cost * 100) > left, "no money lies idle that buys one more"
    more = allocate(wishes, cents / 100 + 30_000)
    first = next(iter(ranked(wishes)), None)
    assert first is None or more[first] >= given_[first], "what comes first never loses by more money"


@given(WISHES)
def test_without_a_budget_or_with_plenty_everything_is_full(wishes: list[Wish]) -> None:
    full = tuple(wish.quantity for wish in wishes)
    assert allocate(wishes, None) == full
    assert allocate(wishes, cost(wishes, full) / 100) == full


def test_a_problem_counts_with_all_its_communities() -> None:
    many = [Wish(problem="A", residents=100, quantity=1, unit_cost=10.0) for _ in range(3)]
    one = Wish(problem="B", residents=250, quantity=1, unit_cost=10.0)
    assert allocate([one, *many], 30) == (0, 1, 1, 1)


def test_what_costs_nothing_needs_no_money() -> None:
    assert allocate([Wish(problem="", residents=None, quantity=8, unit_cost=0.0)], 0) == (8,)


def test_a_fix_too_dear_leaves_the_money_to_the_next() -> None:
    dear = Wish(problem="A", residents=900, quantity=2, unit_cost=25_000.0)
    cheap = Wish(problem="B", residents=5, quantity=100, unit_cost=5.0)
    assert allocate([dear, cheap], 25_200) == (1, 40)
