"""What a canvasser's forms send, made into values or said no to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from analysis.sampling.sample_design import Respondent
from survey.fieldwork.interview_ends import InterviewEnd
from survey.fieldwork.payloads import LedBy, Presence
from survey.fieldwork.respondents import MOST_ADULTS, Household, check_household
from survey.messages import N_, BadInput, Message
from survey.pages.field_errors import at_field, check_fields

SHANGHAI = ZoneInfo("Asia/Shanghai")
C = TypeVar("C", bound=StrEnum)
#: What the form of each method asks about the household, and what the field is called there.
_NUMBERS = {
    Respondent.LIST: {"adults": N_("家中合格成年人数")},
    Respondent.KISH: {"men": N_("男性合格成年人数"), "women": N_("女性合格成年人数")},
    Respondent.BIRTHDAY: {"adults": N_("家中合格成年人数"), "birthday": N_("下一个过生日的是第几位")},
}


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


def led_by_of(form: Mapping[str, str]) -> LedBy:
    return choice_of(LedBy, form.get("led_by"), Message(N_("谁带的路")))


def led_by_reader(form: Mapping[str, str]) -> dict[str, Callable[[], object]]:
    """For :func:`~survey.pages.field_errors.check_fields`, as :func:`household_readers` is."""
    return {"led_by": partial(led_by_of, form)}


def whole_number(value: str, what: Message) -> int:
    """Digits as typed, full-width ones too; raises :class:`BadInput`, saying of ``what``."""
    if not value.strip():
        raise BadInput(Message(N_("{what}：请填一个整数。"), {"what": what}))
    try:
        return int(value.strip())
    except ValueError:
        raise BadInput(Message(N_("{what}：得到“{got}”，应为整数。"), {"what": what, "got": value[:20]})) from None


def household_readers(form: Mapping[str, str], method: Respondent) -> dict[str, Callable[[], object]]:
    """Of each number that the form of this method asks: adults, men and women, or adults and whose birthday is next."""
    return {name: partial(whole_number, form.get(name, ""), Message(words)) for name, words in _NUMBERS[method].items()}


def household_of(form: Mapping[str, str], method: Respondent) -> Household:
    """Raises :class:`BadInput` where the numbers cannot be."""
    check_fields(readers := household_readers(form, method))
    numbers = {name: whole_number(form[name], Message(_NUMBERS[method][name])) for name in readers}
    if method is Respondent.KISH:
        if min(numbers.values()) < 0:
            first = next(name for name, number in numbers.items() if number < 0)
            raise at_field(first, Message(N_("男、女合格成年人数都应为 0 或更大的整数。")))
        household = Household(adults=sum(numbers.values()), men=numbers["men"])
    else:
        household = Household(adults=numbers["adults"], birthday=numbers.get("birthday"))
    try:
        check_household(method, household)
    except BadInput as error:
        counted = method is Respondent.BIRTHDAY and 1 <= household.adults <= MOST_ADULTS
        raise at_field("birthday" if counted else next(iter(numbers)), error.message) from None
    return household


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
