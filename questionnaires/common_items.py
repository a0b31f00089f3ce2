"""What of the answers to one version of a questionnaire counts as answers to another.

An item counts where it was asked alike: the same wording, options, limits and modes, under the same checks that no
answer may break, after the same items that decide whether it comes. Where other answers send people away, the versions
ask different people, and nothing counts.
"""

from dataclasses import dataclass

from questionnaires.definition import Item, Questionnaire
from questionnaires.fingerprint import item_fingerprint
from questionnaires.item_definition import Check
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
    unchecked = _unchecked(one, two)
    for item in two.items:  # conditions look back only
        before = one.items_by_id.get(item.id)
        decided = all(condition.item in alike for condition in item.ask_if) and item.id not in unchecked
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
    alone = {option.code for option in item.options if option.exclusive}
    return (
        item_fingerprint(item),
        sorted(item.modes),
        item.module,
        item.terminating_codes,
        item.open_codes,
        alone,
        *limits,
    )


def _unchecked(one: Questionnaire, two: Questionnaire) -> set[str]:
    """Items whose answers to ``one`` may be such as a hard check of ``two`` would not have let stay."""
    held = {_rule(check) for check in one.checks if check.hard}
    found = {check for check in two.checks if check.hard and _rule(check) not in held}
    return {item for check in found for item in (check.item, check.other) if item}


def _rule(check: Check) -> tuple[object, ...]:
    """What it compares, whatever it is called and says."""
    return check.item, check.compare, check.value, check.other, check.ask_if


def _sends_away(questionnaire: Questionnaire) -> dict[str, frozenset[int]]:
    return {item.id: item.terminating_codes for item in questionnaire.items if item.terminating_codes}
