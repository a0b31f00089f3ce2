"""What a reader should look at twice in a questionnaire that breaks no rule of the language. A hint never blocks.

Rules of thumb from the textbooks on questions (one thing asked at a time, balanced answers, a way to say that one does
not know, nothing that suggests an answer), each told from the data and the Chinese wording. A hint can be wrong; what
stays after looking is the author's decision.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from questionnaires.definition import IndicatorSet, Item, ItemType, OptionKind, Questionnaire
from questionnaires.hint_kinds import Hint, HintKind
from questionnaires.introductions import untrue_introductions
from questionnaires.opinions import is_opinion
from questionnaires.problems import N_
from questionnaires.question_words import (
    asks_what_is_recognised,
    departments_in,
    is_ignorance,
    is_none,
    joined_objects,
    leading_words,
    names_two,
    offers_ignorance,
)
from questionnaires.whole_hints import hints_of_whole, missing_languages, told_answers
from questionnaires.wording import fill_questionnaire

#: Options that somebody can keep in mind while they are read out: one to choose, several to choose. By telephone there
#: is no card to look at.
MOST_READ_OUT = {"capi": (7, 10), "cati_entry": (5, 7)}
#: Characters of a question that are understood at one hearing, at the door and by telephone: some 16 and 12 seconds.
LONGEST_HEARD = {"capi": 70, "cati_entry": 50}
Limit = TypeVar("Limit")
_NOT_READ_OUT = re.compile(r"不提示|不读|不念|do not (prompt|read)", re.IGNORECASE)


def hints(questionnaire: Questionnaire) -> tuple[Hint, ...]:
    """Everything worth a second look, item by item; what concerns no item comes last."""
    filled = fill_questionnaire(questionnaire, questionnaire.placeholders)
    found = [hint for item in filled.items for rule in _RULES for hint in rule(filled, item)]
    found += hints_of_whole(filled)
    found += told_answers(questionnaire)
    found += untrue_introductions(questionnaire)
    found += missing_languages(questionnaire)
    places = {item.id: place for place, item in enumerate(filled.items)}
    return tuple(sorted(found, key=lambda hint: places.get(hint.item, len(places))))


def _double_barrelled(_: Questionnaire, item: Item) -> Iterator[Hint]:
    if item.type is not ItemType.SINGLE or _several_departments(item):
        return
    if objects := joined_objects(item.text, fact=not is_opinion(item)):
        yield Hint(
            item=item.id,
            kind=HintKind.DOUBLE_BARRELLED,
            msgid=N_("像是一题问两件事（{objects}）：只满意其中一件的人没法回答，请拆成两题"),
            params={"objects": objects},
        )


def _two_departments(_: Questionnaire, item: Item) -> Iterator[Hint]:
    if found := _several_departments(item):
        yield Hint(
            item=item.id,
            kind=HintKind.TWO_DEPARTMENTS,
            msgid=N_("一题涉及两个部门（{departments}）：结果不好时，不知道该由谁改进"),
            params={"departments": "、".join(found)},
        )


def _several_departments(item: Item) -> tuple[str, ...]:
    if item.department and (names := names_two(item.department.zh_Hans)):
        return names
    found = departments_in(item.text.zh_Hans) if is_opinion(item) else ()
    return found if len(found) > 1 else ()


def _leading(_: Questionnaire, item: Item) -> Iterator[Hint]:
    if words := leading_words(item.text):
        yield Hint(
            item=item.id,
            kind=HintKind.LEADING,
            msgid=N_("措辞有引导性（{words}）：请换成不带好坏的说法"),
            params={"words": words},
        )


def _no_dont_know(_: Questionnaire, item: Item) -> Iterator[Hint]:
    if not is_opinion(item) or any(option.kind is OptionKind.DONT_KNOW for option in item.options):
        return
    if offers_ignorance(option.text for option in item.options):
        return
    yield Hint(
        item=item.id,
        kind=HintKind.NO_DONT_KNOW,
        msgid=N_("问看法的题没有“说不清”（kind 为 dk）：没有看法的人只能乱选一个"),
    )


def _unmarked_dont_know(_: Questionnaire, item: Item) -> Iterator[Hint]:
    """In a list of forms of other tools nothing says that "cannot say" is no answer. Beside two options it may well be
    one: "did you know?" has no other "no".
    """
    substantive = [option for option in item.options if option.kind is OptionKind.SUBSTANTIVE]
    if item.type is not ItemType.SINGLE or len(substantive) < 4:
        return
    for option in substantive:
        if option.polarity is None and is_ignorance(option.text):
            yield Hint(
                item=item.id,
                kind=HintKind.UNMARKED_DONT_KNOW,
                msgid=N_('“{option}”没有写 kind = "dk"（XLSForm：civ_kind 为 dk），会算作实质回答'),
                params={"option": option.text.zh_Hans},
                field="scale" if item.scale else "options",
            )


def _many_read_out(questionnaire: Questionnaire, item: Item) -> Iterator[Hint]:
    """Facts are said, not chosen from what was read out; so are answers that are not prompted."""
    factual = {section.id for section in questionnaire.sections if section.factual}
    if item.section in factual or (item.interviewer_note and _NOT_READ_OUT.search(item.interviewer_note.zh_Hans)):
        return
    read = sum(option.read_aloud and option.kind is OptionKind.SUBSTANTIVE for option in item.options)
    limits = _of_modes(MOST_READ_OUT, questionnaire, item)
    most = min((several if item.type is ItemType.MULTI else one for one, several in limits), default=read)
    if read > most:
        yield Hint(
            item=item.id,
            kind=HintKind.MANY_READ_OUT,
            msgid=N_("要读出 {count} 个选项，听的人记不住（最多 {most} 个）：请合并、拆开，或者用示卡"),
            params={"count": read, "most": most},
            field="options",
        )


def _long_wording(questionnaire: Questionnaire, item: Item) -> Iterator[Hint]:
    most = min(_of_modes(LONGEST_HEARD, questionnaire, item), default=0)
    length = len(item.text.zh_Hans)
    if most and length > most:
        yield Hint(
            item=item.id,
            kind=HintKind.LONG_WORDING,
            msgid=N_("题目有 {count} 个字，听一遍记不住（最多 {most} 个）"),
            params={"count": length, "most": most},
        )


def _of_modes(limits: Mapping[str, Limit], questionnaire: Questionnaire, item: Item) -> list[Limit]:
    """The limits of the modes in which somebody reads the item out."""
    return [limits[mode] for mode in item.modes or questionnaire.modes if mode in limits]


def _no_decoy(questionnaire: Questionnaire, item: Item) -> Iterator[Hint]:
    if item.type is not ItemType.MULTI or not asks_what_is_recognised(item.text):
        return
    # Older files count what does not exist in a figure of its own, without the mark.
    figures = (IndicatorSet.HEADLINE, IndicatorSet.DOMAIN)
    counted = any(each.item == item.id and each.set not in figures for each in questionnaire.indicators)
    if not counted and not any(option.decoy for option in item.options):
        yield Hint(
            item=item.id,
            kind=HintKind.NO_DECOY,
            msgid=N_("请人辨认的清单里没有不存在的一项（decoy）：看不出有多少人是随口答的"),
            field="options",
        )


def _none_not_exclusive(_: Questionnaire, item: Item) -> Iterator[Hint]:
    """Who chose "none of the above" and one of them as well said neither."""
    if item.type is not ItemType.MULTI:
        return
    for option in item.options:
        if option.kind is OptionKind.SUBSTANTIVE and not option.exclusive and is_none(option.text):
            yield Hint(
                item=item.id,
                kind=HintKind.NONE_NOT_EXCLUSIVE,
                msgid=N_("“{option}”没有写 exclusive = true（XLSForm：civ_exclusive 为 yes）：可以和别的选项同时选"),
                params={"option": option.text.zh_Hans},
                field="scale" if item.scale else "options",
            )


_RULES: tuple[Callable[[Questionnaire, Item], Iterator[Hint]], ...] = (
    _double_barrelled,
    _two_departments,
    _leading,
    _no_dont_know,
    _unmarked_dont_know,
    _many_read_out,
    _long_wording,
    _no_decoy,
    _none_not_exclusive,
)
