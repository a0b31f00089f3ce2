"""When an action may be called done: there is work on record with its day, or it is put on record with the word.

A status stands for nothing by itself: what counts as done, in plans and in comparisons, is dated work alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from survey.casework.outreach_fields import one_problem, read_count, read_day
from survey.casework.outreach_interviews import later_interviews
from survey.casework.outreach_limits import wrong_amount, wrong_day
from survey.casework.outreach_periods import wave_that_counts
from survey.casework.outreach_reach import FoundAction
from survey.messages import N_, Message
from survey.outreach import ActionKind, ActionStatus, by_grid_workers
from survey.store import outreach_work
from survey.store.outreach_work import Work

#: What a form sends beside the fields of the action, where nothing is on record yet, and what each is called.
COMPLETION_NAMES: Mapping[str, str] = {
    "done_day": N_("完成日期"),
    "done_quantity": N_("完成数量"),
    "done_sure": N_("数量核对"),
}
COMPLETION_FIELDS = tuple(COMPLETION_NAMES)


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What is put on record as done, in the action's unit."""

    day: date
    quantity: int


def read_completion(
    session: Session, found: FoundAction, changes: Mapping[str, object], texts: Mapping[str, str], *, today: date
) -> Completion | None:
    """What is to be put on record where ``changes`` say that the action is done and nothing is on record yet.

    A fix that is done has a result and is one thing unless another number is given; anything else needs its number.
    Raises :class:`BadInput`.
    """
    action = found.action
    if changes.get("status", action.status) is not ActionStatus.DONE:
        return None
    known = outreach_work.list_work(session, action.id)
    told = any(texts.get(name, "").strip() for name in ("done_day", "done_quantity"))
    if action.status is ActionStatus.DONE and not told:
        return None
    if action.kind is ActionKind.FIX and not changes.get("result", action.result):
        raise one_problem("result", "", Message(N_("办了什么：已完成的整改要写结果")))
    if any(not work.voided and work.quantity for work in known):
        return None
    if later_interviews(session, found.wave, [action]):
        return None
    return Completion(day=_day(found, texts, today), quantity=_quantity(found, known, texts))


def record_completion(session: Session, found: FoundAction, done: Completion, *, at: datetime, by: str) -> None:
    """Once: whoever sent the same form at the same moment finds it on record."""
    known = outreach_work.list_work(session, found.action.id)
    if any(not work.voided and work.quantity for work in known):
        return
    work = Work(
        id=uuid4(),
        action_id=found.action.id,
        grid="",
        day=done.day,
        people=1,  # who says so; how many worked on it is not asked
        quantity=done.quantity,
        at=at,
        by=by,
    )
    outreach_work.add_work(session, work)


def take_back(session: Session, found: FoundAction, changes: Mapping[str, object], *, by: str) -> None:
    """A fix or interviews not done after all count no more, unless a published wave has counted them already."""
    action = found.action
    reopened = action.status is ActionStatus.DONE and changes.get("status", action.status) is not ActionStatus.DONE
    if not reopened or by_grid_workers(action.kind, action.type_code):
        return
    for work in outreach_work.list_work(session, action.id):
        if not work.voided and wave_that_counts(session, found.wave.id, work) is None:
            outreach_work.void_work(session, work.id, by=by)


def _day(found: FoundAction, texts: Mapping[str, str], today: date) -> date:
    """The day it is reported, where no other is given."""
    text = texts.get("done_day", "")
    try:
        day = read_day(text) or today
    except ValueError:
        raise one_problem("done_day", text, Message(N_("日期，例如 2026-05-01"))) from None
    if wrong := wrong_day(day, found.wave, today):
        raise one_problem("done_day", text or str(day), wrong)
    return day


def _quantity(found: FoundAction, known: Collection[Work], texts: Mapping[str, str]) -> int:
    text = texts.get("done_quantity", "").strip()
    if not text and found.action.kind is not ActionKind.FIX:
        expected = N_(
            "有做过的记录才能是已完成，现在记录的是0：在“完成数量”和“完成日期”里填做了多少，或者先由做的人记下"
        )
        raise one_problem("status", "", Message(expected))
    try:
        quantity = read_count(text, least=1) if text else 1
    except ValueError:
        raise one_problem("done_quantity", text, Message(N_("不小于1的整数"))) from None
    confirmed = texts.get("done_sure") == "yes"
    # How many people did it is not asked here, so no limit a head applies.
    people = quantity
    if wrong := wrong_amount(found.action, known, quantity=quantity, people=people, confirmed=confirmed):
        raise one_problem("done_quantity", text or "1", wrong)
    return quantity
