"""The table ``[lottery]`` of a design: the public values that are promised, in the order of their use."""

from datetime import datetime

from analysis.sampling.value_spelling import MOST, OFFERED, Spelling, SpellingRule, rule_of
from survey.messages import N_, Message
from survey.sampling.public_values import PublicValueName
from survey.sampling.table_reader import Table

_LONGEST_NAME = 200
#: Of the times of public values; near the first and the last year no other time zone could say them.
_YEARS = range(2000, 3000)


def read_value_names(top: Table) -> tuple[PublicValueName, ...]:
    part = top.table("lottery", "public_values")
    if part is None:
        return ()
    found: list[PublicValueName] = []
    for number, table in enumerate(part.tables("public_values"), start=1):
        one = part.inner(table, f"lottery.public_values {number}")
        one.only("name", "not_before", *Spelling)
        name = _name(one, [value.name for value in found])
        spelling = _spelling(one)
        at = table.get("not_before")
        if not isinstance(at, datetime) or at.utcoffset() is None or at.year not in _YEARS:
            expected = Message(N_("带时区的日期和时间，不加引号，如 2026-11-24T21:15:00+08:00"))
            one.problem("not_before", table.get("not_before", ""), expected)
        elif found and at < found[-1].not_before:
            expected = Message(N_("不早于前一个：先公布的先用，否则否决一次抽样时下一个值已经知道"))
            one.problem("not_before", at, expected)
        else:
            found.append(PublicValueName(name=name, not_before=at, spelling=spelling))
    if not found and "public_values" not in part.values:
        part.problem("public_values", "", Message(N_("至少一个公开值")))
    return tuple(found)


def _name(one: Table, before: list[str]) -> str:
    name = " ".join(given.split()) if isinstance(given := one.values.get("name"), str) else ""
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        expected = Message(N_("公开值的名称，不超过 {most} 个字，没有看不见的字符"), {"most": _LONGEST_NAME})
        one.problem("name", one.values.get("name", ""), expected)
    elif name in before:
        one.problem("name", name, Message(N_("每个名称只写一次")))
    return name


def _spelling(one: Table) -> SpellingRule | None:
    said = [spelling for spelling in Spelling if spelling.value in one.values]
    choices = {"choices": ", ".join(OFFERED)}
    if len(said) > 1:
        one.problem(said[1], one.values[said[1]], Message(N_("一种写法：{choices} 只写一个"), choices))
    if not said:
        expected = Message(N_("约定的写法：{choices} 之一，等号后面写几位；不约定就可以在几种写法里挑选"), choices)
        one.problem("digits_ascending", "", expected)
        return None
    spelling = said[0]
    if spelling is Spelling.DIGITS:
        expected = Message(
            N_(
                "digits_ascending（号码从小到大）或 digits_drawn（按开出的先后）："
                "同一期号码两种次序都会公布，不写明就能挑选"
            )
        )
        one.problem(spelling, one.values[spelling], expected)
    if spelling is Spelling.ASCENDING:
        return _ascending(one)
    count = one.whole(spelling, int(spelling is not Spelling.DECIMALS), MOST[spelling], None)
    return None if count is None else SpellingRule(spelling=spelling, count=count)


def _ascending(one: Table) -> SpellingRule | None:
    given = one.values[Spelling.ASCENDING]
    counts = str(given) if isinstance(given, (int, str)) and not isinstance(given, bool) else ""
    try:
        return rule_of(Spelling.ASCENDING, counts)
    except ValueError:
        expected = N_('几位数字（每个号码两位），如 14；另开的号码另写，如 "12+2"：先 12 位从小到大，再 2 位')
        one.problem(Spelling.ASCENDING, given, Message(expected))
        return None
