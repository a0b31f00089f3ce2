"""The links at the top of every page: those that the role of the reader may follow."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for

from survey.messages import N_, Message
from survey.pages.access import account_or_none
from survey.roles import Permission, may


@dataclass(frozen=True, kw_only=True)
class Link:
    """``current``: the page shown is this one or lies under it."""

    address: str
    name: Message
    current: bool


#: endpoint, what it is called, who may follow it
LINKS = (
    ("accounts.show_list", N_("账号管理"), Permission.MANAGE_ACCOUNTS),
    ("operation.show", N_("运行状况"), Permission.OPERATE),
    ("instruments.show_list", N_("问卷管理"), Permission.MANAGE_WAVES),
    ("frames.show_list", N_("抽样框"), Permission.MANAGE_FRAMES),
    ("sample_plans.show_list", N_("样本量"), Permission.DRAW),
    ("standards.show", N_("测评标准"), Permission.MANAGE_WAVES),
    ("work.show_list", N_("我的宣传工作"), Permission.DO_OUTREACH),
    ("fixes.show_list", N_("整改事项"), Permission.DO_FIXES),
    ("waves.show_list", N_("轮次"), Permission.SEE_PUBLISHED),
    ("suggestions_read.show_list", N_("居民意见"), Permission.READ_SUGGESTIONS),
    ("cases.show_list", N_("我的样本户"), Permission.INTERVIEW),
    ("tokens.show", N_("我的设备"), Permission.INTERVIEW),
)


#: The same for the pages of one wave, in the order of its life.
WAVE_LINKS = (
    ("waves.show", N_("结果"), Permission.SEE_PUBLISHED),
    ("estimates.show", N_("统计分析"), Permission.SEE_UNPUBLISHED),
    ("wave_states.show", N_("状态"), Permission.MANAGE_WAVES),
    ("draws.show", N_("抽样"), Permission.APPROVE_DRAWS),
    ("letters.show", N_("邀请信"), Permission.DRAW),
    ("teams.show", N_("队伍"), Permission.ASSIGN_CASES),
    ("assignments.show", N_("分派"), Permission.ASSIGN_CASES),
    ("fieldwork.show", N_("入户进展"), Permission.SEE_FIELDWORK),
    ("paper.show_list", N_("纸质问卷"), Permission.KEY_PAPER),
    ("interviews.show", N_("访问审核"), Permission.REVIEW_INTERVIEWS),
    ("open_answers.show", N_("公开链接"), Permission.SEE_UNPUBLISHED),
    ("weights.show", N_("权重"), Permission.MANAGE_WAVES),
    ("outreach.show_list", N_("宣传与整改"), Permission.SEE_OUTREACH),
)

#: Pages that are reached from one of these: blueprint -> that page's.
_PARTS_OF = {"paper_keying": "paper", "recordings": "wave_states", "wave_details": "wave_states"} | dict.fromkeys(
    ("draw_designs", "draw_commitments", "draw_reviews", "replicate_releases"), "draws"
)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(navigation=navigation, wave_navigation=wave_navigation)


def navigation() -> tuple[Link, ...]:
    """The links of the signed-in, in the order of the work; none for others."""
    account = account_or_none()
    if account is None:
        return ()
    addresses = [
        (url_for(endpoint), name)
        for endpoint, name, permission in LINKS
        if may(account.role, permission) and endpoint in current_app.view_functions
    ]
    return tuple(
        Link(address=path, name=Message(name), current=_is_under(request.path, path)) for path, name in addresses
    )


def wave_navigation() -> tuple[Link, ...]:
    """The links to the pages of the wave that is shown; none for those who only read its results."""
    account = account_or_none()
    wave_id = (request.view_args or {}).get("wave_id")
    if account is None or wave_id is None:
        return ()
    here = request.blueprint
    links = tuple(
        Link(
            address=url_for(endpoint, wave_id=wave_id),
            name=Message(name),
            current=_PARTS_OF.get(here or "", here) == endpoint.partition(".")[0],
        )
        for endpoint, name, permission in WAVE_LINKS
        if may(account.role, permission) and endpoint in current_app.view_functions
    )
    return links if len(links) > 1 else ()


def _is_under(path: str, parent: str) -> bool:
    """Whether ``path`` is ``parent`` or lies in it.

    >>> _is_under("/waves/3", "/waves"), _is_under("/wavesurfing", "/waves")
    (True, False)
    """
    return path == parent or path.startswith(f"{parent}/")
