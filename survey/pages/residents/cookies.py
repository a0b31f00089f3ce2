"""What the pages of residents leave on a phone, as the page of their rights tells it."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.messages import N_, Message
from survey.pages import language
from survey.pages.residents import put_aside, visitors, watching, whose
from survey.pages.residents.rendering import LOOKS

_DAY = 24 * 3600
_DAYS = visitors.KEPT // _DAY


@dataclass(frozen=True, kw_only=True)
class ToldCookie:
    """``purpose``: and for how long it stays."""

    names: tuple[str, ...]
    purpose: Message


TOLD: Sequence[ToldCookie] = (
    ToldCookie(
        names=(visitors.COOKIE,),
        purpose=Message(
            N_(
                "认出您填的是哪一份（还有什么时候开始的、是不是替家里人填），里面没有答案："
                "没交的留{days}天，让您能接着填；交了的留{hours}小时，"
                "让您能再看一遍回执号和撤回码，点“抄好了，从这部手机上清掉”就没了。"
            ),
            {"days": _DAYS, "hours": visitors.KEPT_AFTER_ENDING // 3600},
        ),
    ),
    ToldCookie(
        names=(whose.COOKIE,),
        purpose=Message(N_("记着您说过这一份是您自己的，好让别人拿这部手机时先问一声。关掉浏览器就没了。")),
    ),
    ToldCookie(
        names=(put_aside.COOKIE,),
        purpose=Message(
            N_("换一个人来填时，记着前面没填完的是哪几份（最多{count}份），里面没有答案。留{days}天。"),
            {"count": put_aside.MOST_KEPT, "days": _DAYS},
        ),
    ),
    ToldCookie(
        names=(watching.COOKIE,),
        purpose=Message(
            N_("从公开链接交过的，记着是哪几轮，别的什么也不记。留{days}天，清掉回执号时一起清掉。"), {"days": _DAYS}
        ),
    ),
    ToldCookie(
        names=(language.COOKIE, *(cookie for cookie, _ in LOOKS.values())),
        purpose=Message(N_("您选的语言、字的大小和颜色；选了才有，留{days}天。"), {"days": language.ONE_YEAR // _DAY}),
    ),
)
