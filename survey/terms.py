"""The words that need an explanation, each in at most two sentences for an official: for pages, and for the PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey.messages import N_, Message


class Word(StrEnum):
    """The value is the place on the page of all words, in the order they are listed."""

    INTERVAL = "interval"
    RESPONSE_RATE = "response-rate"
    UNDECIDED = "undecided"
    NO_CHANGE = "no-change"
    WITH_CARE = "with-care"
    TOO_FEW = "too-few"
    COACHING = "coaching"
    NON_PROBABILITY = "non-probability"
    PRIVATE_DRAW = "private-draw"
    COVERAGE = "coverage"
    EFFECTIVE_SIZE = "effective-size"
    DESIGN_EFFECT = "design-effect"


#: What the PDF says of them, too.
INTERVAL_TEXT = N_(
    "如果用同样的办法反复抽样，{level}的次数里，这样算出的区间会包含全体居民的真实比例。区间越宽，这个数字越不确定。"
)
RESPONSE_RATE_TEXT = N_("应答率是抽中且合格的对象里完成访问的比例；它低，没有访到的人就可能与访到的人不同。")
COACHING_TEXT = N_("被授意率是被告知过怎么回答的人的比例，以有效回答为基数；它是警示，不是成绩。")


@dataclass(frozen=True, kw_only=True)
class Term:
    """``parts``: texts that follow one another. ``for_statisticians``: shown on their pages and in the list alone."""

    word: Word
    name: Message
    parts: tuple[Message, ...]
    for_statisticians: bool = False


def _term(word: Word, name: str, *parts: str, for_statisticians: bool = False) -> Term:
    return Term(
        word=word,
        name=Message(name),
        parts=tuple(Message(part, {"level": "95%"} if part == INTERVAL_TEXT else {}) for part in parts),
        for_statisticians=for_statisticians,
    )


TERMS: Mapping[Word, Term] = {
    term.word: term
    for term in (
        _term(Word.INTERVAL, N_("置信区间"), INTERVAL_TEXT),
        _term(
            Word.RESPONSE_RATE,
            N_("应答率（RR1）"),
            RESPONSE_RATE_TEXT,
            N_("RR1 把情况不明的住户也算作合格，所以只会偏低，不会偏高。"),
        ),
        _term(
            Word.UNDECIDED,
            N_("看不出差别"),
            N_("数字与目标（或上一轮）之间的差距，只凭抽样的偶然就可能出现。既不能说有差别，也不能说没有差别。"),
        ),
        _term(
            Word.NO_CHANGE,
            N_("看不出变化"),
            N_("这一轮与上一轮的差距，只凭两次抽样的偶然就可能出现。既不能说变了，也不能说没有变。"),
        ),
        _term(
            Word.WITH_CARE,
            N_("慎用"),
            N_("回答的人不多，或者区间很宽，数字只能看个大概。不要拿它与目标、其他地区或其他轮次比较。"),
        ),
        _term(
            Word.TOO_FEW,
            N_("样本不足"),
            N_(
                "回答的人太少，写出数字可能让人猜到谁答了什么，所以不公布。旁边的地区有时也要藏起来，免得有人用减法推算。"
            ),
        ),
        _term(Word.COACHING, N_("被授意率"), COACHING_TEXT, N_("它高的地方，其他数字可能偏高。")),
        _term(
            Word.NON_PROBABILITY,
            N_("非概率样本"),
            N_("回答的人不是抽签抽中的，而是自己来的或被选来的，说不准他们与全体居民差多少。所以单独列出，没有区间。"),
        ),
        _term(
            Word.PRIVATE_DRAW,
            N_("非公开抽签"),
            N_(
                "抽签的种子不是事先约定的公开数字，而是有人填的或者机器产生的。重抽可以证明样本户没有被换过，但不能证明没有人挑过种子。"
            ),
        ),
        _term(
            Word.COVERAGE,
            N_("入户率"),
            N_(
                "一项宣传行动要走访的住户里，到过门口的占多少：见到人、无人、勿扰都算，同一户去几次只算一户；见到人的占多少写在旁边。它记的是去没去，不是居民怎么想。"
            ),
        ),
        _term(
            Word.EFFECTIVE_SIZE,
            N_("有效样本量"),
            N_("这个样本的误差，相当于多少人的简单随机样本。区间按它来算，而不是按答卷份数。"),
            for_statisticians=True,
        ),
        _term(
            Word.DESIGN_EFFECT,
            N_("设计效应"),
            N_("这样抽样和加权得到的方差，是同样多人的简单随机样本的几倍。等于 2 时，答卷只抵得上一半。"),
            for_statisticians=True,
        ),
    )
}
