"""The item bank: the items of the built-in instruments and the assessment standards they measure, many to many.

An item is known by its words: two instruments that ask the same thing alike share it, and its links.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from questionnaires.definition import Item, Questionnaire, Text
from questionnaires.fingerprint import item_fingerprint
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.problems import N_, InstrumentError
from questionnaires.reading import Context, Table, joined
from questionnaires.scales import place_of
from questionnaires.wording import fill

STANDARDS = Path(__file__).parent / "instruments" / "standards.toml"


class Method(StrEnum):
    """How a standard is measured."""

    QUESTIONNAIRE = "questionnaire"
    ON_SITE = "on_site"
    DOCUMENTS = "documents"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A system of standards; ``version`` empty: the city fills in the edition that holds for it."""

    id: str
    title: Text
    version: str


@dataclass(frozen=True, kw_only=True)
class BankItem:
    """``places``: instrument and item id wherever it is asked in these words, the first one first; ``indicators``: the
    rates it carries there.
    """

    places: tuple[tuple[str, str], ...]
    text: Text
    indicators: tuple[str, ...]

    @property
    def name(self) -> str:
        return "/".join(self.places[0])


@dataclass(frozen=True, kw_only=True)
class Standard:
    """``number`` empty: the city fills it in. ``items``: those that measure it; none: nothing asks for it."""

    id: str
    source: Source
    number: str
    title: Text
    methods: tuple[Method, ...]
    items: tuple[BankItem, ...]


@dataclass(frozen=True, kw_only=True)
class ItemBank:
    """``items``: every one of the instruments that carries a rate; what carries none (background, reasons) measures no
    standard by itself.
    """

    standards: tuple[Standard, ...]
    items: tuple[BankItem, ...]

    @property
    def not_covered(self) -> tuple[Standard, ...]:
        """The standards that no item measures."""
        return tuple(standard for standard in self.standards if not standard.items)

    @property
    def without_standard(self) -> tuple[BankItem, ...]:
        """The items that carry a rate and measure no standard."""
        linked = {item.name for standard in self.standards for item in standard.items}
        return tuple(item for item in self.items if item.name not in linked)

    def standards_of(self, item: BankItem) -> tuple[Standard, ...]:
        return tuple(one for one in self.standards if item.name in {each.name for each in one.items})


@lru_cache(maxsize=1)
def item_bank() -> ItemBank:
    """The bank of the built-in instruments.

    >>> bank = item_bank()
    >>> [standard.id for standard in bank.not_covered]
    ['city-registered-volunteers', 'city-minors']
    """
    return read_bank(STANDARDS.read_text("utf-8"), [load_file(path) for path in BUILT_IN.values()], STANDARDS.name)


def read_bank(text: str, questionnaires: Sequence[Questionnaire], file: str) -> ItemBank:
    """The bank of ``questionnaires`` with the standards in ``text`` (TOML).

    Raises:
        InstrumentError: naming every problem: an item that does not exist, a number of fields, a name used twice.
    """
    context = Context()
    top = Table(tomllib.loads(text), context, "")
    by_place = _bank_items(questionnaires)
    sources = _read_sources(top, context)
    standards = _read_standards(top, context, sources, by_place)
    top.finish()
    if context.problems:
        raise InstrumentError(file, context.problems)
    items = {item.name: item for item in by_place.values() if item.indicators}
    return ItemBank(standards=standards, items=tuple(items.values()))


def _bank_items(questionnaires: Sequence[Questionnaire]) -> dict[str, BankItem]:
    """``instrument/item`` -> the item of the bank that it is."""
    alike: dict[str, list[tuple[Questionnaire, Item]]] = {}
    for questionnaire in questionnaires:
        for item in questionnaire.items:
            alike.setdefault(item_fingerprint(item), []).append((questionnaire, item))
    found: dict[str, BankItem] = {}
    for same in alike.values():
        first, item = same[0]
        codes = [one.code for questionnaire, each in same for one in questionnaire.indicators if one.item == each.id]
        bank_item = BankItem(
            places=tuple((questionnaire.slug, each.id) for questionnaire, each in same),
            text=fill(item.text, first.placeholders),
            indicators=tuple(dict.fromkeys(codes)),
        )
        found |= {f"{questionnaire.slug}/{each.id}": bank_item for questionnaire, each in same}
    return found


def _read_sources(top: Table, context: Context) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for position, raw in enumerate(top.tables("source")):
        table = Table(raw, context, place_of(raw, "source", position))
        source_id, title = table.identifier("id"), table.own_wording()
        version = _to_be_filled(table, "version")
        table.finish()
        if source_id in sources:
            table.problem("id", source_id, N_("没有用过的编号"))
        elif source_id and title:
            sources[source_id] = Source(id=source_id, title=title, version=version)
    return sources


def _read_standards(
    top: Table, context: Context, sources: Mapping[str, Source], items: Mapping[str, BankItem]
) -> tuple[Standard, ...]:
    standards: dict[str, Standard] = {}
    for position, raw in enumerate(top.tables("standard")):
        table = Table(raw, context, place_of(raw, "standard", position))
        standard_id, title = table.identifier("id"), table.own_wording()
        source, number = table.string("source"), _to_be_filled(table, "number")
        methods = tuple(Method(method) for method in table.members("methods", Method))
        linked = _read_items(table, items)
        table.finish()
        if not methods:
            table.problem("methods", table.get("methods"), N_("{choices} 之一"), choices=joined(Method))
        if linked and Method.QUESTIONNAIRE not in methods:
            table.problem("items", len(linked), N_("空：测评方法里没有 questionnaire"))
        if source not in sources:
            table.unknown_name("source", source, sources)
        elif standard_id in standards:
            table.problem("id", standard_id, N_("没有用过的编号"))
        elif standard_id and title:
            standards[standard_id] = Standard(
                id=standard_id, source=sources[source], number=number, title=title, methods=methods, items=linked
            )
    return tuple(standards.values())


def _read_items(table: Table, items: Mapping[str, BankItem]) -> tuple[BankItem, ...]:
    found: dict[str, BankItem] = {}
    for name in table.strings("items"):
        if name not in items:
            table.unknown_name("items", name, items)
        elif not items[name].indicators:
            table.problem("items", name, N_("有指标的题目：没有指标就没有可以对照的数字"))
        else:
            found[items[name].name] = items[name]
    return tuple(found.values())


def _to_be_filled(table: Table, key: str) -> str:
    """Text, or nothing where a city has to fill it in."""
    return "" if table.get(key) == "" else table.string(key)
