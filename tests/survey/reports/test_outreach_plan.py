"""What a plan says: problems by residents, places by code, nothing finer than what is published."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from analysis.publication import Band, Base, PublishedEstimate, Reason, Reliability
from questionnaires.definition import Text
from survey.outreach import ActionKind, Finding, ShownStatus
from survey.reports.outreach_plan import PlanDocument, PlanFacts, compose_plan
from survey.reports.outreach_rows import PlanLine, plan_row
from survey.reports.outreach_workbook import plan_workbook
from survey.reports.rendering import render_plan_html

FACTS = PlanFacts(
    wave_name="第一轮",
    fictitious=True,
    budget=50_000.0,
    made_at=datetime(2026, 5, 20, 2, 0, tzinfo=UTC),
    made_by="wang",
    run_digest="d" * 64,
)


def estimate(indicator: str, area: str, proportion: float, **changes: object) -> PublishedEstimate:
    plain = PublishedEstimate(
        indicator=indicator,
        area=area,
        base=Base.ASKED,
        published=True,
        n=100,
        proportion=proportion,
        low=proportion - 0.05,
        high=proportion + 0.05,
        reliability=Reliability.RELIABLE,
        band=Band.BELOW,
        target=0.8,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def line(
    number: int, *, area: str = "1", rate: float = 0.6, indicator: str = "IND_AWARE", **changes: object
) -> PlanLine:
    plain = PlanLine(
        id=number,
        kind=ActionKind.TELL,
        finding=Finding.BELOW_TARGET,
        indicator=indicator,
        indicator_label=Text(zh_Hans=f"{indicator}率", en=f"{indicator} rate"),
        area=area,
        area_name=f"{area}社区",
        place="",
        place_name="",
        type_code="HOME_VISIT",
        type_name=Text(zh_Hans="入户宣传", en="Home visit"),
        unit=Text(zh_Hans="户次", en="visits"),
        wanted=100,
        quantity=100,
        done=0,
        unit_cost=5.0,
        cost_assumed=True,
        start=None,
        end=None,
        leader="",
        owner="",
        department="",
        budget=None,
        spent=None,
        evidence="",
        status=ShownStatus.NOT_STARTED,
        result="",
        estimate=estimate(indicator, area, rate),
        adults=1000,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def plan(*lines: PlanLine, language: str = "zh_Hans") -> PlanDocument:
    return compose_plan(FACTS, lines, language=language)


def test_problems_come_by_residents_and_places_by_code_however_bad_they_are() -> None:
    found = plan(
        line(1, area="2", rate=0.70),
        line(2, area="1", rate=0.79),
        line(3, area="3", rate=0.30),
        line(4, area="1", rate=0.10, indicator="IND_B", kind=ActionKind.FIX),
    )
    assert [group.name for group in found.groups] == ["fix-ind_b", "tell-ind_aware"]
    assert [row.line.area for row in found.groups[1].rows] == ["1", "2", "3"]
    assert found.groups[1].summary == "3个社区，离目标约差610名居民（540–700）；与另外1个问题分不出先后"
    assert found.groups[0].summary == "1个社区，离目标约差700名居民（650–750）；与另外1个问题分不出先后"


def test_what_cannot_be_told_is_one_group_and_the_last() -> None:
    hidden = PublishedEstimate(indicator="IND_C", area="1", base=Base.ASKED, published=False, reason=Reason.TOO_FEW)
    ask = {"kind": ActionKind.ASK, "type_code": "INTERVIEWS"}
    found = plan(
        line(1, finding=Finding.NOT_SHOWN, indicator="IND_C", estimate=hidden, **ask),
        line(2, area="4", finding=Finding.UNDECIDED, indicator="IND_D", **ask),
        line(3, area="5", finding=Finding.CAUSE_UNKNOWN, indicator="IND_D", **ask),
        line(4, area="6"),
    )
    assert [(group.heading, len(group.rows)) for group in found.groups] == [
        ("IND_AWARE率明显低于目标", 1),
        ("IND_D率明显低于目标，原因不明：先听居民说", 1),
        ("现有数据说不清", 2),
    ]
    reasons = [row.reason for row in found.groups[-1].rows]
    assert "IND_C率：样本不足：人数过少，或为保护人数过少的群体" in reasons


def test_residents_follow_from_the_whole_percents_that_are_shown() -> None:
    """Two rates that print alike give the same number: nobody reads more decimals off it."""
    assert line(1, rate=0.6151).residents == line(2, rate=0.6249).residents == 180
    ranged = estimate("IND_AWARE", "1", 0.97, shown_range=(0.9, 1.0))
    assert line(1, estimate=ranged).residents is None
    assert line(1, adults=None).residents is None


def test_a_community_counts_once_for_a_problem_and_a_cancelled_action_not_at_all() -> None:
    found = plan(line(1), line(2, type_code="LEAFLET"), line(3, area="2", status=ShownStatus.CANCELLED))
    assert found.groups[0].summary == "1个社区，离目标约差200名居民（150–250）"
    assert [total.actions for total in found.totals] == ["1", "1"]
    assert found.overall.cost == "1,000元"
    assert found.facts[0] == ("行动总数", "3项：未开始2、取消1")


def test_the_plan_says_what_the_budget_did_not_reach() -> None:
    found = plan(line(1), line(2, area="2", quantity=0), line(3, area="3", quantity=40))
    assert found.facts[3:] == (
        ("计划费用", "700元，还剩49,300元：重新计算可以再分"),
        ("没有排足", "钱不够2项，其中1项没有数量"),
    )
    assert [row.progress for row in found.groups[0].rows] == [
        "已做0 / 100户次（0%）",
        "没有排数量",
        "已做0 / 40户次（0%）",
    ]


def test_the_plan_says_that_what_is_kept_costs_more_than_the_budget() -> None:
    dear = line(1, unit_cost=600.0)
    assert plan(dear).facts[3:] == (("计划费用", "60,000元，比预算多10,000元：有人动过的行动不受预算限制"),)
    part = compose_plan(FACTS, [dear], language="zh_Hans", filters=["东社区"])
    assert part.facts[3:] == (), "the budget is the whole plan's, not that of a part"
    unlimited = compose_plan(replace(FACTS, budget=None), [dear], language="zh_Hans")
    assert unlimited.facts[3:] == (("计划费用", "60,000元"),)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"band": Band.INDISTINGUISHABLE}, "IND_AWARE率60%（55%–65%），与目标80%看不出差别"),
        ({"reliability": Reliability.WITH_CARE, "band": None}, "IND_AWARE率60%（55%–65%），要慎用，目标80%"),
        ({"shown_range": (0.9, 1.0), "band": None}, "IND_AWARE率只显示范围90%–100%，目标80%"),
        ({"shown_range": (0.9, 1.0), "band": Band.ABOVE}, "IND_AWARE率只显示范围90%–100%，目标80%"),
        ({"low": None, "high": None, "band": None}, "IND_AWARE率60%，目标80%"),
        ({"target": None, "band": None}, "IND_AWARE率60%（55%–65%），没有设目标"),
    ],
)
def test_an_estimate_is_told_as_it_may_be(changes: dict[str, object], said: str) -> None:
    told = plan_row(line(1, estimate=estimate("IND_AWARE", "1", 0.6, **changes)), language="zh_Hans")
    assert told.reason == said


def test_what_somebody_cut_is_not_what_the_money_did_not_reach() -> None:
    cut = line(1, quantity=20, cut_by_hand=True)
    found = plan(cut, line(2, area="2", quantity=0))
    assert found.facts[4:] == (("没有排足", "钱不够1项，其中1项没有数量；有人改少1项"),)
    assert [row.beyond for row in found.groups[0].rows] == ["足额应为100户次，有人改少了", "足额应为100户次"]


def test_problems_that_the_data_tells_apart_are_not_said_to_be_alike() -> None:
    found = plan(
        line(1, rate=0.2),
        line(2, rate=0.7, indicator="IND_B", kind=ActionKind.FIX),
        line(3, rate=0.66, indicator="IND_C", kind=ActionKind.FIX),
    )
    assert [group.summary.partition("；")[2] for group in found.groups] == [
        "",
        "与另外1个问题分不出先后",
        "与另外1个问题分不出先后",
    ]


ASK = {"kind": ActionKind.ASK, "type_code": "INTERVIEWS", "unit": Text(zh_Hans="份", en="interviews"), "homes": 633}


def test_an_estimate_to_be_used_with_care_counts_no_residents_anywhere() -> None:
    """Neither on the page nor in the workbook; and its interval below the target is explained."""
    care = estimate("IND_AWARE", "1", 0.53, low=0.37, high=0.68, reliability=Reliability.WITH_CARE, band=None, n=44)
    row = plan_row(line(1, finding=Finding.WITH_CARE, estimate=care, **ASK), language="zh_Hans")
    assert (row.residents, row.people_short, row.people_range) == ("", None, None)
    assert row.why.startswith("区间整个在目标以下，但人太少或区间太宽")
    alike = replace(care, reliability=Reliability.RELIABLE, band=Band.INDISTINGUISHABLE)
    told = plan_row(line(1, finding=Finding.UNDECIDED, estimate=alike, **ASK), language="zh_Hans")
    assert "一起校正以后" in told.why
    wide = replace(care, high=0.85)
    told = plan_row(line(1, finding=Finding.WITH_CARE, estimate=wide, **ASK), language="zh_Hans")
    assert told.why.startswith("为什么是")


def test_the_number_of_interviews_is_worked_out_in_a_sentence() -> None:
    """n0 = 3.8415 × .53 × .47 / .0025 = 382.8; among 633 homes 382.8 / (1 + 381.8/633) = 238.8; × 1.2 = 286.5."""
    open_ = estimate("IND_AWARE", "1", 0.53, low=0.60, high=0.85, band=Band.INDISTINGUISHABLE, n=44, design_effect=1.2)
    row = plan_row(line(1, finding=Finding.UNDECIDED, estimate=open_, **ASK), language="zh_Hans")
    assert row.why == (
        "为什么是243份：按比率53%、误差±5个百分点（95%置信）、设计效应1.2、全社区633户算，要287份，减去已有的44份。"
    )


def test_volunteers_are_not_asked_for_more_of_the_same() -> None:
    chosen = estimate("IND_AWARE", "1", 1.0, low=None, high=None, band=None, reason=Reason.NON_PROBABILITY)
    found = plan(line(1, finding=Finding.SELF_CHOSEN, estimate=chosen, **ASK), line(2, area="2"))
    assert [group.heading for group in found.groups] == [
        "IND_AWARE率明显低于目标",
        "自愿回答的结果说明不了：要抽样调查",
    ]
    assert "要抽样访问，不是再请志愿者" in found.groups[1].rows[0].why
    assert found.groups[1].summary == "1个社区"


def test_a_part_of_the_plan_is_not_called_the_whole() -> None:
    part = compose_plan(replace(FACTS, total=12), [line(1)], language="zh_Hans", filters=["东社区"])
    assert part.facts[0] == ("列出的行动", "1项（全部12项）：未开始1")


def test_what_is_called_done_without_work_is_not_told_as_done() -> None:
    row = plan_row(line(1, status=ShownStatus.DONE), language="zh_Hans")
    assert row.progress == "没有做过的日期和数量的记录，不算做了"
    assert plan_row(line(1, quantity=0, done=1), language="zh_Hans").progress == "已做1户次（没有排数量）"


def test_a_spreadsheet_can_add_up_the_totals() -> None:
    book = load_workbook(BytesIO(plan_workbook(plan(line(1, done=7), line(2, area="2", budget=300.0)))))
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    heading = next(number for number, row in enumerate(rows) if row[1] == "项数")
    assert rows[heading + 1][:8] == ("入户宣传", 2, 200, 7, "户次", 1000, 300, None)
    assert rows[heading + 2][:8] == ("合计", 2, None, None, None, 1000, 300, None)


def test_a_row_says_how_far_it_is_who_and_for_how_much() -> None:
    row = plan_row(
        line(
            1,
            quantity=40,
            done=13,
            place="330106001001",
            place_name="一网格",
            start=date(2026, 5, 1),
            leader="邓军",
            department="宣传办",
            budget=300.0,
            spent=12.5,
            units=80,
            reached=10,
            nobody=6,
            do_not_disturb=4,
            result="很长" * 100,
        ),
        language="zh_Hans",
    )
    assert row.place == "1社区 · 一网格"
    assert (row.progress, row.beyond) == ("已做13 / 40户次（32%）", "足额应为100户次")
    assert (row.dates, row.people) == ("2026年5月1日起", "责任部门：宣传办；责任领导：邓军")
    assert (row.cost, row.paid) == ("200元（假定）", "预算：300元；已支出：12.50元")
    assert row.coverage == "入户率25.0%：80户中到过20户（见到人10，无人6，勿扰4）；见到人的占12.5%"
    assert len(row.result) == 60


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_print_says_that_the_data_is_made_up(language: str) -> None:
    html = render_plan_html(plan(line(1, owner="<b>"), language=language))
    assert html.count("虚构数据" if language == "zh_Hans" else "Fictitious data") >= 3
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_an_empty_plan_is_a_page_too() -> None:
    found = plan()
    assert found.groups == ()
    assert "没有行动" in render_plan_html(found)


def test_two_hundred_actions_are_told_once_each() -> None:
    lines = [line(number, area=f"{number % 40:02d}", indicator=f"IND_{number % 5}") for number in range(200)]
    found = plan(*lines)
    assert sorted(row.line.id for group in found.groups for row in group.rows) == list(range(200))
    assert len({group.name for group in found.groups}) == 5
