"""What people type into the fields of an action or a work record, read or refused field by field."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from survey.casework.outreach_reach import Places
from survey.files.personal_data import holds_personal_number
from survey.messages import N_, BadInput, Message, Problem
from survey.outreach import LONGEST_NAME, LONGEST_TEXT, ActionStatus

#: Nothing of a plan is older: a year typed short is no year.
EARLIEST_YEAR = 2000
MOST = 10_000_000
MOST_MONEY = 1_000_000_000.0


def read_money(text: str) -> float | None:
    """Yuan to the cent; nothing typed is ``None``. Raises ``ValueError``.

    >>> read_money("１,200.50"), read_money(" "), read_money("300元")
    (1200.5, None, 300.0)
    """
    plain = _plain(text).removesuffix("元").replace(",", "").replace("，", "").strip()
    if not plain:
        return None
    whole, _, cents = plain.partition(".")
    if not (whole.isascii() and whole.isdigit() and (not cents or (cents.isascii() and cents.isdigit()))):
        raise ValueError(text)
    amount = float(plain)
    if len(cents) > 2 or amount > MOST_MONEY:
        raise ValueError(text)
    return amount


def read_budget(text: str) -> float | None:
    """As :func:`read_money`; raises :class:`BadInput` with one problem, of the column ``budget``."""
    try:
        return read_money(text)
    except ValueError:
        raise one_problem("budget", text, Message(N_("数字（元），例如 50000；不限预算就留空"))) from None


def read_count(text: str, *, least: int = 0) -> int:
    """A whole number from ``least`` on. Raises ``ValueError``.

    >>> read_count("１,778"), read_count("0")
    (1778, 0)
    """
    plain = _plain(text).replace(",", "").replace("，", "")
    if not (plain.isascii() and plain.isdigit()) or not least <= int(plain) <= MOST:
        raise ValueError(text)
    return int(plain)


def read_day(text: str) -> date | None:
    """A calendar day as forms send it, ``None`` where nothing was typed. Raises ``ValueError``."""
    plain = _plain(text)
    if not plain:
        return None
    day = date.fromisoformat(plain)
    if day.year < EARLIEST_YEAR:
        raise ValueError(text)
    return day


def read_text(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """Free text of at most ``longest`` characters without numbers of persons. Raises ``ValueError``."""
    plain = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    shown = all(character.isprintable() or character == "\n" for character in plain)
    if len(plain) > longest or not shown or holds_personal_number(plain):
        raise ValueError(text)
    return plain


def read_action(
    texts: Mapping[str, str], places: Places, *, start: date | None = None, end: date | None = None
) -> dict[str, object]:
    """The fields of an action that were sent, by the names the store gives them. ``start``, ``end``: what is stored.

    Raises :class:`BadInput` with a problem for each field that cannot be read, and for an end before the start.
    """
    readers = _readers(places)
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for name, text in texts.items():
        stored, read, expected = readers[name]
        try:
            values[stored] = read(text)
        except ValueError:
            problems.append(Problem(where="", column=name, got=text[:40], expected=expected))
    if not {"start", "end"} & {problem.column for problem in problems}:
        problems += _order_of_days(values, start, end)
    if problems:
        raise BadInput(Message(N_("有 {count} 处不能保存"), {"count": len(problems)}), problems)
    return values


def _order_of_days(values: Mapping[str, Any], start: date | None, end: date | None) -> list[Problem]:
    first, last = values.get("start", start), values.get("end", end)
    if first is None or last is None or first <= last:
        return []
    expected = Message(N_("不早于开始日期 {start}"), {"start": str(first)})
    return [Problem(where="", column="end", got=str(last), expected=expected)]


def one_problem(column: str, got: str, expected: Message) -> BadInput:
    return BadInput(
        Message(N_("有 {count} 处不能保存"), {"count": 1}),
        [Problem(where="", column=column, got=got[:40], expected=expected)],
    )


def _readers(places: Places) -> Mapping[str, tuple[str, Callable[[str], Any], Message]]:
    money = Message(N_("金额（元），不能是负数，最多两位小数"))
    name = Message(N_("不超过{most}字，没有电话和证件号"), {"most": LONGEST_NAME})
    free = Message(N_("不超过{most}字，没有电话和证件号"), {"most": LONGEST_TEXT})
    day = Message(N_("日期，例如 2026-05-01"))

    def short(text: str) -> str:
        plain = read_text(text, longest=LONGEST_NAME)
        if "\n" in plain:
            raise ValueError(text)
        return plain

    def place(text: str) -> str:
        if text not in places:
            raise ValueError(text)
        return text

    return {
        "quantity": ("quantity", read_count, Message(N_("不小于0的整数"))),
        "status": ("status", ActionStatus, Message(N_("未开始、进行中、已完成或取消"))),
        "place": ("place", place, Message(N_("整个社区，或者其中一个网格或小区；不能是一户"))),
        "start": ("start", read_day, day),
        "end": ("end", read_day, day),
        "leader": ("leader", short, name),
        "owner": ("owner", short, name),
        "department": ("department", short, name),
        "type": ("type_code", str, Message(N_("列表里的行动类型"))),
        "unit_cost": ("unit_cost_cny", _required_money, money),
        "budget": ("budget_cny", read_money, money),
        "spent": ("spent_cny", read_money, money),
        "evidence": ("evidence", read_text, free),
        "result": ("result", read_text, free),
    }


def _required_money(text: str) -> float:
    amount = read_money(text)
    if amount is None:
        raise ValueError(text)
    return amount


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
