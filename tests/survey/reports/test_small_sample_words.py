"""What is said of a size: the sentences follow the figures."""

from analysis.sampling.effective_size import Conditions, DesignEffect
from analysis.sampling.sample_plan import Goal, PlanRequest, work_out
from analysis.sampling.small_samples import Question, what_shows
from survey.reports.sample_plan_words import size_lines
from survey.reports.small_sample_words import shown_rows, verdict
from survey.reports.wording import speaker

SAY = speaker("zh_Hans")


def told(n: int, **question: float) -> tuple[str, str]:
    asked = Question(**question)  # type: ignore[arg-type]
    found = verdict(what_shows(n, asked, Conditions()), asked, SAY)
    return "".join(found.can), "".join(found.cannot)


def test_twenty_can_show_little() -> None:
    can, cannot = told(20)
    assert "从90%降到52.1%以下" in can
    assert "不能凭它判断是否达到85%" in cannot
    assert "看不出上升" in cannot
    assert "慎用" in cannot


def test_two_hundred_tell_whether_the_line_is_reached() -> None:
    can, cannot = told(200)
    assert "能大致判断是否达到85%" in can
    assert "升到" in can
    assert "慎用" not in cannot
    assert "不能排名次" in cannot


def test_fewer_than_ten_are_not_published() -> None:
    assert "数字不公布" in told(9)[1]


def test_neither_fall_nor_rise() -> None:
    cannot = told(4, rate=0.5, line=0.5, weak=0.4)[1]
    assert "看不出下降" in cannot
    assert "看不出上升" in cannot


def test_sizes_side_by_side() -> None:
    question = Question()
    rows = shown_rows([what_shows(n, question, Conditions()) for n in (20, 100)], question, SAY)
    assert {row.name: row.cells for row in rows}["真是90%，却落到85%以下的机会"] == ("13%", "4%")
    assert {row.name: row.cells for row in rows}["看得出的最小上升（百分点）"] == ("—", "8.8")


def lines(**request: object) -> str:
    return "".join(size_lines(work_out(PlanRequest(**request)), SAY))  # type: ignore[arg-type]


def test_what_was_taken_into_account() -> None:
    effect = DesignEffect(factor=2.0)
    said = lines(goal=Goal.MARGIN, margin=0.1, conditions=Conditions(population=50, effect=effect, response=0.5))
    assert "只能全部访问" in said
    assert "设计效应2.00" in said
    assert "不作有限总体校正" in lines(goal=Goal.GIVEN, completes=20)


def test_a_change_named_beside_a_given_size() -> None:
    assert "看出从90%到80%的变化的把握是51%" in lines(goal=Goal.GIVEN, completes=100, later=0.8)


def test_a_census_leaves_nothing_to_chance() -> None:
    everybody = what_shows(300, Question(), Conditions(population=300))
    found = verdict(everybody, Question(), SAY)
    assert "没有抽样误差" in "".join(found.can)
    assert "排名" not in "".join(found.cannot)
    assert {row.name: row.cells for row in shown_rows([everybody], Question(), SAY)}["查出90%时的区间"] == ("—",)


def test_grids_and_canvassers_too_few() -> None:
    few = Conditions(effect=DesignEffect(canvassers=2, rho_canvasser=0.03))
    assert "多派几名访员" in lines(goal=Goal.GIVEN, completes=100, conditions=few)
    assert "多派几名访员" not in lines(
        goal=Goal.GIVEN, completes=100, conditions=Conditions(effect=DesignEffect(factor=3))
    )


def test_that_everybody_answers_is_doubted() -> None:
    assert "没有哪次入户调查人人都答" in lines(goal=Goal.GIVEN, completes=20)
    assert "人人都答" not in lines(goal=Goal.GIVEN, completes=20, conditions=Conditions(response=0.6))
