"""Sample plans: worked out, shared out among a frame's communities, saved, compared, made into a design."""

from datetime import UTC, datetime
from typing import Any

import pytest

from analysis.sampling.sample_design import AllocationRule, Method, StageUnit
from survey.casework.plan_requests import read_values
from survey.messages import BadInput, NotThere
from survey.sampling.sample_designs import read_design
from survey.store.database import Database
from survey.store.sample_plans import SamplePlan, list_sample_plans
from survey.workflow.plan_sample import (
    WorkedPlan,
    compare_plans,
    design_file,
    design_of,
    list_plans,
    save_plan,
    show_plan,
    work_out_plan,
)
from tests.survey.drawn_wave import EAST, WEST, open_wave_with_units

AT = datetime(2026, 3, 21, 2, 0, tzinfo=UTC)
MARGIN = {"goal": "margin", "margin": 0.1, "rate": 0.9}


@pytest.fixture
def ready(database: Database) -> Database:
    """Frame 1: 54 homes in the east, 22 in the west, a village without any."""
    open_wave_with_units(database)
    return database


def work_out(database: Database, **values: Any) -> WorkedPlan:
    with database.reading() as session:
        return work_out_plan(session, {**MARGIN, **values}, frame_id=1)


def save(database: Database, values: dict[str, Any], *, name: str = "方案", frame: int | None = None) -> SamplePlan:
    with database.writing() as session:
        return save_plan(session, values, name=name, frame_id=frame, at=AT, by="统计员")


def test_without_a_frame_nothing_is_read() -> None:
    worked = work_out_plan(None, MARGIN | {"population": 1778})
    assert (worked.result.planned.completes, worked.frame) == (35, None)


def test_every_community_gives_what_the_plan_takes_or_all_it_has(ready: Database) -> None:
    frame = work_out(ready, response=0.5).frame
    assert frame is not None
    lines = {one.area.code: (one.cases, one.completes) for one in frame.communities}
    assert (lines[EAST], lines[WEST]) == ((54, 27), (22, 11))
    assert (frame.cases, frame.completes, frame.short, frame.whole) == (76, 38, 0, 2)


def test_margins_use_the_adults_of_each_community(ready: Database) -> None:
    """The east has 1,200 adults: 40 of them with 90 % leave z √(.09 ÷ 40 × (1 - 40/1200))."""
    frame = work_out(ready, per_community=40).frame
    assert frame is not None
    (east,) = [one for one in frame.communities if one.area.code == EAST]
    assert east.margins is not None
    assert east.margins[0] == pytest.approx(1.959964 * (0.09 / 40 * (1 - 40 / 1200)) ** 0.5, rel=1e-6)
    assert frame.margin is not None
    assert frame.widest is not None
    assert frame.margin < east.margins[1] < frame.widest  # the west has 22 homes


def test_shared_out_by_a_rule(ready: Database) -> None:
    frame = work_out(ready, rule="neyman", total=30, rates={"西湖社区": 0.5, EAST: 0.98}).frame
    assert frame is not None
    cases = {one.area.code: one.cases for one in frame.communities}
    assert sum(cases.values()) == 30
    assert cases[WEST] > cases[EAST]  # 22 × .5 against 54 × .14
    assert frame.short == 2


def test_what_all_communities_have_is_the_most_that_is_shared_out(ready: Database) -> None:
    """Nobody typed a total: the plan's 35 in each of two communities come to 70, at 40 % answering to more than 76."""
    frame = work_out(ready, rule="neyman", response=0.4).frame
    assert frame is not None
    assert (frame.cases, frame.allocation.total) == (76, 76)
    with pytest.raises(BadInput):
        work_out(ready, rule="neyman", total=77)


def test_as_many_communities_are_set_side_by_side_as_the_frame_has(ready: Database) -> None:
    assert work_out(ready).result.request.question.communities == 2
    assert work_out(ready, communities=16).result.request.question.communities == 16
    assert work_out_plan(None, MARGIN).result.request.question.communities == 27


def test_by_cost(ready: Database) -> None:
    frame = work_out(ready, rule="fixed_cost", budget=1000.0, cost=20.0, costs={WEST: 50.0}).frame
    assert frame is not None
    assert frame.cost is not None
    assert 950 < frame.cost <= 1000


@pytest.mark.parametrize(
    "values",
    [
        {"goal": "nothing"},
        {"margin": None},
        {"margin": 0.6},
        {"rate": 1.0},
        {"rule": "proportional", "total": 77},
        {"rule": "proportional", "total": 1},
        {"rule": "fixed_cost"},
        {"rule": "fixed_cost", "budget": 1.0, "cost": 30.0},
        {"rule": "power", "total": 30, "exponent": 2.0},
        {"rule": "neyman", "total": 30, "rates": {"火星": 0.5}},
        {"rule": "neyman", "total": 30, "rates": {EAST: 1.0}},
        {"rates": {"火星": 0.5}},
        {"rates": {EAST: 1.0}},
        {"clusters": 1, "rho": 0.5},
    ],
)
def test_nothing_is_stored_of_a_plan_that_cannot_be(ready: Database, values: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        save(ready, {**MARGIN, **values}, frame=1)
    with ready.reading() as session:
        assert list_sample_plans(session) == ()


@pytest.mark.parametrize("name", ["", "  ", "长" * 81, "一\x00二"])
def test_a_name_is_needed(ready: Database, name: str) -> None:
    with pytest.raises(BadInput):
        save(ready, MARGIN, name=name)


def test_an_unknown_frame(ready: Database) -> None:
    with pytest.raises(NotThere):
        save(ready, MARGIN, frame=9)


def test_a_plan_is_worked_out_again_as_it_was_saved(ready: Database) -> None:
    values = read_values({"goal": "margin", "margin": "10", "rate": "90", "rates": "西湖社区 80 30"}, percent=True)
    saved = save(ready, values | {"rule": "neyman", "total": 40}, name=" 奈曼 四十 ", frame=1)
    assert (saved.name, saved.cases_in_all, saved.saved_by) == ("奈曼 四十", 40, "统计员")

    with ready.reading() as session:
        shown = show_plan(session, saved.id)
        assert list_plans(session) == (saved,)
    assert shown.saved == saved
    assert shown.result.planned.completes == saved.completes
    assert shown.frame is not None
    assert shown.frame.cases == 40


def test_plans_are_compared_in_the_order_asked(ready: Database) -> None:
    first, second = save(ready, MARGIN), save(ready, MARGIN | {"margin": 0.05})
    with ready.reading() as session:
        compared = compare_plans(session, [second.id, first.id])
        with pytest.raises(BadInput):
            compare_plans(session, [first.id])
    assert [one.saved for one in compared] == [second, first]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"per_community": 50},
        {"rule": "proportional", "total": 40, "minimum": 5},
        {"rule": "neyman", "total": 40, "rates": {"西湖社区": 0.5}},
        {"rule": "power", "total": 40, "exponent": 0.25, "rates": {EAST: 0.8}},
        {"rule": "fixed_cost", "budget": 2000.0, "cost": 30.0, "costs": {EAST: 40.5}, "rates": {EAST: 0.8}},
        {"clusters": 4, "rho": 0.02},
    ],
)
def test_the_design_file_is_read_as_the_design(ready: Database, values: dict[str, Any]) -> None:
    worked = work_out(ready, **values)
    design, _ = read_design(design_file(worked, ["样本量方案“一”", "第二行"]))
    assert design == design_of(worked)


def test_grids_make_two_stages(ready: Database) -> None:
    design = design_of(work_out_plan(None, {"goal": "given", "completes": 100, "response": 0.5, "clusters": 7}))
    assert [(stage.unit, stage.method, stage.take) for stage in design.stages] == [
        (StageUnit.GRID, Method.PPS_SYSTEMATIC, 7),
        (StageUnit.DWELLING, Method.SYSTEMATIC, 29),  # 200 ÷ 7
    ]
    by_size = design_of(work_out_plan(None, {"goal": "given", "completes": 100, "per_cluster": 15.0, "rho": 0.02}))
    assert by_size.stages[0].take == 7

    with pytest.raises(BadInput):
        design_of(work_out(ready, clusters=4, rule="proportional", total=40))


def test_what_a_frame_shares_out_is_what_the_design_draws(ready: Database) -> None:
    worked = work_out(ready, rule="proportional", total=38)
    allocation = design_of(worked).allocation
    assert allocation is not None
    assert (allocation.rule, allocation.total) == (AllocationRule.PROPORTIONAL, 38)
