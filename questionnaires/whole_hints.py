"""Hints that are given once for a questionnaire or for all items alike, and those about any wording there is."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from questionnaires.definition import Item, ItemType, Questionnaire
from questionnaires.hint_kinds import Hint, HintKind
from questionnaires.opinions import is_opinion, says_no_polarity, sides
from questionnaires.problems import N_
from questionnaires.question_words import told_answer
from questionnaires.wording import missing_wordings, said

_CHOICE = (ItemType.SINGLE, ItemType.MULTI)
#: Items that a hint names.
_MOST_NAMED = 12


def hints_of_whole(questionnaire: Questionnaire) -> Iterator[Hint]:
    """Those that name several items at once."""
    yield from _scales(questionnaire)
    yield from _no_refusal(questionnaire)
    yield from _required(questionnaire)


def named_items(items: Iterable[Item]) -> str:
    """The ids, the first ones of many.

    >>> named_items([])
    ''
    """
    ids = [item.id for item in items]
    return "、".join(ids[:_MOST_NAMED]) + ("…" if len(ids) > _MOST_NAMED else "")


def _scales(questionnaire: Questionnaire) -> Iterator[Hint]:
    """Once for all items with the same options."""
    alike: dict[object, list[Item]] = {}
    for item in filter(is_opinion, questionnaire.items):
        alike.setdefault((item.scale, item.options), []).append(item)
    counted = {indicator.item for indicator in questionnaire.indicators}
    for items in alike.values():
        first, names = items[0], named_items(items)
        field = "scale" if first.scale else "options"
        positive, negative = sides(first)
        if positive != negative:
            yield Hint(
                item=first.id,
                kind=HintKind.UNBALANCED_SCALE,
                msgid=N_("选项不对称：{positive} 个正面，{negative} 个负面（{items}）"),
                params={"positive": positive, "negative": negative, "items": names},
                field=field,
            )
        if says_no_polarity(first) and not counted.issuperset(item.id for item in items):
            yield Hint(
                item=first.id,
                kind=HintKind.NO_POLARITY,
                msgid=N_("选项没有写 polarity（XLSForm：civ_polarity），不知道哪些是正面的，算不出率（{items}）"),
                params={"items": names},
                field=field,
            )


def _no_refusal(questionnaire: Questionnaire) -> Iterator[Hint]:
    items = [
        item
        for item in questionnaire.items
        if item.type in _CHOICE and not (item.required or item.terminating_codes or item.refused_codes)
    ]
    if items:
        yield Hint(
            item=items[0].id,
            kind=HintKind.NO_REFUSAL,
            msgid=N_("{count} 道题没有“拒答”（kind 为 ref）的选项：跳过和没看到就分不开了（{items}）"),
            params={"count": len(items), "items": named_items(items)},
        )


def _required(questionnaire: Questionnaire) -> Iterator[Hint]:
    screening = {each.section for each in questionnaire.items if each.terminating_codes}
    items = [item for item in questionnaire.items if item.required and item.section not in screening]
    if items:
        yield Hint(
            item=items[0].id,
            kind=HintKind.REQUIRED,
            msgid=N_("{count} 道题必答（{items}）：必答只该用于筛选，否则不愿回答的人会乱选一个，或者就此退出"),
            params={"count": len(items), "items": named_items(items)},
            field="required",
        )


def told_answers(questionnaire: Questionnaire) -> Iterator[Hint]:
    """Nothing that somebody reads may say which answer is wanted."""
    for place, field, text in said(questionnaire):
        if words := told_answer(text):
            yield Hint(
                item=place,
                kind=HintKind.ANSWER_TOLD,
                msgid=N_("告诉人该怎么答（{words}）：问卷里任何地方都不能有推荐答案，请删去"),
                params={"words": words},
                field=field,
            )


def missing_languages(questionnaire: Questionnaire) -> Iterator[Hint]:
    """Once for each place and language."""
    missing = missing_wordings(questionnaire)
    for (place, language), wordings in groupby(missing, key=lambda wording: (wording.place, wording.language)):
        yield Hint(
            item=place,
            kind=HintKind.MISSING_WORDING,
            msgid=N_("缺 {count} 处 {language} 的文字，会显示中文"),
            params={"count": sum(1 for _ in wordings), "language": language},
        )
