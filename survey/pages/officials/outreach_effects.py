"""What making a plan again changed, in words: how many actions came, went, got another quantity; and each of these."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.messages import N_
from survey.pages.language import current_language, gettext
from survey.reports.outreach_plan import PlanDocument
from survey.reports.outreach_rows import PlanLine
from survey.reports.outreach_words import quantity
from survey.reports.wording import join
from survey.workflow.show_outreach import OutreachView


@dataclass(frozen=True, kw_only=True)
class EffectWords:
    """``each``: (number of the action, what it is, before and after)."""

    summary: str
    each: tuple[tuple[int, str, str], ...]


def effect_words(view: OutreachView, plan: PlanDocument | None) -> EffectWords | None:
    """Of the actions that are listed; ``None`` where the plan was made once."""
    effect = view.effect
    if effect is None or plan is None:
        return None
    lines = {line.id: line for line in view.lines}
    added, removed, restored = (
        [number for number in numbers if number in lines] for numbers in (effect.added, effect.removed, effect.restored)
    )
    changed = {number: ends for number, ends in effect.quantities.items() if number in lines}
    emptied = sum(not after for _, after in changed.values())
    told = (
        (N_("新增{number}项"), len(added)),
        (N_("取消{number}项"), len(removed)),
        (N_("恢复{number}项"), len(restored)),
        (N_("数量变了{number}项"), len(changed)),
        (N_("其中改为没有数量{number}项"), emptied),
        (N_("没有变{number}项"), len(lines.keys() - {*added, *removed, *restored, *changed})),
    )
    parts = [gettext(words, number=number) for words, number in told if number]
    return EffectWords(
        summary=gettext(N_("最近一次重新计算：{parts}。"), parts=join(parts, gettext)),
        each=(*_each(lines, changed), *_moved(lines, added, removed, restored)),
    )


def _each(lines: Mapping[int, PlanLine], changed: Mapping[int, tuple[int, int]]) -> list[tuple[int, str, str]]:
    told = []
    for number in sorted(changed):
        unit = lines[number].unit.in_language(current_language())
        before, after = (quantity(end, unit, gettext) for end in changed[number])
        words = gettext(N_("{before} → {after}"), before=before, after=after)
        told.append((number, _name(lines[number]), words))
    return told


def _moved(
    lines: Mapping[int, PlanLine], added: list[int], removed: list[int], restored: list[int]
) -> list[tuple[int, str, str]]:
    states = ((added, N_("新增")), (removed, N_("取消")), (restored, N_("恢复")))
    return [(number, _name(lines[number]), gettext(words)) for numbers, words in states for number in numbers]


def _name(line: PlanLine) -> str:
    action = line.type_name.in_language(current_language())
    return gettext(N_("{place}：{action}"), place=line.area_name, action=action)
