"""From published estimates to what they ask for: tell, fix or ask.

- **tell**: awareness or participation clearly below its target. People cannot use what they do not know of.
- **fix**: satisfaction with one object clearly below its target. The department that answers for it mends it.
- **ask**: nobody can tell yet (not shown, to be used with care, no random sample, or undecided while the interval
  reaches far below the target): one action a community, as many further interviews as narrow the widest of its leading
  rates to ±5 points. Of those who chose themselves more would tell no more: their wave asks for a drawn sample of that
  size. And where support or overall satisfaction is clearly below but no single object is: hear what is
  behind it.

Low support, low satisfaction and "cannot tell" are never answered by telling. Only what is published goes in, and
nothing that comes out says more than that: rates count in the whole points that are printed, a rate shown as a range
counts as its range (its band and its interval would tell whether really everyone answered alike), and what is not
shown asks for a size that depends on the community alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from analysis.outreach.findings import ActionKind, Finding
from analysis.publication import Band, Base, PublishedEstimate, Reason, Reliability, Subset
from analysis.reliability import LEAST_RESPONDENTS

MARGIN = 0.05
#: Standard normal, two-sided 95 %.
Z = 1.959964
#: A rate shown as a range is clearly below where the whole range lies so far below: of 30 people or more, one who
#: counts leaves an upper limit of 17 %.
CLEAR_OF_RANGE = 0.15
#: The rate that a size is planned for where none may be known.
PLANNED_RATE = 0.9


class Topic(StrEnum):
    """What an indicator is about, as far as the answer to it differs."""

    AWARENESS = "awareness"
    PARTICIPATION = "participation"
    ATTITUDE = "attitude"  # support, overall satisfaction: never anything to be talked up
    DOMAIN = "domain"  # satisfaction with one object


#: The rates that lead a report; what cannot be told is asked about for these, and serves the others too.
LEADING = frozenset({Topic.AWARENESS, Topic.PARTICIPATION, Topic.ATTITUDE})
TOLD = frozenset({Topic.AWARENESS, Topic.PARTICIPATION})
#: Why there may be no interval: then nothing is decided. (Of a census nothing is left to ask.)
_NO_INTERVAL = frozenset({Reason.ONE_RESPONDENT, Reason.SINGLE_PSU})


@dataclass(frozen=True, kw_only=True)
class Community:
    """``adults``: who may be asked, ``homes``: units of the frame where people may live; ``None`` = not known."""

    adults: int | None
    homes: int | None


@dataclass(frozen=True, kw_only=True)
class Need:
    """What one estimate asks for in one community.

    ``position``: of the estimate in its run. ``residents``: how many people the gap to the target stands for, ``None``
    where that cannot be told. ``interviews``: further ones needed; ``None``: interviews are not what is missing.
    """

    kind: ActionKind
    finding: Finding
    topic: Topic
    indicator: str
    area: str
    position: int
    residents: int | None
    interviews: int | None = None


@dataclass(frozen=True, kw_only=True)
class InterviewSize:
    """How many interviews an estimate asks for, and what that rests on. ``assumed``: the rate may not be known, so
    :data:`PLANNED_RATE` stands for it. ``have``: those there are, 0 where that is not told or they are no sample.
    """

    rate: float
    assumed: bool
    design_effect: float
    needed: int
    have: int

    @property
    def further(self) -> int:
        return max(0, self.needed - self.have)


def find_needs(
    estimates: Sequence[PublishedEstimate], topics: Mapping[str, Topic], communities: Mapping[str, Community]
) -> tuple[Need, ...]:
    """What the estimates of a run (in its order) ask for, community by community in the order of ``communities``.

    ``topics``: indicator -> what it is about; others ask for nothing.

    >>> def rate(indicator, **more):
    ...     return PublishedEstimate(indicator=indicator, area="1", base=Base.ASKED, published=True, n=100, target=0.8,
    ...         reliability=Reliability.RELIABLE, **more)
    >>> found = find_needs(
    ...     [rate("AWARE", proportion=0.624, low=0.55, high=0.69, band=Band.BELOW),
    ...      rate("CLEAN", proportion=0.70, low=0.61, high=0.78, band=Band.BELOW),
    ...      rate("OVERALL", proportion=0.78, low=0.69, high=0.85, band=Band.INDISTINGUISHABLE, design_effect=1.0)],
    ...     {"AWARE": Topic.AWARENESS, "CLEAN": Topic.DOMAIN, "OVERALL": Topic.ATTITUDE},
    ...     {"1": Community(adults=2000, homes=1778)})
    >>> [(str(need.kind), need.indicator, need.residents, need.interviews) for need in found]
    [('tell', 'AWARE', 360, None), ('fix', 'CLEAN', 200, None), ('ask', 'OVERALL', None, 130)]
    """
    rows: dict[str, list[tuple[int, PublishedEstimate, Topic]]] = {area: [] for area in communities}
    for position, estimate in enumerate(estimates):
        topic = topics.get(estimate.indicator)
        standard = estimate.base is Base.ASKED and estimate.subset is Subset.ALL
        if topic is not None and standard and estimate.area is not None and estimate.area in rows:
            rows[estimate.area].append((position, estimate, topic))
    found: list[Need] = []
    for area, community in communities.items():
        below = [_below(*row, community) for row in rows[area] if _clearly_below(row[1])]
        told = [need for need in below if need.topic in TOLD]
        fixes = [need for need in below if need.topic is Topic.DOMAIN]
        found += [*told, *fixes]
        if not fixes:
            found += _cause([need for need in below if need.topic is Topic.ATTITUDE])
        found += _interviews(rows[area], community)
    return tuple(found)


def residents_affected(estimate: PublishedEstimate, adults: int | None) -> int | None:
    """(target − rate) × adults, the rate in the whole points that are shown anyway: nothing finer can be worked back.

    ``None`` where one of them is not known or not shown.

    >>> low = PublishedEstimate(indicator="I", area="1", base=Base.ASKED, published=True, proportion=0.6249, target=0.8)
    >>> residents_affected(low, 2400), residents_affected(low, None)
    (432, None)
    """
    if not estimate.published or estimate.shown_range is not None or adults is None:
        return None
    if estimate.proportion is None or estimate.target is None:
        return None
    return max(0, round((estimate.target - round(100 * estimate.proportion) / 100) * adults))


def residents_range(estimate: PublishedEstimate, adults: int | None) -> tuple[int, int] | None:
    """The residents at the two ends of the printed interval, the fewer first; ``None`` where there is none to print.

    >>> low = PublishedEstimate(
    ...     indicator="I", area="1", base=Base.ASKED, published=True, proportion=0.6, low=0.551, high=0.849, target=0.8)
    >>> residents_range(low, 2400)
    (0, 600)
    """
    if residents_affected(estimate, adults) is None or estimate.low is None or estimate.high is None:
        return None
    ends = [residents_affected(replace(estimate, proportion=end), adults) or 0 for end in (estimate.high, estimate.low)]
    return ends[0], ends[1]


def looks_below(estimate: PublishedEstimate) -> bool:
    """The printed interval lies below the target, and yet the estimate is not clearly below: too wide to be used for
    that, from too few people, or no longer telling once all communities are corrected for together.
    """
    if not estimate.published or estimate.shown_range is not None or estimate.target is None or estimate.high is None:
        return False
    return estimate.high < estimate.target and not _clearly_below(estimate)


def interviews_for_margin(rate: float, *, design_effect: float, homes: int | None) -> int:
    """How many interviews bring the margin to ±5 points: n0 = z² p(1−p)/0.05²; n = n0 / (1 + (n0 − 1)/homes); times
    the design effect, and never more than there are homes.

    p = .9: n0 = 3.8415 × .09 / .0025 = 138.3; among 1,778 homes 138.3 / (1 + 137.3/1778) = 128.4.

    >>> [interviews_for_margin(0.9, design_effect=1.0, homes=homes) for homes in (1778, None)]
    [129, 139]
    >>> interviews_for_margin(0.5, design_effect=1.5, homes=120)
    120
    """
    simple = Z**2 * rate * (1 - rate) / MARGIN**2
    if homes is None:
        return math.ceil(simple * max(1.0, design_effect))
    among_homes = simple / (1 + (simple - 1) / homes) if homes else 0.0
    return min(homes, math.ceil(among_homes * max(1.0, design_effect)))


def _clearly_below(estimate: PublishedEstimate) -> bool:
    if estimate.shown_range is not None:
        # Whoever sees the range may know this much: neither band nor interval of the hidden rate decides.
        enough = estimate.n is not None and estimate.n >= LEAST_RESPONDENTS and estimate.reason is None
        return enough and estimate.target is not None and estimate.shown_range[1] <= estimate.target - CLEAR_OF_RANGE
    return estimate.band is Band.BELOW and estimate.reliability is Reliability.RELIABLE


def _below(position: int, estimate: PublishedEstimate, topic: Topic, community: Community) -> Need:
    kinds = {Topic.DOMAIN: ActionKind.FIX, Topic.ATTITUDE: ActionKind.ASK}
    return Need(
        kind=kinds.get(topic, ActionKind.TELL),
        finding=Finding.CAUSE_UNKNOWN if topic is Topic.ATTITUDE else Finding.BELOW_TARGET,
        topic=topic,
        indicator=estimate.indicator,
        area=estimate.area or "",
        position=position,
        residents=residents_affected(estimate, community.adults),
    )


def _cause(below: Sequence[Need]) -> list[Need]:
    """One a community: the rate behind which most residents stand, the first where that is alike."""
    return sorted(below, key=lambda need: -(need.residents or 0))[:1]


def _interviews(rows: Sequence[tuple[int, PublishedEstimate, Topic]], community: Community) -> list[Need]:
    """One a community, for the leading rate that needs most (without leading rates, for any)."""
    asked = [row for row in rows if row[2] in LEADING] or list(rows)
    wanted: list[Need] = []
    for position, estimate, topic in asked:
        finding = cannot_tell(estimate)
        if finding is None:
            continue
        further = interview_size(estimate, finding, community.homes).further
        if further > 0:
            wanted.append(
                Need(
                    kind=ActionKind.ASK,
                    finding=finding,
                    topic=topic,
                    indicator=estimate.indicator,
                    area=estimate.area or "",
                    position=position,
                    residents=None,
                    interviews=further,
                )
            )
    return sorted(wanted, key=lambda need: -(need.interviews or 0))[:1]


def cannot_tell(estimate: PublishedEstimate) -> Finding | None:
    """Why the estimate leaves open how things are; ``None`` where it does not, or nobody was asked."""
    if not estimate.published:
        return Finding.NOT_SHOWN if estimate.reason is Reason.TOO_FEW else None
    if estimate.reason is Reason.NON_PROBABILITY:
        return Finding.SELF_CHOSEN
    if estimate.reason in _NO_INTERVAL:
        return Finding.WITH_CARE
    if estimate.shown_range is not None:
        return Finding.WITH_CARE if estimate.n is not None and estimate.n < LEAST_RESPONDENTS else None
    if estimate.reliability is Reliability.WITH_CARE:
        return Finding.WITH_CARE
    low, target = estimate.low, estimate.target
    if estimate.band is Band.INDISTINGUISHABLE and low is not None and target is not None and low < target - MARGIN:
        return Finding.UNDECIDED
    return None


def interview_size(estimate: PublishedEstimate, finding: Finding, homes: int | None) -> InterviewSize:
    """Interviews for a margin of ±5 points, and those there are. What is not shown, or shown without a design, asks for
    the same size in every community of the same number of homes: nothing about those who answered can be had from it.
    """
    untold = finding in (Finding.NOT_SHOWN, Finding.SELF_CHOSEN) or estimate.n is None
    assumed = untold or estimate.shown_range is not None or estimate.proportion is None
    rate = PLANNED_RATE if assumed else _printed(estimate.proportion)
    effect = 1.0 if untold or estimate.shown_range is not None else max(1.0, round(estimate.design_effect or 1.0, 1))
    return InterviewSize(
        rate=rate,
        assumed=assumed,
        design_effect=effect,
        needed=interviews_for_margin(rate, design_effect=effect, homes=homes),
        have=0 if untold else estimate.n or 0,
    )


def _printed(proportion: float | None) -> float:
    """Whole points; nearly everyone or nearly no one is planned for like the planned rate."""
    rate = PLANNED_RATE if proportion is None else round(proportion, 2)
    return min(max(rate, 1 - PLANNED_RATE), PLANNED_RATE)
