"""Composites: weighted means of several rates' scores, as a file says them."""

from collections.abc import Iterable, Mapping, Sequence

from questionnaires.alternates import MEANING_LACKS, scores_of
from questionnaires.definition import AlternateName, Composite, Indicator, IndicatorSet, Item, Part, Text
from questionnaires.indicators import CODE, registered_composites
from questionnaires.problems import N_
from questionnaires.reading import Context, Table
from questionnaires.scales import place_of

_MOST_WEIGHT = 1000


def read_composites(
    raw_composites: Sequence[Mapping[str, object]],
    context: Context,
    indicators: Iterable[Indicator],
    items: Mapping[str, Item | None],
) -> tuple[Composite, ...]:
    """The ``[[composite]]`` of a file."""
    known = {indicator.code: items.get(indicator.item) for indicator in indicators}
    found: dict[str, Composite] = {}
    for position, raw in enumerate(raw_composites):
        table = Table(raw, context, place_of(raw, "composite", position))
        code = table.string("code")
        if code and not CODE.fullmatch(code):
            table.problem("code", code, N_("IND_ 开头、大写字母和数字的代码"))
        if code in known or code in found:
            table.problem("code", code, N_("没有用过的指标代码"))
        label = _label(table, code)
        indicator_set = table.choice("set", IndicatorSet) or IndicatorSet.OTHER
        parts = _read_parts(table, known)
        table.finish()
        if code and label and parts:
            found.setdefault(code, Composite(code=code, label=label, parts=parts, set=indicator_set))
    return tuple(found.values())


def _label(table: Table, code: str) -> Text | None:
    registered = None if table.context.self_contained else registered_composites().get(code)
    label = table.wording("label", required=registered is None)
    if registered is not None and label not in (None, registered.label):
        got = label.zh_Hans if label else ""
        table.problem("label", got, N_("“{label}”：一个代码只有一种说法"), label=registered.label.zh_Hans)
    return registered.label if registered else label


def _read_parts(table: Table, known: Mapping[str, Item | None]) -> tuple[Part, ...]:
    """The parts, or none after a problem."""
    parts: dict[str, Part] = {}
    raw_parts = table.tables("parts")
    for position, raw in enumerate(raw_parts):
        part = Table(raw, table.context, table.place, f"parts[{position}].")
        code, weight = part.string("indicator"), part.number("weight")
        part.finish()
        item = known.get(code)
        if code and code not in known:
            part.unknown_name("indicator", code, known)
        elif code in parts:
            part.problem("indicator", code, N_("每个只写一次"))
        elif item is not None and scores_of(item) is None:
            part.problem("indicator", code, MEANING_LACKS[AlternateName.SCORE])
        elif weight is not None and not 0 < weight <= _MOST_WEIGHT:
            part.problem("weight", weight, N_("大于 0、不超过 {most} 的权重"), most=_MOST_WEIGHT)
        elif code:
            parts[code] = Part(indicator=code, weight=1.0 if weight is None else weight)
    if len(raw_parts) < 2:
        table.problem("parts", table.get("parts"), N_("至少两个指标"))
        return ()
    return tuple(parts.values()) if len(parts) == len(raw_parts) else ()
