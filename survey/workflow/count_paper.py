"""Write down how many forms of a batch were handed out and came back, as counted by hand. The counts must add up."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from survey.casework.paper_keying import counted, open_batch, used_forms
from survey.keys import KeyRing
from survey.messages import N_, CheckFailed, Message, Problem
from survey.reports.wording import BEIJING
from survey.store.paper_batches import PaperBatch, get_batch, set_counts
from survey.store.paper_forms import FormState, count_forms


def count_paper(
    session: Session,
    keys: KeyRing,
    wave_id: int,
    batch_id: int,
    *,
    issued: int,
    returned: int,
    returned_on: date,
    at: datetime,
    by: str,
) -> PaperBatch:
    """``returned_on``: the day of all answers of this batch; it stays once one of them counts. Raises ``CheckFailed``
    naming each count that cannot be; ``NotThere`` and ``Conflict`` as every step with a batch.
    """
    opened = open_batch(session, keys, wave_id, batch_id)
    used, today = used_forms(session, batch_id), at.astimezone(BEIJING).date()
    problems = list(_problems(opened.batch, used, issued, returned, returned_on, today))
    if returned_on != opened.batch.returned_on and counted(count_forms(session, batch_id), FormState.VALID):
        # Two days within a batch would tell which of its answers were keyed twice.
        stays = Message(N_("已经有问卷计入：日期仍是 {day}"), {"day": opened.batch.returned_on})
        problems.append(_problem("returned_on", returned_on, stays))
    if problems:
        raise CheckFailed(Message(N_("第 {batch} 批的数对不上"), {"batch": batch_id}), problems)
    set_counts(session, batch_id, issued=issued, returned=returned, returned_on=returned_on, at=at, by=by)
    return get_batch(session, batch_id)


def _problems(
    batch: PaperBatch, used: int, issued: int, returned: int, returned_on: date, today: date
) -> Iterator[Problem]:
    if issued < 0 or returned < 0:
        yield _problem("issued" if issued < 0 else "returned", min(issued, returned), Message(N_("不能小于 0")))
    if issued > batch.printed:
        most = Message(N_("发放不能多于印制的 {printed} 份"), {"printed": batch.printed})
        yield _problem("issued", issued, most)
    if returned > issued:
        yield _problem("returned", returned, Message(N_("回收不能多于发放的 {issued} 份"), {"issued": issued}))
    if returned < used:
        least = Message(N_("回收不能少于已经录入和作废的 {used} 份"), {"used": used})
        yield _problem("returned", returned, least)
    first, last = batch.made_at.date(), max(today, batch.made_at.date())
    if not first <= returned_on <= last:
        words = N_("只能是 {first}：今天印的，今天收回") if first == last else N_("{first} 到 {last} 之间的日子")
        yield _problem("returned_on", returned_on, Message(words, {"first": first, "last": last}))


def _problem(column: str, got: object, expected: Message) -> Problem:
    return Problem(where="", column=column, got=str(got), expected=expected)
