r"""Teams by lot: who goes together, to which communities, on which days; nobody is sent where they may not go.

Cases are no part of it: no home is given a day or a person here. Everybody can repeat it from the seed

    seed of the teams = SHA-256( seed of the draw || "teams and dates " || number, as ASCII )

(``number``: 1, and one more for every time it had to be done again) and from two streams of it, see
:mod:`analysis.sampling.counter_stream`.

Stream ``"teams"``, tried anew (the stream goes on) until a try succeeds, :data:`TRIES` times at most:

1. *Teams.* As many as canvassers ÷ size, rounded down, but no more than communities. Each begins with one of those left
   (ascending numbers, ``below``). Every further member is one of those left who may visit at least one community
   together with the others so far (ascending numbers, ``below``); where there is none, the team is not made and its
   members wait. Who waits or is left over, in ``shuffle`` order, joins one of the smallest teams (in their order,
   ``below``) among those that leave every community a team; where there is none, they are spare.
   The try fails when a community has no team all of whose members may visit it.
2. *Communities*, those first that the fewest teams may visit, among equals in ``shuffle`` order (of ascending codes):
   each goes to one of the teams (in their order, ``below``) that may visit it, have days left for it, and have the
   fewest cases so far. The try fails when there is none.

Stream ``"dates"``: for each team in turn, ``choose`` as many of the days as its communities (ascending codes) need
together, cases ÷ cases a day, rounded up; the first community has the first of them, and so on, each in order of time.

At every step each choice that is open is equally likely. Where nobody is barred anywhere, all ways to make teams of
equal size are, and where communities are equal as well and go round evenly, all ways to share them out; and always all
ways to spread a team's communities over the days.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.sampling.assignment import LEAST
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.sampling_error import SamplingError

TRIES = 1000


class TeamSizeError(SamplingError):
    """Teams of fewer than two, or fewer cases a day than one."""


class NobodyLeftError(SamplingError):
    """Communities that no whole team may visit: ``communities``, ascending."""

    def __init__(self, communities: Iterable[str]) -> None:
        self.communities = tuple(sorted(communities))
        super().__init__(f"teams: nobody is left for {', '.join(self.communities)}, expected a team for each")


class TooFewDaysError(SamplingError):
    """``needed``: days of teams' work; ``there``: teams × days; for one ``community`` unless that is ``""``."""

    def __init__(self, *, needed: int, there: int, community: str = "") -> None:
        self.needed, self.there, self.community = needed, there, community
        where = f" for {community}" if community else ""
        super().__init__(f"days: got {there}{where}, expected {needed} or more")


@dataclass(frozen=True, kw_only=True)
class TeamPlan:
    """``cases``: community -> cases, 1 or more. ``may_visit``: canvasser -> the communities they may visit.

    ``days``: in order of time; none: no days are drawn. ``per_day``: cases a team goes to on one day.
    """

    cases: Mapping[str, int]
    may_visit: Mapping[int, frozenset[str]]
    size: int
    days: tuple[date, ...] = ()
    per_day: int = 1

    def needs(self, community: str) -> int:
        """Days of one team."""
        return -(-self.cases[community] // self.per_day) if self.days else 0


@dataclass(frozen=True, kw_only=True)
class Team:
    """``members``: ascending. ``visits``: community -> days, both ascending."""

    members: tuple[int, ...]
    visits: Mapping[str, tuple[date, ...]]


@dataclass(frozen=True, kw_only=True)
class DrawnTeams:
    """``spare``: canvassers who fit into no team, ascending."""

    teams: tuple[Team, ...]
    spare: tuple[int, ...]


def teams_seed(draw_seed: bytes, number: int) -> bytes:
    """The seed of the ``number``-th teams of a draw.

    >>> teams_seed(bytes(range(16)), 1).hex()[:16]
    'cef78562100d86e0'
    """
    return hashlib.sha256(draw_seed + f"teams and dates {number}".encode()).digest()


def draw_teams(plan: TeamPlan, seed: bytes) -> DrawnTeams:
    """Teams with their communities and days, as the module says.

    Raises :class:`TeamSizeError`; :class:`NobodyLeftError` where fewer canvassers than a team's size may go somewhere,
    or where no try found teams for all; :class:`TooFewDaysError` where the days do not suffice, or no try found a way.

    >>> plan = TeamPlan(cases={"A": 30, "B": 20}, may_visit={7: frozenset("AB"), 8: frozenset("AB"),
    ...     9: frozenset("A"), 10: frozenset("AB")}, size=2, days=tuple(date(2026, 5, day) for day in range(1, 5)),
    ...     per_day=10)
    >>> [(team.members, {place: [day.day for day in days] for place, days in team.visits.items()})
    ...     for team in draw_teams(plan, bytes(range(16))).teams]
    [((7, 9), {'A': [1, 2, 3]}), ((8, 10), {'B': [3, 4]})]
    """
    _check(plan)
    stream = CounterStream(seed=seed, label="teams")
    missed: list[frozenset[str]] = []
    for _ in range(TRIES):
        members, spare, without = form_teams(plan, stream)
        if without:
            missed.append(without)
            continue
        if (shared := share_out(plan, members, stream)) is not None:
            return DrawnTeams(teams=_with_days(plan, members, shared, seed), spare=spare)
    if len(missed) < TRIES:
        raise TooFewDaysError(needed=sum(map(plan.needs, plan.cases)), there=len(plan.days) * _most_teams(plan))
    raise NobodyLeftError(min((len(without), sorted(without)) for without in missed)[1])


def form_teams(
    plan: TeamPlan, stream: CounterStream
) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...], frozenset[str]]:
    """The members of each team, who is spare, and the communities that no team may visit."""
    left = sorted(plan.may_visit)
    waiting: list[int] = []
    made: list[list[int]] = []
    while left and len(made) < _most_teams(plan):
        team = [left.pop(stream.below(len(left)))]
        reach = _reach(plan, team)
        while len(team) < plan.size and (fitting := [one for one in left if not reach.isdisjoint(plan.may_visit[one])]):
            team.append(fitting[stream.below(len(fitting))])
            left.remove(team[-1])
            reach = _reach(plan, team)
        if len(team) == plan.size and reach:
            made.append(team)
        else:
            waiting += team
    reaches = [_reach(plan, team) for team in made]
    spare = []
    for one in stream.shuffle(sorted(left + waiting)):
        if not _join(one, made, reaches, plan, stream):
            spare.append(one)
    without = frozenset(plan.cases).difference(*reaches)
    return tuple(tuple(sorted(team)) for team in made), tuple(sorted(spare)), without


def _join(
    one: int, made: Sequence[list[int]], reaches: list[frozenset[str]], plan: TeamPlan, stream: CounterStream
) -> bool:
    """Whether a team could take one more and all communities reached before are reached still."""
    before = _union(reaches)
    open_to = []
    for number, reach in enumerate(reaches):
        others = _union(reaches[:number] + reaches[number + 1 :])
        kept = reach & plan.may_visit[one]
        if kept and others | kept == before:
            open_to.append(number)
    if not open_to:
        return False
    least = min(len(made[number]) for number in open_to)
    smallest = [number for number in open_to if len(made[number]) == least]
    number = smallest[stream.below(len(smallest))]
    made[number].append(one)
    reaches[number] &= plan.may_visit[one]
    return True


def share_out(
    plan: TeamPlan, members: Sequence[Sequence[int]], stream: CounterStream
) -> tuple[tuple[str, ...], ...] | None:
    """The communities of each team, ascending; ``None`` where the days of no team suffice for one of them."""
    reaches = [_reach(plan, team) for team in members]
    order = stream.shuffle(sorted(plan.cases))
    cases, days = [0] * len(members), [0] * len(members)
    shared: list[list[str]] = [[] for _ in members]
    for community in sorted(order, key=lambda place: sum(place in reach for reach in reaches)):
        needed = plan.needs(community)
        free = [
            number
            for number, reach in enumerate(reaches)
            if community in reach and days[number] + needed <= len(plan.days)
        ]
        if not free:
            return None
        least = min(cases[number] for number in free)
        open_to = [number for number in free if cases[number] == least]
        number = open_to[stream.below(len(open_to))]
        shared[number].append(community)
        cases[number] += plan.cases[community]
        days[number] += needed
    return tuple(tuple(sorted(communities)) for communities in shared)


def _with_days(
    plan: TeamPlan, members: Sequence[tuple[int, ...]], shared: Sequence[tuple[str, ...]], seed: bytes
) -> tuple[Team, ...]:
    stream = CounterStream(seed=seed, label="dates")
    teams = []
    for own, communities in zip(members, shared, strict=True):
        drawn = iter(stream.choose(plan.days, sum(map(plan.needs, communities))))
        visits = {place: tuple(sorted(next(drawn) for _ in range(plan.needs(place)))) for place in communities}
        teams.append(Team(members=own, visits=visits))
    return tuple(teams)


def _reach(plan: TeamPlan, team: Sequence[int]) -> frozenset[str]:
    return frozenset(plan.cases).intersection(*(plan.may_visit[one] for one in team))


def _union(reaches: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset(place for reach in reaches for place in reach)


def _most_teams(plan: TeamPlan) -> int:
    return min(len(plan.may_visit) // plan.size, len(plan.cases))


def _check(plan: TeamPlan) -> None:
    if plan.size < LEAST:
        raise TeamSizeError(f"size: got {plan.size}, expected at least {LEAST}")
    if plan.per_day < 1:
        raise TeamSizeError(f"cases a day: got {plan.per_day}, expected at least 1")
    going = {place: sum(place in reach for reach in plan.may_visit.values()) for place in plan.cases}
    if short := [place for place, count in going.items() if count < plan.size]:
        raise NobodyLeftError(short)
    if not plan.days:
        return
    for place in sorted(plan.cases):
        if plan.needs(place) > len(plan.days):
            raise TooFewDaysError(needed=plan.needs(place), there=len(plan.days), community=place)
    needed, there = sum(map(plan.needs, plan.cases)), len(plan.days) * _most_teams(plan)
    if needed > there:
        raise TooFewDaysError(needed=needed, there=there)
