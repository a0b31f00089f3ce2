"""A sample plan in words: how many completes and cases it takes, and what was taken into account."""

from analysis.sampling.sample_plan import Goal, PlanResult
from survey.messages import N_
from survey.reports.wording import Say, count, percent

#: A design effect of grids and canvassers that takes more than half of the completes away.
_LARGE = 2.0


def share(number: float) -> str:
    """A share as it was set, with its decimals.

    >>> share(0.9), share(0.9673)
    ('90%', '96.73%')
    """
    return f"{100 * number:.6g}%"


def points(difference: float) -> str:
    """A difference of shares in points.

    >>> points(0.0499), points(0.379)
    ('5.0', '37.9')
    """
    return f"{100 * difference:.1f}"


def size_lines(result: PlanResult, say: Say) -> list[str]:
    """What the plan takes: completes, cases, and what was taken into account."""
    request, planned = result.request, result.planned
    conditions = request.conditions
    lines = [_goal_line(result, say)]
    if result.sizes is not None:
        lines.append(
            say(
                N_("按较大的一个计划：完成{n}户；预期完成率{response}，每个社区要抽{cases}户。"),
                n=count(planned.completes),
                response=share(conditions.response),
                cases=count(planned.cases),
            )
        )
    if conditions.response == 1:
        lines.append(say(N_("没有哪次入户调查人人都答：请填上一轮的完成率，否则完成的会比计划的少。")))
    effect = conditions.effect.of(planned.completes)
    if effect > 1:
        lines.append(
            say(
                N_("设计效应{effect}：完成的{n}户只相当于简单随机抽取的{effective}户。"),
                effect=f"{effect:.2f}",
                n=count(planned.completes),
                effective=count(round(planned.completes / effect)),
            )
        )
    if effect / conditions.effect.factor >= _LARGE:
        lines.append(say(N_("设计效应这么大，多抽几个网格、多派几名访员，比多抽住户管用。")))
    lines.append(_population_line(result, say))
    return lines


def _goal_line(result: PlanResult, say: Say) -> str:
    request = result.request
    places = {"level": share(request.conditions.level), "rate": share(request.question.rate)}
    if result.sizes is None:
        said = say(
            N_(
                "每个社区完成{n}户：预期的率为{rate}时，公布的{level}区间平均为±{published}个百分点（正态近似±{normal}）。"
            ),
            **places,
            n=count(result.planned.completes),
            published=points(result.margins[1]),
            normal=points(result.margins[0]),
        )
        return said if result.powers is None else f"{said}{_power_words(result, say)}"
    sizes = {"normal": count(result.sizes.normal.completes), "published": count(result.sizes.published.completes)}
    if request.goal is Goal.MARGIN:
        return say(
            N_(
                "要使{level}区间不超过±{margin}个百分点（预期的率{rate}）：正态近似要完成{normal}户，本站公布的区间要{published}户。"
            ),
            **places,
            **sizes,
            margin=f"{100 * (request.margin or 0):.6g}",
        )
    return say(
        N_(
            "要有{power}的把握看出从{rate}到{later}的变化（两轮各自独立，双侧，{level}）：每轮正态近似要完成{normal}户，本站公布的区间要{published}户。"
        ),
        **places,
        **sizes,
        power=share(request.question.power),
        later=share(request.later or 0),
    )


def _power_words(result: PlanResult, say: Say) -> str:
    power = result.powers[1] if result.powers else 0.0
    return say(
        N_("两轮各{n}户，看出从{rate}到{later}的变化的把握是{power}。"),
        n=count(result.planned.completes),
        rate=share(result.request.question.rate),
        later=share(result.request.later or 0),
        power=percent(power),
    )


def _population_line(result: PlanResult, say: Say) -> str:
    population = result.request.conditions.population
    if population is None:
        return say(N_("没有填社区的成年人数，不作有限总体校正。"))
    if result.planned.cases > population:
        return say(
            N_("要抽的{cases}户比社区的{population}名成年人还多：只能全部访问，或者放宽要求。"),
            cases=count(result.planned.cases),
            population=count(population),
        )
    return say(N_("已按社区的{population}名成年人作有限总体校正。"), population=count(population))


def design_remarks(name: str, cases: int | None, say: Say) -> list[str]:
    """The head of a plan's ``design.toml``; ``cases``: of all communities where a frame tells."""
    whole = say(N_("样本量方案“{name}”"), name=name)
    return [
        whole if cases is None else say(N_("样本量方案“{name}”，共抽{cases}户"), name=name, cases=count(cases)),
        say(N_("公开抽签还要加上[lottery]一节，写明将用哪些公开数字。")),
    ]
