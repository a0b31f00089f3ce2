"""Which options of an item count: named by their codes, or by the way they point."""

from questionnaires.definition import Item, ItemType, OptionKind, Polarity
from questionnaires.problems import N_
from questionnaires.reading import ABSENT, Table, joined


def substantive_codes(item: Item) -> frozenset[int]:
    """The codes of the options that answer the question."""
    return frozenset(option.code for option in item.options if option.kind is OptionKind.SUBSTANTIVE)


def counted_codes(counted: Table, item: Item | None) -> frozenset[int]:
    """The codes that count: from explicit codes, or from polarities; empty after a problem."""
    given = [key for key in ("codes", "polarity") if counted.get(key) is not ABSENT]
    if len(given) != 1:
        counted.problem("", counted.raw, N_("codes 或 polarity，两者之一"))
        return frozenset()
    if item is None:
        return frozenset()
    substantive = substantive_codes(item)
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
