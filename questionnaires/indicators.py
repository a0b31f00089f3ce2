"""Which rates exist, under one code and one wording each, and how a file says who counts in them."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from questionnaires.definition import (
    Indicator,
    IndicatorSet,
    Item,
    ItemType,
    OptionKind,
    Polarity,
    Text,
)
from questionnaires.problems import N_
from questionnaires.reading import ABSENT, Context, Table, joined, nearest
from questionnaires.scales import place_of

REGISTRY = Path(__file__).parent / "instruments" / "indicators.toml"

_CODE = re.compile(r"IND_[A-Z0-9]+(_[A-Z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class RegisteredIndicator:
    """A code known to the whole project. Its label and set are the same wherever it is used."""

    code: str
    label: Text
    set: IndicatorSet


@lru_cache(maxsize=1)
def registered_indicators() -> Mapping[str, RegisteredIndicator]:
    """The project's indicator codes, in the order of reports.

    >>> registered_indicators()["IND_SAT_OVERALL"].label.en
    'Overall satisfaction rate'
    """
    with REGISTRY.open("rb") as file:
        raw = tomllib.load(file)
    return {
        entry["code"]: RegisteredIndicator(
            code=entry["code"],
            label=Text(zh_Hans=entry["zh_Hans"], en=entry["en"]),
            set=IndicatorSet(entry["set"]),
        )
        for entry in raw["indicator"]
    }


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
    if code and not _CODE.fullmatch(code):
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
        codes = _counted_codes(counted, item)
        counted.finish()
    if not (code and label and indicator_set and item and codes):
        return None
    return Indicator(code=code, label=label, item=item_id, codes=codes, set=indicator_set)


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
    if indicator_set not in (None, registered.set):
        table.problem("set", indicator_set, N_("{set}：公用指标的归类不变"), set=registered.set.value)
    return registered.label, registered.set


def _counted_codes(counted: Table, item: Item | None) -> frozenset[int]:
    """The codes that count: from explicit codes, or from polarities; empty after a problem."""
    given = [key for key in ("codes", "polarity") if counted.get(key) is not ABSENT]
    if len(given) != 1:
        counted.problem("", counted.raw, N_("codes 或 polarity，两者之一"))
        return frozenset()
    if item is None:
        return frozenset()
    substantive = {option.code for option in item.options if option.kind is OptionKind.SUBSTANTIVE}
    if "codes" in counted.raw:
        codes = frozenset(counted.integers("codes") or ())
        for code in sorted(codes - substantive):
            counted.problem(
                "codes",
                code,
                N_("这道题的实质选项代码：{codes}"),
                codes=joined(str(code) for code in sorted(substantive)),
            )
    else:
        codes = _codes_of_polarity(counted, item)
    if item.type is ItemType.SINGLE and substantive and codes >= substantive:
        counted.problem("", sorted(codes), N_("至少留一个实质选项不计入，否则总是 100%"))
    return codes & substantive


def _codes_of_polarity(counted: Table, item: Item) -> frozenset[int]:
    names = counted.members("polarity", Polarity)
    codes = frozenset(option.code for option in item.options if option.polarity in names)
    if not codes:
        counted.problem("polarity", list(names), N_("题目 {item} 有这种取向的选项"), item=item.id)
    return codes
