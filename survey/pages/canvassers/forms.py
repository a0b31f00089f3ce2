"""What a canvasser's forms send, made into values or said no to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from analysis.sampling.sample_design import Respondent
from survey.fieldwork.interview_ends import InterviewEnd
from survey.fieldwork.payloads import Presence
from survey.fieldwork.respondents import Household
from survey.messages import N_, BadInput, Message

SHANGHAI = ZoneInfo("Asia/Shanghai")
C = TypeVar("C", bound=StrEnum)


def uuid_of(form: Mapping[str, str], name: str) -> UUID:
    """The number a form was given when it was shown: sent twice, it is still one."""
    try:
        return UUID(form.get(name, ""))
    except ValueError:
        raise BadInput(Message(N_("表单不完整：请返回上一页，刷新后再提交一次。"))) from None


def choice_of(choices: type[C], value: str | None, what: Message) -> C:
    """Raises :class:`BadInput` naming ``what`` when nothing, or nothing known, was chosen."""
    try:
        return choices(value or "")
    except ValueError:
        raise BadInput(Message(N_("请选择：{what}。"), {"what": what})) from None


def local_time(value: str) -> datetime | None:
    """``2026-05-04T18:30`` of a form, as Shanghai time; ``None`` when empty.

    >>> local_time("2026-05-04T18:30").isoformat()
    '2026-05-04T18:30:00+08:00'
    """
    if not value.strip():
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        message = N_("得到的时间是“{got}”，应为日期和时间，如 2026-05-04 18:30。")
        raise BadInput(Message(message, {"got": value[:30]})) from None
    return found.replace(tzinfo=SHANGHAI) if found.tzinfo is None else found


def whole_number(value: str) -> int:
    """Digits as typed, full-width ones too; raises :class:`BadInput`."""
    try:
        return int(value.strip())
    except ValueError:
        raise BadInput(Message(N_("得到“{got}”，应为整数。"), {"got": value[:20]})) from None


def household_of(form: Mapping[str, str], method: Respondent) -> Household:
    """What the form of this method asks: adults, men and women, or adults and whose birthday is next.

    Raises :class:`BadInput`.
    """
    if method is Respondent.KISH:
        men, women = (whole_number(form.get(name, "")) for name in ("men", "women"))
        if men < 0 or women < 0:
            raise BadInput(Message(N_("男、女合格成年人数都应为 0 或更大的整数。")))
        return Household(adults=men + women, men=men)
    adults = whole_number(form.get("adults", ""))
    birthday = whole_number(form.get("birthday", "")) if method is Respondent.BIRTHDAY else None
    return Household(adults=adults, birthday=birthday)


def seconds_since(form: Mapping[str, str]) -> float:
    """How long the screen was looked at that says ``at`` when it was drawn; nonsense counts as nothing."""
    try:
        return datetime.now(UTC).timestamp() - int(form.get("at", "")) / 1000
    except ValueError:
        return 0.0


def is_kept(form: Mapping[str, str], end: InterviewEnd) -> bool:
    """Whether whoever stopped lets what they said be kept; of less than half nothing is, and nobody is asked.

    Raises :class:`BadInput` where they were not asked.
    """
    if not end.can_be_kept:
        return False
    if (kept := form.get("kept")) not in ("yes", "no"):
        raise BadInput(Message(N_("请问对方：说过的留着，还是删掉？按对方说的选。")))
    return kept == "yes"


def presence_of(chosen: Sequence[str]) -> tuple[Presence, ...]:
    what = Message(N_("访问时谁在场"))
    present = tuple(choice_of(Presence, one, what) for one in chosen)
    if not present:
        raise BadInput(Message(N_("请选择：{what}。"), {"what": what}))
    if Presence.ALONE in present and len(present) > 1:
        raise BadInput(Message(N_("选了“只有受访者一人”，就不能再选别人：请去掉一边。")))
    return present
