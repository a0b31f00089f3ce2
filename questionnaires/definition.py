"""The frozen shape of a questionnaire: what every other module of this package takes or gives.

What is asked is described in :mod:`questionnaires.item_definition`, what is counted in
:mod:`questionnaires.indicator_definition`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from questionnaires.indicator_definition import (
    Alternate,
    AlternateName,
    Base,
    Composite,
    Indicator,
    IndicatorSet,
    Part,
)
from questionnaires.item_definition import (
    LANGUAGES,
    MODES,
    Check,
    Comparison,
    Condition,
    Item,
    ItemType,
    Option,
    OptionKind,
    Polarity,
    Section,
    Text,
    open_key,
)

__all__ = [
    "LANGUAGES",
    "MODES",
    "Alternate",
    "AlternateName",
    "Base",
    "Check",
    "Comparison",
    "Composite",
    "Condition",
    "Indicator",
    "IndicatorSet",
    "Item",
    "ItemType",
    "Option",
    "OptionKind",
    "Part",
    "Polarity",
    "Questionnaire",
    "Section",
    "Text",
    "open_key",
]


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    slug: str
    version: str
    title: Text
    population: Text
    modes: tuple[str, ...]
    introductions: Mapping[str, Text]  # mode -> wording
    closing: Text
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    indicators: tuple[Indicator, ...]
    #: ``{placeholder}`` name -> the wording used when a wave sets none.
    placeholders: Mapping[str, Text] = field(default_factory=dict)
    #: Shortest and longest expected duration of one interview.
    target_minutes: tuple[int, int] | None = None
    #: Online everything that can stand together does, for a short questionnaire; else a few items a screen.
    one_page: bool = False
    #: Tags of the languages that its wordings exist in beside Chinese and English.
    languages: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    composites: tuple[Composite, ...] = ()

    @cached_property
    def items_by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def headline_items(self) -> frozenset[str]:
        """The ids of the items that carry the headline rates."""
        return frozenset(part.item for part in self.indicators if part.set is IndicatorSet.HEADLINE)

    def item(self, item_id: str) -> Item:
        return self.items_by_id[item_id]

    def indicator(self, code: str) -> Indicator:
        return next(indicator for indicator in self.indicators if indicator.code == code)
