"""A public draw kept to its commitment: which public value counts, and whether it came when it should."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime

from analysis.sampling.lottery import PublicValueError, lottery_seed, normal_value
from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.value_spelling import SpellingError, spell
from survey.messages import N_, BadInput, Conflict, Message
from survey.sampling.promised_method import promised_method
from survey.sampling.public_values import PublicValue, PublicValueName, spelling_words, told_in_beijing
from survey.sampling.sample_designs import from_canonical
from survey.store.draw_commitments import Commitment


def normal_name(name: str) -> str:
    """Names are compared like this: however they were typed, one name is one value.

    >>> normal_name(" 双色球　2026135 期 ")
    '双色球 2026135 期'
    """
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_key(name: str) -> str:
    """The same for names that readers take for one: full-width or not, with blanks or without.

    >>> name_key("双色球 第１３０期") == name_key("双色球第 130 期")
    True
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def next_name(commitment: Commitment, used: Iterable[str]) -> PublicValueName:
    """The first value named that no draw was made of. Raises :class:`Conflict` when there is none left."""
    taken = set(used)
    for name in commitment.public_values:
        if name.name not in taken:
            return name
    message = N_("第 {id} 号承诺里的 {count} 个公开数字都已用过：要再抽，须另作承诺，约定新的公开数字")
    raise Conflict(Message(message, {"id": commitment.id, "count": len(commitment.public_values)}))


def choose_value(
    commitment: Commitment, values: Iterable[PublicValue], *, used: Mapping[str, str], at: datetime
) -> PublicValue:
    """The value this draw is made of, as it goes into the seed. ``used``: name -> value of the rejected draws.

    Raises :class:`BadInput` for values nobody named, one that is missing, one that differs from the rejected draw's,
    one that is not spelled as was promised, and one that was published before the commitment, before its time, or
    later than now.
    """
    given = {normal_name(value.name): value for value in values}
    named = {name.name: name for name in commitment.public_values}
    if unknown := [name for name in given if name not in named]:
        message = N_("公开数字“{got}”不在第 {id} 号承诺里：承诺的是 {names}")
        facts = {"got": unknown[0], "id": commitment.id, "names": _listed(named)}
        raise BadInput(Message(message, facts))
    for name, value in used.items():
        if name in given and _spelled(given[name], named[name]) != value:
            message = N_("公开数字“{name}”已经用过，当时是“{before}”，现在写的是“{got}”：请核对公布的原文")
            raise BadInput(Message(message, {"name": name, "before": value, "got": given[name].value}))
    wanted = next_name(commitment, used)
    if wanted.name not in given:
        message = N_("这次抽签要用公开数字“{name}”，文件里没有它：只有 {names}")
        raise BadInput(Message(message, {"name": wanted.name, "names": _listed(given)}))
    chosen = given[wanted.name]
    _check_time(commitment, wanted, chosen, at)
    value = _spelled(chosen, wanted)
    return PublicValue(name=wanted.name, value=value, published_at=chosen.published_at, source=chosen.source)


def seed_of(commitment: Commitment, value: PublicValue) -> str:
    """In hex digits."""
    try:
        return lottery_seed(bytes.fromhex(commitment.secret), value.value).hex()
    except (SamplingError, ValueError) as error:
        raise Conflict(Message(N_("第 {id} 号承诺的密数读不出来：记录被改动"), {"id": commitment.id})) from error


def check_method(commitment: Commitment, method: str) -> None:
    """Raises :class:`Conflict` where another way to draw was promised than ``method``: it would give another sample.

    A commitment of before names none and is drawn by the program that is there.
    """
    got = promised_method(method, from_canonical(commitment.design))
    if commitment.method in (None, got):
        return
    message = N_(
        "第 {id} 号承诺写明按方法 {promised} 抽，本程序按 {got} 抽，抽出的会是另一个样本。什么也没有抽："
        "请用作承诺时的那一版程序抽，或由另一人写明理由公开撤回承诺（survey draw withdraw {id} --reason …），另作承诺"
    )
    raise Conflict(Message(message, {"id": commitment.id, "promised": commitment.method, "got": got}))


def _check_time(commitment: Commitment, wanted: PublicValueName, value: PublicValue, at: datetime) -> None:
    facts = {"name": wanted.name, "got": told_in_beijing(value.published_at)}
    if value.published_at <= commitment.committed_at:
        message = N_("公开数字“{name}”公布于 {got}，早于承诺（{committed}，北京时间）：那时它已经可以知道，不能用")
        raise BadInput(Message(message, facts | {"committed": told_in_beijing(commitment.committed_at)}))
    if value.published_at < wanted.not_before:
        message = N_("公开数字“{name}”公布于 {got}，早于约定的 {wanted}（都是北京时间）：不是约定的那一个")
        raise BadInput(Message(message, facts | {"wanted": told_in_beijing(wanted.not_before)}))
    if value.published_at > at:
        message = N_("公开数字“{name}”的公布时间 {got} 还没有到（现在是 {now}，都是北京时间）")
        raise BadInput(Message(message, facts | {"now": told_in_beijing(at)}))


def _spelled(value: PublicValue, promised: PublicValueName) -> str:
    """As it goes into the seed: one value, one spelling."""
    normal = _normal(value)
    if promised.spelling is None:
        return normal
    try:
        return spell(normal, promised.spelling)
    except SpellingError as error:
        message = N_("公开数字“{name}”写成“{got}”，和约定的写法不符：应为{expected}")
        facts = {"name": value.name, "got": normal[:60], "expected": spelling_words(promised.spelling)}
        raise BadInput(Message(message, facts)) from error


def _normal(value: PublicValue) -> str:
    try:
        return normal_value(value.value)
    except PublicValueError as error:
        if error.unseen:
            message = N_("公开数字“{name}”里有看不见的字符 {code}：请照公布的原文重新输入")
            raise BadInput(Message(message, {"name": value.name, "code": error.unseen})) from error
        message = N_("公开数字“{name}”应有 1 到 500 个字，得到 {count} 个")
        raise BadInput(Message(message, {"name": value.name, "count": len(value.value)})) from error


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "-"
