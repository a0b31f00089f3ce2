import pytest

from analysis.sampling.effective_size import Conditions, PlanOutOfRange
from analysis.sampling.sample_plan import Goal, Part, PlanRequest, margin_of_all, work_out
from analysis.sampling.sample_size import margin_of


def test_the_larger_size_is_planned() -> None:
    by_margin = work_out(PlanRequest(goal=Goal.MARGIN, margin=0.1, conditions=Conditions(population=1778)))
    assert by_margin.sizes is not None
    assert (by_margin.sizes.normal.completes, by_margin.planned) == (34, by_margin.sizes.published)
    by_change = work_out(PlanRequest(goal=Goal.CHANGE, later=0.85))
    assert by_change.sizes is not None
    assert by_change.planned == by_change.sizes.normal


def test_a_given_size_shows_its_power_where_a_change_is_named() -> None:
    assert work_out(PlanRequest(goal=Goal.GIVEN, completes=100)).powers is None
    powers = work_out(PlanRequest(goal=Goal.GIVEN, completes=100, later=0.8)).powers
    assert powers == pytest.approx((0.516, 0.507), abs=0.02)


@pytest.mark.parametrize(
    "request_", [PlanRequest(goal=Goal.MARGIN), PlanRequest(goal=Goal.CHANGE), PlanRequest(goal=Goal.GIVEN)]
)
def test_a_goal_needs_its_number(request_: PlanRequest) -> None:
    with pytest.raises(PlanOutOfRange):
        work_out(request_)


def test_all_communities_together() -> None:
    """Halves of 90 % with 50 completes each are as one of 100; a community left out has no margin."""
    half = Part(size=500.0, rate=0.9, completes=50, conditions=Conditions())
    assert margin_of_all([half, half], 0.95) == pytest.approx(margin_of(0.9, 100, Conditions())[1])
    nobody = Part(size=500.0, rate=0.9, completes=0, conditions=Conditions())
    assert margin_of_all([half, nobody], 0.95) is None
    empty = Part(size=0.0, rate=0.9, completes=0, conditions=Conditions())
    assert margin_of_all([half, half, empty], 0.95) == margin_of_all([half, half], 0.95)
    everybody = Part(size=50.0, rate=0.9, completes=50, conditions=Conditions(population=50))
    assert margin_of_all([everybody], 0.95) == 0.0
