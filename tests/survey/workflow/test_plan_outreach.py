"""From published estimates to actions: the right kind, the estimate that asked, and nothing told that is hidden."""

import pytest

from analysis.publication import Band, Reason, Reliability
from survey.messages import BadInput, Conflict, NotAllowed, NotThere
from survey.outreach import ActionKind, ActionStatus, Finding
from survey.roles import Scope
from survey.store.estimates import load_estimates
from survey.store.outreach_actions import change_action, list_changes
from survey.store.outreach_plans import find_plan
from survey.workflow.edit_outreach import change_type
from survey.workflow.plan_outreach import plan_outreach
from tests.survey.outreach_world import (
    AT,
    EAST,
    EAST_ONLY,
    ESTIMATES,
    HOMES,
    SOUTH,
    WEST,
    World,
    build_world,
    hidden,
    rate,
)

SELF_CHOSEN = {"band": None, "low": None, "high": None, "reliability": None, "reason": Reason.NON_PROBABILITY}


@pytest.fixture
def world(database) -> World:
    return build_world(database)


def summary(actions):
    return [(str(a.kind), a.area, a.indicator, a.type_code, a.wanted, a.residents) for a in actions]


def test_every_action_answers_its_estimate_and_carries_it(world):
    actions = world.plan()
    assert summary(actions) == [
        ("tell", EAST, "IND_AWARE", "HOME_VISIT", HOMES[EAST], 360),  # (80 % - 62 %) x 2,000
        ("fix", EAST, "IND_SAT_PARKING", "ISSUE_FIX", 1, 600),
        ("tell", WEST, "IND_AWARE", "HOME_VISIT", HOMES[WEST], 100),
        ("ask", WEST, "IND_SUPPORT", "COURTYARD_MEETING", 2, 200),
        ("ask", SOUTH, "IND_AWARE", "INTERVIEWS", 139, None),
    ]
    assert {a.department for a in actions} == {"", "公安交通管理部门"}
    assert all(a.cost_assumed and not a.edited and a.status is ActionStatus.NOT_STARTED for a in actions)
    with world.database.reading() as session:
        rows = load_estimates(session, world.run)
    for action in actions:
        estimate = rows[action.estimate_position]
        assert (action.run_id, estimate.indicator, estimate.area) == (world.run, action.indicator, action.area)
        assert estimate in ESTIMATES


def test_low_satisfaction_support_or_an_open_question_is_never_answered_by_telling(world):
    for action in world.plan():
        if action.kind is ActionKind.TELL:
            assert action.indicator in ("IND_AWARE", "IND_PARTICIPATE")
            assert action.finding is Finding.BELOW_TARGET


def test_overall_satisfaction_is_answered_by_the_fixes_or_by_listening(database):
    low = (rate("IND_SAT_OVERALL", EAST, 0.6), rate("IND_SUPPORT", EAST, 0.7))
    actions = build_world(database, low).plan()
    assert summary(actions) == [("ask", EAST, "IND_SAT_OVERALL", "COURTYARD_MEETING", 2, 400)]
    assert actions[0].finding is Finding.CAUSE_UNKNOWN


def test_what_is_not_shown_asks_for_the_same_size_whatever_hides_behind_it(database):
    """Of two communities with as many homes the same is asked; no number of the suppressed cell can be had from it."""
    (action,) = build_world(database, (hidden("IND_AWARE", EAST), hidden("IND_SUPPORT", EAST))).plan()
    assert (action.finding, action.quantity, action.residents) == (Finding.NOT_SHOWN, 25, None)  # of 29 homes


def test_a_rate_shown_as_a_range_counts_as_its_range(database):
    shown = {"shown_range": (0.9, 1.0), "n": 20, "reliability": Reliability.WITH_CARE, "band": None}
    exact = [build_world(database, (rate("IND_AWARE", SOUTH, p, **shown),)).plan() for p in (1.0, 0.95)]
    assert summary(exact[0]) == summary(exact[1])
    assert exact[0][0].quantity == 139 - 20


@pytest.mark.parametrize(
    ("changes", "finding", "quantity"),
    [
        ({"reliability": Reliability.WITH_CARE, "band": None, "n": 20}, Finding.WITH_CARE, 226),
        ({"band": Band.INDISTINGUISHABLE}, Finding.UNDECIDED, 146),
        ({"band": Band.INDISTINGUISHABLE, "design_effect": 1.5}, Finding.UNDECIDED, 269),
        (SELF_CHOSEN, Finding.SELF_CHOSEN, 139),
    ],
)
def test_what_cannot_be_told_asks_for_interviews(database, changes, finding, quantity):
    (action,) = build_world(database, (rate("IND_AWARE", SOUTH, 0.8, **{"low": 0.71, **changes}),)).plan()
    assert (action.kind, action.finding, action.quantity) == (ActionKind.ASK, finding, quantity)


def test_nothing_is_asked_where_the_answer_is_clear_or_precise(database):
    clear = (
        rate("IND_AWARE", EAST, 0.9, band=Band.ABOVE),
        rate("IND_SUPPORT", EAST, 0.79, band=Band.INDISTINGUISHABLE, low=0.76),
        rate("IND_DECOY", EAST, 0.1),
        rate("IND_COACHING", EAST, 0.1),
    )
    assert build_world(database, clear).plan() == ()


def test_a_budget_pays_problems_by_the_residents_they_concern(world):
    """Parking concerns 600 people (25,000 yuan), awareness 460, support 200; who cannot be counted comes last."""
    costs = {(a.area, str(a.kind)): a.quantity for a in world.plan(25_000 + 29 * 5 + 6 * 5)}
    assert costs == {(EAST, "fix"): 1, (EAST, "tell"): 29, (WEST, "tell"): 6, (WEST, "ask"): 0, (SOUTH, "ask"): 0}
    assert all(action.wanted > 0 for action in world.actions())


def test_made_again_it_renews_what_nobody_touched_and_keeps_the_rest(world):
    first = world.plan(0)
    assert {action.quantity for action in first} == {0}
    visit, fix = first[0], first[1]
    with world.database.writing() as session:
        change_action(session, fix.id, {"quantity": 3, "owner": "李干部"}, revision=1, at=AT, by="li")
        change_type(session, "HOME_VISIT", {"name_zh": "入户", "unit_zh": "户", "unit_cost": "4"}, at=AT, by="li")
    second = {action.id: action for action in world.plan(80_000)}
    assert list(second) == [action.id for action in first]
    assert (second[fix.id].quantity, second[fix.id].owner, second[fix.id].revision) == (3, "李干部", 2)
    renewed = second[visit.id]
    assert (renewed.quantity, renewed.unit_cost_cny, renewed.edited, renewed.revision) == (29, 4.0, False, 2)
    with world.database.reading() as session:
        assert {change.field for change in list_changes(session, visit.id)} == {"quantity", "unit_cost_cny"}
        plan = find_plan(session, world.wave)
        assert (plan.budget_cny, plan.run_id) == (80_000, world.run)


def test_edited_actions_take_their_money_first(world):
    fix = world.plan()[1]
    with world.database.writing() as session:
        change_action(session, fix.id, {"quantity": 2}, revision=1, at=AT, by="li")
    again = {action.id: action.quantity for action in world.plan(50_000 + 10)}
    assert sum(again.values()) == 2 + 2  # two of the fixes, and two home visits for ten yuan


def test_made_again_without_a_change_nothing_is_written(world):
    before = world.plan()
    assert world.plan() == before


def test_what_was_not_given_stays_open(world):
    (action, *_) = world.plan()
    assert (action.start, action.end, action.leader, action.spent_cny, action.place) == (None, None, "", None, "")
    assert "走访台账" in action.evidence


def test_only_a_published_wave_has_a_plan(database):
    world = build_world(database, published=False)
    with pytest.raises(Conflict, match="还没有发布"):
        world.plan()
    with database.reading() as session:
        assert find_plan(session, world.wave) is None


@pytest.mark.parametrize("budget", [-1.0, float("nan"), float("inf"), 1e12])
def test_an_impossible_budget_is_refused(world, budget):
    with pytest.raises(BadInput, match="预算"):
        world.plan(budget)


def test_who_is_limited_does_not_plan_the_whole(world):
    for scope, error in ((EAST_ONLY, NotAllowed), (Scope(waves=frozenset({99})), NotThere)):
        with pytest.raises(error), world.database.writing() as session:
            plan_outreach(session, world.wave, budget=None, at=AT, by="li", scope=scope)
    with pytest.raises(NotThere), world.database.writing() as session:
        plan_outreach(session, 99, budget=None, at=AT, by="li")
