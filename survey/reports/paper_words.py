"""What a paper form says: to whom it is given, and of an item who answers it, how, and where to go on."""

from collections.abc import Mapping, Sequence

from questionnaires.definition import Condition, Item, ItemType, Questionnaire, Text
from questionnaires.jumps import Jump
from questionnaires.wording import fill
from survey.messages import N_
from survey.reports.introductions import placeholders
from survey.reports.wording import Say
from survey.waves import WaveDetails

#: Whoever hands forms out in a community may be its own staff: what the form promises holds only for a sealed one.
SEALING = N_("请把填好的问卷装进信封封好，再投进回收箱或交回。封好的信封到了录入的人手里才拆开，收的人不拆。")


def open_welcome(questionnaire: Questionnaire, details: WaveDetails, language: str, say: Say) -> str:
    """For a questionnaire without words of its own for paper, or with words that tell people they were drawn: forms are
    handed out by community, and anybody there may fill one in.
    """
    known = placeholders(questionnaire, details)
    facts = {
        name: fill(Text(zh_Hans=mark, en=mark), known).in_language(language)
        for name, mark in ((name, f"{{{name}}}") for name in ("sponsor", "fieldwork", "approval", "telephone"))
    }
    return say(
        N_(
            "您好！{fieldwork}受{sponsor}委托，了解居民的看法。这份问卷按社区发放，填写的人不是抽签抽中的；结果单独列出，"
            "不代表全体居民。请不要写姓名、电话和门牌，社区、街道都看不到您这一份。没有对错，怎么想就怎么答；"
            "不愿回答的题可以不答，随时可以停。填好后请封进信封，投进回收箱或交回。"
            "本次调查：{approval}；咨询电话：{telephone}。"
        ),
        **facts,
    )


def how_words(say: Say) -> tuple[str, ...]:
    return (
        say(N_("请在选中的答案前面、写着号码的方框里打“√”。没有写“可以选几项”的题只选一项。")),
        say(N_("有“→”的题照着它接着答；没有的，按顺序往下答。不愿回答的题可以空着。")),
        say(N_("请不要在问卷上写姓名、电话、住址。")),
    )


def route_words(item: Item, jumps: Sequence[Jump], following: str | None, say: Say) -> str:
    """Where the options lead; ``following``: id of the next item on the form. Empty where there is nothing to say.

    Of several choices together only one turn can be told; where there are more, the items say who answers them.
    """
    if not jumps or (item.type is ItemType.MULTI and len(jumps) > 2):
        return ""
    *named, others = jumps
    turns = [
        say(N_("{chosen} → {turn}"), chosen=_chosen(item, jump.codes, say), turn=_turn(jump.to, following, say))
        for jump in named
    ]
    turns.append(say(N_("其他 → {turn}"), turn=_turn(others.to, following, say)))
    return say(N_("；")).join(turns)


def who_words(conditions: Sequence[Condition], items: Sequence[str], by_id: Mapping[str, Item], say: Say) -> str:
    """Who answers ``items`` (ids that stand together); empty: everybody."""
    if not conditions:
        return ""
    told = say(N_("，而且")).join(_condition(condition, by_id[condition.item], say) for condition in conditions)
    if len(items) == 1:
        return say(N_("{item} 只请这样的人回答：{who}"), item=items[0], who=told)
    return say(N_("{first} 到 {last} 只请这样的人回答：{who}"), first=items[0], last=items[-1], who=told)


def hint_words(item: Item, say: Say) -> str:
    """How an item is answered, as far as it is not plain."""
    if item.type is ItemType.MULTI:
        return say(N_("最多选 {count} 项"), count=item.max_choices) if item.max_choices else say(N_("可以选几项"))
    if item.type is ItemType.NUMBER and item.minimum is not None and item.maximum is not None:
        return say(N_("填 {minimum} 到 {maximum} 之间的整数"), minimum=item.minimum, maximum=item.maximum)
    if item.type is ItemType.DATE:
        if item.earliest and item.latest:
            return say(N_("年、月、日；{earliest} 到 {latest}"), earliest=item.earliest, latest=item.latest)
        return say(N_("年、月、日"))
    if item.type is ItemType.TEXT and item.optional:
        return say(N_("可以不写"))
    return ""


def _chosen(item: Item, codes: Sequence[int], say: Say) -> str:
    listed = _codes(codes, say)
    if item.type is ItemType.MULTI and len(codes) > 1:
        return say(N_("选了 {codes} 中任何一项"), codes=listed)
    return say(N_("选 {codes}"), codes=listed)


def _turn(to: str | None, following: str | None, say: Say) -> str:
    if to is None:
        return say(N_("到此结束，谢谢"))
    return say(N_("接着答 {item}"), item=to) if to == following else say(N_("跳到 {item}"), item=to)


def _condition(condition: Condition, item: Item, say: Say) -> str:
    if condition.codes:
        codes = _codes(sorted(condition.codes), say)
        if item.type is ItemType.MULTI:
            return say(N_("{item} 选了 {codes}"), item=item.id, codes=codes)
        return say(N_("{item} 选 {codes}"), item=item.id, codes=codes)
    least, most = condition.at_least, condition.at_most
    if least is not None and most is not None:
        return say(N_("{item} 填 {least} 到 {most}"), item=item.id, least=least, most=most)
    if least is not None:
        return say(N_("{item} 填 {least} 或更多"), item=item.id, least=least)
    return say(N_("{item} 填 {most} 或更少"), item=item.id, most=most)


def _codes(codes: Sequence[int], say: Say) -> str:
    *before, last = [str(code) for code in codes]
    if not before:
        return last
    return say(N_("{before} 或 {last}"), before=say(N_("、")).join(before), last=last)
