"""What cannot have been done, and what is so much that somebody must have looked twice."""

from collections.abc import Collection
from datetime import date

from survey.casework.outreach_periods import first_day
from survey.messages import N_, Message
from survey.outreach import MOST_A_DAY
from survey.store.outreach_actions import OutreachAction
from survey.store.outreach_work import Work
from survey.store.waves import WaveRecord

#: More than so many times the plan is a slip of the keyboard, whatever anybody confirms.
MOST_TIMES = 5


def wrong_day(day: date, wave: WaveRecord, today: date) -> Message | None:
    """What the day of work for the wave's plan should have been; ``None``: it can be."""
    if day > today:
        return Message(N_("今天或以前的日期，例如 2026-05-01"))
    if day < (first := first_day(wave)):
        return Message(N_("{first}或以后的日期：提出这个计划的调查到那时才结束"), {"first": str(first)})
    return None


def wrong_amount(
    action: OutreachAction, known: Collection[Work], *, quantity: int, people: int, confirmed: bool
) -> Message | None:
    """What the quantity should have been, or that it has to be confirmed; ``None``: it can be.

    ``known``: the other work on record for the action. ``people``: how many did it on that day.
    """
    total = quantity + sum(work.quantity for work in known if not work.voided)
    full = max(action.quantity, action.wanted, 1)
    if total > MOST_TIMES * full:
        told = N_("计划的{times}倍以内：连同以前记的最多{most}，现在一共{total}")
        return Message(told, {"most": MOST_TIMES * full, "times": MOST_TIMES, "total": total})
    if confirmed:
        return None
    if total > full:
        told = N_("连同以前的一共不超过计划的{most}；现在一共{total}，核对过没有错，就勾选“我核对过，数量没有错”再交")
        return Message(told, {"most": full, "total": total})
    most = MOST_A_DAY.get(action.type_code)
    if most is not None and quantity > most * people:
        told = N_("{people}人一天不超过{most}；核对过没有错，就勾选“我核对过，数量没有错”再交")
        return Message(told, {"people": people, "most": most * people})
    return None
