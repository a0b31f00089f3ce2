"""Which rates exist, under one code and one wording each, and how a file says who counts in them."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from questionnaires.alternates import read_alternates
from questionnaires.counting import counted_codes
from questionnaires.definition import AlternateName, Base, Indicator, IndicatorSet, Item, ItemType, Text
from questionnaires.problems import N_
from questionnaires.reading import Context, Table, nearest
from questionnaires.scales import place_of

REGISTRY = Path(__file__).parent / "instruments" / "indicators.toml"

CODE = re.compile(r"IND_[A-Z0-9]+(_[A-Z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class RegisteredIndicator:
    """A code known to the whole project. Its label and set are the same wherever it is used.

    ``earlier_sets``: where instruments of before still say that it stands.
    """

    code: str
    label: Text
    set: IndicatorSet
    earlier_sets: tuple[IndicatorSet, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StandardAlternates:
    """``codes``: of rates, ``*`` stands for any ending."""

    codes: tuple[str, ...]
    alternates: tuple[AlternateName, ...]


@dataclass(frozen=True, kw_only=True)
class RegisteredComposite:
    """``parts``: the set of rates whose scores go into it."""

    code: str
    label: Text
    set: IndicatorSet
    parts: IndicatorSet


@lru_cache(maxsize=1)
def registered_indicators() -> Mapping[str, RegisteredIndicator]:
    """The project's indicator codes, in the order of reports.

    >>> registered_indicators()["IND_SAT_OVERALL"].label.en
    'Overall satisfaction rate'
    """
    return {
        entry["code"]: RegisteredIndicator(
            code=entry["code"],
            label=Text(zh_Hans=entry["zh_Hans"], en=entry["en"]),
            set=IndicatorSet(entry["set"]),
            earlier_sets=tuple(IndicatorSet(one) for one in entry.get("earlier_sets", ())),
        )
        for entry in _registry()["indicator"]
    }


@lru_cache(maxsize=1)
def standard_alternates() -> tuple[StandardAlternates, ...]:
    """What is printed beside which rates; of several that fit a code the first holds."""
    return tuple(
        StandardAlternates(
            codes=tuple(entry["codes"]), alternates=tuple(AlternateName(name) for name in entry["alternates"])
        )
        for entry in _registry()["standard"]
    )


@lru_cache(maxsize=1)
def registered_composites() -> Mapping[str, RegisteredComposite]:
    """The project's composites, by code.

    >>> registered_composites()["IND_SAT_INDEX"].label.en
    'Composite satisfaction score'
    """
    return {
        entry["code"]: RegisteredComposite(
            code=entry["code"],
            label=Text(zh_Hans=entry["zh_Hans"], en=entry["en"]),
            set=IndicatorSet(entry["set"]),
            parts=IndicatorSet(entry["parts"]),
        )
        for entry in _registry()["composite"]
    }


@lru_cache(maxsize=1)
def _registry() -> Mapping[str, Any]:
    with REGISTRY.open("rb") as file:
        return tomllib.load(file)


def read_indicators(
    raw_indicators: Sequence[Mapping[str, object]], context: Context, items: Mapping[str, Item | None]
) -> tuple[Indicator, ...]:
    """The indicators of a file; ``items`` holds ``None`` for an item that cannot be used."""
    indicators: dict[str, Indicator] = {}
    seen: set[str] = set()
    for position, raw in enumerate(raw_indicators):
        table = Table(raw, context, place_of(raw, "indicator", position))
        indicator = _read_indicator(table, items)
        table.finish()
        code = raw.get("code")
        if isinstance(code, str):
            if code in seen:
                table.problem("code", code, N_("没有用过的指标代码"))
            seen.add(code)
        if indicator is not None:
            indicators[indicator.code] = indicator
    return tuple(indicators.values())


def _read_indicator(table: Table, items: Mapping[str, Item | None]) -> Indicator | None:
    code = table.string("code")
    if code and not CODE.fullmatch(code):
        table.problem("code", code, N_("IND_ 开头、大写字母和数字的代码"))
        code = ""
    label, indicator_set = _label_and_set(table, code)
    item_id = table.string("item")
    counted = table.table("counted") if isinstance(table.raw.get("counted"), dict) else None
    item = items.get(item_id)
    if item_id and item_id not in items:
        table.unknown_name("item", item_id, items)
    if item is not None and item.type not in (ItemType.SINGLE, ItemType.MULTI):
        table.problem("item", item_id, N_("单选题或多选题"))
        item = None
    codes: frozenset[int] = frozenset()
    if counted is None:
        table.problem("counted", table.get("counted"), N_("一张表，写明 codes 或 polarity"))
    else:
        codes = counted_codes(counted, item)
        counted.finish()
    base = table.choice("base", Base) or Base.ASKED
    table.get("alternate")
    if not (code and label and indicator_set and item and codes):
        return None
    indicator = Indicator(code=code, label=label, item=item_id, codes=codes, set=indicator_set, base=base)
    return replace(indicator, alternates=read_alternates(table, indicator, item))


def _label_and_set(table: Table, code: str) -> tuple[Text | None, IndicatorSet | None]:
    registered = None if table.context.self_contained else registered_indicators().get(code)
    label = table.wording("label", required=registered is None and "label" in table.raw)
    indicator_set = table.choice("set", IndicatorSet, required=registered is None)
    if registered is None:
        if code and "label" not in table.raw:
            near = nearest(code, registered_indicators())
            if near is None:
                table.problem("label", table.get("label"), N_("指标名称：这个代码不在公用指标中"))
            else:
                table.problem("code", code, N_("公用指标代码，也许是 {near}；自定指标要写 label"), near=near)
        return label, indicator_set
    if label is not None and label != registered.label:
        table.problem("label", label.zh_Hans, N_("“{label}”：一个代码只有一种说法"), label=registered.label.zh_Hans)
    if indicator_set in registered.earlier_sets:
        return registered.label, indicator_set
    if indicator_set not in (None, registered.set):
        table.problem("set", indicator_set, N_("{set}：公用指标的归类不变"), set=registered.set.value)
    return registered.label, registered.set
