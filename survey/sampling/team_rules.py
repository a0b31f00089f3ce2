"""The table ``[teams]`` of a design: what teams and dates are drawn with, promised before anybody knows the seed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from analysis.sampling.assignment import LEAST
from analysis.sampling.sample_design import TeamRules
from survey.messages import N_, Message
from survey.sampling.table_reader import Table

#: Cases one canvasser can begin with on one day.
PER_MEMBER = 10
MOST_SIZE = 20
MOST_PER_DAY = 1000
MOST_DAYS = 366


def read_teams(top: Table) -> TeamRules | None:
    part = top.table("teams", "size", "per_day", "first", "last", "without")
    if part is None:
        return None
    size = part.whole("size", LEAST, MOST_SIZE, LEAST)
    per_day = part.whole("per_day", 1, MOST_PER_DAY, PER_MEMBER * size)
    first, last = (_day(part, key, part.values.get(key)) for key in ("first", "last"))
    return TeamRules(size=size, per_day=per_day, days=_days(part, first, last))


def teams_document(rules: TeamRules) -> dict[str, Any]:
    """Under the keys of ``design.toml``, days as text."""
    document: dict[str, Any] = {"size": rules.size, "per_day": rules.per_day}
    if rules.days:
        first, last = rules.days[0], rules.days[-1]
        document |= {"first": first.isoformat(), "last": last.isoformat()}
        if without := [day.isoformat() for day in all_days(first, last) if day not in rules.days]:
            document["without"] = without
    return document


def all_days(first: date, last: date) -> Sequence[date]:
    """Both ends included.

    >>> len(all_days(date(2026, 12, 30), date(2027, 1, 2)))
    4
    """
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _days(part: Table, first: date | None, last: date | None) -> tuple[date, ...]:
    given = part.values.get("without", [])
    if not isinstance(given, list):
        part.problem("without", given, Message(N_("一列日期，如 [ 2026-12-06 ]")))
        given = []
    without = {_day(part, "without", one) for one in given}
    if first is None or last is None:
        for key in ("first", "last", "without"):
            if part.values.get(key):
                part.problem(key, part.values[key], Message(N_("first 和 last 同时写；都不写就不抽日子")))
        return ()
    if not 0 <= (last - first).days < MOST_DAYS:
        part.problem("last", last, Message(N_("不早于 first，也不超过一年")))
        return ()
    days = all_days(first, last)
    if strange := sorted(day for day in without if day and day not in days):
        part.problem("without", strange[0], Message(N_("在 {first} 到 {last} 之间"), {"first": first, "last": last}))
    left = tuple(day for day in days if day not in without)
    if not left:
        part.problem("without", len(days), Message(N_("至少剩下一天")))
    return left


def _day(part: Table, key: str, given: object) -> date | None:
    """TOML has days; the canonical text has them as text."""
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    try:
        return date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError:
        part.problem(key, given, Message(N_("一个日期，如 2026-12-01")))
        return None
