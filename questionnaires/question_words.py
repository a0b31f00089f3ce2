"""Signs in the wording of a question: two things joined in one, an answer suggested, departments named.

Chinese first: it is the source of every wording. What stands in brackets or in quotation marks explains or names
something and is left out; so are words in which the character for "and" means nothing of the kind (参与, 及时, 和谐).
"""

import re
from collections.abc import Iterable

from questionnaires.definition import Text

_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)|“[^“”]*”|《[^《》]*》|\"[^\"]*\"")
#: Words with 和, 与, 及 that join nothing; and whoever is asked together with their family is one household.
_NO_JOIN = re.compile(
    r"和谐|和睦|和平|和气|和解|和蔼|和善|共和|缓和|温和|总和|饱和|祥和|平和|附和|和美"
    r"|参与|与否|与会|与其|与时俱进|给与|赠与"
    r"|及时|及格|及早|及其|普及|涉及|提及|顾及|触及|波及|危及|来得及|来不及|以及时"
    r"|[您你我](本人)?[和与及、]?(您|你|我)?(的)?(同住)?(家人|家庭|孩子|父母|邻居)"
)
_JOINED = re.compile(r"([\w·]{1,12}?)(以及|和|与|及|、|并且|而且)([\w·]{1,12})")
#: Any of them will do, or they are examples of one thing: nobody has to judge each.
_ANY_OF = re.compile(r"、[^、，。？！；]*?(等|或者|或|还是)")
_SENTENCE = re.compile(r"[，。？！；：,.?!;:\n]")
_AND_OR = re.compile(r"(\w+) and/or (\w+)", re.IGNORECASE)

_LEADING = re.compile(
    r"(是否|是不是|您|你)?(同意|赞成|认同)[^，。？！]*(很好|很大|非常|十分|显著|明显|优秀|成功|越来越|大幅)"
    r"|难道|众所周知|大家都(知道|认为|觉得|满意|支持)|不可否认|毫无疑问|理所当然|当然"
    r"|[您你]?(不觉得|不认为)[^，。？！]*(吗|吧)"
    r"|[您你](一定|肯定|想必|应该)(会|是|很|也)?(知道|支持|满意|认为|觉得|同意|赞成)"
    r"|是不是(很|非常|十分)|有多么?(好|满意|支持)|(满意|支持|知道|同意|赞成|好)吧[？?]"
    r"|取得了?[^，。？！]{0,6}(成绩|成效|进步|成就)|(显著|巨大|明显|很大)(的)?(成绩|成效|进步|改善|提升|变化)"
    r"|越来越(好|美|干净|安全|方便)|英明|正确领导"
)
_LEADING_ENGLISH = re.compile(
    r"don['’]t you (agree|think)|wouldn['’]t you|\bsurely\b|\bobviously\b|\bof course\b"
    r"|as (everyone|everybody|we all) knows?"
    r"|(agree|think) that [^.?!]*\b(excellent|great|very good|wonderful|successful|outstanding|better and better)\b",
    re.IGNORECASE,
)
#: Where a wording tells people which answer is wanted. What coaching is called, in quotation marks, in a
#: question about it, or as what somebody was handed, is left alone.
_TOLD = re.compile(
    r"(?<!“)(?<!发了)(?<!给了)(?<!收到)(标准|推荐|正确|参考|最佳|满分)(答案|选项|回答)"
    r"|(请|应当?|须|务必|建议|尽量|统一|都)(您)?(要)?(选择?|勾选?|回答|填)[“\"]?(非常|很|比较|基本)?(满意|知道|支持|好|是|有)(?!几|没有)"
)
_TOLD_ENGLISH = re.compile(
    r"please (choose|select|answer|tick) [“\"']?(yes|very|satisfied|support)"
    r"|(?<![“‘\"'])\b(correct|right|best|model) answer\b|\banswer key\b",
    re.IGNORECASE,
)
_DEPARTMENTS = re.compile(
    r"公安|派出所|交警|城管|环卫|物业|居委会|村委会|街道办|民政|教育局|住建|市场监管|税务|消防部门|消防队|法院|检察院|医院|学校"
    r"|公交公司|供水|供电|供气|电力公司|自来水公司|信访|卫健|生态环境局|人社|社保局|医保局|政务大厅|热线"
)
#: 住房和城乡建设部门 is one department.
_NAMES_JOINED = re.compile(r"、|/|／|;|；|(?<=[门局委站所会办业司院])(和|与|及|以及)")
_NOTHING_BUT_IGNORANCE = re.compile(r"(我)?(也)?(说不清楚?|不清楚|不知道|不了解|不好说|难说|不确定)[。）)]?")
_IGNORANCE = re.compile(
    r"不知道|不了解|没听说|不清楚|说不清|不好说|don['’]t know|did not know|do not know|not sure", re.IGNORECASE
)
_RECOGNITION = re.compile(r"听说过|听过|见过|看到过|认识|知道")
_WHICH = re.compile(r"哪些|哪几|哪一些|下面|以下")


def joined_objects(text: Text, *, fact: bool = False) -> str:
    """Two things asked about in one question, as they stand there; empty when there is one.

    ``fact``: of a list of things that one is or has, any will do.

    >>> joined_objects(Text(zh_Hans="您对社区的环境和治安满意吗？", en="Cleanliness and safety?"))
    '环境和治安'
    >>> joined_objects(Text(zh_Hans="您和家人参与过社区、物业等组织的活动吗？", en="Any activity?"))
    ''
    """
    plain = _NO_JOIN.sub("〇", _ASIDE.sub("", text.zh_Hans))
    for sentence in _SENTENCE.split(plain):
        if _ANY_OF.search(sentence):
            continue
        found = next((each for each in _JOINED.finditer(sentence) if not (fact and each[2] == "、")), None)
        if found:
            return _trimmed(found)
    either = _AND_OR.search(text.en)
    return either[0] if either else ""


def _trimmed(found: re.Match[str]) -> str:
    """Without what stands around the two things.

    >>> _trimmed(_JOINED.search("您对社区的环境和治安满意吗"))
    '环境和治安'
    """
    before = re.split(r"[的对把将向]", found[1])[-1]
    after = re.split(r"满意|支持|同意|知道|怎么样|如何|好吗|吗|的", found[3])[0] or found[3]
    return f"{before}{found[2]}{after}"


def leading_words(text: Text) -> str:
    """The words that suggest an answer; empty when there are none.

    >>> leading_words(Text(zh_Hans="您是否同意我们的工作很好？", en="Do you agree?"))
    '是否同意我们的工作很好'
    >>> leading_words(Text(zh_Hans="您对身边的环境满意吗？", en="How satisfied are you?"))
    ''
    """
    found = _LEADING.search(_ASIDE.sub("", text.zh_Hans)) or _LEADING_ENGLISH.search(text.en)
    return found[0] if found else ""


def told_answer(text: Text) -> str:
    """The words that say which answer to choose; empty when there are none.

    >>> told_answer(Text(zh_Hans="请选“非常满意”。", en="x")), told_answer(Text(zh_Hans="请按实际情况选。", en="x"))
    ('请选“非常满意', '')
    """
    found = _TOLD.search(text.zh_Hans) or _TOLD_ENGLISH.search(text.en)
    return found[0] if found else ""


def departments_in(wording: str) -> tuple[str, ...]:
    """The different departments that a question names, in its order."""
    return tuple(dict.fromkeys(_DEPARTMENTS.findall(_ASIDE.sub("", wording))))


def names_two(department: str) -> tuple[str, ...]:
    """The departments in a name that names more than one.

    >>> names_two("城管、公安"), names_two("物业服务企业（住建部门监管）")
    (('城管', '公安'), ())
    """
    parts = _NAMES_JOINED.sub("、", _ASIDE.sub("", department)).split("、")
    names = tuple(name.strip() for name in parts if name.strip())
    return names if len(names) > 1 else ()


def offers_ignorance(options: Iterable[Text]) -> bool:
    """Whether one of the answers says that one does not know, whatever it counts as."""
    return any(_IGNORANCE.search(option.zh_Hans) or _IGNORANCE.search(option.en) for option in options)


def is_ignorance(option: Text) -> bool:
    """Whether the answer says nothing but that one does not know.

    >>> is_ignorance(Text(zh_Hans="说不清", en="Cannot say")), is_ignorance(Text(zh_Hans="说不清的多", en="Dim"))
    (True, False)
    """
    return bool(_NOTHING_BUT_IGNORANCE.fullmatch(option.zh_Hans.strip()))


def asks_what_is_recognised(text: Text) -> bool:
    """Whether people say which of several things they have heard of."""
    return bool(_RECOGNITION.search(text.zh_Hans) and _WHICH.search(text.zh_Hans))
