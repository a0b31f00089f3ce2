"""``/waves/<id>/open-answers``: answers by open link, the signs they bear, and the rates with and without them."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from analysis.disclosure import LEAST_RESPONDENTS
from analysis.integrity.open_answers import BURST_FROM, CROWD_FROM, WINDOW_SECONDS, OpenSign
from analysis.integrity.same_patterns import LEAST_ANSWERS, LEAST_COPIES
from survey.messages import N_, Message
from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.reports.wording import percent
from survey.roles import Permission
from survey.workflow.show_open_answers import OpenAnswersView, Share, show_open_answers
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("open_answers", __name__)

#: Of each sign: what the column says, what it is, and what it need not be.
SIGNS = {
    OpenSign.BURST: (
        N_("短时间集中"),
        N_("{minutes}分钟里，同一社区从同一网络来了 {count} 份以上，而且这一份还有别的迹象"),
        N_("集中填写的活动、同一个热点也会这样；运营商常让整个社区共用一个地址，所以单凭集中不算较强的迹象"),
    ),
    OpenSign.FAST: (
        N_("过快"),
        N_("用时不到快读所需时间的三分之一"),
        N_("有人事先看过题目，有人点得快"),
    ),
    OpenSign.SAME_DEVICE: (
        N_("同一设备"),
        N_("同一个浏览器在本轮交过别的答卷"),
        N_("一家人合用一部手机也会这样；清掉浏览器的记录，就看不出来"),
    ),
    OpenSign.CROWD: (
        N_("来得很密"),
        N_("{minutes}分钟里，同一社区从同一网络来了 {crowd} 份以上，不管有没有别的迹象"),
        N_("刚发通知、办活动时也会这样。迹象很弱，不单独作为理由：请与“答案雷同”和“一天最多”一起看"),
    ),
    OpenSign.NO_PROOF: (
        N_("没有工作证明"),
        N_("浏览器没有做网页脚本的一小步计算"),
        N_("不运行脚本的旧手机都这样。迹象很弱，不单独作为理由"),
    ),
}
ALIKE = (
    N_("答案雷同"),
    N_("同一社区里至少 {copies} 份从头到尾一样（至少 {answers} 题），比巧合能解释的多"),
    N_("全选同一档的，与别的社区比较：别处也常见，就不算"),
)


@dataclass(frozen=True, kw_only=True)
class SignWords:
    name: Message
    meaning: Message
    otherwise: Message


@dataclass(frozen=True, kw_only=True)
class OpenAnswersPage:
    view: OpenAnswersView
    least: int = LEAST_RESPONDENTS

    @property
    def signs(self) -> tuple[OpenSign, ...]:
        return tuple(SIGNS)

    @property
    def words(self) -> tuple[SignWords, ...]:
        """Of the signs in their order, and of answers that are alike."""
        numbers = {
            "minutes": WINDOW_SECONDS // 60,
            "count": BURST_FROM,
            "crowd": CROWD_FROM,
            "copies": LEAST_COPIES,
            "answers": LEAST_ANSWERS,
        }
        return tuple(
            SignWords(name=Message(name), meaning=Message(meaning, numbers), otherwise=Message(otherwise))
            for name, meaning, otherwise in (*SIGNS.values(), ALIKE)
        )

    def told(self, share: Share) -> str:
        return "—" if share.proportion is None else percent(share.proportion, digits=1)


@blueprint.get("/waves/<id:wave_id>/open-answers")
@needs(Permission.SEE_UNPUBLISHED)
def show(wave_id: int) -> ResponseReturnValue:
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        view = show_open_answers(store, wave, scope=account.scope, area=request.args.get("area") or None)
    return render_template("statisticians/open_answers.html", page=OpenAnswersPage(view=view))
