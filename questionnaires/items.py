"""Reading items: each on its own first, then what it says about the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from questionnaires.definition import Condition, Item, ItemType, OptionKind, Text
from questionnaires.problems import N_
from questionnaires.reading import Context, Table, joined
from questionnaires.scales import Options, place_of, read_options

_NO_TEXT = Text(zh_Hans="", en="")  # stands in an item that will not be used
_CHOICE = (ItemType.SINGLE, ItemType.MULTI)
#: Fields that mean something for some types only.
_ONLY_FOR = {
    "scale": _CHOICE,
    "options": _CHOICE,
    "reverse_order": _CHOICE,
    "max_choices": (ItemType.MULTI,),
    "max_chars": (ItemType.TEXT,),
    "minimum": (ItemType.NUMBER,),
    "maximum": (ItemType.NUMBER,),
}


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What an item may refer to."""

    sections: tuple[str, ...]
    modes: tuple[str, ...]
    scales: Mapping[str, Options | None]


def read_items(
    raw_items: Sequence[Mapping[str, object]], context: Context, surroundings: Surroundings
) -> dict[str, Item | None]:
    """Items by id in the order of the file; ``None`` for one that cannot be used (its problems are noted)."""
    items: dict[str, Item | None] = {}
    later = [raw.get("id") for raw in raw_items]
    for position, raw in enumerate(raw_items):
        table = Table(raw, context, place_of(raw, "item", position).removeprefix("item "))
        conditions = _read_conditions(table)
        for field, condition in conditions:
            _check_condition(table, field, condition, items, later)
        item = _read_item(table, tuple(condition for _, condition in conditions), surroundings)
        table.finish()
        item_id = raw.get("id")
        if isinstance(item_id, str) and item_id in items:
            table.problem("id", item_id, N_("没有用过的编号"))
        elif isinstance(item_id, str):
            items[item_id] = item
    return items


def _read_item(table: Table, conditions: tuple[Condition, ...], around: Surroundings) -> Item | None:
    item_id = table.identifier("id")
    item_type = table.choice("type", ItemType, required=True)
    text = table.own_wording("text")
    options = _item_options(table, item_type, around.scales)
    item = Item(
        id=item_id,
        section=_section(table, around.sections),
        type=item_type or ItemType.TEXT,
        text=text or _NO_TEXT,
        options=options or (),
        ask_if=conditions,
        interviewer_note=table.wording("interviewer_note", required=False),
        scale=table.identifier("scale", required=False) or None,
        battery=table.identifier("battery", required=False) or None,
        optional=table.flag("optional", default=False),
        reverse_order=table.flag("reverse_order", default=False),
        max_choices=table.integer("max_choices", 1, 99),
        max_chars=table.integer("max_chars", 1, 10_000),
        minimum=table.integer("minimum", -1_000_000, 1_000_000),
        maximum=table.integer("maximum", -1_000_000, 1_000_000),
        module=table.identifier("module", required=False) or None,
        modes=table.members("modes", around.modes),
        department=table.wording("department", required=False),
    )
    if item_type is not None:
        _check_fields_of_type(table, item_type)
        _check_item(table, item)
    return item if item_id and item_type and text and options is not None else None


def _section(table: Table, sections: Sequence[str]) -> str:
    section = table.string("section")
    if section and section not in sections:
        table.unknown_name("section", section, sections)
    return section


def _item_options(table: Table, item_type: ItemType | None, scales: Mapping[str, Options | None]) -> Options | None:
    """The options of the item; ``None`` when it should have some and has none that can be used."""
    table.get("options")
    if item_type is not None and item_type not in _CHOICE:
        return ()
    has_scale, has_options = "scale" in table.raw, "options" in table.raw
    if not has_scale and not has_options:
        table.problem("scale", table.get("scale"), N_("scale 或 options"))
        return None
    if has_scale and has_options and not table.context.self_contained:
        table.problem("options", table.raw["scale"], N_("scale 和 options 只写一个"))
    if has_options:
        return read_options(table)
    name = table.raw["scale"]
    if not isinstance(name, str):
        return None
    if name not in scales:
        table.unknown_name("scale", name, scales)
    return scales.get(name)


def _read_conditions(table: Table) -> list[tuple[str, Condition]]:
    """The conditions that can be read, each with its place in the item."""
    conditions = []
    for position, raw in enumerate(table.tables("ask_if")):
        field = f"ask_if[{position}]"
        part = Table(raw, table.context, table.place, f"{field}.")
        item_id = part.string("item")
        codes = part.integers("codes")
        part.finish()
        if item_id and codes:
            conditions.append((field, Condition(item=item_id, codes=frozenset(codes))))
    return conditions


def _check_condition(
    table: Table, field: str, condition: Condition, earlier: Mapping[str, Item | None], all_ids: Sequence[object]
) -> None:
    """A condition looks back only, and only at codes that exist there."""
    if condition.item not in earlier:
        if condition.item in all_ids:
            table.problem(f"{field}.item", condition.item, N_("排在这道题前面的题目"))
        else:
            table.unknown_name(f"{field}.item", condition.item, earlier)
        return
    asked = earlier[condition.item]
    if asked is None:
        return
    if asked.type not in _CHOICE:
        table.problem(f"{field}.item", condition.item, N_("单选题或多选题"))
        return
    known = sorted(option.code for option in asked.options)
    for code in sorted(condition.codes.difference(known)):
        codes = joined(str(code) for code in known)
        table.problem(f"{field}.codes", code, N_("题目 {item} 的选项代码：{codes}"), item=asked.id, codes=codes)


def _check_fields_of_type(table: Table, item_type: ItemType) -> None:
    for key, types in _ONLY_FOR.items():
        if key in table.raw and item_type not in types:
            table.problem(key, table.raw[key], N_("不写：只用于 {types} 题"), types=joined(types))


def _check_item(table: Table, item: Item) -> None:
    for position, option in enumerate(item.options):
        if item.type is ItemType.SINGLE and option.exclusive:
            key = "scale" if item.scale else f"options[{position}].exclusive"
            table.problem(key, option.code, N_("单选题没有 exclusive：它只用于多选题"))
    if item.options and not any(option.kind is OptionKind.SUBSTANTIVE for option in item.options):
        table.problem("scale" if item.scale else "options", len(item.options), N_("至少一个实质选项"))
    if item.max_choices is not None and item.max_choices > len(item.options) > 0:
        table.problem("max_choices", item.max_choices, N_("不超过选项个数 {count} 的整数"), count=len(item.options))
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        table.problem("minimum", item.minimum, N_("不大于 maximum（{maximum}）的整数"), maximum=item.maximum)
