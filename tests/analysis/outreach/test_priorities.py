"""What published estimates ask for: never persuasion for the dissatisfied, never more said than is published."""

import itertools
from dataclasses import replace

import pytest

from analysis.outreach.findings import ActionKind, Finding
from analysis.outreach.priorities import (
    Community,
    Need,
    Topic,
    cannot_tell,
    find_needs,
    interviews_for_margin,
    residents_affected,
)
from analysis.publication import Band, Base, PublishedEstimate, Reason, Reliability, Subset

TOPICS = {
    "AWARE": Topic.AWARENESS,
    "JOIN": Topic.PARTICIPATION,
    "SUPPORT": Topic.ATTITUDE,
    "OVERALL": Topic.ATTITUDE,
    "CLEAN": Topic.DOMAIN,
    "NOISE": Topic.DOMAIN,
}
VILLAGE = Community(adults=2000, homes=1778)


def estimate(indicator: str, proportion: float = 0.6, **changes: object) -> PublishedEstimate:
    plain = PublishedEstimate(
        indicator=indicator,
        area="1",
        base=Base.ASKED,
        published=True,
        n=100,
        proportion=proportion,
        low=proportion - 0.09,
        high=proportion + 0.09,
        design_effect=1.0,
        reliability=Reliability.RELIABLE,
        band=Band.BELOW,
        target=0.8,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def hidden(indicator: str) -> PublishedEstimate:
    return PublishedEstimate(
        indicator=indicator, area="1", base=Base.ASKED, published=False, reason=Reason.TOO_FEW, target=None
    )


def needs(*estimates: PublishedEstimate, community: Community = VILLAGE) -> tuple[Need, ...]:
    return find_needs(estimates, TOPICS, {"1": community})


def kinds(*estimates: PublishedEstimate) -> list[tuple[str, str, str]]:
    return [(str(need.kind), need.indicator, str(need.finding)) for need in needs(*estimates)]


EVERY_STATE = {
    "below": {},
    "undecided": {"band": Band.INDISTINGUISHABLE},
    "above": {"band": Band.ABOVE},
    "no target": {"band": None, "target": None},
    "with care": {"band": None, "reliability": Reliability.WITH_CARE},
    "self-chosen": {"band": None, "reliability": None, "reason": Reason.NON_PROBABILITY, "low": None, "high": None},
    "single PSU": {"band": None, "reliability": None, "reason": Reason.SINGLE_PSU, "low": None, "high": None},
    "census": {"band": None, "reliability": None, "reason": Reason.CENSUS, "low": None, "high": None},
    "range": {"band": None, "reliability": Reliability.WITH_CARE, "shown_range": (0.9, 1.0), "n": 20},
    "nobody": {"published": False, "reason": Reason.NOBODY_ASKED, "n": None, "band": None},
    "hidden": {"published": False, "reason": Reason.TOO_FEW, "n": None, "band": None},
}


@pytest.mark.parametrize(("indicator", "state"), list(itertools.product(TOPICS, EVERY_STATE)))
def test_only_low_awareness_and_participation_are_ever_told(indicator: str, state: str) -> None:
    for need in needs(estimate(indicator, **EVERY_STATE[state])):
        told = need.kind is ActionKind.TELL
        assert told == (state == "below" and TOPICS[indicator] in (Topic.AWARENESS, Topic.PARTICIPATION))
        fixed = need.kind is ActionKind.FIX
        assert fixed == (state == "below" and TOPICS[indicator] is Topic.DOMAIN)


def test_low_support_and_satisfaction_are_answered_by_the_fixes_or_by_listening() -> None:
    low = (estimate("SUPPORT", 0.7), estimate("OVERALL", 0.6))
    assert kinds(*low, estimate("CLEAN")) == [("fix", "CLEAN", "below_target")]
    assert kinds(*low) == [("ask", "OVERALL", "cause_unknown")]
    assert kinds(*low, estimate("CLEAN", band=Band.INDISTINGUISHABLE)) == [("ask", "OVERALL", "cause_unknown")]


def test_one_round_of_interviews_a_community_for_the_rate_that_needs_most() -> None:
    found = needs(
        hidden("CLEAN"),
        estimate("AWARE", 0.75, band=Band.INDISTINGUISHABLE, low=0.66),
        estimate("SUPPORT", 0.5, band=None, reliability=Reliability.WITH_CARE, n=15),
        hidden("OVERALL"),
    )
    # p = .5: n0 = 384.2, among 1,778 homes 384.2 / (1 + 383.2/1778) = 316.1 -> 317 - 15
    assert [(need.finding, need.indicator, need.interviews) for need in found] == [(Finding.WITH_CARE, "SUPPORT", 302)]


def test_without_leading_rates_any_open_one_counts() -> None:
    assert kinds(hidden("CLEAN"), estimate("NOISE", 0.9, band=Band.ABOVE)) == [("ask", "CLEAN", "not_shown")]
    assert kinds(hidden("CLEAN"), estimate("AWARE", 0.9, band=Band.ABOVE)) == []


@pytest.mark.parametrize(("low", "finding"), [(0.749, Finding.UNDECIDED), (0.75, None), (0.76, None)])
def test_undecided_is_open_where_the_interval_reaches_far_below(low: float, finding: Finding | None) -> None:
    assert cannot_tell(estimate("AWARE", 0.79, band=Band.INDISTINGUISHABLE, low=low)) is finding


def test_where_interviews_are_enough_none_are_asked_for() -> None:
    precise = estimate("AWARE", 0.78, band=Band.INDISTINGUISHABLE, low=0.74, n=400)
    assert cannot_tell(precise) is Finding.UNDECIDED
    assert needs(precise) == ()


def test_what_is_not_shown_asks_for_a_size_that_depends_on_the_homes_alone() -> None:
    """Whatever is behind it, and whatever else is hidden: nothing about it comes out."""
    plain = needs(hidden("AWARE"))
    (need,) = plain
    assert (need.finding, need.interviews, need.residents) == (Finding.NOT_SHOWN, 129, None)
    leaked = replace(hidden("AWARE"), n=9, proportion=0.2, low=0.1, high=0.3, target=0.8)
    assert needs(leaked) == plain, "not even where a number slipped in"
    assert needs(replace(leaked, n=2, design_effect=7.0)) == plain


@pytest.mark.parametrize("exact", [0.91, 0.97, 1.0])
def test_a_rate_shown_as_a_range_tells_nothing_finer(exact: float) -> None:
    shown = {"shown_range": (0.9, 1.0), "n": 20, "band": None, "reliability": Reliability.WITH_CARE}
    first, other = needs(estimate("AWARE", 0.9, **shown)), needs(estimate("AWARE", exact, design_effect=2.0, **shown))
    assert first == other
    below = estimate("AWARE", exact, shown_range=(0.0, 0.2), n=40)
    assert needs(below)[0].residents is None


@pytest.mark.parametrize(
    ("shown", "n", "asked_for"),
    [
        ((0.9, 1.0), 40, []),
        ((0.9, 1.0), 20, ["with_care"]),
        ((0.0, 0.05), 40, ["below_target"]),
        ((0.0, 0.15), 20, ["with_care"]),
        ((0.65, 0.75), 40, []),
    ],
)
@pytest.mark.parametrize("reliability", [Reliability.RELIABLE, Reliability.WITH_CARE])
@pytest.mark.parametrize("band", [None, *Band])
@pytest.mark.parametrize("low", [0.0, 0.7, 0.95])
def test_band_and_interval_behind_a_range_decide_nothing(
    shown: tuple[float, float], n: int, asked_for: list[str], reliability: Reliability, band: Band | None, low: float
) -> None:
    """39 or 40 of 40: the interval of the one reaches far below the target, that of the other does not."""
    state = {"shown_range": shown, "n": n, "reliability": reliability, "band": band, "low": low}
    assert [str(need.finding) for need in needs(estimate("AWARE", **state))] == asked_for


@pytest.mark.parametrize("exact", [0.6151, 0.62, 0.6249])
def test_residents_and_sizes_come_from_whole_points(exact: float) -> None:
    assert residents_affected(estimate("AWARE", exact), 2000) == 360
    open_ = estimate("AWARE", exact, band=Band.INDISTINGUISHABLE, low=0.5)
    assert (
        needs(open_)[0].interviews == needs(estimate("AWARE", 0.62, band=Band.INDISTINGUISHABLE, low=0.5))[0].interviews
    )


def test_what_is_not_known_of_a_community() -> None:
    unknown = Community(adults=None, homes=None)
    (need,) = needs(estimate("AWARE"), community=unknown)
    assert need.residents is None
    assert needs(hidden("AWARE"), community=unknown)[0].interviews == 139
    assert residents_affected(estimate("AWARE", 0.9), 2000) == 0, "above the target nobody is missing"


def test_only_the_standard_rates_of_the_listed_communities_count() -> None:
    for changes in (
        {"base": Base.VALID},
        {"subset": Subset.NOT_COACHED},
        {"subset": Subset.OPEN_LINK},
        {"area": None},
        {"area": "2"},
        {"indicator": "COACHING"},
    ):
        assert needs(replace(estimate("AWARE"), **changes)) == ()


def test_each_need_names_its_estimate_by_position() -> None:
    rows = (estimate("OVERALL", 0.9, band=Band.ABOVE), estimate("AWARE"), estimate("CLEAN"))
    assert [(need.position, need.indicator) for need in needs(*rows)] == [(1, "AWARE"), (2, "CLEAN")]


@pytest.mark.parametrize("homes", [0, 1, 20, 300, 100_000, None])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_sizes_are_sensible(homes: int | None, rate: float) -> None:
    size = interviews_for_margin(rate, design_effect=1.0, homes=homes)
    assert 0 <= size <= (385 if homes is None else min(homes, 385))
    assert interviews_for_margin(rate, design_effect=0.2, homes=homes) == size, "never better than a simple sample"
