"""Reading items: each on its own first, then what it says about the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from questionnaires.conditions import CHOICE, read_conditions
from questionnaires.definition import Condition, Item, ItemType, Option, OptionKind, Text
from questionnaires.problems import N_
from questionnaires.reading import Context, Table, joined
from questionnaires.scales import Options, place_of, read_options

_NO_TEXT = Text(zh_Hans="", en="")  # stands in an item that will not be used
_ANSWERED = tuple(item_type for item_type in ItemType if item_type is not ItemType.NOTE)
#: Fields that mean something for some types only.
_ONLY_FOR = {
    "scale": CHOICE,
    "options": CHOICE,
    "reverse_order": CHOICE,
    "random_order": CHOICE,
    "optional": _ANSWERED,
    "required": _ANSWERED,
    "max_choices": (ItemType.MULTI,),
    "max_chars": (ItemType.TEXT,),
    "minimum": (ItemType.NUMBER,),
    "maximum": (ItemType.NUMBER,),
    "earliest": (ItemType.DATE,),
    "latest": (ItemType.DATE,),
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
    all_ids = [raw.get("id") for raw in raw_items]
    for position, raw in enumerate(raw_items):
        table = Table(raw, context, place_of(raw, "item", position).removeprefix("item "))
        conditions = read_conditions(table, items, all_ids)
        item = _read_item(table, conditions, surroundings)
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
        required=table.flag("required", default=False),
        reverse_order=table.flag("reverse_order", default=False),
        random_order=table.flag("random_order", default=False),
        max_choices=table.integer("max_choices", 1, 99),
        max_chars=table.integer("max_chars", 1, 10_000),
        minimum=table.integer("minimum", -1_000_000, 1_000_000),
        maximum=table.integer("maximum", -1_000_000, 1_000_000),
        earliest=table.day("earliest"),
        latest=table.day("latest"),
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
    if item_type is not None and item_type not in CHOICE:
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


def _check_fields_of_type(table: Table, item_type: ItemType) -> None:
    for key, types in _ONLY_FOR.items():
        if key in table.raw and item_type not in types:
            table.problem(key, table.raw[key], N_("不写：只用于 {types} 题"), types=joined(types))


def _check_item(table: Table, item: Item) -> None:
    for position, option in enumerate(item.options):
        if item.type is ItemType.SINGLE and option.exclusive:
            key = "scale" if item.scale else f"options[{position}].exclusive"
            table.problem(key, option.code, N_("单选题没有 exclusive：它只用于多选题"))
        if option.decoy:
            _check_decoy(table, "scale" if item.scale else f"options[{position}].decoy", item, option)
    if item.options and not any(o.kind is OptionKind.SUBSTANTIVE and not o.decoy for o in item.options):
        table.problem("scale" if item.scale else "options", len(item.options), N_("至少一个实质选项"))
    if item.max_choices is not None and item.max_choices > len(item.options) > 0:
        table.problem("max_choices", item.max_choices, N_("不超过选项个数 {count} 的整数"), count=len(item.options))
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        table.problem("minimum", item.minimum, N_("不大于 maximum（{maximum}）的整数"), maximum=item.maximum)
    if item.earliest and item.latest and item.earliest > item.latest:
        table.problem("earliest", item.earliest, N_("不晚于 latest（{latest}）的日期"), latest=item.latest)
    for one, other in (("required", "optional"), ("random_order", "reverse_order")):
        if getattr(item, one) and getattr(item, other):
            table.problem(one, True, N_("{one} 和 {other} 只写一个"), one=one, other=other)


def _check_decoy(table: Table, key: str, item: Item, option: Option) -> None:
    """A decoy stands among things to recognise, and nothing about it may look different from them."""
    if item.type is not ItemType.MULTI:
        table.problem(key, option.code, N_("不写：decoy 只用于 multi 题"))
    elif (
        option.kind is not OptionKind.SUBSTANTIVE
        or option.exclusive
        or option.open
        or option.terminate
        or not option.read_aloud
    ):
        table.problem(key, option.code, N_("decoy 选项和真的选项没有区别：实质选项，读出，不排他，不追问，不结束访问"))
