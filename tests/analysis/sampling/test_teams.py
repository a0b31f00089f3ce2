"""Teams, communities and days by lot: every outcome with its exact probability, and nobody where they may not go."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.teams import (
    DrawnTeams,
    NobodyLeftError,
    TeamPlan,
    TeamSizeError,
    TooFewDaysError,
    draw_teams,
    form_teams,
    share_out,
    teams_seed,
)
from tests.analysis.sampling.every_draw import CountedStream, every_draw

SEED = bytes(range(16))
DAYS = tuple(date(2026, 5, 1) + timedelta(days=number) for number in range(6))


def plan_of(
    canvassers: int,
    communities: str = "ABCD",
    *,
    size: int = 2,
    barred: dict[int, str] | None = None,
    days: tuple[date, ...] = (),
    cases: int = 20,
    per_day: int = 10,
) -> TeamPlan:
    return TeamPlan(
        cases=dict.fromkeys(communities, cases),
        may_visit={one: frozenset(communities) - set((barred or {}).get(one, "")) for one in range(1, canvassers + 1)},
        size=size,
        days=days,
        per_day=per_day,
    )


def pairs_of(drawn: DrawnTeams) -> frozenset[tuple[tuple[int, ...], frozenset[str]]]:
    return frozenset((team.members, frozenset(team.visits)) for team in drawn.teams)


@pytest.mark.parametrize(
    ("canvassers", "size", "ways"),
    # Pairs of 4: 3. A pair and three of 5: 10. Pairs of 6: 15. Three and three of 6: 10.
    [(4, 2, 3), (5, 2, 10), (6, 2, 15), (6, 3, 10)],
)
def test_all_ways_to_make_teams_are_equally_likely(canvassers: int, size: int, ways: int) -> None:
    found: defaultdict[frozenset[tuple[int, ...]], Fraction] = defaultdict(Fraction)
    plan = plan_of(canvassers, size=size)

    for probability, (members, spare, without) in every_draw(
        lambda: form_teams(plan, CountedStream(seed=SEED, label=""))
    ):
        assert not spare
        assert not without
        found[frozenset(members)] += probability

    assert set(found.values()) == {Fraction(1, ways)}
    assert len(found) == ways


def test_all_even_ways_to_share_out_are_equally_likely() -> None:
    found: defaultdict[object, Fraction] = defaultdict(Fraction)
    plan = plan_of(4)

    for probability, shared in every_draw(
        lambda: share_out(plan, [(1, 2), (3, 4)], CountedStream(seed=SEED, label=""))
    ):
        found[shared] += probability

    assert set(found.values()) == {Fraction(1, comb(4, 2))}
    assert len(found) == comb(4, 2)


def test_with_recusal_every_step_is_even() -> None:
    """1 may not go to A, so its team, with any of three mates, gets B, and the other one A."""
    found: defaultdict[object, Fraction] = defaultdict(Fraction)
    plan = plan_of(4, "AB", barred={1: "A"})

    def draw() -> object:
        stream = CountedStream(seed=SEED, label="")
        members, _, without = form_teams(plan, stream)
        assert not without
        return frozenset(zip(members, share_out(plan, members, stream) or (), strict=True))

    for probability, outcome in every_draw(draw):
        found[outcome] += probability

    others = {2: (3, 4), 3: (2, 4), 4: (2, 3)}
    assert found == {frozenset({((1, mate), ("B",)), (rest, ("A",))}): Fraction(1, 3) for mate, rest in others.items()}


def test_every_day_is_about_as_likely() -> None:
    plan = plan_of(2, "A", days=DAYS, cases=30)
    counts: Counter[tuple[date, ...]] = Counter()
    for number in range(2000):
        ((team,),) = [draw_teams(plan, number.to_bytes(4, "big")).teams]
        counts[team.visits["A"]] += 1

    expected = 2000 / comb(6, 3)
    assert len(counts) == comb(6, 3)
    assert all(abs(count - expected) < 4.5 * expected**0.5 for count in counts.values())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nobody_is_sent_where_they_may_not_go(data: st.DataObject) -> None:
    canvassers, size = data.draw(st.integers(2, 14)), data.draw(st.integers(2, 4))
    barred = {one: data.draw(st.text("ABCDEF", max_size=2)) for one in range(1, canvassers + 1)}
    plan = plan_of(canvassers, "ABCDEF", size=size, barred=barred, days=DAYS, cases=data.draw(st.integers(1, 30)))
    try:
        drawn = draw_teams(plan, SEED)
    except (NobodyLeftError, TooFewDaysError):
        return

    members = [one for team in drawn.teams for one in team.members]
    assert sorted([*members, *drawn.spare]) == list(range(1, canvassers + 1))
    assert sorted(place for team in drawn.teams for place in team.visits) == list("ABCDEF")
    for team in drawn.teams:
        assert len(team.members) >= size
        assert not any(place in barred[one] for one in team.members for place in team.visits)
        used = [day for days in team.visits.values() for day in days]
        assert len(used) == len(set(used)), "no team is in two places on one day"
        assert all(len(days) == plan.needs(place) and list(days) == sorted(days) for place, days in team.visits.items())


def test_it_comes_out_again_and_otherwise_with_another_number() -> None:
    plan = plan_of(9, "ABCDEFGH", barred={number: "ABCDEFGH"[number - 1] for number in range(1, 9)}, days=DAYS * 1)
    first, second = (teams_seed(SEED, number) for number in (1, 2))

    assert draw_teams(plan, first) == draw_teams(plan, first)
    assert draw_teams(plan, first) != draw_teams(plan, second)


def test_what_is_written_down_can_be_followed_by_hand() -> None:
    """Two canvassers, one community: no choice but the days."""
    plan = plan_of(2, "A", days=DAYS, cases=20)
    stream = CounterStream(seed=SEED, label="dates")

    ((team,),) = [draw_teams(plan, SEED).teams]

    assert team.members == (1, 2)
    assert team.visits == {"A": tuple(sorted(stream.choose(DAYS, 2)))}


def test_who_fits_nowhere_is_spare() -> None:
    drawn = draw_teams(plan_of(5, "AB", barred={5: "AB"}), SEED)

    assert drawn.spare == (5,)
    assert sorted(one for team in drawn.teams for one in team.members) == [1, 2, 3, 4]


def test_districts_are_not_mixed() -> None:
    """Four may go to A and B alone, four to C and D alone."""
    barred = {one: "CD" if one <= 4 else "AB" for one in range(1, 9)}

    for number in range(20):
        for team in draw_teams(plan_of(8, barred=barred), bytes([number])).teams:
            assert len({one <= 4 for one in team.members}) == 1


def test_communities_for_which_nobody_is_left_are_named() -> None:
    with pytest.raises(NobodyLeftError, match="A, C") as caught:
        draw_teams(plan_of(4, barred={1: "A", 2: "AC", 3: "ACD", 4: "C"}), SEED)
    assert caught.value.communities == ("A", "C")
    # Any two of three may go somewhere, but there is one team of them.
    with pytest.raises(NobodyLeftError) as caught:
        draw_teams(plan_of(3, "ABC", barred={1: "A", 2: "B", 3: "C"}), SEED)
    assert len(caught.value.communities) == 2


def test_too_few_days() -> None:
    with pytest.raises(TooFewDaysError) as caught:
        draw_teams(plan_of(4, "A", days=DAYS, cases=61), SEED)
    assert (caught.value.community, caught.value.needed, caught.value.there) == ("A", 7, 6)
    with pytest.raises(TooFewDaysError) as caught:
        draw_teams(plan_of(4, "ABCD", days=DAYS, cases=40), SEED)
    assert (caught.value.community, caught.value.needed, caught.value.there) == ("", 16, 12)
    # Three communities of four days and two teams of six days: each could take one, nobody the third.
    with pytest.raises(TooFewDaysError) as caught:
        draw_teams(plan_of(4, "ABC", days=DAYS, cases=40), SEED)
    assert (caught.value.needed, caught.value.there) == (12, 12)


@pytest.mark.parametrize("options", [{"size": 1}, {"per_day": 0}])
def test_sizes_that_make_no_teams(options: dict[str, int]) -> None:
    with pytest.raises(TeamSizeError):
        draw_teams(plan_of(4, **options), SEED)  # type: ignore[arg-type]
