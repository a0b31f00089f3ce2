"""Signs in the wording of a question: two things joined in one, an answer suggested, departments named.

Chinese first: it is the source of every wording. What stands in brackets or in quotation marks explains or names
something and is left out; so are words in which the character for "and" means nothing of the kind (参与, 及时, 和谐).
"""

import re
from collections.abc import Iterable

from questionnaires.definition import Text

_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)|“[^“”]*”|《[^《》]*》|\"[^\"]*\"")
#: What people do with each other, or what stands between two of them: what 和 and 与 name is one thing.
_WITH = (
    r"相比|比起|比(?=$|，)|一起|一同|一样|同住|合住|打(过)?交道|聊|说(过|上|几句)?话|来往|往来|商量|相处|有关|无关|不同|相同"
    r"|之间|分开|分离|分流|结合|衔接|吵架|争吵|的(沟通|交流|合作|联系|距离|差距|关系|互动|比较)"
    r"|(联系|见面|接触|沟通|交流|合作|认识|分享)(过|吗|了)"
)
_PLACES = "医院|学校|小学|中学|幼儿园|公园|广场|商场|市场|超市|车站|地铁站|小区|社区|派出所|政务大厅"
_AROUND = "周边|周围|附近|门口|旁边?|一带|沿线|外面"
#: Words with 和, 与, 及 that join nothing; whoever is asked together with somebody; what lies near two places.
_NO_JOIN = re.compile(
    r"和谐|和睦|和平|和气|和解|和蔼|和善|共和|缓和|温和|总和|饱和|祥和|平和|附和|和美|和好"
    r"|参与|与否|与会|与其|与时俱进|给与|赠与|与众不同|相与"
    r"|及时|及格|及早|及其|普及|涉及|提及|顾及|触及|波及|危及|来得及|来不及|以及时"
    r"|(?<!对)[您你我](们|本人|自己)?[和与及、]"
    r"|(多久|经常|常常|愿意|愿不愿意|曾经|是否|有没有|没有|平时|最近|通常|觉得|认为|可以|怎么|[您你](会|想|要|能|都|也))[和与]"
    rf"|[和与][^，。？！；、和与]{{1,10}}?({_WITH})"
    rf"|({_PLACES})[和与、]({_PLACES})的?({_AROUND})"
)
_JOINED = re.compile(r"([\w·]{1,12}?)(以及|和|与|及|、|并且|而且)([\w·]{1,12})")
#: Any of them will do, or they are examples of one thing: nobody has to judge each.
_ANY_OF = re.compile(r"、[^、，。？！；]*?(等|或者|或|还是)")
#: But who is asked to judge them, has to: "and so on" makes it no fewer.
_JUDGED = re.compile(r"^[^、]*对[^、]{1,10}、.{1,12}等[^或]*(满意|评价|打分|怎么样|如何|好不好)")
_SENTENCE = re.compile(r"[，。？！；：,.?!;:\n]")
_AND_OR = re.compile(r"(\w+) and/or (\w+)", re.IGNORECASE)
#: In a question that is in English alone; elsewhere the Chinese is the source.
_AND = re.compile(
    r"\b(?:satisfied|happy|content|pleased|rate|support|agree|approve|describe|feel|think)\b[^.?!,;]*?"
    r"\b((?!you\b|between\b|your\b)\w+(?: \w+)?) and "
    r"(?!your\b|you\b|the rest\b|so on\b|when\b|if\b)((?:the |their )?\w+)",
    re.IGNORECASE,
)
#: One thing under two words, and what lies between two of them.
_ONE_NAME = re.compile(
    r"\b(?:law and order|health and safety|terms and conditions|arts and crafts|wear and tear|peace and quiet"
    r"|(\w+) and \1|bed and breakfast|trial and error|up and running|by and large|now and then|lost and found"
    r"|(?:agree|disagree|satisfied) and (?:dis)?\w+|between \w+(?: \w+)? and \w+|between the \w+ and the \w+)\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

_PRAISE = r"(很好|很大|非常|十分|显著|明显|优秀|成功|越来越|大幅(改善|提升|提高了|下降|减少))"
_LEADING = re.compile(
    rf"(是否|是不是|您|你)?(同意|赞成|认同)[^，。？！]*{_PRAISE}"
    r"|难道|众所周知|大家都(知道|认为|觉得|满意|支持)|不可否认|毫无疑问|理所当然|当然(?!可以|也可以|不必|不用|您可以)"
    r"|有目共睹|不言而喻|来之不易|正如(您|大家)(所)?(知|见)"
    r"|[您你]?(不觉得|不认为)[^，。？！]*(吗|吧)"
    r"|[您你](一定|肯定|想必)(会|是|很|也)?(知道|支持|满意|认为|觉得|同意|赞成)"
    r"|[您你]应该(会|是|很|也)?(支持|满意|认为|觉得|同意|赞成)|[您你]应该[^，。？！]*知道[^，。？！]*吧"
    r"|有多么?(好|满意|支持)|(满意|支持|知道|同意|赞成|好)吧[？?]"
    r"|是不是(很|非常|十分)(满意|支持|赞成|同意|好|干净|安全|方便|整洁|热情|幸福|愿意)"
    r"|(?<!是不是)取得了?[^，。？！]{0,6}(成绩|成效|进步|成就)|(显著|巨大|明显|很大)(的)?(成绩|成效|进步|改善|提升|变化)"
    r"|越来越(好|美|干净|安全|方便)|英明|正确领导|高度重视|大力(推进|整治|支持)"
)
#: These lead whatever follows.
_STRONG = re.compile(
    r"难道|众所周知|大家都|不可否认|毫无疑问|理所当然|有目共睹|不言而喻|当然|英明|正确领导|吧|不觉得|不认为"
)
#: Where the other answers stand beside it, the same words lead nowhere.
_BALANCED = re.compile(r"还是|或者?(没|不|变差)|有没有|、(没|不|变差)|有无|是否有|支持或?不支持|同意或?不同意|多大程度")
#: Without one of these nothing below is found: most questions are done with after looking for them.
_SIGNS = (
    *("n't", "n’t", "surely", "certainly", "definitely", "obviously", "of course", "knows", "all know", "you know"),
    *("no doubt", "undeniabl", "most people", "most residents", "most citizens", "all people", "all residents"),
    *("all citizens", "great", "excellent", "wonderful", "outstanding", "fantastic", "amazing"),
    *("success", "remarkable", "very good", "better and better", "significant", "tremendous", "huge"),
)
_LEADING_ENGLISH = re.compile(
    r"don['’]t you (agree|think)|wouldn['’]t you|\bsurely\b|\bobviously\b|\bof course\b(?! you (may|can|need|are free))"
    r"|(?<!far )as (everyone|everybody|we all|you) knows?|\bno doubt\b|\bundeniabl[ey]\b"
    r"|(^|[.?!] )(is|are|does|has|have|should|did)n['’]t \w"
    r"|, (is|are|does|has|have|should|did)n['’]t (it|they|you|we)\?"
    r"|\byou (must|will|would) (surely|certainly|definitely) "
    r"|\bhow (great|excellent|wonderful|outstanding|fantastic|amazing)\b"
    r"|\b(most|all) (people|residents|citizens) (agree|support|think|believe|are satisfied)\b"
    r"|\b(our|the) (excellent|wonderful|outstanding|great|successful|remarkable) "
    r"(work|service|efforts?|city|progress)\b",
    re.IGNORECASE,
)
_PRAISED_ENGLISH = re.compile(
    r"(agree|think) that [^.?!]*"
    r"\b(excellent|great|very good|wonderful|successful|outstanding|better and better)\b"
    r"|\b(great|remarkable|significant|outstanding|tremendous|huge) (improvements?|achievements?|progress|success)\b",
    re.IGNORECASE,
)
_BALANCED_ENGLISH = re.compile(
    r"\bor (not|worse|no|it|has|have)\b|\b(disagree|whether|any|extent)\b|, (or|no)\b", re.IGNORECASE
)
#: Where a wording tells people which answer is wanted. What coaching is called, in quotation marks, in a
#: question about it, or as what somebody was handed, is left alone.
_TOLD = re.compile(
    r"(?<!“)(?<!发了)(?<!给了)(?<!收到)(标准|推荐|正确|参考|最佳|满分)的?(答案|选项|回答)"
    r"|(请|应当?|须|务必|建议|尽量|统一|都|默认|最好|希望您|引导|提示)(您|居民|群众|受访者)?(要)?"
    r"(选择?|勾选?|回答|填)[“\"]?(非常|很|比较|基本)?(满意|知道|支持|好评?|是|有)"
    # What follows shows that this is the answer and no part of a longer word, nor the first of several.
    r"(?=$|[”\"]?(?:[。，；！!）)\s]|$)|[”\"](?!或|和|、|还是)|的?[那这]?一?项|以上|就)"
    r"|(请|建议|最好|希望您|默认)(您)?(选择?|勾|打|给)(第[一1]项|[A-E](?![A-Za-z])|5分|10分|满分|好评)"
    r"|请在[“\"]?(非常|很)?(满意|知道|支持)[”\"]?处?打勾|说[“\"]?(满意|知道)[”\"]?就(行|好|可以)"
    r"|(应答|统一|回答)口径[：:]|示范回答|答案(应该?)?(是|：|:)|[（(【](推荐|建议|首选)[）)】]|[★✔✓☑√]"
)
_TOLD_ENGLISH = re.compile(
    r"please (choose|select|answer|tick|pick) [“‘\"']?(yes|very satisfied|satisfied|support)\b(?![”’\"']? (or|if)\b)"
    r"|(?<![“‘\"'])\b(correct|right|best|model|recommended|suggested|expected|desired) (answer|option|response)\b"
    r"|\banswer key\b|\bthe answer should be\b",
    re.IGNORECASE,
)
_DEPARTMENTS = re.compile(
    r"公安|派出所|交警|城管|环卫|物业|居委会|村委会|街道办|民政|教育局|住建|市场监管|税务|消防部门|消防队|法院|检察院|医院|学校"
    r"|公交公司|供水|供电|供气|电力公司|自来水公司|信访|卫健|生态环境局|人社|社保局|医保局|政务大厅|热线"
)
#: Where something lies is nobody's department.
_PLACE = re.compile(rf"(?:{_DEPARTMENTS.pattern})(?:[、和与及](?:{_DEPARTMENTS.pattern}))*(?:{_AROUND})")
#: 住房和城乡建设部门 is one department.
_NAMES_JOINED = re.compile(r"、|/|／|;|；|(?<=[门局委站所会办业司院])(和|与|及|以及)")
_NOTHING_BUT_IGNORANCE = re.compile(r"(我)?(也)?(说不清楚?|不清楚|不知道|不了解|不好说|难说|不确定)[。）)]?")
_IGNORANCE = re.compile(
    r"不知道|不了解|没听说|不清楚|说不清|不好说|don['’]t know|did not know|do not know|not sure", re.IGNORECASE
)
_NONE = re.compile(
    r"(以上|上述|这些)?(都|全|一[个项样]也|一[个项样]都)(没有|不是|没|不)(用过|参加过?|去过|有|了解|选|符合|需要)?(以上|这些)?(服务|情况|内容|活动)?"
    r"|没有(上述|以上|这些)(情况|服务|内容|活动)?"
    r"|none( of (the above|these|them|those|the others))?|neither( of (them|these))?",
    re.IGNORECASE,
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
    if not _CHINESE.search(text.zh_Hans):
        return _joined_in_english(text.en)
    plain = _NO_JOIN.sub("〇", _ASIDE.sub("", text.zh_Hans))
    for sentence in _SENTENCE.split(plain):
        if _ANY_OF.search(sentence) and (fact or not _JUDGED.search(sentence)):
            continue
        found = next((each for each in _JOINED.finditer(sentence) if not (fact and each[2] == "、")), None)
        if found:
            return _trimmed(found)
    either = _AND_OR.search(text.en)
    return either[0] if either else ""


def _joined_in_english(wording: str) -> str:
    """As :func:`joined_objects`, for a form that is in English alone.

    >>> _joined_in_english("How satisfied are you with the parks and the streets?")
    'parks and the streets'
    """
    if either := _AND_OR.search(wording):
        return either[0]
    found = _AND.search(_ONE_NAME.sub("", _ASIDE.sub("", wording)))
    return f"{found[1].split()[-1]} and {found[2]}" if found else ""


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
    plain = _ASIDE.sub("", text.zh_Hans)
    found = _LEADING.search(plain)
    if found and _BALANCED.search(plain) and not _STRONG.search(found[0]):
        found = None
    return found[0] if found else _leading_in_english(text.en)


def _leading_in_english(wording: str) -> str:
    plain = wording.lower()
    if not any(sign in plain for sign in _SIGNS):
        return ""
    found = _LEADING_ENGLISH.search(wording)
    if found is None and not _BALANCED_ENGLISH.search(wording):
        found = _PRAISED_ENGLISH.search(wording)
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
    return tuple(dict.fromkeys(_DEPARTMENTS.findall(_PLACE.sub("", _ASIDE.sub("", wording)))))


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


def is_none(option: Text) -> bool:
    """Whether the answer says that none of the others is so.

    >>> is_none(Text(zh_Hans="都没有", en="None")), is_none(Text(zh_Hans="没有电梯", en="No lift"))
    (True, False)
    """
    return any(_NONE.fullmatch(wording.strip(" 。.（）()")) for wording in (option.zh_Hans, option.en))


def asks_what_is_recognised(text: Text) -> bool:
    """Whether people say which of several things they have heard of."""
    return bool(_RECOGNITION.search(text.zh_Hans) and _WHICH.search(text.zh_Hans))
