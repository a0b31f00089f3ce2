"""What of the answers to one version of a questionnaire counts as answers to another.

An item counts where it was asked alike: the same wording, options, limits and modes, after the same items that decide
whether it comes. Where other answers send people away, the versions ask different people, and nothing counts.
"""

from dataclasses import dataclass

from questionnaires.definition import Item, Questionnaire
from questionnaires.fingerprint import item_fingerprint
from questionnaires.wording import fill_questionnaire


@dataclass(frozen=True, kw_only=True)
class CommonItems:
    """``items``: ids of those asked alike; ``everything``: all rates rest on such items, and so do who belongs to the
    population and the facts about people.
    """

    items: frozenset[str]
    everything: bool


def common_items(asked: Questionnaire, wanted: Questionnaire) -> CommonItems:
    """What of the answers to ``asked`` counts as answers to ``wanted``.

    Both are read without a wave's own words, which a wave puts into whichever version it asks.
    """
    one, two = (fill_questionnaire(each, each.placeholders) for each in (asked, wanted))
    alike: set[str] = set()
    for item in two.items:  # conditions look back only
        before = one.items_by_id.get(item.id)
        decided = all(condition.item in alike for condition in item.ask_if)
        if before is not None and decided and _as_asked(before) == _as_asked(item):
            alike.add(item.id)
    if _sends_away(one) != _sends_away(two):
        return CommonItems(items=frozenset(), everything=False)
    factual = {section.id for section in two.sections if section.factual}
    needed = {item.id for item in two.items if item.section in factual or item.terminating_codes}
    needed |= {indicator.item for indicator in two.indicators}
    everything = alike.issuperset(needed) and one.population == two.population
    return CommonItems(items=frozenset(alike), everything=everything)


def _as_asked(item: Item) -> tuple[object, ...]:
    """What an answer to it depends on, beyond what its fingerprint knows."""
    limits = item.max_choices, item.minimum, item.maximum, item.max_chars
    return item_fingerprint(item), sorted(item.modes), item.module, item.terminating_codes, item.open_codes, *limits


def _sends_away(questionnaire: Questionnaire) -> dict[str, frozenset[int]]:
    return {item.id: item.terminating_codes for item in questionnaire.items if item.terminating_codes}
