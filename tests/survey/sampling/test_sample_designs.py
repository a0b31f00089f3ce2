"""A design.toml is read strictly; one design has one text."""

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.sample_design import (
    Allocation,
    AllocationRule,
    Method,
    Reserves,
    Respondent,
    Rest,
    SampleDesign,
    Size,
    Stage,
    StageUnit,
)
from survey.messages import BadInput
from survey.sampling.sample_designs import canonical, from_canonical, of_equal, read_design

TWO_STAGES = """
[[stage]]
unit = "grid"
method = "pps_systematic"
take = 4
size = "units"
[[stage]]
unit = "dwelling"
method = "permanent"
take = 20
"""
EQUAL = """
[[stage]]
unit = "dwelling"
method = "systematic"
[allocation]
rule = "equal"
per_community = 100
"""


def problems(text: str) -> list[tuple[str, str, str]]:
    """(where, key, got) of everything that is wrong."""
    with pytest.raises(BadInput) as caught:
        read_design(text)
    assert all(str(problem.expected) for problem in caught.value.problems)
    return [(problem.where, problem.column, problem.got) for problem in caught.value.problems]


def test_everything_a_design_can_say() -> None:
    text = f"""
        respondent = "kish"
        {TWO_STAGES}
        [reserves]
        replicates = 2
        per_community = 20
        [rest]
        months = 12
        overlap = 0.5
        [lottery]
        public_values = [
          {{ name = " 福彩双色球  2026-11-24 开奖号码", not_before = 2026-11-24T21:15:00+08:00, hex = 4 }},
          {{ name = "次日", not_before = 2026-11-26T21:15:00+08:00, hex = 4 }},
        ]
    """

    design, values = read_design(text)

    assert design == SampleDesign(
        stages=(
            Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=4, size=Size.UNITS),
            Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT, take=20),
        ),
        reserves=Reserves(replicates=2, per_community=20),
        rest=Rest(months=12, overlap=0.5),
        respondent=Respondent.KISH,
    )
    assert [value.name for value in values] == ["福彩双色球 2026-11-24 开奖号码", "次日"]
    assert values[0].not_before == datetime(2026, 11, 24, 13, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("allocation", "expected"),
    [
        (
            'rule = "neyman"\ntotal = 2000\nminimum = 50\nrates = { "440983102001" = 0.9 }',
            Allocation(rule=AllocationRule.NEYMAN, total=2000, minimum=50, rates={"440983102001": 0.9}),
        ),
        ('rule = "power"\ntotal = 9\nexponent = 1', Allocation(rule=AllocationRule.POWER, total=9, exponent=1.0)),
        (
            'rule = "fixed_cost"\nbudget = 30000\ncost = 45.5\ncosts = { a = 60 }',
            Allocation(rule=AllocationRule.FIXED_COST, budget=30000.0, cost=45.5, costs={"a": 60.0}),
        ),
        (
            'rule = "given"\nwhole_if_small = true\ngiven = { a = 60, b = 0 }',
            Allocation(rule=AllocationRule.GIVEN, given={"a": 60, "b": 0}, whole_if_small=True),
        ),
    ],
)
def test_allocations(allocation: str, expected: Allocation) -> None:
    design, _ = read_design(f'[[stage]]\nunit = "dwelling"\nmethod = "simple"\n[allocation]\n{allocation}')

    assert design.allocation == expected
    assert from_canonical(canonical(design)) == design


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", ("stage", "", "")),
        ("stage = 3", ("stage", "", "3")),
        ("stage = []", ("stage", "", "[]")),
        ("stages = 1\n" + EQUAL, ("stages", "", "stages")),
        (EQUAL + "minimun = 3", ("allocation", "minimun", "minimun")),
        (EQUAL.replace("100", '"100"'), ("allocation", "per_community", "100")),
        (EQUAL.replace("100", "100.0"), ("allocation", "per_community", "100.0")),
        (EQUAL.replace("100", "true"), ("allocation", "per_community", "True")),
        (EQUAL.replace("100", "0"), ("allocation", "per_community", "0")),
        (EQUAL.replace("per_community = 100", ""), ("allocation", "per_community", "")),
        (EQUAL + "total = 500", ("allocation", "total", "500")),
        (EQUAL + "whole_if_small = 1", ("allocation", "whole_if_small", "1")),
        (EQUAL.replace('"equal"', '"even"'), ("allocation", "rule", "even")),
        (EQUAL.replace('rule = "equal"', ""), ("allocation", "rule", "")),
        (EQUAL.replace("systematic", "lottery"), ("stage 1", "method", "lottery")),
        (EQUAL.replace('"systematic"', "[]"), ("stage 1", "method", "[]")),
        (EQUAL.replace("systematic", "sampford"), ("stage 1", "method", "sampford")),
        (EQUAL.replace("[allocation]", "take = 3\n[allocation]"), ("stage 1", "take", "3")),
        (EQUAL.replace("[allocation]", 'size = "units"\n[allocation]'), ("stage 1", "size", "units")),
        (TWO_STAGES.replace('size = "units"', ""), ("stage 1", "size", "")),
        (TWO_STAGES.replace("take = 4", ""), ("stage 1", "take", "")),
        (TWO_STAGES.replace("take = 20", ""), ("stage 2", "take", "")),
        (TWO_STAGES + '[allocation]\nrule = "equal"\nper_community = 3', ("allocation", "", "equal")),
        (TWO_STAGES.replace('"dwelling"', '"grid"'), ("stage", "unit", "grid, grid")),
        (TWO_STAGES + "[reserves]\nreplicates = 2", ("reserves", "per_community", "")),
        (TWO_STAGES + "[reserves]\nreplicates = 2\nper_community = -1", ("reserves", "per_community", "-1")),
        (TWO_STAGES + "[rest]\noverlap = 50", ("rest", "overlap", "50")),
        (TWO_STAGES + "[rest]\noverlap = nan", ("rest", "overlap", "nan")),
        (TWO_STAGES.replace("permanent", "simple") + "[rest]\nmonths = 6", ("rest", "months", "6")),
        (TWO_STAGES.replace("pps_systematic", "brewer") + "[rest]\noverlap = 0.5", ("rest", "overlap", "0.5")),
        ("respondent = 'anybody'\n" + EQUAL, ("respondent", "", "anybody")),
        (EQUAL + "[lottery]", ("lottery", "public_values", "")),
        (EQUAL + "[lottery]\npublic_values = []", ("lottery", "public_values", "[]")),
        (
            EQUAL + "[lottery]\npublic_values = [{name = 'a', not_before = 2026-11-24T21:15:00, hex = 4}]",
            ("lottery.public_values 1", "not_before", "2026-11-24 21:15:00"),
        ),
        (
            EQUAL + "[lottery]\npublic_values = [{name = '', not_before = 2026-11-24T21:15:00Z, hex = 4}]",
            ("lottery.public_values 1", "name", ""),
        ),
        (
            EQUAL + "[lottery]\npublic_values = [{name = 'a', not_before = 9999-12-31T23:59:59-23:59, hex = 4}]",
            ("lottery.public_values 1", "not_before", "9999-12-31 23:59:59-23:59"),
        ),
        (
            EQUAL + "[lottery]\npublic_values = [{name = 'a', not_before = 2026-11-26T21:15:00Z, hex = 4},"
            "{name = 'b', not_before = 2026-11-24T21:15:00Z, hex = 4}]",
            ("lottery.public_values 2", "not_before", "2026-11-24 21:15:00+00:00"),
        ),
        (
            EQUAL.replace('"equal"\nper_community = 100', '"given"\ngiven = { a = 0, b = 0 }'),
            ("allocation", "given", "0"),
        ),
        ("reserves = 3\n" + EQUAL, ("reserves", "", "3")),
    ],
)
def test_what_is_wrong_is_named(text: str, wrong: tuple[str, str, str]) -> None:
    assert problems(text) == [wrong]


def test_shares_written_as_percent() -> None:
    text = EQUAL.replace(
        '"equal"\nper_community = 100', '"neyman"\ntotal = 900\nrate = 85\nrates = { a = 90, b = 0.9 }'
    )

    assert problems(text) == [("allocation", "rate", "85"), ("allocation", "rates.a", "90")]


def test_all_problems_at_once() -> None:
    text = TWO_STAGES.replace("take = 4", "take = 0").replace('"permanent"', '"best"') + "[rest]\nmonth = 3"

    assert problems(text) == [("stage 1", "take", "0"), ("stage 2", "method", "best"), ("rest", "month", "month")]


def test_no_value_twice() -> None:
    value = "{name = 'a', not_before = 2026-11-24T21:15:00Z, hex = 4}"

    assert problems(f"{EQUAL}[lottery]\npublic_values = [{value}, {value}]") == [
        ("lottery.public_values 2", "name", "a")
    ]


def test_no_toml() -> None:
    with pytest.raises(BadInput, match="TOML"):
        read_design("stage = ", "d.toml")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"stage":[]}', canonical(of_equal(5)) + " ", "[" * 100_000])
def test_a_text_that_is_not_canonical(text: str) -> None:
    with pytest.raises(BadInput):
        from_canonical(text)


def test_the_text_of_the_default_design() -> None:
    assert canonical(of_equal(100)) == (
        '{"allocation":{"minimum":0,"per_community":100,"rule":"equal","whole_if_small":true},"respondent":"list",'
        '"stage":[{"method":"systematic","unit":"dwelling"}]}'
    )


STAGES = st.builds(
    Stage,
    unit=st.sampled_from([StageUnit.COMMUNITY, StageUnit.GRID]),
    method=st.sampled_from([Method.SIMPLE, Method.SYSTEMATIC]),
    take=st.integers(1, 99),
) | st.builds(
    Stage,
    unit=st.sampled_from([StageUnit.COMMUNITY, StageUnit.GRID]),
    method=st.sampled_from([Method.PPS_SYSTEMATIC, Method.SAMPFORD, Method.BREWER]),
    take=st.integers(1, 99),
    size=st.sampled_from(Size),
)


@given(
    above=st.lists(STAGES, max_size=2, unique_by=lambda stage: stage.unit),
    take=st.integers(1, 99),
    reserves=st.none() | st.builds(Reserves, replicates=st.integers(1, 9), per_community=st.integers(1, 99)),
    months=st.none() | st.integers(0, 24),
    respondent=st.sampled_from(Respondent),
)
def test_there_and_back(above: list[Stage], take: int, months: int | None, **parts: Any) -> None:
    order = list(StageUnit)
    dwelling = Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT, take=take)
    stages = (*sorted(above, key=lambda stage: order.index(stage.unit)), dwelling)
    design = SampleDesign(stages=stages, rest=None if months is None else Rest(months=months), **parts)

    assert from_canonical(canonical(design)) == design


def test_the_migration_writes_designs_of_before_as_they_are_written_now() -> None:
    history = import_module("survey.store.migrations.versions.0011_public_draws")
    assert canonical(of_equal(120)) == "120".join(history.EQUAL)


def test_the_example_of_a_design_can_be_read_with_and_without_what_it_only_mentions() -> None:
    text = (Path(__file__).parents[3] / "survey" / "demo" / "design.toml").read_text(encoding="utf-8")
    design, values = read_design(text)
    assert [stage.take for stage in design.stages] == [4, 12]
    assert (design.reserves, values) == (Reserves(replicates=2, per_community=8), ())
    _, promised = read_design(text.replace("# [lottery]", "[lottery]").replace("# public_values", "public_values"))
    assert len(promised) == 1
