"""The steps of one answer's way as data: who does it, what happens and why it can be trusted, where it is seen."""

from dataclasses import dataclass
from enum import StrEnum

from survey.messages import N_
from survey.roles import Role


class Which(StrEnum):
    """The wave in which a step is seen: the one that is published, the one in the field, the one after the first."""

    PUBLISHED = "published"
    IN_FIELD = "in_field"
    LATER = "later"


WAVE_NAMES = {
    Which.PUBLISHED: N_("已发布的一轮"),
    Which.IN_FIELD: N_("正在调查的一轮"),
    Which.LATER: N_("它后面的一轮"),
}


@dataclass(frozen=True, kw_only=True)
class Stop:
    """``role``: who sees that page; ``None``: everybody."""

    endpoint: str
    which: Which
    role: Role | None
    of_drawn: bool = False  # there only in a wave that was drawn


@dataclass(frozen=True, kw_only=True)
class Step:
    """``who``: a msgid, as ``name`` and ``text`` are."""

    key: str
    name: str
    who: str
    text: str
    stops: tuple[Stop, ...]


STEPS = (
    Step(
        key="frame",
        name=N_("住户名单"),
        who=N_("统计员"),
        text=N_(
            "统计员把一个地区的住户名单导入成抽样框，里面只有地址和网格，没有姓名和电话。"
            "导入以后名单不再改动，它的摘要（SHA-256）记录在案，换掉一户也看得出来。"
        ),
        stops=(
            Stop(endpoint="frames.show", which=Which.PUBLISHED, role=Role.STATISTICIAN, of_drawn=True),
            Stop(endpoint="frames.show", which=Which.IN_FIELD, role=Role.STATISTICIAN),
        ),
    ),
    Step(
        key="draw",
        name=N_("抽签"),
        who=N_("统计员"),
        text=N_(
            "程序在每个社区里沿地址顺序等距抽出样本户，谁也不能指定哪一户。"
            "种子、方法和摘要都留在记录里，任何人用它们重抽一遍，应当一户不差。"
        ),
        stops=(
            Stop(endpoint="draws.show", which=Which.PUBLISHED, role=Role.STATISTICIAN, of_drawn=True),
            Stop(endpoint="draws.show", which=Which.IN_FIELD, role=Role.STATISTICIAN),
        ),
    ),
    Step(
        key="approval",
        name=N_("第二个人批准"),
        who=N_("督导"),
        text=N_(
            "抽签的人自己不能批准，要由另一位统计员或督导核对后批准。"
            "只有名单或程序有错才能否决，否决的抽签和理由一直留在记录里，不能抽到满意为止。"
        ),
        stops=(
            Stop(endpoint="draws.show", which=Which.PUBLISHED, role=Role.SUPERVISOR, of_drawn=True),
            Stop(endpoint="draws.show", which=Which.IN_FIELD, role=Role.SUPERVISOR),
        ),
    ),
    Step(
        key="assignment",
        name=N_("分派访员"),
        who=N_("督导"),
        text=N_(
            "样本户随机分给访员，每个社区至少两名，住在或受雇于某个社区的人不去那个社区。"
            "这样没有访员能替自己挑住户，也没有社区只靠一个人的记录。"
        ),
        stops=(Stop(endpoint="assignments.show", which=Which.IN_FIELD, role=Role.SUPERVISOR),),
    ),
    Step(
        key="door",
        name=N_("上门"),
        who=N_("访员"),
        text=N_(
            "访员按手机上的名单上门，每一次到访的结果都记下来：见到人、没人应门、拒访或进不去。"
            "样本户不能换成邻居，没有访到的也算在应答率里。"
        ),
        stops=(
            Stop(endpoint="cases.show_list", which=Which.IN_FIELD, role=Role.CANVASSER),
            Stop(endpoint="fieldwork.show", which=Which.IN_FIELD, role=Role.SUPERVISOR),
        ),
    ),
    Step(
        key="answer",
        name=N_("回答"),
        who=N_("居民"),
        text=N_(
            "居民当面回答访员，或者用信上的填答码自己在网上回答；一户里问谁由规则定，不由访员挑。"
            "问卷不提示哪个答案好，还会问一句：有没有人告诉过您该怎么答。"
        ),
        stops=(Stop(endpoint="entrances.follow_link", which=Which.IN_FIELD, role=None),),
    ),
    Step(
        key="review",
        name=N_("审核"),
        who=N_("督导"),
        text=N_(
            "督导看访问用了多久、谁在场、到访记录对不对，裁定有疑问的访问收下还是作废。"
            "督导看不到居民的意见，所以不能按答案来挑。"
        ),
        stops=(Stop(endpoint="interviews.show", which=Which.IN_FIELD, role=Role.SUPERVISOR),),
    ),
    Step(
        key="closing",
        name=N_("结束调查"),
        who=N_("统计员"),
        text=N_(
            "调查结束时，加权要用的数字固定下来，住户与回答之间的联系连同密钥一起销毁。"
            "从此谁也查不出哪一户答了什么，管理服务器的人也查不出。"
        ),
        stops=(
            Stop(endpoint="wave_states.show", which=Which.PUBLISHED, role=Role.STATISTICIAN, of_drawn=True),
            Stop(endpoint="wave_states.show", which=Which.IN_FIELD, role=Role.STATISTICIAN),
        ),
    ),
    Step(
        key="estimate",
        name=N_("估计"),
        who=N_("统计员"),
        text=N_(
            "程序按抽中的概率给每份答卷加权，算出各社区的比例和区间；人太少的不公布，分不清的写“看不出差别”。"
            "每次计算都有编号和摘要，记着用了哪份问卷、哪次抽签、哪些答卷。"
        ),
        stops=(Stop(endpoint="waves.show", which=Which.PUBLISHED, role=Role.OFFICIAL),),
    ),
    Step(
        key="report",
        name=N_("报告"),
        who=N_("干部"),
        text=N_(
            "干部下载各社区的 PDF 报告，里面写明能下和不能下的结论、应答率、题目原文和批准文号。"
            "缺了其中哪一样，报告只能是草稿，不能发布。"
        ),
        stops=(Stop(endpoint="reports.show", which=Which.PUBLISHED, role=Role.OFFICIAL),),
    ),
    Step(
        key="outreach",
        name=N_("宣传与整改"),
        who=N_("干部、网格员、部门"),
        text=N_(
            "已发布的数字变成三类行动：不知道的去告知，不满意的去整改，说不清的再多问一些人；每一项都写明由哪个数字引出。"
            "满意率低，答案是整改，从来不是劝说；网格员只记去了几户，不记谁怎么想。"
        ),
        stops=(
            Stop(endpoint="outreach.show_list", which=Which.PUBLISHED, role=Role.OFFICIAL),
            Stop(endpoint="work.show_list", which=Which.PUBLISHED, role=Role.GRID_WORKER),
            Stop(endpoint="fixes.show_list", which=Which.PUBLISHED, role=Role.DEPARTMENT),
        ),
    ),
    Step(
        key="change",
        name=N_("下一轮的变化"),
        who=N_("干部"),
        text=N_(
            "下一轮用同样的问题重新抽签，再看数字变了没有；差别大到不像抽样的偶然，才写“上升”或“下降”。"
            "旁边列出做完的行动，但不说变化是它们带来的：这样的比较证明不了。"
        ),
        stops=(Stop(endpoint="waves.show", which=Which.LATER, role=Role.OFFICIAL),),
    ),
)
