"""Reading what an item or a check says about answers before it: conditions, and comparisons between answers.

Both are data. Neither can hold an expression.
"""

from collections.abc import Mapping, Sequence

from questionnaires.definition import Check, Comparison, Condition, Item, ItemType
from questionnaires.problems import N_
from questionnaires.reading import ABSENT, Context, Table, is_integer, joined
from questionnaires.scales import place_of

CHOICE = (ItemType.SINGLE, ItemType.MULTI)
_COMPARED = (ItemType.NUMBER, ItemType.DATE)
_MOST = 1_000_000
Items = Mapping[str, Item | None]


def read_conditions(table: Table, earlier: Items, all_ids: Sequence[object]) -> tuple[Condition, ...]:
    """The conditions under ``ask_if``; they look back only, at items in ``earlier``."""
    conditions = []
    for position, raw in enumerate(table.tables("ask_if")):
        part = Table(raw, table.context, table.place, f"ask_if[{position}].")
        condition = _read_condition(part)
        part.finish()
        if condition is not None:
            conditions.append(condition)
            _check_condition(part, condition, earlier, all_ids)
    return tuple(conditions)


def _read_condition(part: Table) -> Condition | None:
    item_id = part.string("item")
    bounded = [key for key in ("at_least", "at_most") if key in part.raw]
    at_least, at_most = (part.integer(key, -_MOST, _MOST) for key in ("at_least", "at_most"))
    if not bounded:
        codes = part.integers("codes")
        return Condition(item=item_id, codes=frozenset(codes)) if item_id and codes else None
    if part.get("codes") is not ABSENT:
        part.problem("codes", part.raw["codes"], N_("codes 或 {bounds}，只写一样"), bounds=joined(bounded))
        return None
    if at_least is not None and at_most is not None and at_least > at_most:
        part.problem("at_least", at_least, N_("不大于 at_most（{most}）的整数"), most=at_most)
        return None
    if not item_id or len(bounded) > sum(bound is not None for bound in (at_least, at_most)):
        return None
    return Condition(item=item_id, at_least=at_least, at_most=at_most)


def _check_condition(part: Table, condition: Condition, earlier: Items, all_ids: Sequence[object]) -> None:
    asked = _earlier(part, "item", condition.item, earlier, all_ids)
    if asked is None:
        return
    if asked.type is ItemType.NUMBER and condition.codes:
        part.problem("codes", sorted(condition.codes), N_("不写：数字题用 at_least 和 at_most"))
    elif asked.type in CHOICE and not condition.codes:
        bound = "at_least" if condition.at_least is not None else "at_most"
        part.problem(bound, part.raw[bound], N_("不写：选择题用 codes"))
    elif asked.type is ItemType.NUMBER:
        _check_bounds(part, condition, asked)
    elif asked.type not in CHOICE:
        part.problem("item", condition.item, N_("单选题、多选题或数字题"))
    else:
        _check_codes(part, condition, asked)


def _check_codes(part: Table, condition: Condition, asked: Item) -> None:
    known = sorted(option.code for option in asked.options)
    for code in sorted(condition.codes.difference(known)):
        codes = joined(str(code) for code in known)
        part.problem("codes", code, N_("题目 {item} 的选项代码：{codes}"), item=asked.id, codes=codes)


def _check_bounds(part: Table, condition: Condition, asked: Item) -> None:
    """A condition that no number the item takes can meet is a slip."""
    low, high = condition.at_least, condition.at_most
    if low is not None and asked.maximum is not None and low > asked.maximum:
        part.problem("at_least", low, N_("不大于题目 {item} 最大值 {most} 的整数"), item=asked.id, most=asked.maximum)
    if high is not None and asked.minimum is not None and high < asked.minimum:
        part.problem("at_most", high, N_("不小于题目 {item} 最小值 {least} 的整数"), item=asked.id, least=asked.minimum)


def read_checks(raw_checks: Sequence[Mapping[str, object]], context: Context, items: Items) -> tuple[Check, ...]:
    """The ``[[check]]`` tables of a file; ``items`` holds ``None`` for an item that cannot be used."""
    checks: dict[str, Check] = {}
    seen: set[str] = set()
    for position, raw in enumerate(raw_checks):
        table = Table(raw, context, place_of(raw, "check", position))
        check = _read_check(table, items)
        table.finish()
        name = raw.get("id")
        if isinstance(name, str):
            if name in seen:
                table.problem("id", name, N_("没有用过的编号"))
            seen.add(name)
        if check is not None:
            checks[check.id] = check
    return tuple(checks.values())


def _read_check(table: Table, items: Items) -> Check | None:
    name, item_id = table.identifier("id"), table.string("item")
    compare = table.choice("compare", Comparison, required=True)
    text = table.own_wording("text")
    hard = table.flag("hard", default=False)
    all_ids = tuple(items)
    if item_id and item_id not in items:
        table.unknown_name("item", item_id, items)
    item = items.get(item_id)
    place = all_ids.index(item_id) if item_id in items else len(all_ids)
    ask_if = read_conditions(table, {key: items[key] for key in all_ids[: place + 1]}, all_ids)
    if item is not None and item.type not in _COMPARED:
        table.problem("item", item_id, N_("数字题或日期题"))
        return None
    value, other = _read_compared(table, item, {key: items[key] for key in all_ids[:place]}, all_ids)
    if not (name and item and compare and text) or (value is None and not other):
        return None
    return Check(
        id=name,
        item=item_id,
        compare=compare,
        value=value,
        other=other,
        ask_if=ask_if,
        text=text,
        hard=hard,
    )


def _read_compared(
    table: Table, item: Item | None, earlier: Items, all_ids: Sequence[object]
) -> tuple[int | str | None, str | None]:
    """What the answer is compared with: a value of the item's own kind, or the answer to an item before it."""
    given = [key for key in ("value", "other") if table.get(key) is not ABSENT]
    if len(given) != 1:
        table.problem("value", table.get("value"), N_("value 或 other，两者之一"))
        return None, None
    if given == ["value"]:
        return _read_value(table, item), None
    name = table.string("other")
    other = _earlier(table, "other", name, earlier, all_ids) if name else None
    if item is not None and other is not None and other.type is not item.type:
        table.problem("other", name, N_("和 {item} 同一类型（{type}）的题目"), item=item.id, type=item.type.value)
    return None, name or None


def _read_value(table: Table, item: Item | None) -> int | str | None:
    if item is not None and item.type is ItemType.DATE:
        return table.day("value")
    value = table.get("value")
    if item is None:
        return value if is_integer(value) else None
    return table.integer("value", -_MOST, _MOST)


def _earlier(table: Table, key: str, name: str, earlier: Items, all_ids: Sequence[object]) -> Item | None:
    """The item ``name``, which must stand before; ``None`` after a problem or when it cannot be used itself."""
    if name in earlier:
        return earlier[name]
    if name in all_ids:
        table.problem(key, name, N_("排在这道题前面的题目"))
    else:
        table.unknown_name(key, name, earlier)
    return None
