"""Who of a dwelling is asked, by the design of its draw: what is counted at the door, and who that makes it.

Whatever was counted is committed with the case before anybody is told who is asked; nobody counts again.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from analysis.sampling.household import select_respondent
from analysis.sampling.sample_design import Respondent
from survey.messages import N_, BadInput, Message

#: More adults in one dwelling are a dormitory, which the frame does not hold.
MOST_ADULTS = 20

_A_MAN = N_(
    "家中合格成年人：男 {men} 位，女 {women} 位。男性从年长到年轻数，访问第 {number} 位。表格是抽签定的，不能换人。"
)
_A_WOMAN = N_(
    "家中合格成年人：男 {men} 位，女 {women} 位。女性从年长到年轻数，访问第 {number} 位。表格是抽签定的，不能换人。"
)


@dataclass(frozen=True, kw_only=True)
class Household:
    """``adults``: eligible ones. ``men``: how many of them are, for Kish's tables. ``birthday``: whose birthday is
    next, 1 … ``adults`` from oldest to youngest, where that decides.
    """

    adults: int
    men: int | None = None
    birthday: int | None = None


@lru_cache(maxsize=64)
def respondent_of(design: str) -> Respondent:
    """Of a draw's design as it is kept; draws without one asked whom the list selects.

    >>> respondent_of(""), respondent_of('{"respondent":"kish"}')
    (<Respondent.LIST: 'list'>, <Respondent.KISH: 'kish'>)
    """
    return Respondent(json.loads(design)["respondent"]) if design else Respondent.LIST


def check_household(method: Respondent, household: Household) -> None:
    """Raises :class:`BadInput` for numbers that cannot be, and where one is missing that ``method`` needs."""
    adults = household.adults
    if not 1 <= adults <= MOST_ADULTS:
        message = N_("合格成年人数应为 1 到 {most}；一个也没有时，请在“记录本次入户”里选“无合格成员”。")
        raise BadInput(Message(message, {"most": MOST_ADULTS}))
    if method is Respondent.KISH and not 0 <= (-1 if household.men is None else household.men) <= adults:
        raise BadInput(Message(N_("男、女合格成年人数都应为 0 或更大的整数。")))
    if method is Respondent.BIRTHDAY and not 1 <= (household.birthday or 0) <= adults:
        message = N_("下一个过生日的那一位是第几位：应为 1 到合格成年人数 {adults} 之间的整数。")
        raise BadInput(Message(message, {"adults": adults}))


def selected_of(method: Respondent, *, seed: str, case: UUID, household: Household, recount: int = 0) -> int:
    """Who is asked, 1 … adults: from oldest to youngest; for Kish's tables men before women.

    ``seed`` (hex): of the draw. ``household`` passed :func:`check_household`. ``recount``: how often it was counted
    anew.
    """
    drawn = select_respondent(method, bytes.fromhex(seed), str(case), household.adults, recount=recount)
    return household.birthday or 0 if drawn is None else drawn


def is_selected(
    method: Respondent, *, seed: str, case: UUID, adults: int, men: int | None, selected: int, recount: int = 0
) -> bool:
    """Whether somebody who says that of ``adults`` the one in place ``selected`` was asked, asked the right one."""
    household = Household(adults=adults, men=men, birthday=selected if method is Respondent.BIRTHDAY else None)
    try:
        check_household(method, household)
    except BadInput:
        return False
    return selected == selected_of(method, seed=seed, case=case, household=household, recount=recount)


@dataclass(frozen=True, kw_only=True)
class SelectedWords:
    """``whom``: short, for a heading. ``how``: how that one was found."""

    whom: Message
    how: Message


def tell_selected(method: Respondent, *, adults: int, men: int | None, selected: int) -> SelectedWords:
    """Who is asked, in words for the door.

    >>> str(tell_selected(Respondent.KISH, adults=3, men=1, selected=3).whom)
    '请访问女性中的第 2 位'
    """
    params = {"adults": adults, "number": selected}
    if method is Respondent.BIRTHDAY:
        whom = N_("请访问下一个过生日的那一位")
        how = N_(
            "家中 {adults} 位合格成年人，从年长到年轻数，第 {number} 位下一个过生日，访问这一位。"
            "已经记下，不能换人，以后再来也是这一位。"
        )
    elif method is Respondent.KISH and men is not None:
        woman = selected > men
        params = {"men": men, "women": adults - men, "number": selected - men if woman else selected}
        whom = N_("请访问女性中的第 {number} 位") if woman else N_("请访问男性中的第 {number} 位")
        how = _A_WOMAN if woman else _A_MAN
    else:
        whom = N_("请访问第 {number} 位")
        how = N_("家中 {adults} 位合格成年人，从年长到年轻数，访问第 {number} 位。这是抽签定的，不能换人。")
    return SelectedWords(whom=Message(whom, params), how=Message(how, params))
