from dataclasses import replace

import pytest

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
from survey.reports.design_words import METHOD_WORDS, RESPONDENT_WORDS, SIZE_WORDS, describe_design
from survey.reports.wording import speaker

ZH = speaker("zh_Hans")
DWELLINGS = Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC)
EQUAL = SampleDesign(
    stages=(DWELLINGS,),
    allocation=Allocation(rule=AllocationRule.EQUAL, per_community=100, whole_if_small=True),
)
STAGES = SampleDesign(
    stages=(
        Stage(unit=StageUnit.COMMUNITY, method=Method.SAMPFORD, take=8, size=Size.UNITS),
        Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=4, size=Size.RESIDENTS),
        Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT, take=20),
    ),
    rest=Rest(months=12, overlap=0.5),
)


def test_the_usual_design() -> None:
    assert describe_design(EQUAL, ZH) == (
        "每个社区里按分配的数抽：沿地址顺序等距抽取。",
        "每个社区分到 100 个。",
        "单元不够的社区全部抽中。",
        "户内从合格成年人名单中抽一人，名单先定再抽。",
    )


def test_stages_come_in_their_order_and_say_where_they_draw() -> None:
    first, second, third, *others = describe_design(STAGES, ZH)
    assert first == "第1阶段，全部社区里抽 8 个社区：与规模成比例抽取（Rao–Sampford），规模是可抽的单元数。"
    assert second == "第2阶段，每个抽中的社区里抽 4 个网格：与规模成比例、等距抽取（PPS），规模是登记的居住人数。"
    assert third == "第3阶段，每个抽中的网格里抽 20 个单元：按永久随机数抽取。"
    assert "12 个月" in others[0]
    assert "50%" in others[1]


def test_reserves() -> None:
    design = replace(EQUAL, reserves=Reserves(replicates=2, per_community=20))
    assert any("备用样本 2 组，每组在每个社区 20 个" in sentence for sentence in describe_design(design, ZH))


@pytest.mark.parametrize("rule", AllocationRule)
def test_every_rule_has_words(rule: AllocationRule) -> None:
    allocation = Allocation(
        rule=rule, per_community=5, total=500, budget=1000.0, given={"1": 3, "2": 4}, minimum=2, exponent=0.5
    )
    said = describe_design(replace(EQUAL, allocation=allocation), ZH)
    assert said[2] == "每个社区至少 2 个。"
    wanted = {AllocationRule.EQUAL: "5", AllocationRule.FIXED_COST: "1,000", AllocationRule.GIVEN: "7"}
    assert wanted.get(rule, "500") in said[1]


def test_every_choice_has_words() -> None:
    assert (set(METHOD_WORDS), set(SIZE_WORDS), set(RESPONDENT_WORDS)) == (set(Method), set(Size), set(Respondent))
